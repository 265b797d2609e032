//! The unit's page under forms that are too long, cut, slow, or no forms at all.

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
    let mut daemon = daemon().await;
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
