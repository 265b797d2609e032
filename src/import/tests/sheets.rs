//! Workbooks and texts as offices keep them.

use chrono::NaiveDate;
use encoding_rs::GBK;
use rust_xlsxwriter::{ExcelDateTime, Format, Formula, Note, Workbook, Worksheet};

use super::{asked, read};
use crate::domain::{Due, ImportedRow, LeadBasis, Task};
use crate::import::{Asked, Imported, Kind, Unreadable};

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn saved(mut workbook: Workbook) -> Vec<u8> {
    workbook.save_to_buffer().unwrap()
}

fn write_row(sheet: &mut Worksheet, row: u32, cells: &[&str]) {
    for (column, text) in (0..).zip(cells) {
        if !text.is_empty() {
            sheet.write_string(row, column, *text).unwrap();
        }
    }
}

fn tasks(imported: &Imported) -> Vec<(Task, ImportedRow)> {
    let (plan, import) = imported.plan.as_ref().expect("a plan");
    plan.tasks.iter().map(|task| (task.clone(), import.rows.get(&task.id).unwrap().clone())).collect()
}

fn said(imported: &Imported, kind: Kind) -> Vec<String> {
    let place = |row: Option<u32>| row.map(|row| format!("{row} ")).unwrap_or_default();
    let column = |column: &Option<String>| column.as_ref().map(|name| format!("{name} ")).unwrap_or_default();
    imported
        .report
        .of(kind)
        .map(|found| format!("{}{}{}", place(found.row), column(&found.column), found.what))
        .collect()
}

/// A title over all columns, a blank row, groups over their columns, merged units, real dates, a note.
fn as_offices_keep_it() -> Vec<u8> {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    sheet.set_name("2021年").unwrap();
    let plain = Format::new();
    let date = Format::new().set_num_format("yyyy/m/d");
    sheet.merge_range(0, 0, 0, 13, "××县政府督查室2021年重点任务督办台账", &plain).unwrap();
    for (column, name) in [(0, "序号"), (1, "平台编号"), (2, "任务\n内容"), (13, "备  注")] {
        sheet.merge_range(2, column, 3, column, name, &plain).unwrap();
    }
    sheet.merge_range(2, 3, 2, 4, "责任单位", &plain).unwrap();
    sheet.merge_range(2, 5, 2, 6, "时限", &plain).unwrap();
    sheet.merge_range(2, 7, 2, 9, "办理情况", &plain).unwrap();
    sheet.merge_range(2, 10, 2, 12, "办结", &plain).unwrap();
    write_row(
        sheet,
        3,
        &[
            "",
            "",
            "",
            "牵头",
            "配合",
            "原定",
            "现定",
            "交办时间",
            "签收时间",
            "进展",
            "状态",
            "办结时间",
            "联系人",
        ],
    );
    sheet.merge_range(4, 0, 4, 13, "一、空气质量", &plain).unwrap();
    write_row(
        sheet,
        5,
        &[
            "1",
            "SX-001",
            "完成干洗店治理",
            "",
            "县住建局、各乡（镇）人民政府",
            "6月底前",
            "",
            "",
            "",
            "已治理12家",
            "在办",
        ],
    );
    write_row(
        sheet,
        6,
        &["2", "SX-002", "完善精细化管理方案", "", "", "2021年6月底前", "2021年8月31日前", "", "", "", ""],
    );
    sheet.merge_range(5, 3, 6, 3, "市生态环境局阳城分局", &plain).unwrap();
    sheet.write_datetime_with_format(5, 7, ExcelDateTime::from_ymd(2021, 5, 26).unwrap(), &date).unwrap();
    sheet.write_datetime_with_format(5, 8, ExcelDateTime::from_ymd(2021, 5, 27).unwrap(), &date).unwrap();
    sheet.insert_note(5, 2, &Note::new("领导批示")).unwrap();
    write_row(sheet, 7, &["3", "", "非道路移动机械专项检查", "县交通局", "", "每季度"]);
    write_row(
        sheet,
        8,
        &["4", "", "编制年度计划", "县住建局", "", "5月底前", "", "", "", "", "已办结", "", "王某"],
    );
    sheet.write_datetime_with_format(8, 11, ExcelDateTime::from_ymd(2021, 5, 20).unwrap(), &date).unwrap();
    sheet.write_datetime_with_format(9, 5, ExcelDateTime::from_ymd(2021, 12, 31).unwrap(), &date).unwrap();
    write_row(sheet, 9, &["5", "", "建成污水处理厂", "同上"]);
    write_row(sheet, 11, &["合计", "", "5项"]);
    write_row(sheet, 12, &["填表人：李某  13800001111"]);
    saved(workbook)
}

#[test]
fn a_ledger_as_offices_keep_it_becomes_a_plan_with_its_numbers_and_history() {
    let imported = read("台账.xlsx", &as_offices_keep_it(), &asked()).unwrap();
    let tasks = tasks(&imported);
    assert_eq!(said(&imported, Kind::NotUnderstood), Vec::<String>::new());
    let [(first, old), (second, moved), (third, _), (fourth, done), (fifth, _)] = tasks.as_slice() else {
        panic!("{tasks:#?}");
    };
    assert_eq!((first.id.as_str(), first.title.as_str()), ("no-1", "完成干洗店治理"));
    assert_eq!(first.due, Due::By(day("2021-06-30")));
    assert_eq!(first.lead[0].as_str(), "eco-env");
    assert_eq!(first.lead_basis, LeadBasis::List);
    let cooperates: Vec<&str> = first.cooperate.iter().map(crate::domain::UnitId::as_str).collect();
    assert_eq!(cooperates, ["housing", "townships-all"]);
    assert_eq!((old.number.as_deref(), old.platform_number.as_deref()), (Some("1"), Some("SX-001")));
    assert_eq!((old.told_on, old.receipt_on), (Some(day("2021-05-26")), Some(day("2021-05-27"))));
    assert_eq!(
        (old.progress.as_deref(), old.category.as_deref()),
        (Some("已治理12家"), Some("一、空气质量"))
    );

    assert_eq!(second.lead[0].as_str(), "eco-env", "merged with the row above");
    assert_eq!(second.lead_basis, LeadBasis::Inferred);
    assert_eq!(second.due, Due::By(day("2021-08-31")), "the present date counts");
    assert_eq!(moved.original_deadline, Some(day("2021-06-30")), "the original stays visible");

    assert!(matches!(third.due, Due::Every(_)));
    assert_eq!(fourth.due, Due::Done("已办结".into()), "done before the import, never an acceptance");
    assert_eq!(done.accepted_on, Some(day("2021-05-20")));
    assert_eq!(fifth.due, Due::By(day("2021-12-31")), "a date cell");
    assert_eq!(fifth.lead[0].as_str(), "housing", "同上");

    let plan = &imported.plan.as_ref().unwrap().0;
    assert!(plan.head.quiet, "nobody is written to before it is started");
    let passed: Vec<(u32, &str)> =
        imported.report.passed.iter().map(|row| (row.row, row.why.as_str())).collect();
    assert_eq!(passed, [(5, "a heading"), (12, "a total"), (13, "a note")]);
    let people: Vec<&str> = imported.report.people.iter().map(|column| column.header.as_str()).collect();
    assert_eq!(people, ["办结/联系人"]);
    assert!(!format!("{:?}", imported.plan).contains("王某"), "people stay out of the journal");
    assert!(said(&imported, Kind::Note).iter().any(|what| what.contains("批注")));
}

#[test]
fn whatever_is_assumed_is_said() {
    let imported = read("台账.xlsx", &as_offices_keep_it(), &asked()).unwrap();
    assert_eq!(
        said(&imported, Kind::Assumed),
        [
            "6 F no year is written: 2021",
            "7 D merged with the row above: the same as there",
            "7 G later than 原定时限, 2021-06-30, without an extension counted: it is used",
            "8 F no end is written: until 2021-12-31",
            "9 F no year is written: 2021",
            "10 D the same as in the row above",
            "the plan is in force until 2021-12-31; `--until` says otherwise",
        ]
    );
}

fn csv(rows: &[&str]) -> String {
    format!("编号,任务内容,牵头单位,配合单位,完成时限,状态,备注\n{}\n", rows.join("\n"))
}

#[test]
fn a_line_that_names_the_separator_is_no_title() {
    let text = format!("sep=,\n{}", csv(&["1,治理甲,县住建局,,6月底前,,"]));
    let plain = Asked { title: None, ..asked() };
    let imported = read("台账.csv", text.as_bytes(), &plain).unwrap();
    assert_eq!((imported.report.header_rows, imported.report.tasks[0].row), ((1, 1), 2));
    assert!(!imported.report.title.contains("sep"), "{}", imported.report.title);
}

#[test]
fn a_number_of_a_text_that_may_have_lost_its_zero_is_refused() {
    let text = csv(&["1,治理甲,县住建局,,6.3,,", "2,治理乙,县住建局,,2021.1,,", "3,治理丙,县住建局,,6.15,,"]);
    let imported = read("台账.csv", text.as_bytes(), &Asked { leave_out: true, ..asked() }).unwrap();
    assert_eq!(
        said(&imported, Kind::NotUnderstood),
        [
            "2 E `6.3` may have been 6.30: a spreadsheet drops the zero",
            "3 E `2021.1` may have been 2021.10: a spreadsheet drops the zero",
        ]
    );
    assert_eq!(tasks(&imported)[0].0.due, Due::By(day("2021-06-15")));
}

#[test]
fn what_is_not_understood_is_listed_with_its_place_and_what_would_be_right() {
    let text = csv(&[
        "1,治理甲,住建局,,6月底前,,",
        "2,治理乙,县住建局,县某局,6月底前,,",
        "3,治理丙,县住建局,,6月31日,,",
        "4,治理丁,县住建局,,每两周,,",
        "5,,县住建局,,6月底前,,",
        "6,治理己,,,6月底前,,",
        "7,治理庚,县住建局,,6月底前,见附件,",
        "8,治理辛,县住建局,,6月底前,,",
    ]);
    let imported = read("台账.csv", text.as_bytes(), &asked()).unwrap();
    assert_eq!(
        said(&imported, Kind::NotUnderstood),
        [
            "2 C there is no unit `住建局`",
            "3 D there is no unit `县某局`",
            "4 E the calendar has no such day",
            "5 E `每两周`: no such cadence: day, week, ten days, month, quarter, half-year and year are known",
            "6 B nothing says what is to be done",
            "7 C no unit leads",
            "8 F the status is not known",
        ]
    );
    let right = imported.report.of(Kind::NotUnderstood).next().unwrap().right.clone().unwrap().to_string();
    assert!(right.contains("县住建局 (housing)") && right.contains("--unit 住建局=housing"), "{right}");
    assert_eq!(imported.report.left_out, [2, 3, 4, 5, 6, 7, 8]);
    assert!(imported.plan.is_none(), "nothing half");

    let some = read("台账.csv", text.as_bytes(), &Asked { leave_out: true, ..asked() }).unwrap();
    let (plan, import) = some.plan.unwrap();
    assert_eq!((plan.tasks.len(), import.note.rows, import.note.left_out), (1, 1, 7));
}

#[test]
fn the_office_says_what_a_name_stands_for() {
    let text = csv(&["1,治理甲,住建局,,6月底前,,"]);
    let units = vec![("住建局".to_owned(), "housing".parse().unwrap())];
    let imported = read("台账.csv", text.as_bytes(), &Asked { units, ..asked() }).unwrap();
    assert_eq!(tasks(&imported)[0].0.lead[0].as_str(), "housing");
}

#[test]
fn text_is_read_in_every_encoding_that_a_spreadsheet_saves() {
    let text = csv(&["1,治理甲,县住建局,各乡镇,6月底前,在办,"]);
    let (gbk, _, _) = GBK.encode(&text);
    let utf16: Vec<u8> =
        [0xFF, 0xFE].into_iter().chain(text.encode_utf16().flat_map(u16::to_le_bytes)).collect();
    let tabs = text.replace(',', "\t");
    for (bytes, how) in [
        (text.as_bytes(), None),
        (format!("\u{FEFF}{text}").as_bytes(), None),
        (gbk.as_ref(), Some("gb18030")),
        (&utf16, Some("UTF-16LE")),
        (tabs.as_bytes(), Some("tabs")),
    ] {
        let imported = read("台账.csv", bytes, &asked()).unwrap();
        assert_eq!(tasks(&imported)[0].0.title, "治理甲", "{how:?}");
        let notes = said(&imported, Kind::Note).join(" ");
        assert!(how.is_none_or(|how| notes.contains(how)), "{how:?}: {notes}");
    }
    let broken = [text.as_bytes(), &[0xFF, 0xFF]].concat();
    assert_eq!(read("台账.csv", &broken, &asked()), Err(Unreadable::Encoding));
}

#[test]
fn rows_of_a_text_have_the_numbers_that_a_spreadsheet_shows() {
    let text = csv(&["1,\"治理甲\n分两步\",县住建局,,6月底前,,", "", "2,治理乙,县住建局,,6月31日,,"]);
    let imported = read("台账.csv", text.as_bytes(), &asked()).unwrap();
    assert_eq!(imported.report.tasks[0].row, 2);
    assert_eq!(imported.report.left_out, [4], "the empty line is row 3");
}

#[test]
fn columns_that_nobody_knows_are_listed_and_none_is_read_twice() {
    let text = "序号,编号,事项,任务内容,责任单位,完成时间,投资额\n1,A-7,治理,完成治理,县住建局,6月底前,300\n";
    let imported = read("台账.csv", text.as_bytes(), &asked()).unwrap();
    let unmatched: Vec<String> = imported
        .report
        .unmatched
        .iter()
        .map(|column| format!("{} {}", column.column, column.read_as))
        .collect();
    assert_eq!(unmatched, ["A there is another column for 编号", "G its name is not known"]);
    let (task, row) = &tasks(&imported)[0];
    assert_eq!((task.id.as_str(), row.number.as_deref(), task.title.as_str()), ("a-7", Some("A-7"), "治理"));
    let assumed = said(&imported, Kind::Assumed);
    assert!(
        assumed.iter().any(|what| what.contains("no other column says when a task is due")),
        "{assumed:?}"
    );
}

#[test]
fn a_formula_counts_as_what_it_last_gave_and_an_error_as_nothing() {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    write_row(sheet, 0, &["编号", "任务内容", "牵头单位", "完成时限"]);
    write_row(sheet, 1, &["1", "治理甲", "", "6月底前"]);
    sheet.write_formula(1, 2, Formula::new("=C9").set_result("县住建局")).unwrap();
    write_row(sheet, 2, &["2", "治理乙", "县住建局", ""]);
    sheet.write_formula(2, 3, Formula::new("=1/0").set_result("#DIV/0!")).unwrap();
    let imported = read("台账.xlsx", &saved(workbook), &asked()).unwrap();
    assert!(
        said(&imported, Kind::Assumed)
            .contains(&"2 C a formula fills it: the value last stored is taken".to_owned())
    );
    assert_eq!(imported.report.left_out, [3]);
}

#[test]
fn a_number_that_the_spreadsheet_has_cut_is_not_carried_over() {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    write_row(sheet, 0, &["平台编号", "任务内容", "牵头单位", "完成时限"]);
    write_row(sheet, 1, &["", "治理甲", "县住建局", "6月底前"]);
    sheet.write_number(1, 0, 202_106_231_234_567_890.0).unwrap();
    let imported = read("台账.xlsx", &saved(workbook), &asked()).unwrap();
    assert_eq!(tasks(&imported)[0].1.platform_number, None);
    assert_eq!(said(&imported, Kind::NotCarried).len(), 1);
}

#[test]
fn the_old_ledgers_word_is_kept_and_contradictions_are_told() {
    let text = "编号,任务内容,牵头单位,完成时限,签收时间,申请办结时间,办结时间,状态\n\
        1,甲,县住建局,6月底前,5月27日,,2021-06-20,\n\
        2,乙,县住建局,6月底前,,2021-06-20,,\n\
        3,丙,县住建局,6月底前,,,2021-06-20,在办\n\
        4,丁,县住建局,每季度,,,2021-06-20,已完成\n\
        5,戊,县住建局,6月底前,,,,取消\n\
        6,己,县住建局,,,,,已完成\n\
        7,庚,县住建局,6月底前,口头签收,,,在办\n";
    let imported = read("台账.csv", text.as_bytes(), &asked()).unwrap();
    assert_eq!(said(&imported, Kind::NotUnderstood), ["4 G the status says that it is open"]);
    assert_eq!(said(&imported, Kind::NotCarried), ["8 E it is no day"]);
    let assumed = said(&imported, Kind::Assumed);
    assert!(assumed.contains(&"2 G it has a date, so it is done".to_owned()), "{assumed:#?}");
    assert!(
        assumed.contains(&"5 H done, but it comes back or goes on: it stays open".to_owned()),
        "{assumed:#?}"
    );
    let notes = said(&imported, Kind::Note).join("\n");
    assert!(notes.contains("3 F it waits for review"), "{notes}");
    assert!(notes.contains("6 H withdrawn in the old ledger"), "{notes}");
    let dues: Vec<(u32, &Due)> = imported.report.tasks.iter().map(|task| (task.row, &task.due)).collect();
    let [(2, Due::Done(_)), (3, Due::By(_)), (5, Due::Every(_)), (7, Due::Done(_)), (8, Due::By(_))] =
        dues.as_slice()
    else {
        panic!("{dues:#?}");
    };
}

#[test]
fn secrets_are_not_taken_in_and_their_words_stand_nowhere() {
    let text = csv(&["1,治理甲,县住建局,,6月底前,,", "2,某项工作,县住建局,,6月底前,,涉密"]);
    let imported = read("台账.csv", text.as_bytes(), &Asked { leave_out: true, ..asked() }).unwrap();
    assert_eq!(imported.report.left_out, [3]);
    assert!(!format!("{:?}", imported.report).contains("某项工作"));
    let text = "编号,任务内容,牵头单位,完成时限,密级,其他\n1,甲,县住建局,6月底前,否,\n2,乙,县住建局,6月底前,内部,\n3,丙,县住建局,6月底前,,涉密\n";
    let imported = read("台账.csv", text.as_bytes(), &Asked { leave_out: true, ..asked() }).unwrap();
    assert_eq!(imported.report.left_out, [3, 4], "also by a column that is not read");
    let whole = format!("机密★1年,,\n{text}");
    assert_eq!(read("台账.csv", whole.as_bytes(), &asked()), Err(Unreadable::Secret("机密")));
}

#[test]
fn a_mark_counts_wherever_it_stands_and_however_it_is_spaced() {
    const HEAD: [&str; 6] = ["编号", "任务内容", "牵头单位", "完成时限", "备注", "涉密"];
    let row = |number| [number, "某项工作", "县住建局", "6月底前"];
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    write_row(sheet, 0, &HEAD);
    for (at, (number, remark, level)) in (1..).zip([
        ("1", "绝 密", ""),
        ("2", "涉　密", ""),
        ("3", "机\u{200B}密", ""),
        ("4", "", "是"),
        ("5", "", "有"),
        ("6", "不涉密", "否"),
        ("7", "", "无"),
    ]) {
        write_row(sheet, at, &[row(number).as_slice(), &[remark, level]].concat());
    }
    for at in 8..12 {
        write_row(sheet, at, &row("8"));
    }
    sheet.merge_range(8, 4, 10, 4, "机密★1年", &Format::new()).unwrap();
    write_row(sheet, 12, &[row("9").as_slice(), &["秘密"]].concat());
    write_row(sheet, 13, &[row("10").as_slice(), &["同上"]].concat());
    for (at, heading) in [(14, "二、涉密事项"), (16, "（一）某单位"), (18, "三、其他")] {
        write_row(sheet, at, &[heading]);
        write_row(sheet, at + 1, &row("11"));
    }
    let asked = Asked { leave_out: true, ..asked() };
    let imported = read("台账.xlsx", &saved(workbook), &asked).unwrap();
    assert_eq!(imported.report.left_out, [2, 3, 4, 5, 6, 9, 10, 11, 13, 14, 16, 18]);
    assert_eq!(tasks(&imported).len(), 4);
    let report = format!("{:?}", imported.report);
    assert!(!report.contains("二、涉密事项") && report.contains("三、其他"), "{report}");

    let mut named = Workbook::new();
    let sheet = named.add_worksheet().set_name("涉密台账").unwrap();
    write_row(sheet, 0, &HEAD);
    write_row(sheet, 1, &row("1"));
    let bytes = saved(named);
    assert_eq!(read("台账.xlsx", &bytes, &asked), Err(Unreadable::Secret("涉密")));
    // Where papers bear it: above and below each page in print.
    for (printed, mark) in
        [("&R&\"黑体,Bold\"&14机密★1年", Some("机密")), ("&L秘密", Some("秘密")), ("&C第&P页，共&N页", None)]
    {
        let mut book = Workbook::new();
        let sheet = book.add_worksheet();
        write_row(sheet, 0, &HEAD);
        write_row(sheet, 1, &row("1"));
        sheet.set_header("&C督办台账").set_footer(printed);
        let came = read("台账.xlsx", &saved(book), &asked);
        assert_eq!(came.err(), mark.map(Unreadable::Secret), "{printed}");
    }
    let text = csv(&["1,甲,县住建局,,6月底前,,"]);
    assert_eq!(read("涉密台账.csv", text.as_bytes(), &asked), Err(Unreadable::Secret("涉密")));
    assert!(read("非涉密台账.csv", text.as_bytes(), &asked).is_ok());
}

#[test]
fn the_sheet_with_the_table_is_found_and_two_are_asked_about() {
    let mut workbook = Workbook::new();
    let cover = workbook.add_worksheet();
    cover.set_name("说明").unwrap();
    write_row(cover, 0, &["本表由督查室填写"]);
    for (name, is_hidden) in [("2021", false), ("旧", true)] {
        let sheet = workbook.add_worksheet();
        sheet.set_name(name).unwrap().set_hidden(is_hidden);
        write_row(sheet, 0, &["编号", "任务内容", "牵头单位", "完成时限"]);
        write_row(sheet, 1, &["1", "治理甲", "县住建局", "6月底前"]);
    }
    let imported = read("台账.xlsx", &saved(workbook), &asked()).unwrap();
    assert_eq!(imported.report.sheet, "2021");
    assert!(
        said(&imported, Kind::Note).iter().any(|what| what.contains("`说明`")),
        "what is not read is named"
    );

    let mut two = Workbook::new();
    for _ in 0..2 {
        let sheet = two.add_worksheet();
        write_row(sheet, 0, &["编号", "任务内容", "牵头单位", "完成时限"]);
    }
    let refused = read("台账.xlsx", &saved(two), &asked()).unwrap_err().to_string();
    assert!(refused.contains("--sheet"), "{refused}");
    let none = read("台账.csv", "甲,乙\n1,2\n".as_bytes(), &asked()).unwrap_err().to_string();
    assert!(none.contains("牵头单位"), "{none}");
}
