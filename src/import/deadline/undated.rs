//! Words of a deadline that give no date: done, goes on, or awaits a decision.

use super::scan::Scan;

const DONE: [&str; 4] = ["已完成", "完成", "已办结", "办结"];
/// What may follow 已 in a cell that says that all of it is done.
const DONE_WORDS: [&str; 20] = [
    "全部",
    "全面",
    "按期",
    "按时",
    "按要求",
    "按规定",
    "如期",
    "整改",
    "落实",
    "完成",
    "办结",
    "办理",
    "到位",
    "完毕",
    "销号",
    "建成",
    "竣工",
    "验收",
    "任务",
    "工作",
];
const GOES_ON: [&str; 14] = [
    "长期",
    "持续",
    "常年",
    "常抓不懈",
    "长效",
    "一直",
    "常态化",
    "常态",
    "经常性",
    "日常",
    "坚持不懈",
    "久久为功",
    "不间断",
    "贯穿始终",
];
/// What may stand beside such a word.
const GOES_ON_TOO: [&str; 49] = [
    "坚持",
    "推进",
    "推动",
    "开展",
    "实施",
    "巩固",
    "提升",
    "深化",
    "深入",
    "加强",
    "强化",
    "落实",
    "进行",
    "抓好",
    "抓",
    "做好",
    "执行",
    "保持",
    "优化",
    "完善",
    "整改",
    "整治",
    "治理",
    "监管",
    "管理",
    "任务",
    "工作",
    "有序",
    "稳步",
    "立行立改",
    "即知即改",
    "立即整改",
    "性",
    "并",
    ",",
    "、",
    ";",
    "发力",
    "用力",
    "攻坚",
    "跟进",
    "跟踪",
    "改进",
    "即行即改",
    "即日起",
    "督导",
    "检查",
    "立整立改",
    "边整边改",
];
/// Words that say that the document gives no date.
const AWAITING: [&str; 48] = [
    "汛前",
    "汛期",
    "汛后",
    "冬春浇",
    "赛前",
    "赛时",
    "采暖季",
    "采暖期",
    "供暖季",
    "供暖期",
    "取暖季",
    "取暖期",
    "供热期",
    "供暖",
    "定期",
    "按时",
    "按期",
    "如期",
    "适时",
    "及时",
    "待定",
    "另行通知",
    "年度评估",
    "随时",
    "尽快",
    "尽早",
    "按要求",
    "按规定",
    "规定时间",
    "考核",
    "应急响应",
    "按需",
    "视情",
    "立行立改",
    "即知即改",
    "立查立改",
    "边查边改",
    "立即",
    "马上",
    "即日起",
    "限期",
    "近期",
    "同步",
    "根据需要",
    "即行即改",
    "之日起",
    "立整立改",
    "边整边改",
];
/// What a phrase without a date may begin with.
const AWAITING_BEGINS: [&str; 7] = ["按照", "按", "根据", "依据", "视", "待", "结合"];
/// Times whose days nobody knows yet, or that a notice sets each year.
const EVENTS: [&str; 53] = [
    "汛期",
    "主汛期",
    "汛",
    "非汛期",
    "雨季",
    "入汛",
    "采暖季",
    "采暖期",
    "非采暖季",
    "非采暖期",
    "供暖季",
    "供暖期",
    "非供暖期",
    "供暖",
    "采暖",
    "供热",
    "取暖季",
    "冬季",
    "秋冬季",
    "冬春季",
    "夏季",
    "春季",
    "秋季",
    "入冬",
    "春节",
    "清明",
    "端午",
    "中秋",
    "国庆",
    "五一",
    "元旦",
    "两节",
    "节假日",
    "节日",
    "十一",
    "七一",
    "八一",
    "节",
    "高考",
    "中考",
    "开学",
    "暑假",
    "寒假",
    "秋收",
    "春耕",
    "三夏",
    "三秋",
    "麦收",
    "两会",
    "防火期",
    "森林防火期",
    "禁烧期",
    "元宵",
];
/// What stands behind something that happens on a day nobody knows yet.
const HANGS_ON: [&str; 7] = ["之前", "以前", "前", "期间", "时", "之后", "后"];
/// Words with 年, 月, 日, 季 … in them that tell no time.
const NO_CALENDAR: [&str; 23] = [
    "年度评估",
    "年度考核",
    "之日",
    "日常",
    "节假日",
    "节日",
    "假日",
    "采暖季",
    "供暖季",
    "取暖季",
    "秋冬季",
    "冬春季",
    "换季",
    "周边",
    "春季",
    "夏季",
    "秋季",
    "冬季",
    "旱季",
    "雨季",
    "天气",
    "即日",
    "日期",
];

/// The whole text says that the task is done.
pub(super) fn is_done(plain: &str) -> bool {
    DONE.contains(&plain) || behind_done(plain).is_some_and(str::is_empty)
}

/// What stands behind `已整改到位` and the like.
fn behind_done(plain: &str) -> Option<&str> {
    let mut scan = Scan(plain);
    if !scan.eat("已") {
        return None;
    }
    let mut eaten = false;
    while scan.eat_any(&DONE_WORDS) {
        eaten = true;
    }
    eaten.then_some(scan.0)
}

/// `已完成，持续推进`.
pub(super) fn is_done_and_goes_on(plain: &str) -> bool {
    behind_done(plain).is_some_and(goes_on)
}

/// The whole text says that the duty goes on.
pub(super) fn goes_on(plain: &str) -> bool {
    let mut scan = Scan(plain);
    let mut found = false;
    loop {
        if scan.eat_any(&GOES_ON) {
            found = true;
        } else if !scan.eat_any(&GOES_ON_TOO) {
            return found && scan.is_empty();
        }
    }
}

/// Takes an event with what stands behind it: `汛期前`, `国庆节期间`.
pub(super) fn event(scan: &mut Scan<'_>) -> bool {
    let mut ahead = *scan;
    let mut found = false;
    while ahead.eat_any(&EVENTS) {
        ahead.eat("节");
        ahead.eat_any(&["、", "和", "及"]);
        found = true;
    }
    if found {
        ahead.eat_any(&HANGS_ON);
        *scan = ahead;
    }
    found
}

/// The text gives no date, and none of its words could be one.
pub(super) fn awaits(plain: &str) -> bool {
    if is_event_of_a_year(plain) || counts_from_an_event(plain) {
        return true;
    }
    if tells_time(plain) {
        return false;
    }
    AWAITING.iter().any(|word| plain.contains(word))
        || AWAITING_BEGINS.iter().any(|word| plain.starts_with(word))
        || hangs_on_something(plain)
}

/// `2021年汛期前`, `每年汛期前`, `春节前`.
fn is_event_of_a_year(plain: &str) -> bool {
    let mut scan = Scan(plain);
    // 2021-2022年秋冬季
    let mut ahead = scan;
    if ahead.digits(4).is_some_and(|year| year.len() == 4) && ahead.eat("-") {
        scan = ahead;
    }
    if scan.counted(&["年"]).is_none() {
        scan.eat_any(&["每年", "今年", "当年", "明年"]);
    }
    event(&mut scan) && scan.is_empty()
}

/// `印发之日起30日内`, `收到通知后7个工作日内`: counted from a day nobody knows yet.
fn counts_from_an_event(plain: &str) -> bool {
    let counted = || {
        let text = ["以内", "之内", "内"].iter().find_map(|word| plain.strip_suffix(word))?;
        let units = ["个自然日", "个工作日", "工作日", "日", "天", "个月", "年", "小时", "周"];
        let text = units.iter().find_map(|unit| text.strip_suffix(unit))?;
        let event = text.trim_end_matches(|c: char| c.is_ascii_digit());
        (event.len() < text.len()).then_some(event)
    };
    counted().is_some_and(|event| {
        // 纳入名录一年内 needs no 后, but more than a verb.
        let chars_min = if event.ends_with(['起', '后']) { 3 } else { 6 };
        event.chars().count() >= chars_min && !tells_time(event)
    })
}

/// Whether a digit, a letter or a word of the calendar stands in it.
fn tells_time(plain: &str) -> bool {
    const CALENDAR: [&str; 16] = [
        "年", "月", "日", "号", "周", "星期", "礼拜", "季", "旬", "每", "天", "午", "晚", "凌晨", "小时",
        "钟",
    ];
    let rest = NO_CALENDAR.iter().fold(plain.to_owned(), |text, word| text.replace(word, ""));
    rest.chars().any(|c| c.is_ascii_alphanumeric()) || CALENDAR.iter().any(|word| rest.contains(word))
}

/// `土地使用权收回、转让前`: a day nobody knows yet.
fn hangs_on_something(plain: &str) -> bool {
    const CHARS_MIN: usize = 4;
    plain.chars().count() >= CHARS_MIN && HANGS_ON.iter().any(|word| plain.ends_with(word))
}
