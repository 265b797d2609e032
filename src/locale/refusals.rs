//! Refusals as messages: a code and what it is filled in with.

use super::{Message, Value};
use crate::domain::answer::{ANSWER_BYTES_MAX, ANSWERS_MAX, EVIDENCE_MAX, FILE_NAME_BYTES_MAX};
use crate::domain::command::{REASON_BYTES_MAX, Refusal, UNIT_NAME_CHARS_MAX};
use crate::domain::matter::MatterClass;
use crate::domain::quota::{
    HAND_INS_PER_LINK_MAX, HAND_INS_PER_UNIT_MAX, JOURNAL_BYTES_PER_LINK_MAX, UsedUp,
};
use crate::domain::{BadName, BulletinState, PAGE_MATTERS_MAX, UNITS_MAX};

/// A refusal as a message.
#[must_use]
#[expect(clippy::too_many_lines, reason = "one arm a refusal, each a line or a few")]
pub fn refusal(why: &Refusal) -> Message {
    match why {
        Refusal::NoPlan(plan) => message("refusal-no-plan", [("plan", text(plan))]),
        Refusal::PlanExists(plan) => message("refusal-plan-exists", [("plan", text(plan))]),
        Refusal::ImportedAlready { plan, sheet } => {
            message("refusal-imported-already", [("plan", text(plan)), ("sheet", text(sheet))])
        }
        Refusal::PlanClosed(plan) => message("refusal-plan-closed", [("plan", text(plan))]),
        Refusal::RunsAlready(plan) => message("refusal-runs-already", [("plan", text(plan))]),
        Refusal::StartedByFile { plan, file } => {
            message("refusal-started-by-file", [("plan", text(plan)), ("file", text(file))])
        }
        Refusal::PlanPast(plan) => message("refusal-plan-past", [("plan", text(plan))]),
        Refusal::SameOwner { plan, owner } => {
            message("refusal-same-owner", [("plan", text(plan)), ("owner", word(owner))])
        }
        Refusal::NoTask(task) => message("refusal-no-task", [("task", text(task))]),
        Refusal::TaskWithdrawn(task) => message("refusal-task-withdrawn", [("task", text(task))]),
        Refusal::NothingOpen(task) => message("refusal-nothing-open", [("task", text(task))]),
        Refusal::WhichPeriod { task, periods } => {
            message("refusal-which-period", [("task", text(task)), ("periods", text(periods))])
        }
        Refusal::NotOpen { occurrence, state } => {
            message("refusal-not-open", [("occurrence", text(occurrence)), ("state", word(state))])
        }
        Refusal::NotItsUnit { unit, occurrence, units } => message(
            "refusal-not-its-unit",
            [("unit", text(unit)), ("occurrence", text(occurrence)), ("units", text(units))],
        ),
        Refusal::OneDateForAll { task, unit, answers } => message(
            "refusal-one-date-for-all",
            [("task", text(task)), ("unit", text(unit)), ("answers", text(answers))],
        ),
        Refusal::AnotherAnswers { task, unit, answers } => message(
            "refusal-another-answers",
            [("task", text(task)), ("unit", text(unit)), ("answers", text(answers))],
        ),
        Refusal::NoUnit(unit) => message("refusal-no-unit", [("unit", text(unit))]),
        Refusal::UnitExists(unit) => message("refusal-unit-exists", [("unit", text(unit))]),
        Refusal::NameTaken { name, unit } => {
            message("refusal-name-taken", [("name", text(name)), ("unit", text(unit))])
        }
        Refusal::TooManyUnits { count } => {
            message("refusal-too-many-units", [("count", text(count)), ("max", text(&UNITS_MAX))])
        }
        Refusal::NotACollective(unit) => message("refusal-not-a-collective", [("unit", text(unit))]),
        Refusal::MemberOfItself { unit, way } => {
            message("refusal-member-of-itself", [("unit", text(unit)), ("way", text(way))])
        }
        Refusal::SameDeadline(deadline) => message("refusal-same-deadline", [("deadline", text(deadline))]),
        Refusal::NotAwaiting(task) => message("refusal-not-awaiting", [("task", text(task))]),
        Refusal::NotADate(value) => message("refusal-not-a-date", [("value", text(value))]),
        Refusal::NotAssumed(task) => message("refusal-not-assumed", [("task", text(task))]),
        Refusal::DatePast { new, today } => {
            message("refusal-date-past", [("new", text(new)), ("today", text(today))])
        }
        Refusal::AlreadyPaused(occurrence) => {
            message("refusal-already-paused", [("occurrence", text(occurrence))])
        }
        Refusal::NotPaused(occurrence) => message("refusal-not-paused", [("occurrence", text(occurrence))]),
        Refusal::Missing(what) => message("refusal-missing", [("what", word(what))]),
        Refusal::Hidden { field, character } => message(
            "refusal-hidden",
            [("field", text(field)), ("character", text(&format!("U+{character:04X}")))],
        ),
        Refusal::TooLong { what, bytes } => message(
            "refusal-too-long",
            [("what", word(what)), ("bytes", text(bytes)), ("max", text(&REASON_BYTES_MAX))],
        ),
        Refusal::EventTooLong { bytes, max } => {
            message("refusal-event-too-long", [("bytes", text(bytes)), ("max", text(max))])
        }
        Refusal::NoRoom { needs_bytes, free_bytes } => {
            message("refusal-no-room", [("needs_bytes", text(needs_bytes)), ("free_bytes", text(free_bytes))])
        }
        Refusal::NoLetter(letter) => message("refusal-no-letter", [("letter", text(letter))]),
        Refusal::NotHeld(letter) => message("refusal-not-held", [("letter", text(letter))]),
        Refusal::Muted { letter, unit } => {
            message("refusal-muted", [("letter", text(letter)), ("unit", text(unit))])
        }
        Refusal::NotReleased(letter) => message("refusal-not-released", [("letter", text(letter))]),
        Refusal::Recalled(letter) => message("refusal-recalled", [("letter", text(letter))]),
        Refusal::StillHeld(letter) => message("refusal-still-held", [("letter", text(letter))]),
        Refusal::Superseded { letter, by } => {
            message("refusal-superseded", [("letter", text(letter)), ("by", text(by))])
        }
        Refusal::NoMail(event) => message("refusal-no-mail", [("event", text(event))]),
        Refusal::HandledAlready { received, by, on } => message(
            "refusal-handled-already",
            [("received", text(received)), ("by", text(by)), ("on", text(on))],
        ),
        Refusal::NothingAgainst(unit) => message("refusal-nothing-against", [("unit", text(unit))]),
        Refusal::RequestReused { request, position } => {
            message("refusal-request-reused", [("request", text(request)), ("position", text(position))])
        }
        Refusal::ClockNotHeld => message("refusal-clock-not-held", []),
        Refusal::BadMailbox(value) => message("refusal-bad-mailbox", [("value", text(value))]),
        Refusal::BadUnitName { what, chars } => message(
            "refusal-bad-unit-name",
            [("what", word(what)), ("chars", text(chars)), ("max", text(&UNIT_NAME_CHARS_MAX))],
        ),
        Refusal::NothingSaid => message("refusal-nothing-said", []),
        Refusal::TooManyAnswers { count } => {
            message("refusal-too-many-answers", [("count", text(count)), ("max", text(&ANSWERS_MAX))])
        }
        Refusal::AnsweredTwice => message("refusal-answered-twice", []),
        Refusal::ForeignMatter(assignment) => {
            message("refusal-foreign-matter", [("assignment", text(assignment))])
        }
        Refusal::AnswerItsMatters => message("refusal-answer-its-matters", []),
        Refusal::OnlyForetold => message("refusal-only-foretold", []),
        Refusal::DayAhead { day, today } => {
            message("refusal-day-ahead", [("day", text(day)), ("today", text(today))])
        }
        Refusal::DoneAfterSaid { done_on, said_on } => {
            message("refusal-done-after-said", [("done_on", text(done_on)), ("said_on", text(said_on))])
        }
        Refusal::ClaimedAlready => message("refusal-claimed-already", []),
        Refusal::NoDeadline => message("refusal-no-deadline", []),
        Refusal::FixedDeadline { deadline } => {
            message("refusal-fixed-deadline", [("deadline", text(deadline))])
        }
        Refusal::ExtensionWaits => message("refusal-extension-waits", []),
        Refusal::ExtensionLate { deadline } => {
            message("refusal-extension-late", [("deadline", text(deadline))])
        }
        Refusal::NoExtension { new, deadline } => {
            message("refusal-no-extension", [("new", text(new)), ("deadline", text(deadline))])
        }
        Refusal::AnswerTooLong { what, bytes } => message(
            "refusal-answer-too-long",
            [("what", word(what)), ("bytes", text(bytes)), ("max", text(&ANSWER_BYTES_MAX))],
        ),
        Refusal::TooManyFiles { count } => {
            message("refusal-too-many-files", [("count", text(count)), ("max", text(&EVIDENCE_MAX))])
        }
        Refusal::FileName(value) => {
            message("refusal-file-name", [("value", text(value)), ("max", text(&FILE_NAME_BYTES_MAX))])
        }
        Refusal::EmptyFile(value) => message("refusal-empty-file", [("value", text(value))]),
        Refusal::NothingClaimed(task) => message("refusal-nothing-claimed", [("task", text(task))]),
        Refusal::NothingAsked(what) => message("refusal-nothing-asked", [("what", word(what))]),
        Refusal::NotChased(occurrence) => message("refusal-not-chased", [("occurrence", text(occurrence))]),
        Refusal::NotAccepted(task) => message("refusal-not-accepted", [("task", text(task))]),
        Refusal::NotAMatter(task) => message("refusal-not-a-matter", [("task", text(task))]),
        Refusal::TaskExists(task) => message("refusal-task-exists", [("task", text(task))]),
        Refusal::MatterExists { number, task } => {
            message("refusal-matter-exists", [("number", text(number)), ("task", text(task))])
        }
        Refusal::DatedPlanIsComplex => message("refusal-dated-plan-is-complex", []),
        Refusal::Secret(what) => message("refusal-secret", [("what", word(what))]),
        Refusal::NoLeader(unit) => message("refusal-no-leader", [("unit", text(unit))]),
        Refusal::NothingForLeader(unit) => message("refusal-nothing-for-leader", [("unit", text(unit))]),
        Refusal::PageTooLong { matters } => {
            message("refusal-page-too-long", [("matters", text(matters)), ("max", text(&PAGE_MATTERS_MAX))])
        }
        Refusal::PageHeld { unit, letter } => {
            message("refusal-page-held", [("unit", text(unit)), ("letter", text(letter))])
        }
        Refusal::BulletinChanged(value) => message("refusal-bulletin-changed", [("value", text(value))]),
        Refusal::InAnswer { assignment, why } => {
            message("refusal-in-answer", [("assignment", text(assignment)), ("why", within(why))])
        }
        Refusal::InMatter { title, why } => {
            message("refusal-in-matter", [("title", text(title)), ("why", within(why))])
        }
        Refusal::LinkUsedUp(UsedUp::HandIns) => {
            message("refusal-link-hand-ins", [("max", text(&HAND_INS_PER_LINK_MAX))])
        }
        Refusal::LinkUsedUp(UsedUp::HandInsOfUnit) => {
            message("refusal-unit-hand-ins", [("max", text(&HAND_INS_PER_UNIT_MAX))])
        }
        Refusal::LinkUsedUp(UsedUp::JournalBytes) => {
            message("refusal-link-bytes", [("max", text(&JOURNAL_BYTES_PER_LINK_MAX))])
        }
        Refusal::ClassAlready(class) => {
            let class = match class {
                MatterClass::Ordinary => "ordinary",
                MatterClass::Complex => "complex",
            };
            message("refusal-class-already", [("class", word(class))])
        }
        Refusal::BadName(BadName::Slug(value)) => message("refusal-bad-slug", [("value", text(value))]),
        Refusal::BadName(BadName::Shape { value, what, .. }) => message(
            "refusal-bad-shape",
            [("value", text(value)), ("kind", text(what)), ("expected", word(&format!("as {what}")))],
        ),
        Refusal::BulletinOrder { period, step, state } => {
            let next = match state {
                None => "next drafted",
                Some(BulletinState::Drafted) => "next checked",
                Some(BulletinState::Checked) => "next signed",
                Some(BulletinState::Signed) => "next issued",
                Some(BulletinState::Issued) => "next nothing",
            };
            let args = [
                ("period", text(period)),
                ("step", word(step_word(Some(*step)))),
                ("state", word(step_word(*state))),
                ("next", word(next)),
            ];
            message("refusal-bulletin-order", args)
        }
    }
}

fn message<const COUNT: usize>(code: &str, args: [(&str, Value); COUNT]) -> Message {
    let args = args.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
    Message { code: code.to_owned(), args }
}

fn text(value: &(impl ToString + ?Sized)) -> Value {
    Value::Text(value.to_string())
}

fn word(word: &str) -> Value {
    Value::Word(word.to_owned())
}

fn within(why: &Refusal) -> Value {
    Value::Message(Box::new(refusal(why)))
}

fn step_word(step: Option<BulletinState>) -> &'static str {
    match step {
        None => "not drafted",
        Some(BulletinState::Drafted) => "drafted",
        Some(BulletinState::Checked) => "checked",
        Some(BulletinState::Signed) => "signed",
        Some(BulletinState::Issued) => "issued",
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::fmt::Debug;
    use std::str::FromStr;

    use super::*;
    use crate::locale::{Language, told};

    fn name<T: FromStr<Err: Debug>>(text: &str) -> T {
        text.parse().unwrap()
    }

    /// One of each kind.
    #[expect(clippy::too_many_lines, reason = "one line a refusal")]
    fn all() -> Vec<Refusal> {
        let shape = BadName::Shape { value: "甲".to_owned(), what: "task", expected: "plan/task" };
        let states = [
            None,
            Some(BulletinState::Drafted),
            Some(BulletinState::Checked),
            Some(BulletinState::Signed),
            Some(BulletinState::Issued),
        ];
        let order = |state| Refusal::BulletinOrder {
            period: "2021-06".to_owned(),
            step: BulletinState::Issued,
            state,
        };
        let some = vec![
            Refusal::NoPlan(name("annual")),
            Refusal::PlanExists(name("annual")),
            Refusal::ImportedAlready { plan: name("annual"), sheet: "甲".to_owned() },
            Refusal::PlanClosed(name("annual")),
            Refusal::RunsAlready(name("annual")),
            Refusal::StartedByFile { plan: name("annual"), file: "甲".to_owned() },
            Refusal::PlanPast(name("annual")),
            Refusal::SameOwner { plan: name("annual"), owner: "file" },
            Refusal::OneDateForAll { task: name("annual/x"), unit: name("a"), answers: name("b") },
            Refusal::AnotherAnswers { task: name("annual/x"), unit: name("a"), answers: name("b") },
            Refusal::NoTask(name("annual/x")),
            Refusal::TaskWithdrawn(name("annual/x")),
            Refusal::NothingOpen(name("annual/x")),
            Refusal::WhichPeriod { task: name("annual/x"), periods: "甲".to_owned() },
            Refusal::NotOpen { occurrence: name("annual/x/once"), state: "claimed" },
            Refusal::NotItsUnit {
                unit: name("eco-env"),
                occurrence: name("annual/x/once"),
                units: "甲".to_owned(),
            },
            Refusal::NoUnit(name("eco-env")),
            Refusal::UnitExists(name("xihe")),
            Refusal::NameTaken { name: "县住建局".to_owned(), unit: name("housing") },
            Refusal::TooManyUnits { count: 5001 },
            Refusal::NotACollective(name("eco-env")),
            Refusal::MemberOfItself { unit: name("townships-all"), way: "甲".to_owned() },
            Refusal::SameDeadline(name("2021-06-30")),
            Refusal::NotAwaiting(name("annual/x")),
            Refusal::NotADate("甲".to_owned()),
            Refusal::NotAssumed(name("annual/x")),
            Refusal::DatePast { new: name("2021-06-23"), today: name("2021-06-23") },
            Refusal::AlreadyPaused(name("annual/x/once")),
            Refusal::NotPaused(name("annual/x/once")),
            Refusal::Missing("reason"),
            Refusal::Hidden { field: "title".to_owned(), character: 0x200B },
            Refusal::TooLong { what: "reason", bytes: 7 },
            Refusal::EventTooLong { bytes: 7, max: 7 },
            Refusal::NoRoom { needs_bytes: 7, free_bytes: 7 },
            Refusal::NoLetter(name("2021-0623-07")),
            Refusal::NotHeld(name("2021-0623-07")),
            Refusal::Muted { letter: name("2021-0623-07"), unit: name("eco-env") },
            Refusal::NotReleased(name("2021-0623-07")),
            Refusal::Recalled(name("2021-0623-07")),
            Refusal::StillHeld(name("2021-0623-07")),
            Refusal::Superseded { letter: name("2021-0623-07"), by: name("2021-0623-07") },
            Refusal::NoMail(7),
            Refusal::HandledAlready { received: 7, by: "甲".to_owned(), on: name("2021-06-23") },
            Refusal::NothingAgainst(name("eco-env")),
            Refusal::RequestReused { request: "甲".to_owned(), position: 7 },
            Refusal::ClockNotHeld,
            Refusal::BadMailbox("甲".to_owned()),
            Refusal::BadUnitName { what: "reason", chars: 7 },
            Refusal::NothingSaid,
            Refusal::TooManyAnswers { count: 7 },
            Refusal::AnsweredTwice,
            Refusal::ForeignMatter(name("annual/x/once/eco-env")),
            Refusal::AnswerItsMatters,
            Refusal::OnlyForetold,
            Refusal::DayAhead { day: name("2021-06-23"), today: name("2021-06-23") },
            Refusal::DoneAfterSaid { done_on: name("2021-06-23"), said_on: name("2021-06-23") },
            Refusal::ClaimedAlready,
            Refusal::NoDeadline,
            Refusal::FixedDeadline { deadline: name("2021-06-23") },
            Refusal::ExtensionWaits,
            Refusal::ExtensionLate { deadline: name("2021-06-23") },
            Refusal::NoExtension { new: name("2021-06-23"), deadline: name("2021-06-23") },
            Refusal::AnswerTooLong { what: "reason", bytes: 7 },
            Refusal::TooManyFiles { count: 7 },
            Refusal::FileName("甲".to_owned()),
            Refusal::EmptyFile("甲".to_owned()),
            Refusal::NothingClaimed(name("annual/x")),
            Refusal::NothingAsked("reason"),
            Refusal::NotChased(name("annual/x/once")),
            Refusal::NotAccepted(name("annual/x")),
            Refusal::NotAMatter(name("annual/x")),
            Refusal::TaskExists(name("annual/x")),
            Refusal::MatterExists { number: "甲".to_owned(), task: name("annual/x") },
            Refusal::DatedPlanIsComplex,
            Refusal::Secret("reason"),
            Refusal::NoLeader(name("eco-env")),
            Refusal::NothingForLeader(name("eco-env")),
            Refusal::PageTooLong { matters: 7 },
            Refusal::PageHeld { unit: name("eco-env"), letter: name("2021-0623-07") },
            Refusal::BulletinChanged("甲".to_owned()),
            Refusal::InAnswer {
                assignment: name("annual/x/once/eco-env"),
                why: Box::new(Refusal::NoDeadline),
            },
            Refusal::InMatter { title: "甲".to_owned(), why: Box::new(Refusal::Missing("lead unit")) },
            Refusal::LinkUsedUp(UsedUp::HandIns),
            Refusal::LinkUsedUp(UsedUp::HandInsOfUnit),
            Refusal::LinkUsedUp(UsedUp::JournalBytes),
            Refusal::ClassAlready(MatterClass::Ordinary),
            Refusal::ClassAlready(MatterClass::Complex),
            Refusal::BadName(BadName::Slug("甲".to_owned())),
            Refusal::BadName(shape),
        ];
        some.into_iter().chain(states.map(order)).collect()
    }

    #[test]
    fn no_refusal_lacks_its_words_and_no_words_lack_their_refusal() {
        let source = include_str!("refusals.rs");
        let coded: BTreeSet<&str> =
            source.split('"').filter(|part| part.starts_with("refusal-") && *part != "refusal-").collect();
        let told_of: Vec<String> = all().iter().map(|why| refusal(why).code).collect();
        let told_of: BTreeSet<&str> = told_of.iter().map(String::as_str).collect();
        assert_eq!(told_of, coded, "each is walked");
        let written = Language::English
            .sources()
            .into_iter()
            .flat_map(str::lines)
            .filter_map(|line| Some(line.split_once(" = ")?.0));
        let written: BTreeSet<&str> = written.filter(|key| key.starts_with("refusal-")).collect();
        assert_eq!(written, coded, "each is written, and none besides");
    }

    #[test]
    fn in_english_it_says_what_the_log_says_and_in_chinese_it_is_chinese() {
        for why in all() {
            let message = refusal(&why);
            assert_eq!(told(Language::English, &message), why.to_string(), "{}", message.code);
            let chinese = told(Language::Chinese, &message);
            assert!(chinese.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c)), "{chinese}");
            assert_ne!(chinese, message.code);
            for value in message.args.values() {
                if let Value::Text(text) = value
                    && message.code != "refusal-bad-shape"
                {
                    assert!(chinese.contains(text), "{chinese} lacks {text}");
                }
            }
        }
    }

    #[test]
    fn every_word_within_a_sentence_has_its_chinese() {
        for (word, told_as) in [
            ("reason", "请写明理由"),
            ("document number", "请写明批准文号"),
            ("new date (its deadline is past)", "请写明新的时限（原时限已过）"),
            ("account of what was done", "请写明完成情况"),
        ] {
            assert_eq!(told(Language::Chinese, &refusal(&Refusal::Missing(word))), told_as);
        }
        let within =
            Refusal::InMatter { title: "治理".to_owned(), why: Box::new(Refusal::Missing("lead unit")) };
        assert_eq!(told(Language::Chinese, &refusal(&within)), "“治理”：请写明牵头单位");
    }
}
