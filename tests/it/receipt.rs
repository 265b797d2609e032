//! A receipt reads the same whatever shape its events were stored in.

use std::fs;

use duban::domain::Ledger;
use duban::journal::read_archive;

use crate::page_browser::{Browser, Filled, matter};
use crate::support::{TestDaemon, rewrite};

const UNIT: &str = "eco-env";
const PDF: &[u8] = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n";

/// What stands in a receipt, line by line: markup left out.
fn lines(body: &str) -> Vec<String> {
    let text =
        body.split('<').filter_map(|piece| Some(piece.split_once('>')?.1)).collect::<Vec<_>>().join("\n");
    text.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn receipts_of_the_first_shape_and_of_the_second_read_whole() {
    let mut daemon = TestDaemon::at("2021-05-24T01:00:00Z").await;
    let browser = Browser::of(&daemon, UNIT);
    let cleaning = matter(&daemon, UNIT, "干洗店摸底和挥发性有机物治理");
    let machinery = matter(&daemon, UNIT, "非道路移动机械季度专项检查");
    let claim = Filled::of(&browser.get(""))
        .on(&cleaning, "choice", "done")
        .on(&cleaning, "done_on", "2021-05-20")
        .on(&cleaning, "done_text", "12家干洗店已全部更换密闭设备")
        .file(&cleaning, "验收报告.pdf", PDF)
        .on(&machinery, "choice", "going")
        .on(&machinery, "progress", "已检查9台");
    let first = lines(&browser.follow(&browser.hand_in(&claim)).body);
    for words in ["R2021-0524-01", "12家干洗店已全部更换密闭设备", "验收报告.pdf", "已检查9台"]
    {
        assert!(first.iter().any(|line| line.contains(words)), "{words}: {first:#?}");
    }

    // As a duban before shape 2 would have stored it.
    daemon.stop().await;
    let data = daemon.config().data.clone();
    rewrite(&data.join("archive/00000000000000000001.jsonl"), |_, body| {
        let first =
            body.replace("\"type\":\"AnswersReceived\",\"v\":2", "\"type\":\"AnswersReceived\",\"v\":1");
        if first == body { first } else { first.replace(",\"acknowledged\":true", "") }
    });
    fs::remove_dir_all(data.join("store")).unwrap();
    fs::remove_file(data.join("store-reached")).unwrap();
    daemon.start().await;
    let browser = Browser::of(&daemon, UNIT);
    let progress = Filled::of(&browser.get("")).on(&machinery, "choice", "going").on(
        &machinery,
        "progress",
        "已检查12台",
    );
    browser.follow(&browser.hand_in(&progress));

    assert_eq!(lines(&browser.get("receipt=R2021-0524-01").body), first);
    let second = lines(&browser.get("receipt=R2021-0524-02").body);
    assert!(second.iter().any(|line| line.contains("已检查12台")), "{second:#?}");
    assert!(!second.iter().any(|line| line.contains("12家干洗店")), "{second:#?}");
    let mut shapes = Vec::new();
    Ledger::fold_with(read_archive(&data).unwrap().read(0), |_, recorded| {
        if let duban::domain::Event::AnswersReceived(form) = &recorded.event {
            shapes.push(form.acknowledged);
        }
    })
    .unwrap();
    assert_eq!(shapes, [None, Some(true)], "one of each shape was read");
}
