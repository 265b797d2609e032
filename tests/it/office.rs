//! The office's use cases, asked of a running daemon over its socket and of its files once it has stopped.

use duban::client::ClientFault;
use duban::clock::Clock;
use duban::journal::{Shelves, read_archive};
use duban::locale::Language;
use duban::office::authority::first_roles;
use duban::office::{
    Caller, Done, Office, UseCase, behalf, bulletin, events, forecast, imports, incoming, letters, papers,
    plans, reviews, rulings, tasks, units,
};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::process::program;
use crate::support::TestDaemon;

/// A Wednesday in the year of the three plans.
const NOW: &str = "2021-06-23T01:30:00Z";

fn ask<U: DeserializeOwned>(question: Value) -> U {
    serde_json::from_value(question).unwrap()
}

async fn done<U: UseCase<Answer = Done>>(daemon: &TestDaemon, question: Value) -> Done {
    let done = daemon.client.ask(&ask::<U>(question)).await.unwrap();
    daemon.settle().await;
    done
}

async fn refused<U: UseCase>(daemon: &TestDaemon, question: Value) -> String {
    match daemon.client.ask(&ask::<U>(question)).await {
        Err(ClientFault::Refused(refused)) => refused.what,
        Err(fault) => panic!("{fault}"),
        Ok(_) => panic!("it was not refused"),
    }
}

/// Asks the running daemon, and gives back how to ask the stopped one.
async fn live<U: UseCase>(
    daemon: &TestDaemon,
    question: Value,
) -> (&'static str, Value, Box<dyn Fn(&Office) -> Value>) {
    let answer = daemon.client.ask(&ask::<U>(question.clone())).await.unwrap();
    let stopped = move |office: &Office| {
        let answer = office.answer(ask::<U>(question.clone()), &Caller::of_files(Language::English)).unwrap();
        serde_json::to_value(answer).unwrap()
    };
    (U::NAME, serde_json::to_value(answer).unwrap(), Box::new(stopped))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stopped_office_answers_as_the_running_one_did() {
    let mut daemon = TestDaemon::at(NOW).await;
    done::<behalf::Record>(
        &daemon,
        json!({ "said": { "matter": { "name": "dry-cleaners" }, "via": "phone", "done": "2021-06-21", "text": "已更换" } }),
    )
    .await;
    let questions = [
        live::<plans::List>(&daemon, json!({})).await,
        live::<plans::Declared>(&daemon, json!({})).await,
        live::<plans::Show>(&daemon, json!({ "plan": "yangcheng-2021-air" })).await,
        live::<tasks::List>(&daemon, json!({ "unit": "市生态环境局阳城分局" })).await,
        live::<tasks::Entries>(&daemon, json!({})).await,
        live::<tasks::Show>(&daemon, json!({ "name": "dry-cleaners" })).await,
        live::<reviews::Waiting>(&daemon, json!({})).await,
        live::<units::List>(&daemon, json!({})).await,
        live::<units::Show>(&daemon, json!({ "unit": "housing" })).await,
        live::<letters::List>(&daemon, json!({ "unit": "housing" })).await,
        live::<incoming::List>(&daemon, json!({})).await,
        live::<bulletin::Steps>(&daemon, json!({ "period": "2021-06" })).await,
        live::<papers::Week>(&daemon, json!({ "format": "json" })).await,
        live::<papers::LedgerPaper>(&daemon, json!({ "format": "csv" })).await,
        live::<papers::Leader>(&daemon, json!({ "unit": "eco-env" })).await,
        live::<papers::Pack>(&daemon, json!({ "unit": "eco-env", "year": 2021 })).await,
        live::<events::Page>(&daemon, json!({ "after": 0, "task": "dry-cleaners" })).await,
    ];
    let waiting = &questions[6].1;
    assert_eq!(waiting[0]["waits"][0]["kind"], "claim", "{waiting}");
    let clock = Clock::Manual(daemon.clock.clone());
    daemon.stop().await;
    let data = daemon.home.path().join("data");
    let office = Office::stopped(read_archive(&data).unwrap(), Shelves::of(&data), clock).unwrap();
    for (name, running, stopped) in questions {
        assert_eq!(running, stopped(&office), "{name}");
    }
    let change = ask::<rulings::Accept>(json!({ "names": ["dry-cleaners"] }));
    let clerk = Caller { roles: first_roles(), ..Caller::of_files(Language::English) };
    for caller in [clerk, Caller::of_files(Language::English)] {
        let refused = office.answer(change.clone(), &caller).unwrap_err();
        assert_eq!(refused.what, "系统没有运行");
        assert_eq!(refused.told_in(Language::English).what, "no daemon is running");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn names_are_looked_up_by_the_office_and_refused_with_the_way_out() {
    let daemon = TestDaemon::at(NOW).await;
    let accept = |name: &str| json!({ "names": [name] });
    let what = refused::<rulings::Accept>(&daemon, accept("dry-cleaner")).await;
    assert_eq!(what, "no task `dry-cleaner`");
    let what = refused::<rulings::Accept>(&daemon, accept("machinery-check")).await;
    assert_eq!(what, "several plans have a task `machinery-check`");
    let two = json!({ "names": ["yangcheng-2021-air/machinery-check/2021Q2"], "period": "2021Q3" });
    let what = refused::<rulings::Accept>(&daemon, two).await;
    assert!(what.ends_with("`--period 2021Q3` are two periods"), "{what}");
    // Units are called as the documents call them.
    let chased = json!({ "names": ["dry-cleaners"], "unit": "市生态环境局阳城分局", "words": "请抓紧" });
    let done = done::<rulings::Chase>(&daemon, chased).await;
    assert!(done.deeds[0].words.ends_with("of eco-env"), "{done:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn one_that_is_refused_holds_up_none_of_the_others() {
    let daemon = TestDaemon::at(NOW).await;
    let both = json!({ "names": ["dry-cleaners", "yangcheng-2021-air/machinery-check/2021Q4"] });
    let done = done::<rulings::Accept>(&daemon, both).await;
    assert_eq!((done.deeds.len(), done.refused.len()), (1, 1), "{done:?}");
    assert!(done.deeds[0].words.contains("on the office's own word"), "{done:?}");
    assert!(done.refused[0].what.contains("is not open"), "{done:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_task_of_a_closed_plan_makes_recording_by_name_no_riddle() {
    // Five years on, the plans of 2021 are over; one of them has a task of the same name.
    let daemon = TestDaemon::at("2026-11-23T01:30:00Z").await;
    let said = json!({ "said": { "matter": { "name": "black-water-monitoring" }, "via": "phone", "receipt": true } });
    let done = done::<behalf::Record>(&daemon, said).await;
    assert!(done.deeds[0].words.contains("annual/black-water-monitoring/"), "{done:?}");
    let due_before = json!({ "due_before": "2027-12-31" });
    let listed = daemon.client.ask(&ask::<tasks::List>(due_before)).await.unwrap();
    assert!(listed.iter().all(|one| one.row.plan.as_str() == "annual"), "{listed:#?}");
    let all = json!({ "due_before": "2027-12-31", "closed": true });
    let all = daemon.client.ask(&ask::<tasks::List>(all)).await.unwrap();
    assert_eq!(all.iter().filter(|one| one.row.plan.as_str() != "annual").count(), 35);
}

#[tokio::test(flavor = "multi_thread")]
async fn asking_twice_under_one_request_id_is_asking_once() {
    let daemon = TestDaemon::at(NOW).await;
    let office = daemon.running().office();
    let caller =
        Caller { roles: first_roles(), request: Some("one".into()), ..Caller::of_files(Language::English) };
    let question =
        || ask::<rulings::Pause>(json!({ "matter": { "name": "dry-cleaners" }, "reason": "停业" }));
    let first = office.answer(question(), &caller).unwrap();
    let again = office.answer(question(), &caller).unwrap();
    assert_eq!(first.deeds[0].position, again.deeds[0].position);
    daemon.settle().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn one_process_holds_two_offices_that_know_nothing_of_each_other() {
    let (one, other) = (TestDaemon::at(NOW).await, TestDaemon::at(NOW).await);
    let matter =
        json!({ "title": "西河排污口整治", "source": "县长批示", "lead": ["eco-env"], "on": "2021-06-23" });
    let told = done::<duban::office::matters::Assign>(&one, matter).await;
    assert!(told.deeds[0].words.contains("2021-06-30"), "{told:?}");
    let assigned = async |daemon: &TestDaemon| {
        let tasks = daemon.client.tasks().await.unwrap();
        tasks.into_iter().filter(|entry| entry.plan.as_str() == "matters").count()
    };
    assert_eq!((assigned(&one).await, assigned(&other).await), (1, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_span_that_ends_before_it_begins_and_an_unreadable_sheet_are_refused_by_the_office() {
    let daemon = TestDaemon::at(NOW).await;
    let span = json!({ "from": "2021-07-01", "until": "2021-06-01" });
    assert!(refused::<forecast::Preview>(&daemon, span).await.contains("is no span"));
    let sheet = json!({ "options": {}, "file": { "name": "x.xlsx", "bytes": "AAAA" }, "dry_run": true });
    assert!(refused::<imports::Import>(&daemon, sheet).await.starts_with("x.xlsx: "));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_task_is_shown_unit_by_unit_with_dates_extension_claim_files_letters_and_history() {
    let daemon = TestDaemon::at(NOW).await;
    let page = daemon.home.path().join("整改照片.pdf");
    std::fs::write(&page, "%PDF-1.4\n").unwrap();
    let file = std::fs::File::open(&page).unwrap();
    let evidence = daemon.client.evidence("整改照片.pdf", file).await.unwrap();
    let said = |words: Value| {
        let mut said = json!({ "matter": { "name": "dry-cleaners" }, "via": "phone" });
        said.as_object_mut().unwrap().extend(words.as_object().unwrap().clone());
        said
    };
    let asks = said(json!({ "extension": "2021-07-31", "reason": "设备到货晚", "text": "完成八成" }));
    done::<behalf::Record>(&daemon, json!({ "said": asks })).await;
    let grants = json!({
        "matter": { "name": "dry-cleaners" }, "approver": "县政府分管领导", "document": "阳政办函〔2021〕9号",
    });
    done::<rulings::Extend>(&daemon, grants).await;
    let claims = said(json!({ "done": "2021-06-21", "text": "已更换密闭设备" }));
    done::<behalf::Record>(&daemon, json!({ "said": claims, "evidence": [evidence] })).await;

    let shown = daemon.client.ask(&ask::<tasks::Show>(json!({ "name": "dry-cleaners" }))).await.unwrap();
    let [matter] = shown.matters.as_slice() else { panic!("{:#?}", shown.matters) };
    assert_eq!(matter.assignment.unit.as_str(), "eco-env");
    assert_eq!((matter.state.as_str(), matter.status.as_str()), ("claimed", "◇待审核·蓝"));
    let day = |text: &str| text.parse().unwrap();
    assert_eq!((matter.original, matter.deadline), (Some(day("2021-06-30")), Some(day("2021-07-31"))));
    let granted = &matter.extensions[0];
    assert_eq!((granted.from, granted.until), (Some(day("2021-06-30")), day("2021-07-31")));
    assert_eq!(
        (granted.approver.as_str(), granted.document_number.as_str()),
        ("县政府分管领导", "阳政办函〔2021〕9号")
    );
    assert_eq!(
        (matter.claims[0].done_on, matter.claims[0].text.as_str()),
        (day("2021-06-21"), "已更换密闭设备")
    );
    let file = &matter.files[0];
    let kept = std::fs::read(daemon.home.path().join("data").join(&file.path)).unwrap();
    assert_eq!((file.name.as_str(), kept.as_slice()), ("整改照片.pdf", &b"%PDF-1.4\n"[..]));
    assert!(
        matter.letters.iter().any(|letter| letter.about == duban::matter::LetterAbout::Ruling),
        "{:#?}",
        matter.letters
    );
    let happened: Vec<&str> = matter.history.iter().map(|line| line.what.word()).collect();
    for word in ["批准延期", "申请办结", "提交材料"] {
        assert!(happened.contains(&word), "{happened:?}");
    }
    let other = json!({ "name": "dry-cleaners", "period": "2021Q1" });
    assert!(refused::<tasks::Show>(&daemon, other).await.starts_with("nothing was opened of"));

    // As the command line prints it, and its files written out.
    let run = |args: &[&str]| {
        let output = program(daemon.home.path()).args(args).output().unwrap();
        assert!(output.status.success(), "{args:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    };
    let text = run(&["task", "show", "dry-cleaners"]);
    for words in [
        "original    2021-06-30 Wed",
        "current     2021-07-31 Sat",
        "from 2021-06-30 to 2021-07-31, granted on 2021-06-23 by 县政府分管领导, 阳政办函〔2021〕9号",
        "done 2021-06-21: 已更换密闭设备",
        "整改照片.pdf, 1 KiB: ",
        "/evidence/",
        "批准延期",
    ] {
        assert!(text.contains(words), "{words}: {text}");
    }
    let text = run(&["task", "show", "dry-cleaners", "--lang", "zh"]);
    for words in [
        "原定时限    2021-06-30 星期三",
        "现定时限    2021-07-31 星期六",
        "由2021-06-30延至2021-07-31，2021-06-23由县政府分管领导批准（阳政办函〔2021〕9号）",
        "完成日2021-06-21：已更换密闭设备",
    ] {
        assert!(text.contains(words), "{words}: {text}");
    }
    let json: Value =
        serde_json::from_str(&run(&["task", "show", "dry-cleaners", "--format", "json"])).unwrap();
    assert_eq!(json["matters"][0]["deadline"], "2021-07-31");
    assert_eq!(run(&["task", "show", "dry-cleaners", "--files", "材料"]), "材料/eco-env-整改照片.pdf\n");
    assert_eq!(std::fs::read(daemon.home.path().join("材料/eco-env-整改照片.pdf")).unwrap(), b"%PDF-1.4\n");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_member_of_a_collective_has_the_tasks_of_the_collective_marked_as_such() {
    let daemon = TestDaemon::at(NOW).await;
    let of = async |unit: &str| {
        let listed = daemon.client.ask(&ask::<tasks::List>(json!({ "unit": unit }))).await.unwrap();
        listed.into_iter().filter_map(|one| one.share)
    };
    let own = of("beiliu").await.count();
    let collective = of("townships-all").await.count();
    assert!(collective > 0);
    let members = json!({ "unit": "townships-all", "members": ["beiliu", "runcheng"] });
    let set = done::<units::Set>(&daemon, members).await;
    let hour = "what is open goes over at 09:00 on 2021-06-24, by one letter each; until then the members can be put back";
    assert_eq!(set.notes[0], hour);
    let heads: Vec<&str> = set.notes[1..].iter().filter_map(|note| note.split(": ").next()).collect();
    assert_eq!(
        heads,
        [
            "北留镇 (beiliu) is asked anew",
            "润城镇 (runcheng) is asked anew",
            "各乡镇 (townships-all) is asked no more, and told so"
        ]
    );
    let shares: Vec<_> = of("beiliu").await.collect();
    assert_eq!(shares.len(), own + collective);
    let through =
        shares.iter().filter(|share| share.through.as_ref().is_some_and(|c| c.as_str() == "townships-all"));
    assert_eq!(through.count(), collective);
    let shown = daemon.client.ask(&ask::<units::Show>(json!({ "unit": "beiliu" }))).await.unwrap();
    assert_eq!(shown.leads + shown.cooperates, own + collective);
}

/// A plan of the office with one dated task.
const OFFICE_PLAN: &str = r#"
[plan]
id = "office-2021"
title = "县政府办公室2021年督办事项"
short = "县政府办督办事项"
issued_on = 2021-06-01
in_force = { from = 2021-06-01, until = 2021-12-31 }

[[task]]
id = "well-closing"
title = "关闭城区自备井"
text = "8月底前关闭城区自备井。"
cite = ["office-2021:1"]
lead = ["water"]
lead_basis = "office"
due = { by = 2021-08-31 }
"#;

#[tokio::test(flavor = "multi_thread")]
async fn a_date_that_the_office_moves_is_told_by_the_next_letter() {
    let mut daemon = TestDaemon::at(NOW).await;
    let add = json!({ "file": { "name": "office-2021.toml", "text": OFFICE_PLAN } });
    done::<plans::Add>(&daemon, add).await;
    daemon.walk_to("2021-06-24").await;
    // What was added is told once somebody has looked.
    done::<letters::Release>(&daemon, json!({ "all": true })).await;
    let before = daemon.letters().len();
    let moved = json!({
        "task": "well-closing", "until": "2021-09-30", "reason": "汛期推迟施工", "ground": "阳政办函〔2021〕9号",
    });
    let told = done::<plans::MoveDeadline>(&daemon, moved).await;
    assert_eq!(
        told.deeds[0].words,
        "office-2021/well-closing is due on 2021-09-30 from now on; its units are told"
    );
    daemon.walk_to("2021-06-25").await;
    let texts: Vec<String> = daemon.letters()[before..]
        .iter()
        .filter(|letter| letter.to.unit().is_some_and(|unit| unit.as_str() == "water"))
        .map(|letter| duban::letter::plain(&String::from_utf8_lossy(&letter.bytes)).unwrap().text)
        .collect();
    let [text] = texts.as_slice() else { panic!("one letter: {texts:#?}") };
    for words in ["关闭城区自备井", "8月31日", "9月30日", "汛期推迟施工"] {
        assert!(text.contains(words), "{words}: {text}");
    }
    let shown = daemon.client.ask(&ask::<tasks::Show>(json!({ "name": "well-closing" }))).await.unwrap();
    assert_eq!(shown.matters[0].deadline, Some("2021-09-30".parse().unwrap()));
    // What a file says is changed in the file.
    let of_file = json!({ "task": "dry-cleaners", "until": "2021-09-30", "reason": "x" });
    let what = refused::<plans::MoveDeadline>(&daemon, of_file).await;
    assert_eq!(what, "plan `yangcheng-2021-air` belongs to its file");
}
