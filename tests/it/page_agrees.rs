//! The unit's page agrees with the office's lists: its figures count what the lists accuse the unit of.

use duban::domain::UnitId;
use duban::matter::MatterView;
use duban::matter::worklist::{ListKind, listed};

use crate::page_browser::{Browser, Page};
use crate::support::TestDaemon;

/// The figure above the page.
fn figure(page: &Page, anchor: &str) -> usize {
    let (_, rest) = page.body.split_once(&format!("<li class=\"{anchor}")).unwrap();
    let (_, rest) = rest.split_once("<b>").unwrap();
    rest.split('<').next().unwrap().parse().unwrap()
}

/// What the list says that the unit owes on this day.
fn owed(daemon: &TestDaemon, list: ListKind, unit: &UnitId, day: &str) -> usize {
    let ledger = daemon.running().planner().ledger().read();
    let own = |view: &MatterView<'_>| view.unit_id() == unit && view.answers();
    listed(&ledger, list, day.parse().unwrap()).iter().filter(|view| own(view)).count()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_page_counts_is_what_the_lists_accuse_the_unit_of() {
    let mut daemon = TestDaemon::at("2021-05-24T01:00:00Z").await;
    let unit: UnitId = "eco-env".parse().unwrap();
    let mut most = [0; 3];
    for day in ["2021-05-24", "2021-06-28", "2021-07-05", "2021-08-02", "2022-01-05"] {
        daemon.walk_to(day).await;
        let page = Browser::of(&daemon, unit.as_str()).get("");
        assert_eq!(page.status, 200, "{day}");
        let kinds = [
            ("returned", ListKind::Returned),
            ("overdue", ListKind::Overdue),
            ("month", ListKind::Unreported),
        ];
        for ((anchor, list), most) in kinds.into_iter().zip(&mut most) {
            let told = figure(&page, anchor);
            assert_eq!(told, owed(&daemon, list, &unit, day), "{day} {anchor}");
            *most = told.max(*most);
        }
    }
    assert!(most[1] > 0 && most[2] > 0, "both were seen: {most:?}");
}
