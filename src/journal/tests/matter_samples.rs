//! Sample events of matters: what is asked, said and ruled.

use super::samples::{day, digest, name, opened};
use crate::domain::{
    AssignmentId, BulletinState, BulletinStep, ChaseOrdered, CompletionAccepted, CompletionReturned, Counts,
    CountsBy, Event, Evidence, EvidenceSubmitted, ExtensionGranted, ExtensionRequested, MatterReclassified,
    OccurrenceId, Rescheduled, Submission, matter,
};

pub(super) fn the_work() -> Vec<Event> {
    let occurrence = || name::<OccurrenceId>("yangcheng-2021-air/machinery-check/2021Q2");
    let assignment = || name::<AssignmentId>("yangcheng-2021-air/machinery-check/2021Q2/eco-env");
    let text = || "已检查三家企业".to_owned();
    let (deadline, advised) = (Some(day("2021-07-10")), Some(day("2021-07-09")));
    let (deadline_version, stages_from) = (2, day("2021-07-01"));
    vec![
        Event::OccurrenceOpened(opened()),
        Event::AssignmentOpened { assignment: assignment(), stages_from },
        Event::DeadlineChanged {
            occurrence: occurrence(),
            deadline,
            advised,
            deadline_version,
            stages_from,
            reason: text(),
        },
        Event::ReceiptAcknowledged { assignment: assignment() },
        Event::ProgressReported {
            assignment: assignment(),
            text: text(),
            problem: None,
            next_steps: None,
            unchanged: false,
        },
        Event::CompletionClaimed { assignment: assignment(), done_on: day("2021-06-28"), text: text() },
        Event::CompletionAccepted(CompletionAccepted {
            assignment: assignment(),
            remark: Some("材料齐全".into()),
            counts: Some(Counts {
                claimed_on: Some(day("2021-06-28")),
                done_on: day("2021-06-28"),
                due: Some(day("2021-06-30")),
                in_time: Some(true),
            }),
        }),
        Event::CompletionReturned(CompletionReturned {
            assignment: assignment(),
            reason: text(),
            new_deadline: deadline,
            advised,
            deadline_version,
            stages_from,
            counts_by: Some(CountsBy { due: Some(day("2021-06-30")) }),
        }),
        Event::AssignmentPaused { assignment: assignment(), reason: text() },
        Event::AssignmentResumed { assignment: assignment(), rounds_from: day("2021-07-05") },
        Event::AssignmentWithdrawn { assignment: assignment(), reason: text() },
        Event::TaskReopened { assignment: assignment(), reason: text(), again: None },
        Event::TaskClosedOut { assignment: assignment(), remark: None },
    ]
}

pub(super) fn again() -> Rescheduled {
    Rescheduled {
        new_deadline: day("2021-07-31"),
        advised: Some(day("2021-07-30")),
        deadline_version: 2,
        stages_from: day("2021-06-29"),
        counts_by: Some(CountsBy { due: Some(day("2021-07-31")) }),
    }
}

pub(super) fn the_answers() -> Vec<Event> {
    let assignment = || name::<AssignmentId>("yangcheng-2021-air/machinery-check/2021Q2/eco-env");
    let text = || "县城停水\n\"无法\"施工".to_owned();
    vec![
        Event::AnswersReceived(Submission {
            receipt: name("R2021-0628-03"),
            unit: name("eco-env"),
            letter: Some(name("2021-0623-07")),
            person: Some(digest("person")),
            assignments: vec![assignment()],
            note: Some("电话记录".into()),
            scan: Some(digest("scan")),
            acknowledged: Some(true),
        }),
        Event::EvidenceSubmitted(EvidenceSubmitted {
            assignment: assignment(),
            evidence: Evidence {
                digest: digest("photo"),
                name: "现场照片1.jpg".into(),
                bytes: 183_044,
                media_type: "image/jpeg".into(),
                obtained_on: Some(day("2021-06-25")),
            },
        }),
        Event::AssignmentDisputed { assignment: assignment(), text: text() },
        Event::DisputeSettled { assignment: assignment(), answer: text() },
        Event::ExtensionRequested(ExtensionRequested {
            assignment: assignment(),
            reason: text(),
            progress: "已完成六成".into(),
            new_deadline: day("2021-07-31"),
            approval: Some(digest("approval")),
        }),
        Event::ExtensionGranted(ExtensionGranted {
            assignment: assignment(),
            again: again(),
            approver: "县政府分管领导".into(),
            document_number: "阳政办函〔2021〕9号".into(),
        }),
        Event::ExtensionRefused { assignment: assignment(), reason: text() },
        Event::ChaseOrdered(ChaseOrdered { assignment: assignment(), words: Some(text()) }),
        Event::MatterReclassified(MatterReclassified {
            occurrence: name("matters/m-20210625-1/once"),
            class: matter::MatterClass::Complex,
            again: again(),
            approver: "县政府分管领导".into(),
            reason: text(),
        }),
        Event::BulletinMoved(BulletinStep {
            period: name("2021-06"),
            number: 1,
            position: 4711,
            content: digest("bulletin"),
            step: BulletinState::Signed,
            scan: Some(digest("scan")),
            note: Some("县政府办主任".into()),
        }),
    ]
}
