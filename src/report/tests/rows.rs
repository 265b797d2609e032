//! The ledger's sheet, the weekly lists, the leader's page and the pack.

use std::io::Cursor;

use calamine::{Data, Reader, Xlsx};

use super::sample::{Plans, date};
use super::sample_rows::{hostile, leader, ledger, pack, weekly};
use crate::report::pack::packed_path;
use crate::report::sheet::{COLUMNS, Sheet, SheetLine};

fn open(bytes: Vec<u8>) -> Xlsx<Cursor<Vec<u8>>> {
    calamine::open_workbook_from_rs(Cursor::new(bytes)).unwrap()
}

fn grid(bytes: Vec<u8>, page: &str) -> Vec<Vec<Data>> {
    open(bytes).worksheet_range(page).unwrap().rows().map(<[Data]>::to_vec).collect()
}

fn part(bytes: Vec<u8>, name: &str) -> String {
    let mut zip = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    std::io::read_to_string(zip.by_name(name).unwrap()).unwrap()
}

#[test]
fn the_ledger_has_the_columns_that_offices_know() {
    let names = COLUMNS.map(|(name, _)| name).join(" | ");
    assert_eq!(
        names,
        "编号 | 平台编号 | 类别 | 来源文号 | 条款/清单序号 | 任务原文 | 牵头单位 | 分管负责人 | 联络员 | 配合单位 | \
         完成标准 | 原定时限 | 现定时限 | 延期次数 | 批准依据 | 交办时间 | 签收时间 | 签收人 | 最近反馈时间 | 进展 | \
         存在问题 | 下步措施 | 提醒次数 | 催办次数 | 申请办结时间 | 单位填报完成日 | 审核意见 | 审核人 | 办结时间 | \
         销号时间 | 状态 | 超期天数 | 印证材料清单 | 录入方式 | 备注（推定、冲突）"
    );
    let rows = grid(ledger().xlsx().unwrap(), "台账");
    assert_eq!(rows[0][0], Data::String("阳城县2021年空气、水、土壤三个行动计划督办台账".into()));
    let said = rows[1][0].to_string();
    for words in ["依据文号：阳政办发〔2021〕41号", "数据截至：2021年6月30日", "口径版本：第1版", "共"]
    {
        assert!(said.contains(words), "{said}");
    }
    let header: Vec<String> = rows[2].iter().map(ToString::to_string).collect();
    assert_eq!(header, COLUMNS.map(|(name, _)| name.to_owned()));
    assert_eq!(rows.len(), 3 + ledger().rows.len(), "one header row, one row a matter");
}

#[test]
fn each_task_of_the_plans_stands_in_the_ledger_with_its_clause() {
    let tasks: usize = Plans::shipped()
        .0
        .plans
        .iter()
        .filter(|file| file.plan.head.document_number.is_some())
        .map(|file| file.plan.tasks.len())
        .sum();
    let rows = grid(ledger().xlsx().unwrap(), "台账");
    assert_eq!(rows.len() - 3, tasks);
    assert!(rows[3..].iter().all(|row| !row[5].to_string().is_empty()), "任务原文");
}

#[test]
fn dates_are_dates_and_counts_are_numbers_so_that_they_sort() {
    let rows = grid(ledger().xlsx().unwrap(), "台账");
    let done = rows.iter().find(|row| row[0].to_string().ends_with("/\nfine-management-plan")).unwrap();
    assert!(matches!(done[11], Data::DateTime(_)), "{:?}", done[11]);
    assert_eq!(done[22], Data::Float(3.0));
    assert_eq!(done[30], Data::String("按期办结".into()));
    assert!(done[32].to_string().contains("取得日期未填"));
}

#[test]
fn it_prints_on_a3_laid_across_with_its_head_on_every_page() {
    let sheet = part(ledger().xlsx().unwrap(), "xl/worksheets/sheet1.xml");
    assert!(sheet.contains("paperSize=\"8\"") && sheet.contains("orientation=\"landscape\""), "A3 landscape");
    assert!(sheet.contains("fitToHeight=\"0\"") && sheet.contains("state=\"frozen\""));
    assert!(part(ledger().xlsx().unwrap(), "xl/workbook.xml").contains("Print_Titles"));
}

#[test]
fn no_words_of_a_unit_are_ever_a_formula() {
    let bytes = hostile().xlsx().unwrap();
    let sheet = part(bytes.clone(), "xl/worksheets/sheet1.xml");
    assert!(!sheet.contains("<f>") && !sheet.contains("hyperlink"), "a formula or a link");
    assert!(part(bytes.clone(), "xl/styles.xml").contains("quotePrefix=\"1\""), "and stays text when edited");
    assert!(open(bytes.clone()).worksheet_formula("台账").unwrap().is_empty());
    let rows = grid(bytes, "台账");
    assert_eq!(rows[4][19], Data::String("=HYPERLINK(\"http://x\",\"点我\")".into()), "shown as written");
    assert!(rows[4][5].to_string().ends_with("（过长，已截断）"));

    let csv = String::from_utf8(hostile().csv().unwrap()).unwrap();
    assert!(csv.starts_with("\u{FEFF}\"编号\",\"平台编号\""), "Excel needs the mark");
    for harmless in
        ["\"'=HYPERLINK", "\"'+cmd", "\"'-1+1\"", "\"'@SUM", "\"'＝1+1\"", "\"'=1+1\"", "\"'=3+3；"]
    {
        assert!(csv.contains(harmless), "{harmless}");
    }
    assert!(csv.contains("\"a\"\",=1+1,\"\"\""), "a quote doesn't end the cell");
    assert!(!csv.contains(['\u{0}', '\u{202E}']));
    let mut reader = csv::ReaderBuilder::new().from_reader(csv.trim_start_matches('\u{FEFF}').as_bytes());
    let records: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    assert_eq!(records.len(), 2);
    for cell in records.iter().flatten() {
        assert!(!cell.starts_with(['=', '+', '-', '@', '\t', '\r']), "{cell}");
    }
}

#[test]
fn the_same_rows_give_the_same_bytes() {
    assert_eq!(ledger().xlsx().unwrap(), ledger().xlsx().unwrap());
    assert_eq!(ledger().csv().unwrap(), ledger().csv().unwrap());
    assert_eq!(weekly().xlsx().unwrap(), weekly().xlsx().unwrap());
    assert_eq!(pack().xlsx().unwrap(), pack().xlsx().unwrap());
    let back: Sheet = serde_json::from_slice(&ledger().json().unwrap()).unwrap();
    assert_eq!(back, ledger());
}

#[test]
fn an_empty_ledger_is_a_sheet_with_its_head() {
    let empty = Sheet { rows: Vec::new(), ..ledger() };
    assert_eq!(grid(empty.xlsx().unwrap(), "台账").len(), 3);
    assert_eq!(String::from_utf8(empty.csv().unwrap()).unwrap().lines().count(), 1);
    assert_eq!(SheetLine::default().cells().len(), COLUMNS.len());
}

#[test]
fn the_weekly_lists_read_well_in_a_chat() {
    insta::assert_snapshot!(weekly().text());
}

#[test]
fn each_weekly_list_has_its_page_and_all_stand_on_one_to_print() {
    let mut lists = weekly();
    (lists.lists[5].matters, lists.lists[5].entries) = (0, Vec::new());
    let mut book = open(lists.xlsx().unwrap());
    assert_eq!(
        book.sheet_names(),
        ["超期", "本周到期", "下周到期", "未签收", "未反馈", "待审核", "退回未改"]
    );
    assert!(book.worksheet_range("待审核").unwrap().rows().any(|row| row[0] == Data::String("无。".into())));
    let html = lists.html().unwrap();
    assert!(html.contains("待审核0项") && html.contains("无。") && !html.contains("http"));
}

#[test]
fn a_leader_sees_why_what_next_and_the_new_date() {
    insta::assert_snapshot!(leader().text());
    let html = leader().html().unwrap();
    assert!(html.contains("待核，未送出") && html.contains("●超期42天·红") && !html.contains("http"));
    let mut calm = leader();
    calm.items = Vec::new();
    assert!(calm.text().contains("在办25项，无红黄灯事项。"), "{}", calm.text());
    let told = leader().told();
    assert_eq!(told.matters.len(), leader().items.len());
    assert!(told.red > 0 && told.summary.contains(&format!("红灯{}项", told.red)), "{}", told.summary);
}

#[test]
fn a_pack_tells_what_it_holds_what_it_lacks_and_what_it_does_not_cover() {
    let mut book = open(pack().xlsx().unwrap());
    assert_eq!(book.sheet_names(), ["目录", "印证材料", "缺项", "说明"]);
    let lacking: Vec<String> =
        book.worksheet_range("缺项").unwrap().rows().skip(3).map(|row| row[2].to_string()).collect();
    assert_eq!(lacking, ["1份材料未填取得日期", "无印证材料；无完成标准"]);
    let digest = pack().items[0].files[0].digest.to_string();
    let files = grid(pack().xlsx().unwrap(), "印证材料");
    assert_eq!(files[3][6].to_string(), digest);
    let html = pack().html().unwrap();
    for words in [digest.as_str(), "不能证明", "无印证材料", "href=\"files&#x2f;001-01-%E5%85%B3"] {
        assert!(html.contains(words), "{words}");
    }
}

#[test]
fn no_name_of_a_file_leads_out_of_the_pack() {
    let path = |name: &str| packed_path(1, 2, name);
    assert_eq!(path("抽测记录.pdf"), "files/001-02-抽测记录.pdf");
    assert_eq!(path("../../etc/passwd"), "files/001-02-_.._etc_passwd");
    assert_eq!(path("C:\\x\u{0}\u{202E}gpj.exe"), "files/001-02-C__x gpj.exe");
    assert_eq!(path("..."), "files/001-02-");
    assert_eq!(path(""), "files/001-02-");
    let long = path(&format!("{}.pdf", "长".repeat(500)));
    assert!(long.len() < 160 && std::path::Path::new(&long).extension().unwrap() == "pdf", "{long}");
    let index = pack();
    let mut paths: Vec<String> = index.files().map(|(_, path, _)| path).collect();
    assert_eq!(paths.len(), 3);
    paths.dedup();
    assert_eq!(paths.len(), 3, "no two files share a path");
    assert!(paths.iter().all(|path| path.starts_with("files/") && path.matches('/').count() == 1));
    assert_eq!(index.as_of, date("2021-12-31"));
}
