//! Sheets as clerks make them, and as nobody should.

mod compared;
mod deadlines;
mod flaws;
mod hostile;
mod matters;
mod sheets;

use crate::domain::{Unit, UnitId, UnitKind};

use super::{Asked, Imported, Report, Source, Unreadable, open, plan, table};
use crate::locale::{self, Language, is_chinese};

/// The plan that a file becomes.
fn read(name: &str, bytes: &[u8], asked: &Asked) -> Result<Imported, Unreadable> {
    let source = Source { name, bytes };
    let read = open(&source).and_then(|book| table(&book, None));
    let read = read.and_then(|table| plan(&source, &table, &units(), asked));
    match &read {
        Ok(imported) => is_told_in_chinese(&imported.report),
        // What a reader of somebody else's says stays as it is.
        Err(Unreadable::Damaged(_)) => {}
        Err(why) => is_chinese(&locale::told(Language::Chinese, &why.message())),
    }
    read
}

/// Whatever a sheet is told has its Chinese.
fn is_told_in_chinese(report: &Report) {
    let words = report.findings.iter().flat_map(|found| std::iter::once(&found.what).chain(&found.right));
    let columns = report.unmatched.iter().filter_map(|column| column.words.as_ref());
    for words in words.chain(columns) {
        is_chinese(&locale::word(Language::Chinese, words));
    }
    for row in &report.passed {
        is_chinese(&locale::word(Language::Chinese, &row.why.as_str().into()));
    }
}

fn asked() -> Asked {
    Asked {
        plan: Some("office-2021".parse().unwrap()),
        title: Some("督办事项".to_owned()),
        issued_on: Some("2021-05-24".parse().unwrap()),
        ..Asked::default()
    }
}

fn units() -> Vec<Unit> {
    let unit = |id: &str, name: &str, short: &str| Unit {
        id: UnitId::parse(id).unwrap(),
        name: name.to_owned(),
        short: short.to_owned(),
        aliases: Vec::new(),
        kind: UnitKind::Bureau,
        mailbox: None,
        sort_key: id.to_owned(),
        members: Vec::new(),
        muted: false,
        leader: None,
    };
    vec![
        unit("eco-env", "市生态环境局阳城分局", "生态环境分局"),
        unit("housing", "县住房和城乡建设管理局", "县住建局"),
        unit("transport", "县交通运输局", "县交通局"),
        unit("townships-all", "各乡（镇）人民政府", "各乡镇"),
    ]
}
