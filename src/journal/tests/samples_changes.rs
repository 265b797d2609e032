//! Typed events of the types that came later, as the golden lines hold them. Changed only by adding.

use super::samples::{day, name};
use crate::domain::{AccountChanged, ChangeNoted, Event};

/// One of each, in the order of their coming.
pub fn later() -> Vec<Event> {
    vec![
        Event::ChangeNoted(ChangeNoted {
            stage: name("yangcheng-2021-air/machinery-check/2021Q2/eco-env#1:changed:1"),
            tell_from: day("2021-06-24"),
            reason: Some("汛情影响施工".into()),
            ground: Some("阳政办函〔2021〕9号".into()),
        }),
        Event::UnitMembersAsked { unit: name("townships-all"), from: day("2021-06-24") },
        Event::AccountChanged(AccountChanged {
            account: "li".into(),
            roles: ["auditor", "county-leader"].map(str::to_owned).into(),
            uid: Some(1001),
            units: [name("eco-env")].into(),
            removed: false,
        }),
    ]
}
