//! Lists of assigned matters as offices keep them.

use chrono::NaiveDate;

use crate::calendar::WorkingDays;
use crate::domain::command::NewMatter;
use crate::domain::matter::MatterDays;
use crate::domain::{Task, TaskId};
use crate::import::{AskedMatters, Kind, Matters, Source, Unreadable, matters, open, table};

const HEAD: &str =
    "序号,交办事项,来源,平台编号,责任单位,配合单位,办理类别,交办时间,办结时限,计日方式,密级,办理状态";

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn asked() -> AskedMatters {
    AskedMatters {
        today: day("2021-06-28"),
        on: None,
        year: None,
        source: None,
        days: MatterDays::Calendar,
        units: Vec::new(),
    }
}

fn read_with(text: &str, present: &[(TaskId, Task)], asked: &AskedMatters) -> Result<Matters, Unreadable> {
    let source = Source { name: "交办.csv", bytes: text.as_bytes() };
    let table = table(&open(&source)?, None)?;
    let read = matters(&table, &super::units(), &WorkingDays::default(), present, asked);
    if let Ok(read) = &read {
        super::is_told_in_chinese(&read.report);
    }
    read
}

fn read(rows: &[&str]) -> Matters {
    read_with(&format!("{HEAD}\n{}\n", rows.join("\n")), &[], &asked()).unwrap()
}

/// Any task of a plan: what makes it a matter is set by the test.
fn any_task() -> Task {
    let text = "编号,任务内容,牵头单位,完成时限\n1,甲,县住建局,6月底前\n";
    let plan = super::read("台账.csv", text.as_bytes(), &super::asked()).unwrap().plan.unwrap().0;
    plan.tasks[0].clone()
}

fn told(read: &Matters, kind: Kind) -> Vec<String> {
    let of = |finding: &crate::import::Finding| {
        let place = finding.row.map(|row| format!("{row} ")).unwrap_or_default();
        format!(
            "{place}{}{}",
            finding.column.as_deref().map(|c| format!("{c} ")).unwrap_or_default(),
            finding.what
        )
    };
    read.report.of(kind).map(of).collect()
}

fn shown(read: &Matters) -> Vec<String> {
    let one = |row: &crate::import::MatterRow| {
        let NewMatter { matter, lead, cooperate, until, .. } = &row.matter;
        format!(
            "{} {:?} {:?} {} to {}{} | {:?} | {} +{}",
            row.row,
            matter.class,
            matter.days,
            matter.assigned_on,
            row.deadline,
            if until.is_some() { " own" } else { "" },
            matter.platform_number,
            lead.len(),
            cooperate.len()
        )
    };
    read.rows.iter().map(one).collect()
}

#[test]
fn a_row_says_class_day_and_how_days_are_counted() {
    let list = read(&[
        "1,甲,县长批示,SX-1,县住建局,,一般,2021-06-25,,,,",
        "2,乙,县长批示,SX-2,县住建局,县交通局,复杂事项,2021-06-25,,自然日,否,在办",
        "3,丙,县长批示,SX-3,县住建局,,复杂,2021/6/25,2021-09-30,工作日,,",
        "4,丁,县长批示,SX-4,县住建局,,一般,20210625,7个工作日内,,,",
        "5,戊,县长批示,SX-5,县住建局,,,2021-06-25,一个月内,,,",
        "6,己,县长批示,,县住建局,,一般,2021-06-25,2021-07-02,,,",
    ]);
    assert_eq!(
        shown(&list),
        [
            "2 Ordinary Calendar 2021-06-25 to 2021-07-02 | Some(\"SX-1\") | 1 +0",
            "3 Complex Calendar 2021-06-25 to 2021-07-25 | Some(\"SX-2\") | 1 +1",
            "4 Complex Working 2021-06-25 to 2021-09-30 own | Some(\"SX-3\") | 1 +0",
            "5 Ordinary Working 2021-06-25 to 2021-07-06 | Some(\"SX-4\") | 1 +0",
            "6 Complex Calendar 2021-06-25 to 2021-07-25 | Some(\"SX-5\") | 1 +0",
            "7 Ordinary Calendar 2021-06-25 to 2021-07-02 | None | 1 +0",
        ]
    );
    let off: Vec<usize> = list.rows.iter().map(|row| row.days_off.len()).collect();
    assert_eq!(
        off,
        [2, 10, 0, 0, 10, 2],
        "days off that a clock runs through are told, of working days none"
    );
    assert_eq!(told(&list, Kind::Assumed), ["6 I the class is not written: a month is a complex matter's"]);
    assert_eq!(told(&list, Kind::NotUnderstood), Vec::<String>::new());
}

#[test]
fn nothing_is_guessed_in_silence() {
    let list = read(&[
        "1,甲,县长批示,SX-1,县住建局,,,,,,,",
        "2,乙,县长批示,SX-2,县住建局,,,2021-06-25,2021-08-31,,,",
        "3,丙,,SX-3,住建委,,重要,6月25日,,,,",
        "4,丁,县长批示,SX-4,县住建局,,一般,2021-07-02,,,,",
        "5,戊,县长批示,SX-5,县住建局,,一般,2021-06-25,2021-07-15,,,",
        "6,己,县长批示,SX-6,县住建局,,复杂,2021-06-25,7日内,随意,,",
        "7,庚,县长批示,SX-1,县住建局,,一般,2021-06-25,,,,",
        "8,辛,县长批示,SX-8,县住建局,,一般,2021-06-25,长期坚持,,,看着办",
        "9,壬,县长批示,SX-9,县住建局,,一般,2021-06-01,,,,",
    ]);
    assert_eq!(shown(&list).len(), 2, "{:?}", shown(&list));
    assert_eq!(list.report.left_out, [3, 4, 5, 6, 7, 8, 9]);
    assert_eq!(
        told(&list, Kind::Assumed),
        [
            "2 H no day of deployment is written: today, 2021-06-28",
            "2 G the class is not written: ordinary, 7 days"
        ]
    );
    assert_eq!(
        told(&list, Kind::NotUnderstood),
        [
            "3 I the class is not written, and an ordinary matter would be due on 2021-07-02",
            "4 E there is no unit `住建委`",
            "4 C nothing says where it comes from",
            "4 H it is no day",
            "4 G neither ordinary nor complex",
            "5 H deployed on 2021-07-02, which lies after today, 2021-06-28",
            "6 I an ordinary matter is settled by 2021-07-02",
            "7 J it doesn't say how days are counted",
            "8 D row 2 has the same number",
            "9 L the status is not known",
            "9 I a matter is settled by a day",
        ]
    );
    assert_eq!(told(&list, Kind::Note), ["10 H its last day, 2021-06-08, is past: it opens overdue"]);
    let rights = list.report.of(Kind::NotUnderstood).filter(|finding| finding.right.is_none());
    assert_eq!(rights.count(), 0, "each says what would be right");
}

#[test]
fn what_the_office_says_fills_what_rows_leave_open() {
    let asked = AskedMatters {
        on: Some(day("2021-06-24")),
        source: Some("县政府常务会议".to_owned()),
        days: MatterDays::Working,
        units: vec![("住建委".to_owned(), "housing".parse().unwrap())],
        ..asked()
    };
    let list =
        read_with("事项名称,主办单位,是否复杂,联系电话,进展\n甲,住建委,是,13800001111,刚开始\n", &[], &asked)
            .unwrap();
    assert_eq!(shown(&list), ["2 Complex Working 2021-06-24 to 2021-07-26 | None | 1 +0"]);
    assert_eq!(told(&list, Kind::Assumed), ["no column says how days are counted: working days only"]);
    assert_eq!(list.report.people.len(), 1, "people stay out");
    let left: Vec<&str> = list.report.unmatched.iter().map(|column| column.read_as.as_str()).collect();
    assert_eq!(left, ["a matter begins with its assignment: not carried over"]);
}

#[test]
fn secrets_are_refused_and_what_is_over_is_passed_by() {
    let list = read(&[
        "1,某项工作,县长批示,SX-1,县住建局,,一般,2021-06-25,,,秘密,",
        "2,某项工作,县长批示,SX-2,县住建局,,一般,2021-06-25,,,不涉密,",
        "3,机密★某项工作,县长批示,SX-3,县住建局,,一般,2021-06-25,,,,",
        "4,丁,县长批示,SX-4,县住建局,,一般,2021-04-25,,,,已销号",
        "5,戊,县长批示,SX-5,县住建局,,一般,2021-04-25,,,,取消",
    ]);
    assert_eq!((shown(&list).len(), list.report.left_out.as_slice()), (1, [2, 4].as_slice()));
    assert!(!format!("{:?}", list.report).contains("机密★某项工作"));
    let passed: Vec<(u32, &str)> = list.report.passed.iter().map(|row| (row.row, row.why.as_str())).collect();
    assert_eq!(passed, [(5, "done"), (6, "withdrawn")]);
    let whole = format!("机密★1年,,\n{HEAD}\n1,甲,县长批示,,县住建局,,一般,2021-06-25,,,,\n");
    assert_eq!(read_with(&whole, &[], &asked()), Err(Unreadable::Secret("机密")));
}

#[test]
fn what_is_assigned_already_stays_as_it_is() {
    let text = format!(
        "{HEAD}\n1,甲,县长批示,SX-1,县住建局,,一般,2021-06-25,,,,\n2,乙,县长批示,,县住建局,县交通局,一般,,,,,\n"
    );
    let first = read_with(&text, &[], &asked()).unwrap();
    let present: Vec<(TaskId, Task)> = first
        .rows
        .iter()
        .zip(1..)
        .map(|(row, number)| {
            let mut task = any_task();
            task.title = row.matter.title.clone();
            task.text = row.matter.text.clone().unwrap_or_else(|| row.matter.title.clone());
            task.lead = row.matter.lead.clone();
            task.cooperate = row.matter.cooperate.clone();
            task.matter = Some(row.matter.matter.clone());
            (format!("matters/m-{number}").parse().unwrap(), task)
        })
        .collect();
    // A day later: a row without a day or a number is known by its words.
    let later = AskedMatters { today: day("2021-06-29"), ..asked() };
    let again = read_with(&text, &present, &later).unwrap();
    assert_eq!((again.rows.len(), again.known.len()), (0, 2), "{again:?}");
    assert_eq!(told(&again, Kind::Note), Vec::<String>::new());
    let changed = read_with(&text.replace("一般,2021-06-25", "复杂,2021-06-25"), &present, &later).unwrap();
    assert_eq!(
        told(&changed, Kind::Note),
        ["2 B assigned already as `matters/m-1`, with another class: left as it is"]
    );
    // Another day and no number: another matter.
    let other = read_with(&text.replace("一般,,", "一般,2021-06-20,"), &present, &later).unwrap();
    assert_eq!((other.rows.len(), other.known.len()), (1, 1));
}
