//! From a draft to the form that is handed in: what is missing or can't be, field by field, before anything is recorded.

use chrono::NaiveDate;

use super::access::Opened;
use super::draft::{Choice, Draft, Entry, PersonEntry, parse_day};
use super::refused::{DONE_TEXT_WANTED, Field, words};
use crate::calendar::ahead;
use crate::domain::command::{Command, Refusal, decide};
use crate::domain::quota::{self, UsedUp};
use crate::domain::{
    AnswerItem, Answers, AssignmentId, Evidence, ItemAnswer, Ledger, NewEvent, OccurrenceId, State,
};
use crate::matter::is_phone;
use crate::planner::Person;

/// How far ahead the example of a new date lies.
const EXAMPLE_DAYS: u16 = 30;
/// Longest name, post or phone, in characters.
const PERSON_CHARS_MAX: usize = 50;

/// Something to be put right.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Wrong {
    /// where
    pub at: At,
    /// what is wrong, and how to put it right
    pub words: String,
}

/// A field, and what is wrong with it.
type Told = (Field, String);

/// Where something is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum At {
    /// a field of a matter
    Matter(OccurrenceId, Field),
    /// who fills it in
    Name,
    /// their phone
    Phone,
    /// the whole
    Form,
}

/// The form that a draft makes, or all that is wrong with it.
pub(super) fn answers(
    ledger: &Ledger,
    opened: &Opened,
    draft: &Draft,
    known: Option<&Person>,
) -> Result<(Answers, Person), Vec<Wrong>> {
    let mut wrong = Vec::new();
    let mut items = Vec::new();
    for (id, entry) in draft.entries.iter().filter(|(_, entry)| entry.says_something()) {
        match item(opened, id, entry) {
            Ok(item) => items.push(item),
            Err(all) => wrong.extend(
                all.into_iter().map(|(field, words)| Wrong { at: At::Matter(id.clone(), field), words }),
            ),
        }
    }
    let all = form(opened, items, &draft.person);
    if all.items.is_empty() {
        if wrong.is_empty() {
            wrong.push(refused(&Refusal::NothingSaid, opened.today));
        }
    } else {
        match judged(ledger, opened, all.clone()) {
            Ok(events) => {
                let what = used_up(ledger, opened, &events);
                wrong.extend(what.map(|what| refused(&Refusal::LinkUsedUp(what), opened.today)));
            }
            Err(why) => {
                let before = wrong.len();
                // Each by itself, so that all that is wrong is told at once.
                for item in &all.items {
                    let one = form(opened, vec![item.clone()], &draft.person);
                    if let Err(why) = judged(ledger, opened, one) {
                        let id = item.assignment.occurrence.clone();
                        let (field, words) = words(&why, opened.today);
                        wrong.push(Wrong { at: At::Matter(id, field.unwrap_or(Field::Choice)), words });
                    }
                }
                if wrong.len() == before {
                    wrong.push(refused(&why, opened.today));
                }
            }
        }
    }
    match person(&draft.person, known) {
        Ok(person) if wrong.is_empty() => Ok((all, person)),
        Ok(_) => Err(wrong),
        Err(more) => {
            wrong.extend(more);
            Err(wrong)
        }
    }
}

/// What one more form would use up of what the link may bring in today.
pub(super) fn used_up(ledger: &Ledger, opened: &Opened, events: &[NewEvent]) -> Option<UsedUp> {
    let bytes = quota::journal_bytes(events.iter().map(|new| &new.event));
    quota::used_up(ledger, &opened.unit, opened.letter, opened.today, bytes)
}

/// Whether the rules take a form.
fn judged(ledger: &Ledger, opened: &Opened, answers: Answers) -> Result<Vec<NewEvent>, Refusal> {
    decide(ledger, &Command::Answer { answers: Box::new(answers) }, opened.now)
}

/// 签收 of all that is open and not yet signed for; `None` where there is nothing.
pub(super) fn receipts(
    ledger: &Ledger,
    opened: &Opened,
    draft: &Draft,
    known: Option<&Person>,
) -> Result<(Answers, Person), Vec<Wrong>> {
    let items: Vec<AnswerItem> = unsigned(ledger, opened)
        .into_iter()
        .map(|assignment| AnswerItem { assignment, answer: ItemAnswer::Receipt, evidence: Vec::new() })
        .collect();
    if items.is_empty() {
        let words = "没有待签收的事项".to_owned();
        return Err(vec![Wrong { at: At::Form, words }]);
    }
    Ok((form(opened, items, &draft.person), person(&draft.person, known)?))
}

/// What of the unit's open matters nobody has signed for.
pub(super) fn unsigned(ledger: &Ledger, opened: &Opened) -> Vec<AssignmentId> {
    let mut all: Vec<AssignmentId> = ledger
        .open_of(&opened.unit)
        .map(|(_, assignment)| assignment)
        .filter(|one| !one.course.collection && matches!(one.state, State::Opened | State::Notified))
        .filter(|one| one.record.as_ref().is_none_or(|record| record.receipt.is_none()))
        .map(crate::domain::Assignment::id)
        .collect();
    all.truncate(crate::domain::answer::ANSWERS_MAX);
    all
}

/// A decision of the rules about the whole form, or about one of its matters.
pub(super) fn refused(why: &Refusal, today: NaiveDate) -> Wrong {
    let (field, words) = words(why, today);
    let at = match (why, field) {
        (Refusal::InAnswer { assignment, .. }, field) => {
            At::Matter(assignment.occurrence.clone(), field.unwrap_or(Field::Choice))
        }
        _ => At::Form,
    };
    Wrong { at, words }
}

fn form(opened: &Opened, items: Vec<AnswerItem>, person: &PersonEntry) -> Answers {
    Answers {
        unit: opened.unit.clone(),
        letter: Some(opened.letter),
        person: None,
        becomes_contact: person.stays,
        note: None,
        scan: None,
        said_on: None,
        items,
    }
}

/// The answer of an entry, or all that is wrong in it.
fn item(opened: &Opened, id: &OccurrenceId, entry: &Entry) -> Result<AnswerItem, Vec<Told>> {
    let today = opened.today;
    let mut evidence: Vec<Evidence> = entry.files.clone();
    let text = |text: &String| text.trim().to_owned();
    let maybe = |text: &String| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
    let answer = match entry.choice {
        Choice::Nothing | Choice::Files => ItemAnswer::Evidence,
        Choice::Same => ItemAnswer::Unchanged,
        Choice::Going => {
            ItemAnswer::Progress { text: text(&entry.progress), problem: None, next_steps: None }
        }
        Choice::Dispute => ItemAnswer::Dispute { text: text(&entry.dispute) },
        Choice::Done => {
            let lacks_text = maybe(&entry.done_text).is_none();
            let lacks_text = lacks_text.then(|| (Field::DoneText, DONE_TEXT_WANTED.to_owned()));
            let done_on = past_day(&entry.done_on, "完成日期", Field::DoneOn, today)
                .map_err(|told| std::iter::once(told).chain(lacks_text).collect::<Vec<_>>())?;
            ItemAnswer::Done { done_on, text: text(&entry.done_text) }
        }
        Choice::Hard => {
            let new_deadline = parse_day(&entry.new_deadline);
            let lacks = [
                (maybe(&entry.problem).is_none(), Field::Problem, "请写明存在的问题".to_owned()),
                (maybe(&entry.progress).is_none(), Field::Progress, "请填写目前进展".to_owned()),
                (
                    entry.extend && new_deadline.is_none(),
                    Field::NewDeadline,
                    format!("请填写新的完成时间，如{}", ahead(today, EXAMPLE_DAYS)),
                ),
            ];
            let lacks: Vec<Told> = lacks
                .into_iter()
                .filter(|(lacks, ..)| *lacks)
                .map(|(_, field, words)| (field, words))
                .collect();
            if !lacks.is_empty() {
                return Err(lacks);
            }
            let problem = text(&entry.problem);
            let asked = maybe(&entry.ask).map(|ask| format!("\n请求协调：{ask}")).unwrap_or_default();
            let problem = format!("{problem}{asked}");
            if let (true, Some(new_deadline)) = (entry.extend, new_deadline) {
                let steps =
                    maybe(&entry.next_steps).map(|steps| format!("\n下步措施：{steps}")).unwrap_or_default();
                let approval = entry.approval.as_ref().map(|file| file.digest);
                evidence.extend(entry.approval.clone());
                ItemAnswer::Extension {
                    reason: format!("{problem}{steps}"),
                    progress: text(&entry.progress),
                    new_deadline,
                    approval,
                }
            } else {
                ItemAnswer::Progress {
                    text: text(&entry.progress),
                    problem: Some(problem),
                    next_steps: maybe(&entry.next_steps),
                }
            }
        }
    };
    if !entry.obtained_on.trim().is_empty() {
        past_day(&entry.obtained_on, "材料取得日期", Field::ObtainedOn, today).map_err(|told| vec![told])?;
    }
    if let Some(file) = evidence.iter().find(|file| file.obtained_on.is_some_and(|day| day > today)) {
        let words = format!("“{}”的取得日期还没有到，请填写今天或以前的日期", short(&file.name));
        return Err(vec![(Field::ObtainedOn, words)]);
    }
    if answer == ItemAnswer::Evidence && evidence.is_empty() {
        return Err(vec![(Field::Files, "请先选择要补充的材料".to_owned())]);
    }
    let assignment = AssignmentId { occurrence: id.clone(), unit: opened.unit.clone() };
    Ok(AnswerItem { assignment, answer, evidence })
}

fn past_day(text: &str, what: &str, field: Field, today: NaiveDate) -> Result<NaiveDate, Told> {
    if text.trim().is_empty() {
        return Err((field, format!("请填写{what}")));
    }
    match parse_day(text) {
        None => Err((field, format!("“{}”不是日期，请按{today}的样式填写{what}", short(text)))),
        Some(day) if day > today => Err((field, format!("{what}还没有到，请填写今天或以前的日期"))),
        Some(day) => Ok(day),
    }
}

fn short(text: &str) -> String {
    crate::words::clean(text).chars().take(20).collect()
}

/// Who fills it in; a phone that is left out is the one known of the same person.
fn person(entry: &PersonEntry, known: Option<&Person>) -> Result<Person, Vec<Wrong>> {
    let clean = |text: &String| crate::words::clean(text);
    let (name, post, mut phone) = (clean(&entry.name), clean(&entry.post), clean(&entry.phone));
    if let Some(known) = known.filter(|known| phone.is_empty() && known.name == name) {
        phone.clone_from(&known.phone);
    }
    let mut wrong = Vec::new();
    let mut tell = |at, words: &str| wrong.push(Wrong { at, words: words.to_owned() });
    let long = |text: &str| text.chars().count() > PERSON_CHARS_MAX;
    if name.is_empty() {
        tell(At::Name, "请填写填报人姓名");
    } else if long(&name) || long(&post) {
        tell(At::Name, "姓名或职务过长，请控制在50字以内");
    }
    if phone.is_empty() {
        tell(At::Phone, "请填写联系电话，便于核实");
    } else if !is_phone(&phone) || long(&phone) {
        tell(At::Phone, "联系电话不像一个号码，请检查；只填一个号码");
    }
    if wrong.is_empty() {
        Ok(Person { salt: String::new(), name, post, address: String::new(), phone })
    } else {
        Err(wrong)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn opened() -> Opened {
        Opened {
            unit: "a".parse().unwrap(),
            letter: "2021-0623-07".parse().unwrap(),
            last_day: "2021-09-21".parse().unwrap(),
            now: "2021-06-23T02:00:00Z".parse().unwrap(),
            today: "2021-06-23".parse().unwrap(),
        }
    }

    fn answers(entry: &Entry) -> Result<ItemAnswer, Vec<Told>> {
        item(&opened(), &"p/x/once".parse().unwrap(), entry).map(|item| item.answer)
    }

    /// Where one thing at most is wrong.
    fn answer(entry: &Entry) -> Result<ItemAnswer, Told> {
        answers(entry).map_err(|told| <[Told; 1]>::try_from(told).unwrap().into_iter().next().unwrap())
    }

    #[test]
    fn all_that_an_extension_lacks_is_told_at_once_with_a_day_to_come_as_the_example() {
        let empty = Entry { choice: Choice::Hard, extend: true, ..Entry::default() };
        let told = answers(&empty).unwrap_err();
        let fields: Vec<Field> = told.iter().map(|(field, _)| *field).collect();
        assert_eq!(fields, [Field::Problem, Field::Progress, Field::NewDeadline]);
        assert!(told[2].1.contains("2021-07-23"), "{}", told[2].1);
    }

    fn hard() -> Entry {
        Entry {
            choice: Choice::Hard,
            problem: "资金未到位".to_owned(),
            ask: "请财政局拨付".to_owned(),
            progress: "已完成招标".to_owned(),
            next_steps: "7月开工".to_owned(),
            ..Entry::default()
        }
    }

    #[test]
    fn what_is_hard_becomes_a_report_with_its_problem_or_an_extension_with_its_reason() {
        let problem = "资金未到位\n请求协调：请财政局拨付".to_owned();
        let report = ItemAnswer::Progress {
            text: "已完成招标".to_owned(),
            problem: Some(problem.clone()),
            next_steps: Some("7月开工".to_owned()),
        };
        assert_eq!(answer(&hard()), Ok(report));
        let asked = Entry { extend: true, new_deadline: "2021-08-31".to_owned(), ..hard() };
        let extension = ItemAnswer::Extension {
            reason: format!("{problem}\n下步措施：7月开工"),
            progress: "已完成招标".to_owned(),
            new_deadline: "2021-08-31".parse().unwrap(),
            approval: None,
        };
        assert_eq!(answer(&asked), Ok(extension));
        let (field, _) = answer(&Entry { new_deadline: "八月".to_owned(), ..asked }).unwrap_err();
        assert_eq!(field, Field::NewDeadline);
    }

    #[test]
    fn a_day_that_is_none_or_lies_ahead_is_told_at_its_field() {
        let done = |day: &str| Entry {
            choice: Choice::Done,
            done_on: day.to_owned(),
            done_text: "已换12台".to_owned(),
            ..Entry::default()
        };
        assert!(answer(&done("2021-06-23")).is_ok());
        let empty = Entry { done_text: String::new(), ..done("") };
        let lacks: Vec<Field> = answers(&empty).unwrap_err().into_iter().map(|(field, _)| field).collect();
        assert_eq!(lacks, [Field::DoneOn, Field::DoneText], "all at once");
        for (day, told) in [("", "请填写完成日期"), ("昨天", "“昨天”不是日期"), ("2021-06-24", "还没有到")]
        {
            let (field, words) = answer(&done(day)).unwrap_err();
            assert_eq!(field, Field::DoneOn);
            assert!(words.contains(told), "{words}");
        }
    }

    #[test]
    fn a_file_that_bears_a_day_ahead_is_told_at_the_day_of_the_material() {
        let file = Evidence {
            digest: crate::domain::Digest::of(b"1"),
            name: "现场.jpg".to_owned(),
            bytes: 1,
            media_type: "image/jpeg".to_owned(),
            obtained_on: "2021-06-24".parse().ok(),
        };
        let entry = Entry { choice: Choice::Same, files: vec![file], ..Entry::default() };
        let (field, words) = answer(&entry).unwrap_err();
        assert_eq!(field, Field::ObtainedOn);
        assert!(words.contains("现场.jpg"), "{words}");
    }

    #[test]
    fn a_person_known_need_not_type_their_phone_again() {
        let known = Person {
            salt: String::new(),
            name: "王某".to_owned(),
            post: String::new(),
            address: String::new(),
            phone: "0356-4228888".to_owned(),
        };
        let entry = PersonEntry { name: "王某".to_owned(), ..PersonEntry::default() };
        assert_eq!(person(&entry, Some(&known)).unwrap().phone, "0356-4228888");
        let other = PersonEntry { name: "李某".to_owned(), ..entry };
        assert_eq!(person(&other, Some(&known)).unwrap_err()[0].at, At::Phone);
        assert_eq!(person(&PersonEntry::default(), None).unwrap_err().len(), 2);
    }
}
