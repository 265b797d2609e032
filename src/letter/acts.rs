//! Letters about what people did: the office's acts (催办, 延期批复, 交办 …), receipts (回执), and
//! the office's own list of what waits for review (待审核).

use serde::Serialize;

use super::view::{Deadline, Frame, Pen, Point, ground, noun};
use super::words::clean;
use crate::domain::{Act, Draft, Item, PlanHead, ReceiptPoint, ReceiptTold, SaidKind, Stage, Via, Waits};

/// The office did something with these matters.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Acted {
    pub frame: Frame,
    /// `chased`, `extension-granted` …
    pub act: &'static str,
    pub ground: String,
    pub count: usize,
    /// what they are called: 任务, or 事项
    pub noun: &'static str,
    pub points: Vec<Point>,
    /// the office's words
    pub words: Option<String>,
    /// the deadline that all points share
    pub deadline: Option<Deadline>,
    /// whether the unit itself is to answer any of them
    pub answers: bool,
    /// whether a dated plan may take the place of any term
    pub plannable: bool,
    /// the day by which the handling of all of them is to be reported
    pub report_by: Option<Deadline>,
}

/// The view of a letter about an act.
pub(super) fn act(draft: &Draft, words: Option<&str>) -> Acted {
    let (pen, plans) = pen(draft);
    let act = draft.items.first().and_then(|item| match item.stage() {
        Stage::Act(act, _) => Some(act),
        Stage::Collection
        | Stage::Adopted
        | Stage::Notice
        | Stage::Avoid
        | Stage::Lead(_)
        | Stage::Due
        | Stage::Overdue(_)
        | Stage::Report
        | Stage::Returned(_)
        | Stage::Changed(_)
        | Stage::Review(_)
        | Stage::EscalateLeader
        | Stage::EscalateSupervision => None,
    });
    let first = draft.items.first();
    let times = |item: &Item| (item.report_by, item.deadline);
    let alike = draft.items.iter().all(|item| first.map(times) == Some(times(item)));
    let points = draft.items.iter().zip(1..).map(|(item, number)| {
        let mut notes = pen.circumstances(item);
        if !alike && act != Some(Act::Chased) {
            notes.splice(0..0, own_times(pen, item));
        }
        if act == Some(Act::Chased)
            && let Some(deadline) = item.deadline
        {
            let due =
                item.task.as_ref().map_or_else(|| pen.overdue(deadline), |task| pen.due(deadline, task));
            notes.insert(0, due);
            notes.extend(advised(pen, item));
        }
        let refused = item.refused_date.map(|day| format!("申请延至{}", pen.date_weekday(day)));
        notes.splice(0..0, refused);
        pen.point(number, item, notes)
    });
    let shared = first.filter(|_| alike);
    let deadline = |date, advised| Deadline::of(pen, date, advised);
    Acted {
        points: points.collect(),
        frame: Frame::of(draft),
        act: act.map_or("", Act::label),
        ground: ground(&plans),
        count: draft.items.len(),
        noun: noun(&draft.items),
        answers: draft.items.iter().any(|item| item.answers),
        plannable: draft.items.iter().any(Pen::may_be_planned),
        words: words.map(clean).filter(|words| !words.is_empty()),
        deadline: shared.and_then(|item| Some(deadline(item.deadline?, item.advised))),
        report_by: shared
            .filter(|item| item.answers)
            .and_then(|item| Some(deadline(item.report_by?, item.report_advised))),
    }
}

/// `6月28日前反馈办理情况，7月2日前办结`, where the matters of a letter have different days.
fn own_times(pen: Pen, item: &Item) -> Option<String> {
    let report =
        item.report_by.filter(|_| item.answers).map(|day| format!("{}前反馈办理情况", pen.date_weekday(day)));
    let settle = item.deadline.map(|day| format!("{}前办结", pen.date_weekday(day)));
    let times: Vec<String> = report.into_iter().chain(settle).chain(advised(pen, item)).collect();
    (!times.is_empty()).then(|| times.join("，"))
}

/// `到期日为休息日，建议最迟工作日7月2日（星期五）办结`, while that day is ahead.
fn advised(pen: Pen, item: &Item) -> Option<String> {
    let day = item.advised.filter(|day| item.deadline.is_some_and(|last| *day < last) && *day >= pen.day)?;
    Some(format!("到期日为休息日，建议最迟工作日{}办结", pen.date_weekday(day)))
}

/// What a unit handed in has come.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Acknowledged {
    pub frame: Frame,
    /// 回执编号
    pub receipt: String,
    pub day: String,
    /// how the office got it, where it was recorded on behalf
    pub recorded: Option<&'static str>,
    pub points: Vec<Point>,
    pub count: usize,
    /// how many of them were claimed
    pub claimed: usize,
    /// whether an acceptance is told by a letter
    pub tells_acceptance: bool,
    /// how many extensions were asked for
    pub extensions: usize,
}

/// The view of a receipt.
pub(super) fn receipt(draft: &Draft, told: &ReceiptTold) -> Acknowledged {
    let plans: Vec<&PlanHead> = told.points.iter().map(|point| &*point.matter.plan).collect();
    let pen = Pen::new(draft, &plans);
    let points = told.points.iter().zip(1..).map(|(point, number)| Point {
        asked: false,
        row: None,
        number,
        title: pen.coming_title(&point.matter),
        source: said(pen, point),
        notes: Vec::new(),
    });
    let of = |kind| told.points.iter().filter(|point| point.said.contains(&kind)).count();
    Acknowledged {
        points: points.collect(),
        frame: Frame::of(draft),
        receipt: told.receipt.to_string(),
        day: pen.date_weekday(told.on),
        recorded: recorded(told.via),
        count: told.points.len(),
        claimed: of(SaidKind::Claim),
        tells_acceptance: draft.office.acceptance_letter,
        extensions: of(SaidKind::Extension),
    }
}

/// `申请办结，6月25日完成，材料2份`.
fn said(pen: Pen, point: &ReceiptPoint) -> String {
    let word = |kind: &SaidKind| match kind {
        SaidKind::Receipt => "签收".to_owned(),
        SaidKind::Unchanged => "本月无变化".to_owned(),
        SaidKind::Progress => "反馈进展".to_owned(),
        SaidKind::Claim => match point.done_on {
            Some(day) => format!("申请办结，{}完成", pen.date(day)),
            None => "申请办结".to_owned(),
        },
        SaidKind::Extension => match point.new_deadline {
            Some(day) => format!("申请延期至{}", pen.date(day)),
            None => "申请延期".to_owned(),
        },
        SaidKind::Dispute => "提出异议".to_owned(),
        SaidKind::Evidence => "补充材料".to_owned(),
    };
    let mut all: Vec<String> = point.said.iter().map(word).collect();
    if point.files > 0 {
        all.push(format!("材料{}份", point.files));
    } else if point.said.contains(&SaidKind::Claim) {
        all.push("未附材料（可后补）".to_owned());
    }
    all.join("，")
}

/// How it came, where the office recorded it for the unit (代录).
fn recorded(via: Via) -> Option<&'static str> {
    match via {
        Via::Paper => Some("纸质材料"),
        Via::Phone => Some("电话"),
        Via::Meeting => Some("会议"),
        Via::Message => Some("即时消息"),
        Via::Mail => Some("反馈表回信"),
        Via::File | Via::Cli | Via::Api | Via::Web | Via::Link | Via::System => None,
    }
}

/// What waits for the office.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Reviewed {
    pub frame: Frame,
    pub count: usize,
    pub points: Vec<Point>,
    /// days the longest has waited
    pub longest: i64,
}

/// The view of the office's own list.
pub(super) fn review(draft: &Draft) -> Reviewed {
    let (pen, _) = pen(draft);
    let waited = |item: &Item| item.waits.first().map_or(0, |waits| (draft.day - waits.since).num_days());
    let points = draft.items.iter().zip(1..).map(|(item, number)| {
        let waits = item.waits.iter().map(|waiting| match waiting.what {
            Waits::Claim(day) => format!("申请办结（称{}完成）", pen.date(day)),
            Waits::Extension(day) => format!("申请延期至{}", pen.date(day)),
            Waits::Dispute => "对交办有异议".to_owned(),
            Waits::CloseOut => "已办结，待销号".to_owned(),
        });
        let mut notes: Vec<String> = waits.collect();
        notes.push(format!("已等待{}天", waited(item)));
        let source = format!("{}，{}", clean(&item.unit_name), pen.item_source(item));
        let refused = item.refused_date.map(|day| format!("申请延至{}", pen.date_weekday(day)));
        notes.splice(0..0, refused);
        Point { number, asked: false, row: None, title: pen.item_title(item), source, notes }
    });
    Reviewed {
        points: points.collect(),
        frame: Frame::of(draft),
        count: draft.items.len(),
        longest: draft.items.iter().map(waited).max().unwrap_or(0),
    }
}

fn pen(draft: &Draft) -> (Pen, Vec<&PlanHead>) {
    let plans: Vec<&PlanHead> = draft.items.iter().map(|item| &*item.plan).collect();
    (Pen::new(draft, &plans), plans)
}
