//! From a delivered letter to the end of chasing, as a unit's clerk and the office go through it: postfix delivers,
//! the link is opened on a phone, everything is answered there, the office rules.
//!
//! Pictures of each step lie in `target/tmp/pictures`.

use std::time::Duration;

use duban::config::Smtp;
use duban::domain::command::Command;
use duban::domain::{Assignment, State, Via};
use duban::mail::{Mailer, SmtpMailer};
use duban::wire::Answer;
use mail_parser::MessageParser;

use crate::chromium::{Phone, Script};
use crate::page_browser::{Browser, assignment};
use crate::postfix::{EVERYBODY, Postfix};
use crate::support::{TestDaemon, target};

const UNIT: &str = "eco-env";
/// The mailbox to which units reply.
const OFFICE: &str = "ducha";
const CLEANING: &str = "干洗店摸底和挥发性有机物治理";
const CHECK: &str = "非道路移动机械季度专项检查";
/// One grey pixel.
const PHOTO: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\0\0\0\0:~\x9bU\0\0\0\nIDATx\x9cch\0\0\0\x82\0\x81w\xcdr\xb6\0\0\0\0IEND\xaeB`\x82";

/// The office with its mail server, and a clerk with a phone.
struct County {
    daemon: TestDaemon,
    postfix: Postfix,
}

impl County {
    async fn on(now: &str) -> Self {
        let postfix = Postfix::for_everybody();
        let mailer = Mailer::Smtp(SmtpMailer::new(Smtp::plain("127.0.0.1", postfix.port)));
        let mut daemon = TestDaemon::mailing(now, mailer).await;
        daemon.with_links().await;
        Self { daemon, postfix }
    }

    /// Subject and words of each letter to a mailbox, once postfix has delivered all that it took.
    async fn letters(&self, mailbox: &str) -> Vec<(String, String)> {
        let taken = self.daemon.client.letters().await.unwrap();
        let taken = taken.iter().filter(|letter| letter.progress == "accepted").count();
        let waiting = async {
            while self.postfix.delivered(EVERYBODY).len() < taken {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        };
        let came = tokio::time::timeout(Duration::from_secs(30), waiting).await;
        assert!(came.is_ok(), "{taken} letters: {}", self.postfix.log());
        let to = format!("{mailbox}@county.test");
        let mut letters = Vec::new();
        for bytes in self.postfix.delivered(EVERYBODY) {
            let letter = MessageParser::default().parse(bytes.as_bytes()).unwrap();
            if letter.to().and_then(|to| to.first()).and_then(|to| to.address()) == Some(&to) {
                letters
                    .push((letter.subject().unwrap().to_owned(), letter.body_text(0).unwrap().into_owned()));
            }
        }
        letters
    }

    async fn naming(&self, mailbox: &str, matter: &str) -> Vec<String> {
        let letters = self.letters(mailbox).await;
        letters.into_iter().filter(|(_, text)| text.contains(matter)).map(|(subject, _)| subject).collect()
    }

    fn matter(&self, title: &str) -> Assignment {
        assignment(&self.daemon, UNIT, title)
    }

    fn head(&self) -> u64 {
        self.daemon.running().planner().ledger().read().head()
    }
}

fn link(text: &str) -> &str {
    let links: Vec<&str> = text.split_whitespace().filter(|word| word.contains("/u/")).collect();
    assert_eq!(links.len(), 1, "one link a letter: {text}");
    let at = links[0].find("http").unwrap();
    links[0][at..].split(|c: char| !c.is_ascii_graphic()).next().unwrap()
}

/// Everything on the phone; a picture of each page.
fn answer(phone: &Phone, county: &County, link: &str, pictures: &str) {
    let look = |step: &str| {
        phone.picture(&format!("{pictures}-{step}"));
        assert!(!phone.scrolls_sideways(), "{step} is wider than the screen");
        assert_eq!(phone.too_small_to_tap(), serde_json::json!([]), "{step}");
    };
    let before = county.head();
    phone.open(link);
    look("1-page");
    assert!(phone.text().contains("打开页面不会提交任何内容"));
    assert_eq!(county.head(), before, "opening it records nothing");

    phone.go("button[value=sign]");
    phone.fill("#person-name", "王建国");
    phone.fill("#person-phone", "13935601234");
    look("2-sign");
    phone.go("button[value=receive]");
    look("3-signed");
    assert!(phone.text().contains("R2021-0623-01"), "{}", phone.text());

    phone.open(link);
    let cleaning = county.matter(CLEANING).occurrence;
    let field = |name: &str| format!("[name='{name}~{cleaning}']");
    let photo = county.daemon.home.path().join("密闭设备现场照片.png");
    std::fs::write(&photo, PHOTO).unwrap();
    phone.tap(&format!("[name='choice~{cleaning}'][value=done] + label"));
    phone.choose_day(&field("done_on"), "2021-06-21");
    phone.fill(&field("done_text"), "全县12家干洗店已全部更换密闭式设备，完成现场核查。");
    phone.fill(&field("files"), photo.to_str().unwrap());
    phone.choose_day(&field("obtained_on"), "2021-06-21");
    let check = county.matter(CHECK).occurrence;
    phone.tap(&format!("[name='choice~{check}'][value=going] + label"));
    phone.fill(&format!("[name='progress~{check}']"), "已检查施工工地9处，余下3处月底前查完。");
    phone.fill_anew("#person-name", "王建国");
    phone.fill_anew("#person-phone", "13935601234");
    look("4-filled");
    phone.go("button.primary[value=preview]");
    look("5-preview");
    phone.go("button[value=submit]");
    look("6-receipt");
    assert!(phone.text().contains("R2021-0623-02"), "{}", phone.text());
    phone.go("a[href*=paper]");
    look("7-paper");
}

async fn from_letter_to_acceptance(script: Script, pictures: &str) {
    let mut county = County::on("2021-06-22T01:00:00Z").await;
    county.daemon.go_to("2021-06-23T01:00:00Z").await;
    let letters = county.letters(UNIT).await;
    let (_, text) = letters.iter().find(|(subject, _)| subject.contains("到期提醒")).unwrap();
    let link = link(text).to_owned();
    // A mail scanner follows it first, several times, as a browser and as a bare checker.
    let token = link.rsplit_once('/').unwrap().1;
    let scanner = Browser::with(&county.daemon, token);
    let before = county.head();
    for method in ["HEAD", "GET", "GET"] {
        assert_eq!(scanner.ask(method, "", None).status, 200);
    }
    assert_eq!(county.head(), before);

    let phone = Phone::with(script);
    answer(&phone, &county, &link, pictures);
    county.daemon.settle().await;
    drop(phone);

    let one = county.matter(CLEANING);
    let record = one.record.as_ref().unwrap();
    assert_eq!((one.state, record.receipt.as_ref().unwrap().via), (State::Claimed, Via::Link));
    let evidence = &record.evidence[0].evidence;
    assert_eq!((evidence.name.as_str(), evidence.media_type.as_str()), ("密闭设备现场照片.png", "image/png"));
    let kept = county.daemon.config().data.join("evidence").join(evidence.digest.to_string());
    assert_eq!(std::fs::read(kept).unwrap(), PHOTO);
    let receipts = county.naming(UNIT, "R2021-0623-02").await;
    assert_eq!(receipts.len(), 1, "the receipt is mailed back: {receipts:?}");

    // While it waits, the office is reminded, the unit is not; of the other matter it still is.
    let named = county.naming(UNIT, CLEANING).await.len();
    county.daemon.walk_to("2021-07-02").await;
    assert_eq!(county.naming(UNIT, CLEANING).await.len(), named);
    assert!(county.naming(UNIT, "第二季度非道路移动机械专项检查").await.len() > 1);
    assert!(!county.naming(OFFICE, CLEANING).await.is_empty());
    let task = one.occurrence.task.to_string();
    let accept = Command::Accept { target: target(&task), done_on: None, remark: None };
    assert!(matches!(county.daemon.command(accept).await, Answer::Done { .. }));
    let office = county.naming(OFFICE, CLEANING).await.len();
    county.daemon.walk_to("2021-07-30").await;
    assert_eq!(county.naming(UNIT, CLEANING).await.len(), named, "nobody is chased any more");
    assert_eq!(county.naming(OFFICE, CLEANING).await.len(), office);
    assert_eq!(county.matter(CLEANING).state, State::Accepted);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clerk_answers_a_delivered_letter_on_a_phone_and_chasing_ends_with_the_acceptance() {
    from_letter_to_acceptance(Script::Runs, "phone").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_javascript_it_goes_the_same_way() {
    from_letter_to_acceptance(Script::Off, "phone-plain").await;
}
