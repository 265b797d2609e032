//! A wrong command line: what is wrong, what would be right, in the language of whoever typed it.

use std::error::Error as _;

use clap::Error;
use clap::error::{ContextKind, ContextValue, ErrorKind};

use super::failure::Told;
use super::print::{Printer, say};
use super::{help, speech::Speech};
use crate::config;
use crate::locale::{Language, Message, Value, message, texts};

/// The language of a command line, before it is read: typed, or the environment's.
pub fn language(typed: impl Iterator<Item = String>) -> Language {
    let mut words = typed.take_while(|word| word != "--");
    let mut wanted = None;
    while let Some(word) = words.next() {
        if word == "--lang" {
            wanted = words.next();
        } else if let Some(language) = word.strip_prefix("--lang=") {
            wanted = Some(language.to_owned());
        }
    }
    Language::of(&wanted.unwrap_or_else(config::locale))
}

/// Shows help where that was asked for, else what is wrong.
pub fn show(language: Language, printer: &Printer, wrong: &Error) {
    let is_help =
        matches!(wrong.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand);
    // A reader that went away needs no help text.
    if !is_help && wrong.kind() != ErrorKind::DisplayVersion {
        return printer.error(&told(language, wrong));
    }
    if !is_help || language == Language::English {
        let _ = wrong.print();
        return;
    }
    let text = wrong.render();
    let shown = |coloured: bool| if coloured { text.ansi().to_string() } else { text.to_string() };
    if wrong.use_stderr() {
        say(&help::folded(&shown(printer.is_coloured_on_stderr()), printer.width()));
    } else {
        let _ = printer.text(&help::folded(&shown(printer.is_coloured()), printer.width()));
    }
}

/// What is wrong with a command line, and what would be right.
fn told(language: Language, wrong: &Error) -> Told {
    let speech = Speech(language);
    let mut cure: Vec<Message> = Vec::new();
    let choice = texts_of(wrong, ContextKind::ValidValue);
    if !choice.is_empty() {
        cure.push(message("usage-one-of").put("values", Value::All(texts(choice))));
    }
    if wrong.kind() == ErrorKind::ValueValidation {
        cure.extend(like(language, &text_of(wrong, ContextKind::InvalidArg)));
    }
    let near = [ContextKind::SuggestedSubcommand, ContextKind::SuggestedArg, ContextKind::SuggestedValue];
    let near: Vec<String> = near.into_iter().flat_map(|kind| texts_of(wrong, kind)).collect();
    if !near.is_empty() {
        cure.push(message("usage-did-you-mean").put("near", Value::OneOf(texts(near))));
    }
    if let Some(ContextValue::StyledStr(usage)) = wrong.get(ContextKind::Usage) {
        let usage = usage.to_string();
        let usage = usage.trim_start_matches("Usage: ").trim();
        cure.push(message("usage-usage").with("usage", usage));
        let is_name = |word: &&str| !word.starts_with(['[', '<', '-']);
        let command: Vec<&str> = usage.split_whitespace().take_while(is_name).collect();
        cure.push(message("usage-help").with("command", &command.join(" ")));
    }
    let cure: Vec<String> = cure.iter().map(|line| speech.told(line)).collect();
    Told { what: speech.told(&what(wrong)), cure: Some(cure.join("\n  ")).filter(|cure| !cure.is_empty()) }
}

#[expect(clippy::wildcard_enum_match_arm, reason = "clap may come to know more kinds")]
fn what(wrong: &Error) -> Message {
    let text = |kind| text_of(wrong, kind);
    let argument = text(ContextKind::InvalidArg);
    let value = text(ContextKind::InvalidValue);
    match wrong.kind() {
        ErrorKind::ArgumentConflict => {
            let other = texts_of(wrong, ContextKind::PriorArg);
            if other.is_empty() || other == [argument.clone()] {
                message("usage-twice").with("argument", &argument)
            } else {
                let told = message("usage-conflict").with("argument", &argument);
                told.put("other", Value::All(texts(other)))
            }
        }
        ErrorKind::InvalidValue | ErrorKind::ValueValidation if value.is_empty() => {
            message("usage-no-value").with("argument", &argument)
        }
        ErrorKind::InvalidValue | ErrorKind::ValueValidation => {
            message("usage-value").with("argument", &argument).with("value", &value)
        }
        ErrorKind::InvalidSubcommand => {
            message("usage-unknown-command").with("command", &text(ContextKind::InvalidSubcommand))
        }
        ErrorKind::UnknownArgument => message("usage-unknown-argument").with("argument", &argument),
        ErrorKind::MissingRequiredArgument => {
            let lacking = texts_of(wrong, ContextKind::InvalidArg);
            message("usage-missing").put("arguments", Value::All(texts(lacking)))
        }
        ErrorKind::MissingSubcommand => message("usage-no-command"),
        ErrorKind::InvalidUtf8 => message("usage-not-text"),
        ErrorKind::NoEquals
        | ErrorKind::TooManyValues
        | ErrorKind::TooFewValues
        | ErrorKind::WrongNumberOfValues => message("usage-values").with("argument", &argument),
        _ => {
            let why = wrong.source().map_or_else(|| wrong.kind().to_string(), ToString::to_string);
            message("usage-odd").with("why", &why)
        }
    }
}

fn texts_of(wrong: &Error, kind: ContextKind) -> Vec<String> {
    match wrong.get(kind) {
        Some(ContextValue::String(text)) => vec![text.clone()],
        Some(ContextValue::Strings(texts)) => texts.clone(),
        _ => Vec::new(),
    }
}

fn text_of(wrong: &Error, kind: ContextKind) -> String {
    texts_of(wrong, kind).join(" ")
}

/// Kinds of values of which there is something to say, as the source names them.
const LIKE: [&str; 18] = [
    "DAY",
    "DAY-DAY",
    "DAY-POSITION",
    "MONTH",
    "PERIOD",
    "LETTER",
    "EVENT",
    "TASK",
    "PLAN",
    "ID",
    "UNIT",
    "NAME-ID",
    "YEAR",
    "NUMBER",
    "POSITION",
    "POSITION-HASH",
    "ADDRESS-PORT",
    "ROW",
];

/// What a value should look like, by the name that its argument shows: `--on <DAY>`.
fn like(language: Language, argument: &str) -> Option<Message> {
    let (_, shown) = argument.trim_end_matches(['.', '>', ']']).rsplit_once('<')?;
    let is_shown = |name: &&&str| match language {
        Language::Chinese => help::value_name(name) == shown,
        Language::English => {
            shown.replace(|c: char| !c.is_ascii_alphanumeric(), " ") == name.replace('-', " ")
        }
    };
    let name = LIKE.iter().find(is_shown)?;
    Some(message(&format!("usage-like-{name}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wrong(language: Language, typed: &str) -> String {
        let words = std::iter::once("duban").chain(typed.split(' '));
        let told = told(language, &help::command(language).try_get_matches_from(words).unwrap_err());
        format!("{}\n{}", told.what, told.cure.unwrap_or_default())
    }

    #[test]
    fn the_language_is_typed_or_the_environments() {
        let typed = |line: &str| language(line.split(' ').map(str::to_owned));
        assert_eq!(typed("duban --lang en status"), Language::English);
        assert_eq!(typed("duban status --lang=en"), Language::English);
        assert_eq!(typed("duban status --lang zh -- --lang en"), Language::Chinese);
    }

    #[test]
    fn what_is_typed_wrongly_is_said_in_chinese_with_what_would_be_right() {
        for (typed, words) in [
            (
                "task acept",
                "没有命令“acept”\n您是不是要用`accept`？\n  用法：duban task [选项] <命令>\n  `duban task --help`说明用法",
            ),
            (
                "task list --unti x",
                "没有参数“--unti”\n您是不是要用`--unit`？\n  用法：duban task list [选项]\n  `duban task list --help`说明用法",
            ),
            (
                "plan close annual",
                "还须写明：--reason <文字>\n用法：duban plan close [选项] --reason <文字> <计划>\n  `duban plan close --help`说明用法",
            ),
            ("preview --from 6月 --until 2021-06-30", "“6月”不能作--from <日期>\n日期写作2021-06-30"),
            ("status --format xml", "“xml”不能作--format <格式>\n可选：table、json"),
            ("letter show 7", "“7”不能作<督办函编号>\n督办函编号写作2021-0623-07，见`duban letter list`"),
            ("plan list --format", "--format <格式>后面还要写明内容\n可选：table、json"),
        ] {
            assert_eq!(wrong(Language::Chinese, typed), words, "{typed}");
        }
    }

    #[test]
    fn in_english_too() {
        assert_eq!(
            wrong(Language::English, "preview --from 6月 --until 2021-06-30"),
            "`6月` is no --from <DAY>\nwrite a day as 2021-06-30"
        );
    }
}
