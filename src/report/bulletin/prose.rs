//! A bulletin's text: the same sentences for every form. Figures come from the view, never from counting here.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use serde::Serialize;

use super::view::{Bulletin, DUE_UNDONE, ItemRow, Named, PlanFigures, Ratio, mark};
use unicode_width::UnicodeWidthStr as _;

use crate::words::{clean, near_date, row};

/// How much is told one by one before the rest is only counted: the most that leaves the text on two pages.
#[derive(Debug, Clone, Copy)]
struct Room {
    /// units of section 二
    units: usize,
    /// matters of each of them
    matters: usize,
    /// names in a list of units
    names: usize,
}

const ROOMS: [Room; 5] = [
    Room { units: 6, matters: 4, names: 8 },
    Room { units: 5, matters: 2, names: 6 },
    Room { units: 3, matters: 1, names: 4 },
    Room { units: 2, matters: 1, names: 2 },
    Room { units: 1, matters: 1, names: 1 },
];

/// Lines on two pages of GB/T 9704 (22 a page) below head and title, two of them lost to paragraphs kept together.
const LINES: usize = 36;
/// Columns of half a character in a line (28 characters).
const LINE_COLUMNS: usize = 56;

/// A paragraph and what it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct Block {
    pub kind: Kind,
    /// what opens the paragraph, in another typeface
    pub head: String,
    pub text: String,
}

/// What a paragraph is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Kind {
    Section,
    Paragraph,
    /// not part of the text until a person has settled it
    Proposal,
}

impl Block {
    fn section(text: &str) -> Self {
        Self { kind: Kind::Section, head: String::new(), text: text.to_owned() }
    }

    fn paragraph(head: &str, text: String) -> Self {
        Self { kind: Kind::Paragraph, head: head.to_owned(), text }
    }
}

/// The text between 主送 and 落款: as much as two pages hold.
pub(super) fn body(paper: &Bulletin) -> Vec<Block> {
    let mut blocks = Vec::new();
    for room in ROOMS {
        blocks = told(paper, room);
        if lines(paper, &blocks) <= LINES {
            break;
        }
    }
    blocks
}

/// Lines that title, 主送 and text take; a proposal takes none, since it is not printed.
fn lines(paper: &Bulletin, blocks: &[Block]) -> usize {
    let rows = |columns: usize| columns.div_ceil(LINE_COLUMNS);
    let text = blocks.iter().filter(|block| block.kind != Kind::Proposal);
    // Each paragraph is indented by two characters.
    let text: usize = text.map(|block| rows(4 + block.head.width() + block.text.width())).sum();
    paper.title.len() + rows(row(&paper.to).width() + 2) + text
}

fn told(paper: &Bulletin, room: Room) -> Vec<Block> {
    let mut blocks = vec![Block::paragraph("", opening(paper))];
    blocks.push(Block::section("一、总体情况"));
    blocks.push(Block::paragraph("", figures(paper)));
    blocks.push(Block::section("二、到期未办结事项"));
    blocks.extend(unfinished(paper, room).into_iter().map(|text| Block::paragraph("", text)));
    blocks.push(Block::section("三、反馈、材料和延期情况"));
    blocks.push(Block::paragraph("（一）反馈。", feedback(paper, room)));
    blocks.push(Block::paragraph("（二）印证材料。", evidence(paper, room)));
    blocks.push(Block::paragraph("（三）延期。", extensions(paper, room)));
    blocks.extend(named(paper));
    if !paper.requests.is_empty() {
        blocks.push(Block::section("四、下步要求"));
    }
    blocks.extend(paper.requests.iter().map(|text| Block::paragraph("", clean(text))));
    blocks
}

/// The annexes' names, in order.
pub(super) fn annexes(paper: &Bulletin) -> [String; 3] {
    [
        format!("{}任务进展情况表", paper.period.name_zh()),
        format!("{}牵头单位办结情况统计表", paper.period.name_zh()),
        "数据口径和核验信息".to_owned(),
    ]
}

fn opening(paper: &Bulletin) -> String {
    format!(
        "现将{}{}任务进展情况通报如下（数据截至{}）。",
        paper.period.name_zh(),
        documents(&paper.plans),
        near_date(paper.as_of, paper.dated)
    )
}

/// `阳政办发〔2021〕41号文件`; a plan without a number by its name.
fn documents(plans: &[PlanFigures]) -> String {
    let mut documents: Vec<String> = Vec::new();
    for plan in plans {
        let name = match &plan.document_number {
            Some(number) => format!("{}文件", clean(number)),
            None => clean(&plan.short),
        };
        if !documents.contains(&name) {
            documents.push(name);
        }
    }
    documents.join("和")
}

fn figures(paper: &Bulletin) -> String {
    let totals = &paper.totals;
    let mut text = format!("本期纳入调度{}项，", totals.followed);
    if totals.due() == 0 {
        text.push_str("无应办结事项，不计算办结率。");
    } else {
        let mut parts = vec![match totals.completion().part {
            0 => "办结0项".to_owned(),
            done => format!("办结{done}项（按期{}项、超期{}项）", totals.on_time, totals.late),
        }];
        parts.extend(counted("待审核", totals.in_review));
        parts.extend(counted("暂停", totals.paused));
        parts.push(format!("到期未办结{}项", totals.unfinished));
        let _ = write!(
            text,
            "应办结{due}项（本月到期{}项、前期结转{}项）：{}。办结率{}，按期办结率{}，分母均为本期应办结{due}项。",
            totals.due_this_month,
            totals.carried_over,
            parts.join("，"),
            percent(totals.completion()),
            percent(totals.on_time_rate()),
            due = totals.due(),
        );
    }
    if totals.early > 0 {
        let _ = write!(text, "另有{}项提前办结。", totals.early);
    }
    let done = totals.on_time + totals.late + totals.early;
    let ongoing = counted("长期坚持", totals.ongoing).map(|told| format!("（含{told}）")).unwrap_or_default();
    let _ = write!(
        text,
        "在办{}项，其中未到期{}项{ongoing}。",
        totals.followed.saturating_sub(done),
        totals.in_progress
    );
    text
}

fn counted(what: &str, count: u32) -> Option<String> {
    (count > 0).then(|| format!("{what}{count}项"))
}

fn percent(ratio: Ratio) -> String {
    ratio.percent().unwrap_or_else(|| "—".to_owned())
}

/// Each plan against its own schedule, since it is followed.
pub(super) fn schedule(paper: &Bulletin) -> String {
    if paper.plans.is_empty() {
        return String::new();
    }
    let (due, not_yet): (Vec<_>, Vec<_>) = paper.plans.iter().partition(|plan| plan.due_so_far > 0);
    let mut parts: Vec<String> = due
        .iter()
        .map(|plan| {
            format!("{}应办结{}项、已办结{}项", clean(&plan.short), plan.due_so_far, plan.done_so_far)
        })
        .collect();
    if !not_yet.is_empty() {
        let shorts: Vec<&str> = not_yet.iter().map(|plan| plan.short.as_str()).collect();
        parts.push(format!("{}尚无到期事项", row(&shorts)));
    }
    let year: u32 = paper.plans.iter().map(|plan| plan.due_this_year).sum();
    format!(
        "自纳入督办至{}累计：{}；全年有明确时限的共{year}项。",
        near_date(paper.as_of, paper.dated),
        parts.join("，")
    )
}

fn unfinished(paper: &Bulletin, room: Room) -> Vec<String> {
    let rows: Vec<&ItemRow> = paper.unfinished().collect();
    if paper.totals.due() == 0 {
        return vec!["本期无应办结事项。".to_owned()];
    }
    if rows.is_empty() {
        return vec!["本期应办结事项均已办结或已申请办结，无到期未办结事项。".to_owned()];
    }
    let units = by_unit(&rows);
    let silent = rows.iter().filter(|row| row.is_unplanned()).count();
    let silent = if silent > 0 { format!("，{silent}项未报下步措施") } else { String::new() };
    let leads: BTreeSet<&str> = rows.iter().flat_map(|row| row.lead.split('、')).collect();
    let mut told = vec![format!("到期未办结{}项，涉及{}个单位{silent}：", rows.len(), leads.len())];
    let (first, rest) = units.split_at(room.units.min(units.len()));
    told.extend(
        (1..)
            .zip(first)
            .map(|(number, (unit, rows))| format!("{number}.{}", of_unit(paper, unit, rows, room.matters))),
    );
    if !rest.is_empty() {
        let count: usize = rest.iter().map(|(_, rows)| rows.len()).sum();
        let named = rest.iter().take(room.names);
        let units: Vec<String> = named.map(|(unit, rows)| format!("{unit}{}项", rows.len())).collect();
        let more = if units.len() < rest.len() { "等，见附件1" } else { "" };
        told.push(format!("其余{count}项：{}{more}。", units.join("、")));
    }
    told
}

/// Units with their matters, in the order of the table: whose matter waits longest stands first.
fn by_unit<'r>(rows: &[&'r ItemRow]) -> Vec<(String, Vec<&'r ItemRow>)> {
    let mut units: Vec<(String, Vec<&ItemRow>)> = Vec::new();
    for row in rows {
        let unit = clean(&row.lead);
        match units.iter_mut().find(|(known, _)| *known == unit) {
            Some((_, own)) => own.push(row),
            None => units.push((unit, vec![row])),
        }
    }
    units
}

/// `县能源局2项：清洁取暖评估（超期30天）、制定改造计划（6月30日到期）。`
fn of_unit(paper: &Bulletin, unit: &str, rows: &[&ItemRow], most: usize) -> String {
    let told: Vec<String> = rows.iter().take(most).map(|row| one(paper, row)).collect();
    let more = if told.len() < rows.len() { "等，见附件1" } else { "" };
    format!("{unit}{}项：{}{more}。", rows.len(), told.join("、"))
}

/// `干洗店治理（超期12天，已延期1次，预计7月20日完成）`
fn one(paper: &Bulletin, row: &ItemRow) -> String {
    let words = clean(&row.status.words);
    // Due on the last day of the month: the day says more than that it is not done.
    let mut told = if words == DUE_UNDONE { format!("{}到期", clean(&row.current)) } else { words };
    if row.extensions > 0 {
        let _ = write!(told, "，已延期{}次", row.extensions);
    }
    if let Some(day) = row.expected {
        let _ = write!(told, "，预计{}完成", near_date(day, paper.dated));
    }
    format!("{}（{told}）", clean(&row.title))
}

/// `县能源局、县水务局等11家`.
fn names(units: &[String], most: usize) -> String {
    let told = units.get(..most.min(units.len())).unwrap_or_default();
    if told.len() < units.len() { format!("{}等{}家", row(told), units.len()) } else { row(told) }
}

fn feedback(paper: &Bulletin, room: Room) -> String {
    let feedback = &paper.feedback;
    if feedback.asked == 0 {
        return match feedback.reply_by {
            Some(by) => format!("本月月调度{}前反馈，尚未到期。", near_date(by, paper.dated)),
            None => "本月未安排月调度。".to_owned(),
        };
    }
    let mut text = format!("月调度应反馈单位{}家，按时反馈{}家", feedback.asked, feedback.in_time);
    for (what, units) in
        [("逾期反馈", &feedback.late), ("部分反馈", &feedback.partly), ("未反馈", &feedback.missing)]
    {
        if !units.is_empty() {
            let _ = write!(text, "，{what}{}家（{}）", units.len(), names(units, room.names));
        }
    }
    text.push('。');
    text
}

fn evidence(paper: &Bulletin, room: Room) -> String {
    let evidence = &paper.evidence;
    if evidence.claims == 0 {
        return "本月无申请办结事项。".to_owned();
    }
    let mut text = format!("本月申请办结{}项", evidence.claims);
    if let Some(with) = counted("附印证材料", evidence.with_material) {
        let _ = write!(text, "，{with}");
    }
    if !evidence.without.is_empty() {
        let units = names(&evidence.without, room.names);
        let _ = write!(text, "，未附{}项（{units}）", evidence.claims - evidence.with_material);
    }
    if evidence.obtained_later > 0 {
        let _ = write!(text, "，材料取得日期晚于填报完成日期{}项", evidence.obtained_later);
    }
    if evidence.returned > 0 {
        let _ = write!(text, "；审核退回{}项", evidence.returned);
    }
    text.push('。');
    text
}

fn extensions(paper: &Bulletin, room: Room) -> String {
    let extensions = &paper.extensions;
    if extensions.requested == 0
        && extensions.granted.is_empty()
        && extensions.refused == 0
        && extensions.waiting == 0
    {
        return "本月无延期申请。".to_owned();
    }
    let granted = u32::try_from(extensions.granted.len()).unwrap_or(u32::MAX);
    let ruled = [("批准", granted), ("驳回", extensions.refused), ("待批", extensions.waiting)];
    let parts: Vec<String> = std::iter::once(format!("本月申请延期{}项", extensions.requested))
        .chain(ruled.into_iter().filter_map(|(what, count)| counted(what, count)))
        .collect();
    let mut text = format!("{}。", parts.join("，"));
    for granted in extensions.granted.iter().take(room.matters) {
        let _ = write!(
            text,
            "{}“{}”由{}延至{}（{}）。",
            clean(&granted.unit),
            clean(&granted.title),
            near_date(granted.from, paper.dated),
            near_date(granted.to, paper.dated),
            clean(&granted.ground)
        );
    }
    if extensions.granted.len() > room.matters {
        text.push_str("其余见附件1。");
    }
    text
}

/// Praise and blame: marked as a proposal until a person has settled it.
fn named(paper: &Bulletin) -> Vec<Block> {
    let proposals = &paper.proposals;
    let tell = |what: &str, units: &[Named]| {
        let units: Vec<String> =
            units.iter().map(|named| format!("{}（{}）", clean(&named.unit), clean(&named.ground))).collect();
        format!("{what}：{}。", units.join("、"))
    };
    let mut told = Vec::new();
    if !proposals.praised.is_empty() {
        told.push(tell("完成较好的单位", &proposals.praised));
    }
    if !proposals.lagging.is_empty() {
        told.push(tell("进展滞后的单位", &proposals.lagging));
    }
    if told.is_empty() {
        return Vec::new();
    }
    if proposals.settled {
        return vec![Block::paragraph("（四）表扬和提醒。", told.concat())];
    }
    if mark(paper.step).is_none() {
        // Signed without a word on them: they were not taken up.
        return Vec::new();
    }
    vec![Block {
        kind: Kind::Proposal,
        head: "〔系统建议，由签发人核定，不核定则不印〕".to_owned(),
        text: told.concat(),
    }]
}
