//! Every phrase that a deadline's cell may hold, and what it is read as.

use crate::domain::Due;
use crate::import::book::Cell;
use crate::import::due::due;

fn read(text: &str) -> String {
    match due(&Cell::of(text), Some(2021)) {
        Ok(read) => {
            let shape = match &read.due {
                Due::By(day) => format!("by {day}"),
                Due::Every(r) => {
                    let on = r.on.map(|on| format!(" on {on}")).unwrap_or_default();
                    let after = r.due_after_days.map(|days| format!(" after {days}d")).unwrap_or_default();
                    let from = r.from.map(|day| format!(" from {day}")).unwrap_or_default();
                    let until = r.until.map(|day| format!(" until {day}")).unwrap_or_default();
                    format!("every {}{on}{after}{from}{until}", r.every)
                }
                Due::Window(days) => format!("window {}..{}", days.from, days.until),
                Due::YearlyWindow(y) => {
                    format!(
                        "yearly {}..{}{}",
                        y.window.from,
                        y.window.until,
                        y.from.map(|d| format!(" from {d}")).unwrap_or_default()
                    )
                }
                Due::Starting(day) => format!("starting {day}"),
                Due::Avoid(days) => format!("avoid {}..{}", days.from, days.until),
                Due::YearlyAvoid(y) => {
                    format!(
                        "avoid yearly {}..{}{}",
                        y.window.from,
                        y.window.until,
                        y.from.map(|d| format!(" from {d}")).unwrap_or_default()
                    )
                }
                Due::Ongoing => "ongoing".to_owned(),
                Due::Awaiting(_) => "awaiting".to_owned(),
                Due::Done(_) => "done".to_owned(),
                Due::Cron(_) => "cron".to_owned(),
            };
            let target = if read.is_target { " target" } else { "" };
            format!("{shape}{target}{}", "?".repeat(read.assumed.len()))
        }
        Err(not) => format!("! {}", not.why),
    }
}

/// `?` for each thing that is assumed.
const UNDERSTOOD: [(&str, &str); 92] = [
    // dates
    ("2021年6月30日前", "by 2021-06-30"),
    ("2021年6月30日", "by 2021-06-30"),
    ("2021-06-30", "by 2021-06-30"),
    ("2021/6/30", "by 2021-06-30"),
    ("2021.6.30", "by 2021-06-30"),
    ("20210630", "by 2021-06-30"),
    ("2021-06-30 00:00:00", "by 2021-06-30"),
    ("２０２１年６月３０日前", "by 2021-06-30"),
    ("二〇二一年六月三十日前", "by 2021-06-30"),
    ("6月30日前", "by 2021-06-30?"),
    ("6月30日", "by 2021-06-30?"),
    ("6.30", "by 2021-06-30?"),
    ("于6月30日前完成", "by 2021-06-30?"),
    ("6月底前", "by 2021-06-30?"),
    ("6月底", "by 2021-06-30?"),
    ("六月底前", "by 2021-06-30?"),
    ("2月底前", "by 2021-02-28?"),
    ("2021年6月底前", "by 2021-06-30"),
    ("2021年12月底前完成", "by 2021-12-31"),
    ("2021 年 6 月\n底前", "by 2021-06-30"),
    ("年底前", "by 2021-12-31?"),
    ("年底", "by 2021-12-31?"),
    ("2021年底前", "by 2021-12-31"),
    ("2021年年底前", "by 2021-12-31"),
    ("2025年底前", "by 2025-12-31"),
    ("今年年底前", "by 2021-12-31"),
    ("明年1月10日前", "by 2022-01-10"),
    ("2022年1月10日前", "by 2022-01-10"),
    ("2021年6月", "by 2021-06-30?"),
    ("6月份", "by 2021-06-30??"),
    ("6月中旬", "by 2021-06-20??"),
    ("6月上旬前", "by 2021-06-10??"),
    ("6月下旬", "by 2021-06-30?"),
    ("二季度末", "by 2021-06-30?"),
    ("第三季度", "by 2021-09-30??"),
    ("上半年", "by 2021-06-30??"),
    ("2021年上半年", "by 2021-06-30?"),
    ("力争年底前", "by 2021-12-31 target?"),
    ("年底前力争完成", "by 2021-12-31 target?"),
    ("力争2021年12月底前完成", "by 2021-12-31 target"),
    // cadences
    ("每季度", "every quarter until 2021-12-31?"),
    ("按季度", "every quarter until 2021-12-31?"),
    ("每季度一次", "every quarter until 2021-12-31?"),
    ("每季度至少开展一次", "every quarter until 2021-12-31?"),
    ("每季度末", "every quarter until 2021-12-31?"),
    ("每季度末月20日前", "every quarter on 3-20 until 2021-12-31?"),
    ("2022年1月1日起每季度", "every quarter from 2022-01-01"),
    ("2022年起，每季度", "every quarter from 2022-01-01?"),
    ("每季度至2022年6月底", "every quarter until 2022-06-30"),
    ("每月", "every month until 2021-12-31?"),
    ("按月", "every month until 2021-12-31?"),
    ("每月25日前", "every month on 25 until 2021-12-31?"),
    ("每月底前", "every month until 2021-12-31?"),
    ("每月1次", "every month until 2021-12-31?"),
    ("2021年5-9月每月", "every month from 2021-05-01 until 2021-09-30"),
    ("2021年底前每月", "every month until 2021-12-31"),
    ("每周", "every week until 2021-12-31?"),
    ("每周五", "every week on fri until 2021-12-31?"),
    ("每周一次", "every week until 2021-12-31?"),
    ("每日", "every day until 2021-12-31?"),
    ("每个工作日", "every workday until 2021-12-31?"),
    ("每年", "every year"),
    ("每年6月30日前", "every year on 06-30"),
    ("每年6月底前", "every year on 06-30"),
    ("每年年底前", "every year"),
    ("2022年1月1日起每年度结束后10日内", "every year after 10d from 2022-01-01"),
    // windows
    ("2021年5-9月", "window 2021-05-01..2021-09-30"),
    ("5—9月", "window 2021-05-01..2021-09-30?"),
    ("5月至9月", "window 2021-05-01..2021-09-30?"),
    ("2021年10月1日至2022年3月31日", "window 2021-10-01..2022-03-31"),
    ("10月1日起至次年3月31日", "window 2021-10-01..2022-03-31?"),
    ("2021年10月至次年3月", "window 2021-10-01..2022-03-31"),
    ("每年5-9月", "yearly 05-01..09-30"),
    ("2022年10月1日起每年10月1日至次年3月31日", "yearly 10-01..03-31 from 2022-10-01"),
    ("避开7-9月", "avoid 2021-07-01..2021-09-30?"),
    ("避开2021年7-9月", "avoid 2021-07-01..2021-09-30"),
    ("每年避开7-9月", "avoid yearly 07-01..09-30"),
    ("2022年1月1日起每年避开7-9月", "avoid yearly 07-01..09-30 from 2022-01-01"),
    // beginnings
    ("2021年7月1日起", "starting 2021-07-01"),
    ("10月1日起", "starting 2021-10-01?"),
    ("2021年5月起", "starting 2021-05-01?"),
    ("2021年5月起持续推进", "starting 2021-05-01?"),
    ("2022年起", "starting 2022-01-01?"),
    // no date
    ("长期坚持", "ongoing"),
    ("持续推进", "ongoing"),
    ("长期", "ongoing"),
    ("持续开展。", "ongoing"),
    ("汛前", "awaiting"),
    ("定期", "awaiting"),
    ("用途变更或者土地使用权收回、转让前", "awaiting"),
    ("已完成", "done"),
    ("完成。", "done"),
];

#[test]
fn every_phrase_of_a_deadline_is_read_and_what_is_assumed_is_counted() {
    let wrong: Vec<String> = UNDERSTOOD
        .iter()
        .filter(|(text, right)| read(text) != *right)
        .map(|(text, right)| format!("{text}: {} instead of {right}", read(text)))
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn what_is_not_understood_stays_so() {
    let wrong: Vec<String> = [
        "",
        "见附件",
        "6月31日",
        "2021年2月29日",
        "13月底",
        "2021年6月30日前报送方案，年底前完成",
        "6月前",
        "2021年前",
        "二季度前",
        "月底前",
        "本月底",
        "每半年",
        "每两周",
        "每季度至少2次",
        "每月32日",
        "2O21年6月30日",
        "44377天",
        "10月至3月",
        "2021年9月至5月",
        "已完成80%",
        "未完成",
        "6月底前完成80%",
        "汛前(6月1日前)",
        "每季度前",
        "2021",
        "1921年6月30日",
        "避开",
        "2021年6月30日起草",
        "起",
        "前",
        "季度",
    ]
    .iter()
    .map(|text| format!("{text}: {}", read(text)))
    .filter(|read| !read.contains(": !"))
    .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn a_date_without_a_year_needs_the_plans_year() {
    for text in ["6月底前", "年底前", "每季度", "5-9月", "10月1日起"] {
        assert!(due(&Cell::of(text), None).is_err(), "{text}");
    }
    for text in ["2021年6月底前", "长期坚持", "2022年起每季度", "每年5-9月", "已完成", "汛前"]
    {
        assert!(due(&Cell::of(text), None).is_ok(), "{text}");
    }
}

#[test]
fn numbers_are_no_dates_unless_all_eight_digits_stand_there() {
    assert!(due(&Cell::Number(6.3), Some(2021)).is_err(), "6.30 loses its zero");
    assert!(due(&Cell::Number(44377.0), Some(2021)).is_err(), "a day's number without a date format");
    assert!(due(&Cell::Number(20_210_630.0), Some(2021)).is_ok());
}
