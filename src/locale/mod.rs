//! Words for people in the language they ask for: messages by a stable code, told from the fluent files of `locales/`.

mod findings;
mod parse;
mod refusals;
mod system;

use std::collections::BTreeMap;
use std::fmt;
use std::sync::OnceLock;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource};
use serde::{Deserialize, Serialize};
use unic_langid::LanguageIdentifier;

pub use findings::finding;
pub use parse::Spoken;
pub use refusals::refusal;
pub use system::system;

/// A language that duban speaks.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Language {
    /// 中文
    #[default]
    Chinese,
    /// English
    English,
}

impl Language {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::Chinese, Self::English];

    /// As in HTTP (RFC 9110, 12.5.4).
    #[must_use]
    pub fn tag(self) -> &'static str {
        match self {
            Self::Chinese => "zh-CN",
            Self::English => "en",
        }
    }

    /// The first that is spoken of those in an `Accept-Language`, or in a locale (`en_US.UTF-8`); else Chinese.
    /// Clients name the one they like best first.
    #[must_use]
    pub fn of(wanted: &str) -> Self {
        let spoken = |tag: &str| {
            let tag = tag.trim().to_ascii_lowercase();
            Self::ALL
                .into_iter()
                .find(|language| tag.starts_with(language.tag().split('-').next().unwrap_or_default()))
        };
        wanted.split(',').find_map(spoken).unwrap_or_default()
    }

    fn sources(self) -> [&'static str; 8] {
        match self {
            Self::Chinese => [
                include_str!("../../locales/zh-CN/refusals.ftl"),
                include_str!("../../locales/zh-CN/office.ftl"),
                include_str!("../../locales/zh-CN/status.ftl"),
                include_str!("../../locales/zh-CN/task.ftl"),
                include_str!("../../locales/zh-CN/front.ftl"),
                include_str!("../../locales/zh-CN/cli.ftl"),
                include_str!("../../locales/zh-CN/plans.ftl"),
                include_str!("../../locales/zh-CN/sheets.ftl"),
            ],
            Self::English => [
                include_str!("../../locales/en/refusals.ftl"),
                include_str!("../../locales/en/office.ftl"),
                include_str!("../../locales/en/status.ftl"),
                include_str!("../../locales/en/task.ftl"),
                include_str!("../../locales/en/front.ftl"),
                include_str!("../../locales/en/cli.ftl"),
                include_str!("../../locales/en/plans.ftl"),
                include_str!("../../locales/en/sheets.ftl"),
            ],
        }
    }
}

/// The command line's help in Chinese; the English stands in the source, beside what it is about.
const HELP: &str = include_str!("../../locales/zh-CN/help.ftl");

/// Something to be told, in no language yet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Message {
    /// names it for programs, for ever
    pub code: String,
    /// what its words are filled in with
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub args: BTreeMap<String, Value>,
}

/// A message that is filled in with nothing yet.
#[must_use]
pub fn message(code: &str) -> Message {
    Message { code: code.to_owned(), args: BTreeMap::new() }
}

impl Message {
    /// Filled in with a value.
    #[must_use]
    pub fn put(mut self, name: &str, value: Value) -> Self {
        self.args.insert(name.to_owned(), value);
        self
    }

    /// Filled in with a text, as it is.
    #[must_use]
    pub fn with(self, name: &str, text: &(impl ToString + ?Sized)) -> Self {
        self.put(name, Value::Text(text.to_string()))
    }

    /// One of its parts, `help` say, filled in alike; none where its words have no such part.
    #[must_use]
    pub fn part(&self, part: &str) -> Option<Self> {
        bundle(Language::default()).get_message(&self.code)?.get_attribute(part)?;
        Some(Self { code: format!("{}.{part}", self.code), args: self.args.clone() })
    }

    /// Filled in with a message.
    #[must_use]
    pub fn within(self, name: &str, message: Self) -> Self {
        self.put(name, Value::Message(Box::new(message)))
    }
}

/// What words are filled in with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Value {
    /// as it is
    Text(String),
    /// a word of the language; as it is where the language has none
    Word(String),
    /// what another program says in English: in another language the word for its beginning, up to a comma or colon
    Said(String),
    /// a message within this one
    Message(Box<Message>),
    /// how many
    Count(usize),
    /// all of these
    All(Vec<Value>),
    /// one of these
    OneOf(Vec<Value>),
}

impl From<&str> for Value {
    fn from(word: &str) -> Self {
        Self::Word(word.to_owned())
    }
}

impl From<Message> for Value {
    fn from(message: Message) -> Self {
        Self::Message(Box::new(message))
    }
}

/// As logs and programs are told it.
impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&word(Language::English, self))
    }
}

type Bundle = FluentBundle<FluentResource>;

/// A message's words; its code where the language lacks them, which a test keeps from happening.
#[must_use]
pub fn told(language: Language, message: &Message) -> String {
    let mut args = FluentArgs::new();
    for (name, value) in &message.args {
        // A number as one: a language may have words for one and for more.
        if let Value::Count(count) = value {
            args.set(name.clone(), *count);
        } else {
            args.set(name.clone(), word(language, value));
        }
    }
    words(language, &message.code, Some(&args)).unwrap_or_else(|| message.code.clone())
}

/// A value by itself, a word say.
#[must_use]
pub fn word(language: Language, value: &Value) -> String {
    let joined = |values: &[Value], between: &str| {
        values.iter().map(|value| word(language, value)).collect::<Vec<_>>().join(between)
    };
    match (value, language) {
        (Value::Text(text), _) => text.clone(),
        (Value::Word(word), _) => {
            words(language, &format!("word-{}", key(word)), None).unwrap_or_else(|| word.clone())
        }
        (Value::Said(said), Language::English) => said.clone(),
        (Value::Said(said), _) => {
            let beginning = said.split([',', ':']).next().unwrap_or_default();
            words(language, &format!("word-{}", key(beginning)), None).unwrap_or_else(|| said.clone())
        }
        (Value::Message(within), _) => told(language, within),
        (Value::Count(count), _) => count.to_string(),
        (Value::All(values), Language::Chinese) => joined(values, "、"),
        (Value::All(values), Language::English) => joined(values, ", "),
        (Value::OneOf(values), Language::Chinese) => joined(values, "或"),
        (Value::OneOf(values), Language::English) => joined(values, " or "),
    }
}

/// Texts as they are, to be told in a row.
pub fn texts<T: ToString>(texts: impl IntoIterator<Item = T>) -> Vec<Value> {
    texts.into_iter().map(|text| Value::Text(text.to_string())).collect()
}

/// A text of the Chinese help: a message's own, or one of its parts.
#[must_use]
pub fn help(key: &str, part: Option<&str>) -> Option<String> {
    let message = bundle(Language::Chinese).get_message(key)?;
    let pattern = match part {
        None => message.value()?,
        Some(part) => message.get_attribute(part)?.value(),
    };
    let mut faults = Vec::new();
    Some(bundle(Language::Chinese).format_pattern(pattern, None, &mut faults).into_owned())
}

fn words(language: Language, key: &str, args: Option<&FluentArgs<'_>>) -> Option<String> {
    let bundle = bundle(language);
    let pattern = match key.split_once('.') {
        None => bundle.get_message(key)?.value()?,
        Some((key, part)) => bundle.get_message(key)?.get_attribute(part)?.value(),
    };
    let mut faults = Vec::new();
    let words = bundle.format_pattern(pattern, args, &mut faults).into_owned();
    faults.is_empty().then_some(words)
}

/// A word as its key is written.
fn key(word: &str) -> String {
    let parts = word.split(|c: char| !c.is_ascii_alphanumeric()).filter(|part| !part.is_empty());
    parts.collect::<Vec<_>>().join("-").to_ascii_lowercase()
}

fn bundle(language: Language) -> &'static Bundle {
    static BUNDLES: [OnceLock<Bundle>; 2] = [OnceLock::new(), OnceLock::new()];
    static NONE: OnceLock<Bundle> = OnceLock::new();
    let cell = match language {
        Language::Chinese => BUNDLES.first(),
        Language::English => BUNDLES.last(),
    };
    cell.unwrap_or(&NONE).get_or_init(|| read(language))
}

fn read(language: Language) -> Bundle {
    let tag: Vec<LanguageIdentifier> = language.tag().parse().into_iter().collect();
    let mut bundle = Bundle::new_concurrent(tag);
    // Marks around what is filled in would go into logs, pages and mails.
    bundle.set_use_isolating(false);
    let help = Some(HELP).filter(|_| language == Language::Chinese);
    for source in language.sources().into_iter().chain(help) {
        // What is read in spite of a fault is told all the same; a test finds the fault.
        let resource = FluentResource::try_new(source.to_owned()).unwrap_or_else(|(read, _)| read);
        let _ = bundle.add_resource(resource);
    }
    bundle
}

/// That a line is Chinese: what is typed (in backticks) aside, it has no two English words in a row.
#[cfg(test)]
#[track_caller]
pub(crate) fn is_chinese(line: &str) {
    let own: String = line.split('`').step_by(2).collect();
    let sign = |c: char| ('\u{4e00}'..='\u{9fff}').contains(&c);
    assert!(own.chars().any(sign) || line.contains('`'), "{line}");
    let is_word = |word: &str| word.len() > 1 && word.chars().all(|c| c.is_ascii_alphabetic() || c == '\'');
    let words: Vec<&str> = own.split(' ').collect();
    assert!(!words.windows(2).any(|pair| pair.iter().all(|word| is_word(word))), "{line}");
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    /// The keys of a language, in its file's order.
    fn keys(language: Language) -> Vec<&'static str> {
        let lines = language.sources().into_iter().flat_map(str::lines);
        let lines = lines.filter(|line| !line.starts_with(['#', ' ']));
        lines.filter_map(|line| Some(line.split_once(" =")?.0)).collect()
    }

    #[test]
    fn every_language_is_read_without_a_fault_and_has_the_same_keys() {
        for language in Language::ALL {
            for source in language.sources() {
                assert!(FluentResource::try_new(source.to_owned()).is_ok(), "{language:?}");
            }
            let all: BTreeSet<&str> = keys(language).into_iter().collect();
            assert_eq!(all.len(), keys(language).len(), "{language:?} has a key twice");
        }
        assert!(FluentResource::try_new(HELP.to_owned()).is_ok());
        assert_eq!(keys(Language::Chinese), keys(Language::English));
    }

    #[test]
    fn the_first_language_that_is_spoken_is_taken_and_chinese_where_none_is() {
        for (wanted, language) in [
            ("", Language::Chinese),
            ("C", Language::Chinese),
            ("zh_CN.UTF-8", Language::Chinese),
            ("en_US.UTF-8", Language::English),
            ("fr, en;q=0.8, zh;q=0.5", Language::English),
            ("zh-CN,zh;q=0.9,en;q=0.8", Language::Chinese),
        ] {
            assert_eq!(Language::of(wanted), language, "{wanted}");
        }
    }

    #[test]
    fn a_word_that_the_language_lacks_stands_as_it_is() {
        let args = [("what".to_owned(), Value::Word("绝密".to_owned()))].into();
        let message = Message { code: "refusal-secret".to_owned(), args };
        assert!(told(Language::English, &message).starts_with("it bears the mark `绝密`"));
        assert_eq!(
            told(Language::English, &Message { code: "none".to_owned(), args: BTreeMap::new() }),
            "none"
        );
    }
}
