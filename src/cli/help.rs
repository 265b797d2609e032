//! Help in Chinese: the words of `locales/zh-CN/help.ftl` in the place of the command tree's own, which are English.

use clap::builder::{Resettable, StyledStr};
use clap::{Arg, Command, CommandFactory as _};
use unicode_width::UnicodeWidthStr as _;

use super::args::Cli;
use super::print::wrapped;
use crate::locale::{self, Language};

/// Wider than this, lines are hard to read.
const WIDTH_MAX: usize = 100;

/// The command tree in a language.
#[must_use]
pub fn command(language: Language) -> Command {
    match language {
        Language::English => Cli::command(),
        Language::Chinese => {
            let mut tree = worded(Cli::command(), "help");
            // What clap adds by itself is there only then.
            tree.build();
            framed(tree)
        }
    }
}

fn part(key: &str, part: &str) -> Option<String> {
    locale::help(key, Some(part))
}

fn frame(word: &str) -> String {
    part("help-frame", word).unwrap_or_default()
}

/// A command and all below it in the words of their keys: `help-task-list`.
fn worded(command: Command, key: &str) -> Command {
    let about = locale::help(key, None).unwrap_or_default();
    let long: Option<StyledStr> = part(key, "long").map(|long| format!("{about}\n\n{long}").into());
    command
        .about(about)
        .long_about(Resettable::from(long))
        .after_help(Resettable::from(part(key, "closing").map(StyledStr::from)))
        .subcommand_value_name(frame("command"))
        .mut_args(|argument| argument_worded(argument, key))
        .mut_subcommands(|below| {
            let key = format!("{key}-{}", below.get_name());
            worded(below, &key)
        })
}

fn argument_worded(argument: Arg, key: &str) -> Arg {
    let id = argument.get_id().to_string();
    let is_valued = argument.get_action().takes_values();
    let words = part(key, &id).or_else(|| part("help-shared", &id)).unwrap_or_default();
    let choice = argument.get_possible_values().into_iter().map(|value| {
        let name = value.get_name().to_owned();
        part("help-values", &name).map_or(name.clone(), |words| format!("{name} {words}"))
    });
    let choice: Vec<String> = choice.collect();
    let choice = if choice.is_empty() || !is_valued {
        String::new()
    } else {
        format!("（可选：{}）", choice.join("；"))
    };
    let default: Vec<_> =
        argument.get_default_values().iter().map(|value| value.to_string_lossy().into_owned()).collect();
    let default = if default.is_empty() || !is_valued {
        String::new()
    } else {
        format!("（默认：{}）", default.join("、"))
    };
    let names: Vec<String> =
        argument.get_value_names().unwrap_or_default().iter().map(|name| value_name(name)).collect();
    let argument = argument.help(format!("{words}{choice}{default}")).long_help(Resettable::Reset);
    if !is_valued {
        return argument;
    }
    let argument = argument.hide_default_value(true).hide_possible_values(true);
    if names.is_empty() { argument } else { argument.value_names(names) }
}

/// What a value is called, by the name that it has in the source.
pub fn value_name(name: &str) -> String {
    let parts = name.split(|c: char| !c.is_ascii_alphanumeric()).filter(|part| !part.is_empty());
    part("help-names", &parts.collect::<Vec<_>>().join("-")).unwrap_or_else(|| name.to_owned())
}

/// The headings, the line of usage, and what clap adds to each command.
fn framed(command: Command) -> Command {
    let mut command = command
        .mut_args(|argument| {
            let argument = match argument.get_id().as_str() {
                "help" => argument.help(frame("help")).long_help(Resettable::Reset),
                "version" => argument.help(frame("version")).long_help(Resettable::Reset),
                _ => argument,
            };
            let heading = match argument.get_help_heading() {
                Some(_) => "global",
                None if argument.is_positional() => "arguments",
                None => "options",
            };
            argument.help_heading(frame(heading))
        })
        .mut_subcommands(|below| match below.get_name() {
            "help" => below.about(locale::help("help-frame", None).unwrap_or_default()),
            _ => framed(below),
        })
        .subcommand_help_heading(frame("commands"))
        .help_template(format!(
            "{{about-with-newline}}\n{}：{{usage}}\n\n{{all-args}}{{after-help}}",
            frame("usage")
        ))
        .term_width(0);
    let usage = command.render_usage().to_string();
    command.override_usage(
        usage.trim_start_matches("Usage: ").replace("[OPTIONS]", &format!("[{}]", frame("options"))),
    )
}

/// Help as clap lays it out, with the columns of Chinese counted: texts stand under each other, and long lines
/// break where Chinese may break, each under the beginning of its text.
#[must_use]
pub fn folded(text: &str, room: Option<usize>) -> String {
    let room = room.unwrap_or(WIDTH_MAX).min(WIDTH_MAX);
    let lines: Vec<&str> = text.lines().collect();
    let mut out = String::new();
    for block in lines.chunk_by(|a, b| !a.is_empty() && !b.is_empty()) {
        let parts: Vec<(&str, &str)> = block.iter().map(|line| parts(line)).collect();
        let widest = parts.iter().filter(|(_, text)| !text.is_empty()).map(|(label, _)| columns(label)).max();
        let begins = widest.unwrap_or(0) + 2;
        for (label, text) in parts {
            out.push_str(&placed(label, text, begins, room));
        }
    }
    out
}

/// A line's label, and the text beside it.
fn parts(line: &str) -> (&str, &str) {
    let indent = line.len() - line.trim_start().len();
    let gap = line.get(indent..).and_then(|rest| rest.find("  ")).map(|at| indent + at);
    gap.map_or((line, ""), |gap| {
        (line.get(..gap).unwrap_or(line), line.get(gap..).unwrap_or_default().trim())
    })
}

fn placed(label: &str, text: &str, begins: usize, room: usize) -> String {
    if text.is_empty() && (label.ends_with(':') || label.ends_with(":\u{1b}[0m")) {
        return format!("{}\n", label.replace(':', "："));
    }
    // A line to be copied stays whole.
    let is_typed = label.trim_start().starts_with("duban ") || label.starts_with(&frame("usage"));
    let (label, text, indent) = match text {
        "" if is_typed => return format!("{label}\n"),
        "" => {
            let text = label.trim_start();
            let indent = label.len() - text.len();
            (" ".repeat(indent), text, indent)
        }
        text => (format!("{label}{}", " ".repeat(begins.saturating_sub(columns(label)))), text, begins),
    };
    let lines = wrapped(text, Some(room.saturating_sub(indent).max(20)));
    let lines = lines.iter().enumerate().map(|(index, line)| {
        let before = if index == 0 { label.clone() } else { " ".repeat(indent) };
        format!("{before}{line}\n")
    });
    lines.collect()
}

/// Columns that a text takes on a terminal; marks of colour take none.
fn columns(text: &str) -> usize {
    let mut parts = text.split('\u{1b}');
    let first = parts.next().unwrap_or_default().width();
    first + parts.filter_map(|part| part.split_once('m')).map(|(_, rest)| rest.width()).sum::<usize>()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    const FILE: &str = include_str!("../../locales/zh-CN/help.ftl");

    fn is_chinese(text: &str) -> bool {
        text.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c))
    }

    /// Each command with its key.
    fn all(command: Command, key: &str, into: &mut Vec<(String, Command)>) {
        for below in command.get_subcommands() {
            all(below.clone(), &format!("{key}-{}", below.get_name()), into);
        }
        into.push((key.to_owned(), command));
    }

    fn commands() -> Vec<(String, Command)> {
        let mut all_of_them = Vec::new();
        all(Cli::command(), "help", &mut all_of_them);
        all_of_them
    }

    #[test]
    fn every_command_argument_and_value_has_its_chinese_words_and_none_is_left_over() {
        let mut unused: BTreeSet<(String, String)> = BTreeSet::new();
        let mut key = "";
        for line in FILE.lines() {
            if let Some(attribute) = line.strip_prefix("    .").and_then(|line| line.split(" =").next()) {
                unused.insert((key.to_owned(), attribute.to_owned()));
            } else if line.starts_with("help") {
                key = line.split(" =").next().unwrap();
                unused.insert((key.to_owned(), String::new()));
            }
        }
        let mut lacking = Vec::new();
        let mut take = |key: &str, part: &str| unused.remove(&(key.to_owned(), part.to_owned()));
        for (key, command) in commands() {
            for part in ["", "long", "closing"] {
                let is_written = locale::help(&key, (!part.is_empty()).then_some(part)).is_some();
                let is_there = match part {
                    "long" => command.get_long_about().is_some(),
                    "closing" => command.get_after_help().is_some(),
                    _ => true,
                };
                if is_there != is_written {
                    lacking.push(format!("{key}.{part}"));
                }
                take(&key, part);
            }
            for argument in command.get_arguments() {
                let id = argument.get_id().as_str();
                take("help-shared", "");
                if part(&key, id).is_some() {
                    take(&key, id);
                } else if part("help-shared", id).is_some() {
                    take("help-shared", id);
                } else {
                    lacking.push(format!("{key}.{id}"));
                }
                for value in argument.get_possible_values() {
                    take("help-values", value.get_name());
                }
                for name in argument.get_value_names().unwrap_or_default() {
                    let parts =
                        name.split(|c: char| !c.is_ascii_alphanumeric()).filter(|part| !part.is_empty());
                    take("help-names", &parts.collect::<Vec<_>>().join("-"));
                    if argument.get_action().takes_values() && !is_chinese(&value_name(name)) {
                        lacking.push(format!("help-names: {name} of {key}.{id}"));
                    }
                }
            }
        }
        unused.retain(|(key, part)| {
            key != "help-frame" && !part.is_empty()
                || !["help-frame", "help-shared", "help-names", "help-values"].contains(&key.as_str())
                    && part.is_empty()
        });
        assert!(lacking.is_empty(), "lacking: {lacking:#?}");
        assert!(unused.is_empty(), "nobody says {unused:#?}");
    }

    #[test]
    fn no_english_is_left_in_the_chinese_help() {
        fn walk(command: &Command) {
            let mut command = command.clone();
            let texts = [command.render_help().to_string(), command.render_long_help().to_string()];
            for text in &texts {
                for english in [
                    "Usage",
                    "Options",
                    "Commands",
                    "Arguments",
                    "Print ",
                    "default",
                    "possible values",
                    "OPTIONS",
                    "Examples",
                ] {
                    assert!(
                        !text.contains(english),
                        "{english} in the help of {}:\n{text}",
                        command.get_name()
                    );
                }
            }
            for below in command.get_subcommands().filter(|below| below.get_name() != "help") {
                assert!(is_chinese(&below.get_about().unwrap().to_string()), "{}", below.get_name());
                walk(below);
            }
            for argument in command.get_arguments() {
                let words = argument.get_help().unwrap().to_string();
                assert!(is_chinese(&words), "{} {}: {words}", command.get_name(), argument.get_id());
            }
        }
        walk(&command(Language::Chinese));
    }

    #[test]
    fn both_trees_take_the_same_words() {
        for words in [
            vec!["duban", "task", "list", "--unit", "housing", "--lang", "zh"],
            vec!["duban", "audit", "days"],
        ] {
            let typed = |language| {
                command(language).try_get_matches_from(words.clone()).map_err(|wrong| wrong.kind())
            };
            assert_eq!(typed(Language::Chinese).is_ok(), typed(Language::English).is_ok(), "{words:?}");
        }
    }

    #[test]
    fn texts_stand_under_each_other_and_break_there_and_a_command_stays_whole() {
        let text = "\
通用选项:
      --data <目录>  只有一个计划有此任务的，可只写任务
  -h, --help       显示帮助

  duban task list --unit housing --plan annual --closed --format json
  duban import 台账.xlsx   先看";
        let folded = folded(text, Some(40));
        let shown = "\
通用选项：
      --data <目录>  只有一个计划有此任务
                     的，可只写任务
  -h, --help         显示帮助

  duban task list --unit housing --plan annual --closed --format json
  duban import 台账.xlsx  先看
";
        assert_eq!(folded, shown);
    }
}
