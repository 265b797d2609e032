//! The unit's page, as its clerk and as whoever else comes along meet it.

use std::fs;
use std::path::Path;

use duban::config::Web;
use duban::daemon::Clocks;
use duban::domain::command::Command;
use duban::domain::{State, Via};
use duban::report::lists::{ListKind, Weekly};
use duban::wire::Answer;

use crate::page_browser::{Browser, Filled, Page, assignment, letter_of, matter, token};
use crate::support::{TestDaemon, target};

const UNIT: &str = "eco-env";
const PDF: &[u8] = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n";

async fn daemon() -> TestDaemon {
    TestDaemon::at("2021-05-24T01:00:00Z").await
}

fn head(daemon: &TestDaemon) -> u64 {
    daemon.running().planner().ledger().read().head()
}

#[tokio::test(flavor = "multi_thread")]
async fn opening_the_page_records_nothing_and_says_what_is_asked() {
    let daemon = daemon().await;
    let before = head(&daemon);
    let browser = Browser::of(&daemon, UNIT);
    let page = browser.get("");
    assert_eq!(page.status, 200);
    for words in
        ["市生态环境局阳城分局", "打开页面不会提交任何内容", "干洗店摸底和挥发性有机物治理", "签收全部"]
    {
        assert!(page.says(words), "{words}: {}", page.body);
    }
    assert_eq!(browser.ask("HEAD", "", None).status, 200);
    for query in ["preview", "sign", "saved", "receipt=R2021-0524-01"] {
        browser.get(query);
    }
    assert_eq!(head(&daemon), before, "no GET records anything");
    // Whoever reads the page can't pass the link on from it, nor does the browser tell it elsewhere.
    let (_, secret) = browser.path.rsplit_once('/').unwrap();
    assert!(!page.says(secret));
    assert_eq!(page.headers["referrer-policy"], "no-referrer");
    assert_eq!(page.headers["cache-control"], "no-store");
    assert!(page.headers["content-security-policy"].contains("default-src 'none'"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_claim_with_its_material_is_handed_in_once_however_often_the_button_is_pressed() {
    let mut daemon = daemon().await;
    let browser = Browser::of(&daemon, UNIT);
    let cleaning = matter(&daemon, UNIT, "干洗店摸底和挥发性有机物治理");
    let filled = Filled::of(&browser.get(""))
        .on(&cleaning, "choice", "done")
        .on(&cleaning, "done_on", "2021-05-20")
        .on(&cleaning, "done_text", "12家干洗店已全部更换密闭设备")
        .file(&cleaning, "验收报告.pdf", PDF);
    let before = head(&daemon);
    let preview = browser.follow(&browser.post(&filled, "preview"));
    assert!(preview.says("验收报告.pdf") && preview.says("12家干洗店"), "{}", preview.body);
    assert_eq!(head(&daemon), before, "a preview records nothing");
    let first = browser.follow(&browser.confirm(&preview, "submit"));
    assert!(first.says("R2021-0524-01"), "{}", first.body);
    let after = head(&daemon);
    let second = browser.follow(&browser.confirm(&preview, "submit"));
    assert!(second.says("R2021-0524-01"), "{}", second.body);
    daemon.settle().await;
    let one = assignment(&daemon, UNIT, "干洗店摸底和挥发性有机物治理");
    let record = one.record.unwrap();
    assert_eq!((one.state, record.claims.len(), record.evidence.len()), (State::Claimed, 1, 1));
    assert_eq!(record.evidence[0].evidence.media_type, "application/pdf");
    assert_eq!(record.receipt.unwrap().via, Via::Link);
    let kept = daemon.config().data.join("evidence").join(record.evidence[0].evidence.digest.to_string());
    assert_eq!(std::fs::read(kept).unwrap(), PDF);
    assert!(head(&daemon) >= after);
    assert_eq!(daemon.running().planner().ledger().read().handed_in().len(), 1);
    // The receipt goes to the unit's mailbox, and nobody is chased while it waits.
    let letters = daemon.letters().len();
    daemon.walk_to("2021-06-30").await;
    let chased = daemon.letters().split_off(letters);
    let names_it = |letter: &duban::domain::Envelope| {
        let text = duban::letter::plain(&String::from_utf8_lossy(&letter.bytes)).map(|told| told.text);
        letter.to.unit().is_some() && text.unwrap_or_default().contains("干洗店摸底和挥发性有机物治理")
    };
    assert!(!chased.iter().any(names_it), "the unit is not chased");
    assert!(chased.iter().any(|letter| letter.to.unit().is_none()), "the reviewer is reminded");
    let accept = Command::Accept { target: target(&cleaning.task.to_string()), done_on: None, remark: None };
    assert!(matches!(daemon.command(accept).await, Answer::Done { .. }));
    daemon.settle().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn signing_for_all_is_one_small_button() {
    let daemon = daemon().await;
    let browser = Browser::of(&daemon, UNIT);
    let filled = Filled::of(&browser.get(""));
    let asked = browser.follow(&browser.post(&filled, "sign"));
    let done = browser.follow(&browser.confirm(&asked, "receive"));
    assert!(done.says("R2021-0524-01"), "{}", done.body);
    daemon.settle().await;
    assert_eq!(assignment(&daemon, UNIT, "干洗店摸底和挥发性有机物治理").state, State::Receipt);
    assert!(!browser.get("").says("签收全部"), "there is nothing left to sign for");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_wrong_is_told_at_its_field_and_nothing_typed_is_lost() {
    let daemon = daemon().await;
    let browser = Browser::of(&daemon, UNIT);
    let cleaning = matter(&daemon, UNIT, "干洗店摸底和挥发性有机物治理");
    let before = head(&daemon);
    let filled = Filled::of(&browser.get(""))
        .on(&cleaning, "choice", "done")
        .on(&cleaning, "done_on", "2031-05-20")
        .on(&cleaning, "done_text", "已完成，材料后补");
    let page = browser.post(&filled, "preview");
    assert_eq!(page.status, 422);
    assert!(
        page.says("尚未提交")
            && page.says("已完成，材料后补")
            && page.says("2031-05-20")
            && page.says("项“干洗店摸底和挥发性有机物治理”：完成日期还没有到"),
        "{}",
        page.body
    );
    assert_eq!(head(&daemon), before);
    // Also when the browser was closed meanwhile, and on a colleague's.
    let later = Browser::of(&daemon, UNIT).get("");
    assert!(later.says("已完成，材料后补") && later.says("草稿"));
}

#[tokio::test(flavor = "multi_thread")]
async fn files_are_judged_by_what_they_are_and_never_named_as_a_way() {
    let mut daemon = daemon().await;
    let small = Web { upload_file_mib: 1, ..Web::at(duban::config::LISTEN_DEFAULT) };
    daemon.with_page(small).await;
    let browser = Browser::of(&daemon, UNIT);
    let cleaning = matter(&daemon, UNIT, "干洗店摸底和挥发性有机物治理");
    let base =
        Filled::of(&browser.get("")).on(&cleaning, "choice", "going").on(&cleaning, "progress", "推进中");
    let large = vec![b' '; 1024 * 1024 + 1];
    let bad: [(&str, &[u8]); 5] = [
        ("空.pdf", b""),
        ("报告.pdf", b"MZ\x90\x00\x03\x00\x00\x00\x04\x00\x00\x00"),
        ("照片.jpg", b"<html><script>alert(1)</script></html>"),
        ("图.svg", b"<svg xmlns=\"http://www.w3.org/2000/svg\"/>"),
        ("大.txt", &large),
    ];
    for (name, bytes) in bad {
        let page = browser.post(&base.clone().file(&cleaning, name, bytes), "preview");
        assert_eq!(page.status, 422, "{name}");
        assert!(page.says("推进中"), "{name}: nothing typed is lost");
    }
    let odd = base.file(&cleaning, "../../../etc/duban/..\\报告.pdf", PDF);
    let preview = browser.follow(&browser.post(&odd, "preview"));
    assert!(preview.says("报告.pdf") && !preview.says("../"), "{}", preview.body);
    browser.confirm(&preview, "submit");
    daemon.settle().await;
    let record = assignment(&daemon, UNIT, "干洗店摸底和挥发性有机物治理").record.unwrap();
    assert_eq!(record.evidence[0].evidence.name, "报告.pdf");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_that_is_forged_expired_or_revoked_opens_nothing_and_tells_nothing() {
    let daemon = daemon().await;
    let letter = letter_of(&daemon, UNIT);
    let good = Browser::of(&daemon, UNIT);
    let ask = |token: &str| Browser::with(&daemon, token).get("");
    let mut forged = token(&daemon, letter, "2021-12-31");
    let last = forged.pop().unwrap();
    forged.push(if last == '_' { 'A' } else { '_' });
    let never = duban::domain::LetterId { number: 999, ..letter };
    for token in [forged.as_str(), "x", "..%2f..%2fetc", &token(&daemon, never, "2021-12-31")] {
        let page = ask(token);
        assert_eq!(page.status, 404, "{token}");
        assert!(!page.says("干洗店") && !page.says("市生态环境局"), "{token}");
    }
    assert_eq!(ask(&token(&daemon, letter, "2021-05-23")).status, 410, "expired");
    assert_eq!(good.get("").status, 200);
    let revoke = Command::RevokeLinks { unit: UNIT.parse().unwrap(), reason: "误转到群".to_owned() };
    assert!(matches!(daemon.command(revoke).await, Answer::Done { .. }));
    let page = good.get("");
    assert_eq!(page.status, 410, "revoked");
    assert!(!page.says("干洗店"));
    let before = head(&daemon);
    assert_eq!(good.post(&Filled::default(), "receive").status, 410);
    assert_eq!(head(&daemon), before);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_unit_answers_for_nobody_else() {
    let daemon = daemon().await;
    let browser = Browser::of(&daemon, "police");
    let cleaning = matter(&daemon, UNIT, "干洗店摸底和挥发性有机物治理");
    let before = head(&daemon);
    let filled = Filled::of(&browser.get("")).on(&cleaning, "choice", "unchanged");
    let page = browser.post(&filled, "preview");
    assert_eq!(page.status, 422, "{}", page.body);
    assert!(!page.says("干洗店摸底和挥发性有机物治理"), "it is not even named");
    assert_eq!(head(&daemon), before);
}

#[tokio::test(flavor = "multi_thread")]
async fn two_who_answer_at_once_are_told_and_neither_loses_a_word() {
    let daemon = daemon().await;
    let browser = Browser::of(&daemon, UNIT);
    let cleaning = matter(&daemon, UNIT, "干洗店摸底和挥发性有机物治理");
    let first = Filled::of(&browser.get(""))
        .on(&cleaning, "choice", "done")
        .on(&cleaning, "done_on", "2021-05-20")
        .on(&cleaning, "done_text", "甲填：已完成");
    let second = Filled::of(&browser.get(""))
        .on(&cleaning, "choice", "done")
        .on(&cleaning, "done_on", "2021-05-21")
        .on(&cleaning, "done_text", "乙填：已完成");
    let done = browser.hand_in(&first);
    assert_eq!(done.status, 303);
    let page = browser.post(&second, "preview");
    assert_eq!(page.status, 422, "{}", page.body);
    assert!(page.says("乙填：已完成"), "{}", page.body);
    daemon.settle().await;
    let record = assignment(&daemon, UNIT, "干洗店摸底和挥发性有机物治理").record.unwrap();
    assert_eq!(record.claims.len(), 1);
    assert_eq!(record.claims[0].text, "甲填：已完成");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_withdrawn_or_asked_too_late_is_refused_in_words() {
    let mut daemon = daemon().await;
    let browser = Browser::of(&daemon, UNIT);
    let cleaning = matter(&daemon, UNIT, "干洗店摸底和挥发性有机物治理");
    daemon.walk_to("2021-07-01").await;
    let late = Filled::of(&browser.get(""))
        .on(&cleaning, "choice", "hard")
        .on(&cleaning, "problem", "设备未到货")
        .on(&cleaning, "progress", "已签合同")
        .on(&cleaning, "extend", "1")
        .on(&cleaning, "new_deadline", "2021-07-31");
    let page = browser.post(&late, "preview");
    assert_eq!(page.status, 422);
    assert!(page.says("6月30日") && page.says("设备未到货"), "{}", page.body);
    let plan = cleaning.task.plan.clone();
    let close = Command::ClosePlan { plan, reason: "撤销".to_owned() };
    assert!(matches!(daemon.command(close).await, Answer::Done { .. }));
    let gone = Filled::of(&browser.get(""))
        .on(&cleaning, "choice", "done")
        .on(&cleaning, "done_on", "2021-06-30")
        .on(&cleaning, "done_text", "已完成");
    let page = browser.post(&gone, "preview");
    assert_eq!(page.status, 422);
    assert!(page.says("撤销"), "{}", page.body);
    daemon.settle().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn another_site_can_hand_in_nothing() {
    let daemon = daemon().await;
    let mut browser = Browser::of(&daemon, UNIT);
    let filled = Filled::of(&browser.get(""));
    browser.headers =
        vec![("origin", "https://evil.example".to_owned()), ("sec-fetch-site", "cross-site".to_owned())];
    let before = head(&daemon);
    assert_eq!(browser.post(&filled, "sign").status, 403);
    assert_eq!(head(&daemon), before);
    browser.headers = vec![("host", "evil.example".to_owned())];
    assert_eq!(browser.get("").status, 421, "a name that is not ours");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_words_of_an_answer_are_shown_as_words() {
    let daemon = daemon().await;
    let browser = Browser::of(&daemon, UNIT);
    let cleaning = matter(&daemon, UNIT, "干洗店摸底和挥发性有机物治理");
    let filled = Filled::of(&browser.get("")).on(&cleaning, "choice", "going").on(
        &cleaning,
        "progress",
        "<script>alert(1)</script>已\u{202E}办结",
    );
    let preview = browser.follow(&browser.post(&filled, "preview"));
    assert!(preview.says("&lt;script&gt;") && !preview.says("<script>alert"), "{}", preview.body);
    assert!(preview.says("已办结"), "nothing turns the reading direction: {}", preview.body);
    browser.confirm(&preview, "submit");
    daemon.settle().await;
    let said =
        assignment(&daemon, UNIT, "干洗店摸底和挥发性有机物治理").record.unwrap().progress.unwrap().text;
    assert_eq!(said, "<script>alert(1)</script>已\u{202E}办结", "kept as it was typed");
}

/// The figure above the form that bears this label.
fn figure(page: &str, label: &str) -> u32 {
    let (before, _) = page.split_once(&format!("</b><span>{label}</span>")).unwrap();
    before.rsplit("<b>").next().unwrap().parse().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_page_counts_as_the_weeks_lists_count() {
    let mut daemon = daemon().await;
    daemon.walk_to("2021-07-02").await;
    let today = "2021-07-02".parse().unwrap();
    let lists = Weekly::of(&daemon.running().planner().ledger().read(), today);
    let listed = |kind: ListKind| {
        let list = lists.lists.iter().find(|list| list.kind == kind).unwrap();
        let all = list.entries.iter().flat_map(|entry| &entry.assignments);
        u32::try_from(all.filter(|id| id.unit.as_str() == UNIT).count()).unwrap()
    };
    let overdue = lists.lists.iter().find(|list| list.kind == ListKind::Overdue).unwrap().matters;
    assert_eq!(daemon.health().await.matters.overdue, usize::try_from(overdue).unwrap());
    let page = Browser::of(&daemon, UNIT).get("").body;
    let asked = listed(ListKind::Unreported);
    assert!(asked > listed(ListKind::Overdue) && listed(ListKind::Overdue) > 1, "{lists:?}");
    assert_eq!(figure(&page, "本月待反馈"), asked, "June's round, that what is overdue is asked in too");
    assert_eq!(figure(&page, "超期"), listed(ListKind::Overdue));
    assert!(page.contains("2021年6月月调度，请于6月30日（星期三）前（含当日）反馈"));
}

/// A daemon with one plan of so many tasks, all of one unit.
async fn with_tasks(count: usize) -> TestDaemon {
    let home = tempfile::tempdir().unwrap();
    let files = home.path().join("schedules");
    crate::support::copy(&Path::new(env!("CARGO_MANIFEST_DIR")).join("schedules"), &files);
    for plan in ["air.toml", "annual.toml", "soil.toml", "water.toml"] {
        fs::remove_file(files.join(plan)).unwrap();
    }
    let head = "[plan]\nid = \"many\"\ntitle = \"专项行动方案\"\nshort = \"专项行动\"\nissued_on = 2021-05-01\n\
                in_force = { from = 2021-05-01, until = 2021-12-31 }\n";
    let task = |n: usize| {
        format!(
            "[[task]]\nid = \"t{n}\"\ntitle = \"任务{n}\"\ntext = \"完成任务{n}\"\ncite = [\"doc:{n}\"]\n\
             lead = [\"{UNIT}\"]\nlead_basis = \"office\"\ndue = {{ by = 2021-12-31 }}\n"
        )
    };
    let tasks: String = (1..=count).map(task).collect();
    fs::write(files.join("many.toml"), format!("{head}{tasks}")).unwrap();
    TestDaemon::with("2021-05-24T01:00:00Z", Clocks { ticker: None, guard: false }, Some(files)).await
}

#[tokio::test(flavor = "multi_thread")]
async fn many_matters_come_page_by_page_and_are_handed_in_together() {
    let daemon = with_tasks(120).await;
    let browser = Browser::of(&daemon, UNIT);
    let first = browser.get("");
    let shown = |page: &Page| page.body.matches("<article class=\"matter\"").count();
    assert_eq!(shown(&first), 50);
    assert!(first.says("其余在办事项（120项）") && first.says("第1页，共3页、120项。"), "{}", first.body);
    let [one, last] = ["任务1", "任务99"].map(|title| matter(&daemon, UNIT, title));
    let filled = Filled::of(&first).on(&one, "choice", "going").on(&one, "progress", "已开工");
    let turned = browser.post(&filled, "page~3");
    assert_eq!(turned.location(), "?page=3");
    let third = browser.follow(&turned);
    assert_eq!(shown(&third), 20);
    assert!(third.says("第3页，共3页、120项。其他页已填1项，预览时一并列出。"), "{}", third.body);
    assert!(third.says("<span class=\"number\">120</span>任务99"), "by number, then by name: {}", third.body);
    let filled = Filled::of(&third).on(&last, "choice", "done").on(&last, "done_on", "2021-05-20");
    let wrong = browser.post(&filled, "preview");
    assert_eq!((wrong.status, shown(&wrong)), (422, 20), "the page on which something is wrong");
    assert!(wrong.says("第120项“任务99”"), "{}", wrong.body);
    let filled = Filled::of(&wrong)
        .on(&last, "choice", "done")
        .on(&last, "done_on", "2021-05-20")
        .on(&last, "done_text", "已全部完成")
        .with("name", "张三")
        .with("phone", "13800000000");
    let preview = browser.follow(&browser.post(&filled, "preview"));
    assert!(preview.says("已开工") && preview.says("已全部完成"), "{}", preview.body);
    let receipt = browser.follow(&browser.confirm(&preview, "submit"));
    assert!(receipt.says("任务1") && receipt.says("任务99"), "{}", receipt.body);
    assert_eq!(shown(&browser.get("page=9")), 20, "no page beyond the last");
}
