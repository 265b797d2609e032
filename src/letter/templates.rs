//! The letters' words: templates embedded at build time, each written once and rendered
//! in two forms, plain text and HTML (`form.txt`, `form.html` hold the layout of either).

use minijinja::value::Serde;
use minijinja::{AutoEscape, Environment, UndefinedBehavior, Value, context};
use serde::Serialize;

use super::LetterFault;
use crate::domain::Digest;

const FORMS: [(&str, &str); 2] = [
    ("form.txt", include_str!("templates/form.txt.jinja")),
    ("form.html", include_str!("templates/form.html.jinja")),
];

const KINDS: [(&str, &str); 14] = [
    ("act", include_str!("templates/act.jinja")),
    ("adoption", include_str!("templates/adoption.jinja")),
    ("beside", include_str!("templates/beside.jinja")),
    ("closing", include_str!("templates/closing.jinja")),
    ("daily", include_str!("templates/daily.jinja")),
    ("days", include_str!("templates/days.jinja")),
    ("escalation", include_str!("templates/escalation.jinja")),
    ("leader", include_str!("templates/leader.jinja")),
    ("receipt", include_str!("templates/receipt.jinja")),
    ("returned", include_str!("templates/returned.jinja")),
    ("release", include_str!("templates/release.jinja")),
    ("review", include_str!("templates/review.jinja")),
    ("sections", include_str!("templates/sections.jinja")),
    ("ways", include_str!("templates/ways.jinja")),
];

/// The compiled templates.
#[derive(Debug)]
pub struct Templates {
    environment: Environment<'static>,
    version: Digest,
}

impl Templates {
    /// Compiles the embedded templates.
    ///
    /// # Errors
    /// [`LetterFault::Template`] where one has a fault; a test keeps that from happening.
    pub fn embedded() -> Result<Self, LetterFault> {
        let mut environment = Environment::new();
        environment.set_undefined_behavior(UndefinedBehavior::Strict);
        environment.set_auto_escape_callback(|name| {
            let plain = matches!(name.rsplit_once('.'), Some((_, "txt")));
            if plain { AutoEscape::None } else { AutoEscape::Html }
        });
        for (name, source) in FORMS {
            environment.add_template(name, source)?;
        }
        for (kind, source) in KINDS {
            environment.add_template_owned(format!("{kind}.txt"), source)?;
            environment.add_template_owned(format!("{kind}.html"), source)?;
        }
        let sources = FORMS.iter().chain(&KINDS).map(|(name, source)| format!("{name}\n{source}\n"));
        let version = Digest::of(sources.collect::<String>().as_bytes());
        Ok(Self { environment, version })
    }

    /// Of all their words: letters of the same version were written with the same.
    #[must_use]
    pub fn version(&self) -> Digest {
        self.version
    }

    /// Subject, plain text and HTML of a letter of this kind.
    pub(super) fn letter(
        &self,
        kind: &str,
        subject: String,
        view: &impl Serialize,
    ) -> Result<(String, String, String), LetterFault> {
        let text = tidy(&self.render(kind, "txt", &subject, view)?);
        let html = self.render(kind, "html", &subject, view)?;
        Ok((subject, text, html))
    }

    fn render(
        &self,
        kind: &str,
        form: &str,
        subject: &str,
        view: &impl Serialize,
    ) -> Result<String, LetterFault> {
        let template = self.environment.get_template(&format!("{kind}.{form}"))?;
        let letter = Value::from(Serde(view));
        Ok(template.render(context! { letter, subject, form })?)
    }
}

/// No blanks at line ends, never two empty lines in a row, one newline at the end.
fn tidy(text: &str) -> String {
    let mut tidied = String::with_capacity(text.len());
    let mut empty = true;
    for line in text.lines().map(str::trim_end) {
        if line.is_empty() && empty {
            continue;
        }
        empty = line.is_empty();
        tidied.push_str(line);
        tidied.push('\n');
    }
    tidied.truncate(tidied.trim_end().len());
    tidied.push('\n');
    tidied
}
