//! Tests of the room: bad inputs one by one, shapes, round trips, the shipped files.

mod bad;
mod cases;
mod good;
mod round_trip;

use miette::{GraphicalReportHandler, GraphicalTheme};

use super::{Diagnostic, Read, Source, parse};
use crate::locale::Language;

/// A sound directory that the tests spoil.
pub(super) const SOUND: [(&str, &str); 6] = [
    ("office.toml", include_str!("../../../schedules/office.toml")),
    ("ladders.toml", include_str!("../../../schedules/ladders.toml")),
    ("workdays/cn-2021.toml", include_str!("../../../schedules/workdays/cn-2021.toml")),
    ("units.toml", UNITS),
    ("source/41.txt", DOCUMENT),
    ("air.toml", AIR),
];

const UNITS: &str = r#"[[unit]]
id = "eco-env"
name = "市生态环境局阳城分局"
short = "市生态环境局阳城分局"
kind = "bureau"
mailbox = "eco-env@duban.example"
sort_key = "shishengtaihuanjingjuyangchengfenju"

[[unit]]
id = "housing"
name = "县住房和城乡建设管理局"
short = "县住建局"
aliases = ["县住建局", "住房和城乡建设管理局"]
kind = "bureau"
mailbox = "housing@duban.example"
sort_key = "xianzhujianju"

[[unit]]
id = "inspection-office"
name = "县委县政府督察室"
short = "县督察室"
kind = "government"
sort_key = "xianduchashi"

[[unit]]
id = "townships-all"
name = "各乡(镇)人民政府"
short = "各乡镇"
kind = "collective"
sort_key = "gexiangzhen"
members = ["runcheng"]

[[unit]]
id = "runcheng"
name = "润城镇人民政府"
short = "润城镇"
aliases = ["润城镇政府"]
kind = "township"
sort_key = "runchengzhen"
"#;

const DOCUMENT: &str = "17.每季度开展一次非道路移动机械专项检查工作,\n对未进行编码登记的,依法处理。\n\
    7. VOCs治理设施 2021 年 9 月底前完成；清单另写 3月份。";

const AIR: &str = r#"# 空气质量计划
[plan]
id = "air"
title = "阳城县2021年空气质量巩固提升行动计划"
short = "空气质量计划"
document_number = "阳政办发〔2021〕41号"
issued_on = 2021-05-24
in_force = { from = 2021-05-24, until = 2022-03-31 }
collect = { every = "month", on = 25, reply_by = "last" }
source = "source/41.txt"

[[task]]
id = "machinery-check"
title = "非道路移动机械专项检查"
text = """每季度开展一次非道路移动机械专项检查工作,对未进行编码登记的,依法处理。

17."""
cite = ["air:17", "air-list:23"]
lead = ["eco-env"]
lead_basis = "list"
cooperate = ["housing"]
due = { every = "quarter", until = 2021-12-31 }

[[task]]
id = "voc"
title = "治理设施"
text = "2021年9月底前完成"
cite = ["air:7"]
lead = ["housing"]
lead_basis = "sole"
due = { by = 2021-09-30 }
reason = "阳政办函〔2021〕7号"
[[task.conflict]]
about = "deadline"
says = [{ cite = "air:7", text = "2021年9月底前" }, { cite = "air-list:7", text = "3月份" }]
used = "air:7"
why = "3月份早于发文日。"
"#;

/// The sound directory with one text replaced in one of its files.
fn spoilt(file: &str, from: &str, to: &str) -> Vec<Source> {
    let mut sources = sound();
    let source = sources.iter_mut().find(|source| source.name == file).unwrap();
    assert!(source.text.contains(from), "{file} has no {from}");
    source.text = source.text.replacen(from, to, 1);
    sources
}

fn sound() -> Vec<Source> {
    SOUND.iter().map(|(name, text)| Source { name: (*name).into(), text: (*text).into() }).collect()
}

/// As the CLI prints it, without colour.
fn printed(faults: &[Diagnostic]) -> String {
    let theme = GraphicalTheme::unicode_nocolor();
    let handler = GraphicalReportHandler::new_themed(theme).with_width(100).with_links(false);
    let mut out = String::new();
    for fault in faults {
        handler.render_report(&mut out, &fault.shown(Language::English)).unwrap();
    }
    out
}

fn read(sources: &[Source]) -> Read {
    parse(sources)
}
