//! How papers are drawn: templates embedded at build time, and what can go wrong.

use minijinja::value::Serde;
use minijinja::{AutoEscape, Environment, UndefinedBehavior, Value, context};
use serde::Serialize;

/// Why a paper can't be written.
#[derive(Debug, thiserror::Error)]
pub enum PaperFault {
    /// A template is faulty.
    #[error("a paper's template is faulty")]
    Template(#[from] minijinja::Error),
    /// The workbook can't be written.
    #[error("the workbook can't be written")]
    Workbook(#[from] rust_xlsxwriter::XlsxError),
    /// The Word file can't be put together.
    #[error("the Word file can't be put together")]
    Word(#[from] zip::result::ZipError),
    /// Bytes can't be written into memory.
    #[error("the paper's bytes can't be put together")]
    Bytes(#[from] std::io::Error),
    /// The view can't be written as JSON.
    #[error("the paper can't be written as JSON")]
    Json(#[from] serde_json::Error),
    /// The text for the square code is too long for one.
    #[error("`{0}` is too long for a square code")]
    Code(String),
    /// Rows can't be written as CSV.
    #[error("the rows can't be written as CSV")]
    Csv(#[from] csv::Error),
}

/// What pages share.
const SHARED: [(&str, &str); 2] = [
    ("paper.css", include_str!("templates/paper.css")),
    ("table.html", include_str!("templates/table.html.jinja")),
];

/// Draws one template; its name's end says whether it is escaped.
pub(super) fn draw(
    name: &str,
    source: &str,
    paper: &impl Serialize,
    more: Value,
) -> Result<String, PaperFault> {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_auto_escape_callback(|name| {
        let plain = matches!(name.rsplit_once('.'), Some((_, "txt")));
        if plain { AutoEscape::None } else { AutoEscape::Html }
    });
    for (shared, source) in SHARED {
        environment.add_template(shared, source)?;
    }
    environment.add_template(name, source)?;
    let paper = Value::from(Serde(paper));
    Ok(environment.get_template(name)?.render(context! { paper, ..more })?)
}

/// The view as JSON, for other programs: indented, one newline at its end.
pub(super) fn json(view: &impl Serialize) -> Result<Vec<u8>, PaperFault> {
    let mut bytes = serde_json::to_vec_pretty(view)?;
    bytes.push(b'\n');
    Ok(bytes)
}
