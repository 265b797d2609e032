//! A sheet that duban wrote, changed by a clerk, beside the one that it would write now.

use crate::import::{Source, Table, compare_sheets, is_of_duban, open, table, written};

const THEN: &str = "编号,任务原文,牵头单位,原定时限,现定时限,延期次数,状态,超期天数,备注\n\
    air/dry-clean/once/eco-env,干洗店治理,生态环境分局,2021-06-30,2021-06-30,0,正常,,\n\
    air/check/2021Q2/eco-env,每季度检查,生态环境分局,2021-06-30,2021-06-30,0,正常,,期次：2021年第二季度\n\
    air/plan,完善方案,县住建局,时间待定,时间待定,0,时间待定,,\n";

fn sheet(text: &str) -> Table {
    let source = Source { name: "台账.csv", bytes: text.as_bytes() };
    table(&open(&source).unwrap(), None).unwrap()
}

fn differences(given: &str, now: &str) -> Vec<String> {
    let compared = compare_sheets(&sheet(given), &sheet(now));
    let shown = |one: &crate::import::Difference| {
        format!(
            "{} {} {} | {}",
            one.row.map_or("–".to_owned(), |row| row.to_string()),
            one.about,
            one.sheet,
            one.ledger
        )
    };
    compared.differences.iter().map(shown).collect()
}

#[test]
fn a_sheet_that_nobody_changed_is_the_same_in_another_format_too() {
    assert!(is_of_duban(&sheet(THEN)));
    assert_eq!(differences(THEN, THEN), Vec::<String>::new());
    let again = THEN.replace("2021-06-30", "2021年6月30日").replace(",0,", ",,").replace("：", ":");
    assert_eq!(differences(&again, THEN), Vec::<String>::new());
    assert_eq!(differences(&THEN.replace("正常,,", "正常,3,"), THEN), Vec::<String>::new(), "days pass");
}

#[test]
fn every_changed_cell_and_every_row_more_or_less_is_told() {
    let mut changed: Vec<String> = THEN.lines().map(str::to_owned).collect();
    changed[1] = changed[1].replacen("2021-06-30,2021-06-30,0", "2021-06-30,2021-08-31,1", 1);
    changed[2] = "air/new/once/eco-env,新增,生态环境分局,2021-06-30,2021-06-30,0,正常,,".to_owned();
    assert_eq!(
        differences(&changed.join("\n"), THEN),
        [
            "2 现定时限 2021-08-31 | 2021-06-30",
            "2 延期次数 1 | 0",
            "3 row air/new/once/eco-env 新增 | ",
            "– row  | air/check/2021Q2/eco-env 每季度检查",
        ]
    );
}

#[test]
fn an_offices_own_numbers_are_not_taken_for_dubans() {
    let own = "编号,任务内容,牵头单位,完成时限\nA/7,甲,县住建局,6月底前\n12,乙,县住建局,6月底前\n";
    assert!(!is_of_duban(&sheet(own)));
}

#[test]
fn its_head_says_which_ledger_it_was_written_from() {
    assert_eq!(written(&sheet(THEN)), None);
    let head = "阳城县督办台账,,,,,,,,\n\
        依据文号：阳政办发〔2021〕41号　数据截至：2021年6月30日（台账1a2b3c4d第1834号记录）　口径版本：第1版,,,,,,,,\n";
    let from = written(&sheet(&format!("{head}{THEN}"))).unwrap();
    assert_eq!((from.on.to_string(), from.position), ("2021-06-30".to_owned(), 1834));
    assert_eq!(from.journal, "1a2b3c4d");
}

#[test]
fn what_is_secret_stands_twice_or_is_gone_is_told_and_no_secret_word_is_repeated() {
    let secret = THEN.replace("干洗店治理", "机密★1年 不可说");
    let told = differences(&secret, THEN);
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(told[0].contains("not shown") && !told[0].contains("不可说"), "{told:?}");

    let line = THEN.lines().nth(1).unwrap();
    let told = differences(&format!("{THEN}{line}\n"), THEN);
    assert!(told.len() == 1 && told[0].contains("once more"), "{told:?}");

    let narrow: Vec<&str> = THEN.lines().map(|line| line.rsplit_once(',').unwrap().0).collect();
    let compared = compare_sheets(&sheet(&narrow.join("\n")), &sheet(THEN));
    assert_eq!(compared.not_compared, ["H 超期天数", "备注 (the sheet lacks it)"]);
}

#[test]
fn an_empty_sheet_of_duban_lacks_every_row() {
    let head = "阳城县督办台账,,,,,,,,\n数据截至：2021年6月30日（台账1a2b3c4d第1834号记录）,,,,,,,,\n";
    let empty = sheet(&format!("{head}{}\n", THEN.lines().next().unwrap()));
    assert!(is_of_duban(&empty));
    assert_eq!(compare_sheets(&empty, &sheet(THEN)).differences.len(), 3);
}

#[test]
fn the_mark_that_keeps_a_text_from_running_is_no_difference() {
    let now = THEN.replace("完善方案", "@SUM(1+1)*cmd");
    assert_eq!(differences(&now.replace("@SUM", "'@SUM"), &now), Vec::<String>::new());
}

#[test]
fn a_mark_below_the_rows_is_the_sheets() {
    for last in [",机密★1年,,,,,,,", "涉密,,,,,,,,"] {
        let marked = sheet(&format!("{THEN}{last}\n"));
        assert!(marked.is_unmarked().is_err(), "{last}");
    }
    assert!(sheet(THEN).is_unmarked().is_ok());
}
