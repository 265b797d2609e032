//! The unit's page under forms that are too long, cut, slow, or no forms at all.

use duban::domain::command::Command;
use duban::wire::Answer;

use crate::page_browser::{Browser, Filled, assignment, matter};
use crate::support::TestDaemon;

const UNIT: &str = "eco-env";
const CLEANING: &str = "干洗店摸底和挥发性有机物治理";
const PDF: &[u8] = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n";

async fn daemon() -> TestDaemon {
    TestDaemon::at("2021-05-24T01:00:00Z").await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_text_that_is_too_long_is_told_at_its_field_and_costs_nothing_else() {
    let daemon = daemon().await;
    let browser = Browser::of(&daemon, UNIT);
    let cleaning = matter(&daemon, UNIT, CLEANING);
    let filled = || Filled::of(&browser.get("")).on(&cleaning, "choice", "hard");
    let first = filled().on(&cleaning, "problem", "资金没有到位").on(&cleaning, "ask", "请财政拨付");
    assert_eq!(browser.post(&first, "save").status, 303);
    let second = filled()
        .on(&cleaning, "done_text", &"长".repeat(22_000))
        .on(&cleaning, "problem", "资金没有到位")
        .on(&cleaning, "progress", "后面的进展")
        .file(&cleaning, "验收报告.pdf", PDF);
    let page = browser.post(&second, "save");
    assert_eq!(page.status, 422);
    assert!(page.says("内容过长，只保存了前面一部分。请控制在4096字以内"), "{}", page.body);
    let later = browser.get("");
    for words in ["资金没有到位", "后面的进展", "验收报告.pdf", &"长".repeat(21_000)] {
        assert!(later.says(words), "{words:.30}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_that_breaks_off_takes_nothing_away_and_is_not_called_too_large() {
    let daemon = daemon().await;
    let browser = Browser::of(&daemon, UNIT);
    let cleaning = matter(&daemon, UNIT, CLEANING);
    let full = Filled::of(&browser.get(""))
        .on(&cleaning, "choice", "hard")
        .on(&cleaning, "problem", "资金没有到位")
        .on(&cleaning, "progress", "已完成招标");
    assert_eq!(browser.post(&full, "save").status, 303);
    let half =
        Filled::of(&browser.get("")).on(&cleaning, "choice", "hard").on(&cleaning, "problem", "材料紧缺");
    for kept in [0, 1] {
        let mut body = half.body("XyZ");
        body.truncate((body.len() - "\r\n--XyZ--\r\n".len() - 2) * kept);
        let page = browser.ask("POST", "", Some(("multipart/form-data; boundary=XyZ", body)));
        assert_eq!(page.status, 400);
        assert!(page.says("提交没有传完") && !page.says("过大"), "{}", page.body);
        let later = browser.get("");
        assert!(later.says("资金没有到位") && later.says("已完成招标"), "{}", later.body);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_day_ahead_of_a_material_is_told_there_and_can_be_put_right() {
    let daemon = daemon().await;
    let browser = Browser::of(&daemon, UNIT);
    let cleaning = matter(&daemon, UNIT, CLEANING);
    let dated = |day: &str| {
        Filled::of(&browser.get("")).on(&cleaning, "choice", "going").on(&cleaning, "progress", "推进中").on(
            &cleaning,
            "obtained_on",
            day,
        )
    };
    let page = browser.post(&dated("2031-05-01").file(&cleaning, "现场.pdf", PDF), "preview");
    assert_eq!(page.status, 422);
    assert!(page.says("材料取得日期还没有到"), "{}", page.body);
    assert_eq!(browser.hand_in(&dated("2021-05-20")).status, 303);
    daemon.settle().await;
    let record = assignment(&daemon, UNIT, CLEANING).record.unwrap();
    assert_eq!(record.evidence[0].evidence.obtained_on, "2021-05-20".parse().ok());
}

#[tokio::test(flavor = "multi_thread")]
async fn bad_links_from_an_address_shut_out_no_good_one_behind_it() {
    let daemon = daemon().await;
    let behind = |mut browser: Browser| {
        browser.headers = vec![("x-forwarded-for", "203.0.113.9".to_owned())];
        browser
    };
    let bad = behind(Browser::with(&daemon, "x"));
    let told: Vec<u16> = (0..40).map(|_| bad.get("").status).collect();
    assert_eq!((told[0], told[39]), (404, 429), "who tries links out is slowed down");
    assert_eq!(behind(Browser::of(&daemon, UNIT)).get("").status, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_revoked_while_its_form_was_on_the_way_hands_nothing_in() {
    let daemon = daemon().await;
    let browser = Browser::of(&daemon, UNIT);
    let cleaning = matter(&daemon, UNIT, CLEANING);
    let filled = Filled::of(&browser.get("")).on(&cleaning, "choice", "same");
    let preview = browser.follow(&browser.post(&filled, "preview"));
    let submit =
        Filled::default().with("mark", &preview.hidden("mark")).with("seen", &preview.hidden("seen"));
    let (submit, save) = (submit.with("step", "submit").body("XyZ"), filled.with("step", "save").body("XyZ"));
    let begun = [browser.begin(&submit), browser.begin(&save)];
    let revoke = Command::RevokeLinks { unit: UNIT.parse().unwrap(), reason: "误转到群".to_owned() };
    assert!(matches!(daemon.command(revoke).await, Answer::Done { .. }));
    for form in begun {
        let page = form.end();
        assert_eq!(page.status, 410, "{}", page.body);
    }
    assert!(daemon.running().planner().ledger().read().handed_in().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn forms_that_come_slowly_keep_nobody_else_out() {
    let daemon = daemon().await;
    let browser = Browser::of(&daemon, UNIT);
    let filled = Filled::of(&browser.get(""));
    let body = filled.clone().with("step", "save").body("XyZ");
    let slow: Vec<_> = (0..4).map(|_| browser.begin(&body)).collect();
    let page = browser.post(&filled, "save");
    assert_eq!(page.status, 429);
    assert!(page.says("同时提交的太多"), "{}", page.body);
    let other = Browser::of(&daemon, "police");
    assert_eq!(other.post(&Filled::of(&other.get("")), "save").status, 303);
    let mut health = browser.clone();
    health.path = "/healthz".to_owned();
    assert_eq!(health.get("").status, 200);
    for form in slow {
        assert_eq!(form.end().status, 303);
    }
    assert_eq!(browser.post(&filled, "save").status, 303);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_part_with_a_head_without_end_is_not_read_on_and_what_came_before_is_kept() {
    let daemon = daemon().await;
    let browser = Browser::of(&daemon, UNIT);
    let cleaning = matter(&daemon, UNIT, CLEANING);
    let filled = Filled::of(&browser.get(""))
        .on(&cleaning, "progress", "先填的进展")
        .on(&cleaning, "choice", "going")
        .with(&"n".repeat(40_000), "x");
    let page = browser.post(&filled, "save");
    assert_eq!(page.status, 400);
    assert!(page.says("文件名过长"), "{}", page.body);
    assert!(browser.get("").says("先填的进展"));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_form_is_told_so_in_chinese() {
    let daemon = daemon().await;
    let browser = Browser::of(&daemon, UNIT);
    for kind in ["application/x-www-form-urlencoded", "multipart/form-data", "text/plain"] {
        let page = browser.ask("POST", "", Some((kind, b"step=save".to_vec())));
        assert_eq!(page.status, 415, "{kind}");
        assert!(page.says("不是本页面的表单"), "{kind}: {}", page.body);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_tells_nobody_the_phone_of_who_answered_before() {
    let daemon = daemon().await;
    let browser = Browser::of(&daemon, UNIT);
    let cleaning = matter(&daemon, UNIT, CLEANING);
    let filled = Filled::of(&browser.get("")).on(&cleaning, "choice", "same").with("stays", "1");
    let preview = browser.follow(&browser.post(&filled, "preview"));
    assert!(preview.says("0356-4228888"), "what was just typed can be checked");
    browser.confirm(&preview, "submit");
    daemon.settle().await;
    for query in ["", "receipt=R2021-0524-01", "paper=R2021-0524-01"] {
        let page = browser.get(query);
        assert!(page.says("尾号8888") && !page.says("4228888"), "{query}: {}", page.body);
    }
    // Nor by leaving the field empty, so that the known one is taken.
    let page = browser.get("");
    let known = Filled::default().with("base", &page.hidden("base")).with("name", "王建国");
    let page = browser.follow(&browser.post(&known.on(&cleaning, "choice", "same"), "preview"));
    assert!(page.says("尾号8888") && !page.says("4228888"), "{}", page.body);
}
