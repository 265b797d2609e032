//! A dated phrase as a due: what stands before a date, the date, window or cadence itself, what stands behind it.

use chrono::NaiveDate;

use crate::calendar::{MonthDay, Recurrence, YearlyWindow};
use crate::domain::{Days, Due, Yearly};
use crate::locale::{Spoken as _, message};

use super::cadence::{CadenceWord, cadence_word, twice_a_year};
use super::date::{Grain, WrittenDate, date};
use super::range::{days_between, whole_years, yearly_window};
use super::reading::{ANY, Assumed, NotUnderstood};
use super::remarks::{behind, day_of_week, time_of_day};
use super::scan::Scan;
use super::undated::{event, goes_on};

/// What may stand before a date without changing it.
const BEFORE: [&str; 53] = [
    "原则上应于",
    "原则上于",
    "原则上在",
    "原则上",
    "应于",
    "须于",
    "应在",
    "须在",
    "需在",
    "需于",
    "确保在",
    "确保于",
    "确保",
    "务必在",
    "务必于",
    "务必",
    "务于",
    "限于",
    "限期",
    "限",
    "截止到",
    "截止至",
    "截止",
    "截至",
    "最迟于",
    "最迟在",
    "最迟",
    "最晚于",
    "最晚在",
    "最晚",
    "至迟",
    "不晚于",
    "不迟于",
    "不得晚于",
    "不得迟于",
    "计划于",
    "计划在",
    "计划",
    "拟于",
    "到",
    "至",
    "于",
    "在",
    "全力",
    "直至",
    "贯穿",
    "不超过",
    "即日起",
    "自即日起",
    "立行立改,",
    "即知即改,",
    "即行即改,",
    "立即整改,",
];
/// What is done by a date, and how: none of it moves the date.
const BEHIND: [&str; 82] = [
    "全面",
    "全部",
    "基本",
    "初步",
    "率先",
    "高质量",
    "按要求",
    "按规定",
    "按时",
    "按期",
    "如期",
    "及时",
    "完成",
    "办结",
    "落实",
    "落实到位",
    "到位",
    "完毕",
    "建成",
    "建成投用",
    "投入使用",
    "投用",
    "投运",
    "投产",
    "开工",
    "开工建设",
    "启动",
    "竣工",
    "完工",
    "验收",
    "销号",
    "整改",
    "治理",
    "整治",
    "改造",
    "建设",
    "排查",
    "清零",
    "任务",
    "工作",
    "见效",
    "达标",
    "取得阶段性成效",
    "取得阶段性成果",
    "取得明显成效",
    "取得实效",
    "报送",
    "报送到位",
    "报",
    "上报",
    "报告",
    "提交",
    "反馈",
    "印发",
    "出台",
    "制定",
    "发布",
    "实施",
    "执行",
    "开展",
    "组织",
    "公示",
    "公开",
    "备案",
    "备查",
    "通车",
    "上线",
    "挂牌",
    "拨付",
    "汇报",
    "1次",
    "至少1次",
    "县政府督查室",
    "督查室",
    "县政府办公室",
    "县政府办",
    "县政府",
    "县委",
    "阶段性任务",
    "取得明显进展",
    "取得阶段性进展",
    "取得积极进展",
];
/// What a window may be followed by.
const WITHIN: [&str; 16] = [
    "期间",
    "内",
    "止",
    "完成",
    "开展",
    "实施",
    "组织",
    "进行",
    "集中",
    "落实",
    "执行",
    "推进",
    "持续推进",
    "持续开展",
    "任务",
    "坚持",
];
/// What may follow 起.
const FROM_THEN: [&str; 12] =
    ["正式", "全面", "开始", "实施", "施行", "执行", "启动", "开展", "推行", "运行", "生效", "落实"];
const STARTS: [&str; 4] = ["启动", "开工建设", "开工", "开始实施"];

/// Reads dates and notes what it had to assume.
pub(super) struct Reader {
    pub(super) year: Option<i32>,
    pub(super) assumed: Vec<Assumed>,
}

impl Reader {
    pub(super) fn due(&mut self, text: &str) -> Result<Due, NotUnderstood> {
        let mut scan = Scan(text);
        while scan.eat_any(&BEFORE) {}
        if scan.eat("避开") {
            let days = self.days(&mut scan)?.ok_or_else(|| NotUnderstood::at(text, "避开7-9月"))?;
            return at_end(scan, Due::Avoid(days));
        }
        if let Some(inner) = date_of_an_event(scan) {
            return self.due(inner);
        }
        if let Some(eve) = self.new_years_eve(&mut scan)? {
            behind(&mut scan, &BEHIND, Some(eve), &mut self.assumed)?;
            return at_end(scan, Due::By(eve));
        }
        let mut ahead = scan;
        if ahead.eat_any(&["自", "从"]) {
            return self.window_or_start(ahead);
        }
        if let Some(word) = cadence_word(&mut scan)? {
            let due = self.recurring(&mut scan, word, None, None)?;
            return at_end(scan, due);
        }
        if let Some(due) = self.window(&mut scan)? {
            return at_end(scan, due);
        }
        let written = date(&mut scan, self.year).ok_or_else(|| unread(scan.0))?;
        self.dated(written, scan)
    }

    /// What follows a date: 起, 启动, 至长期, or 前 and what is done by it.
    fn dated(&mut self, written: WrittenDate, mut scan: Scan<'_>) -> Result<Due, NotUnderstood> {
        if scan.eat_any(&["起", "开始"]) {
            return self.from(written, scan);
        }
        let mut ahead = scan;
        if !written.says_end() && ahead.eat_any(&STARTS) {
            return self.started(written, ahead);
        }
        let mut ahead = scan;
        if ahead.eat_any(&["至", "到", "-"]) && goes_on(ahead.0) {
            return Ok(Due::Starting(self.first(written)?));
        }
        if written.grain == Grain::Day {
            let day = Some(self.first(written)?);
            day_of_week(&mut scan, day)?;
            behind(&mut scan, &[], day, &mut self.assumed)?;
            time_of_day(&mut scan, &mut self.assumed)?;
        }
        let before = scan.eat_any(&["之前", "以前", "前"]);
        if !before {
            scan.eat_any(&["以内", "之内", "内", "止"]);
        }
        let day = self.until(written, before)?;
        let mut ahead = scan;
        // 10月15日供暖前
        if !before && written.grain == Grain::Day && event(&mut ahead) && !ahead.0.starts_with('(') {
            scan = ahead;
        }
        behind(&mut scan, &BEHIND, Some(day), &mut self.assumed)?;
        if let Some(word) = cadence_word(&mut scan)? {
            let due = self.recurring(&mut scan, word, None, Some(day))?;
            return at_end(scan, due);
        }
        at_end(scan, Due::By(day))
    }

    /// 自 asks for 起 behind the date, or for the end of a window.
    fn window_or_start(&mut self, mut scan: Scan<'_>) -> Result<Due, NotUnderstood> {
        if let Some(due) = self.window(&mut scan)? {
            return at_end(scan, due);
        }
        let left = scan.0;
        let begins = date(&mut scan, self.year).filter(|_| scan.eat_any(&["起", "开始", "以来"]));
        self.from(begins.ok_or_else(|| NotUnderstood::at(left, "自2021年7月1日起"))?, scan)
    }

    /// `2021年5月起`, `2022年1月1日起每季度`, `2021年7月1日起实施`.
    fn from(&mut self, date: WrittenDate, mut scan: Scan<'_>) -> Result<Due, NotUnderstood> {
        let from = self.first(date)?;
        while scan.eat_any(&FROM_THEN) {}
        scan.eat_any(&[",", "、"]);
        if scan.is_empty() || goes_on(scan.0) {
            return Ok(Due::Starting(from));
        }
        if let Some(word) = cadence_word(&mut scan)? {
            let due = self.recurring(&mut scan, word, Some(from), None)?;
            return at_end(scan, due);
        }
        Err(NotUnderstood::at(
            scan.0,
            message("sheet-one-or-other").with("one", "2021年5月起").with("other", "2022年1月1日起每季度"),
        ))
    }

    /// `2021年3月启动`, `5月启动，10月底前完成`.
    fn started(&mut self, begins: WrittenDate, mut scan: Scan<'_>) -> Result<Due, NotUnderstood> {
        let from = self.first(begins)?;
        scan.eat_any(&[",", "、", ";", "并"]);
        if scan.is_empty() || goes_on(scan.0) {
            return Ok(Due::Starting(from));
        }
        let left = scan.0;
        let ends = date(&mut scan, begins.year.or(self.year))
            .ok_or_else(|| NotUnderstood::at(left, "5月启动，10月底前完成"))?;
        let before = scan.eat_any(&["之前", "以前", "前"]);
        let until = self.until(ends, before)?;
        behind(&mut scan, &BEHIND, Some(until), &mut self.assumed)?;
        at_end(scan, Due::Window(in_order(from, until)?))
    }

    /// A window, or a cadence within one.
    fn window(&mut self, scan: &mut Scan<'_>) -> Result<Option<Due>, NotUnderstood> {
        let Some(days) = self.days(scan)? else { return Ok(None) };
        behind(scan, &WITHIN, None, &mut self.assumed)?;
        if let Some(word) = cadence_word(scan)? {
            return self.recurring(scan, word, Some(days.from), Some(days.until)).map(Some);
        }
        if goes_on(scan.0) {
            *scan = Scan("");
        }
        Ok(Some(Due::Window(days)))
    }

    /// A cadence with its bounds. `from` as written: with it, the duty goes on; without, it ends with the year.
    fn recurring(
        &mut self,
        scan: &mut Scan<'_>,
        word: CadenceWord,
        from: Option<NaiveDate>,
        until: Option<NaiveDate>,
    ) -> Result<Due, NotUnderstood> {
        let each_year = word.is_yearly();
        let twice = if each_year { twice_a_year(scan, &mut self.assumed) } else { None };
        let word = twice.unwrap_or(word);
        let yearly = |window| Yearly { window, from, until };
        if word.is_yearly() {
            if let Some(inner) = date_of_an_event(*scan) {
                *scan = Scan(inner);
            }
            if scan.eat("避开") {
                let left = scan.0;
                let window = yearly_window(scan).ok_or_else(|| NotUnderstood::at(left, "每年避开7-9月"))?;
                return Ok(Due::YearlyAvoid(yearly(as_yearly(window)?)));
            }
            if let Some(window) = yearly_window(scan) {
                behind(scan, &WITHIN, None, &mut self.assumed)?;
                return Ok(Due::YearlyWindow(yearly(as_yearly(window)?)));
            }
        }
        let recurrence = word.on_day(scan, &mut self.assumed)?;
        let mut until = until;
        if scan.eat_any(&["直至", "截至", "至", "到", "-"]) {
            let left = scan.0;
            let ends = date(scan, self.year)
                .ok_or_else(|| NotUnderstood::at(left, "an end behind 至: 每季度至2021年12月31日"))?;
            scan.eat_any(&["止", "前"]);
            until = Some(self.until(ends, false)?);
        }
        if from.is_none() && until.is_none() && !each_year {
            let year = self.year.ok_or_else(NotUnderstood::no_year)?;
            let end = NaiveDate::from_ymd_opt(year, 12, 31);
            self.assumed.extend(end.map(Assumed::Until));
            until = end;
        }
        let recurrence = Recurrence { from, until, ..recurrence };
        recurrence.check().map_err(|fault| NotUnderstood::new(fault.spoken(), ANY))?;
        Ok(Due::Every(recurrence))
    }

    fn in_year(&mut self, date: WrittenDate) -> Result<i32, NotUnderstood> {
        if let Some(year) = date.year {
            return Ok(year);
        }
        let year = self.year.ok_or_else(NotUnderstood::no_year)?;
        if !self.assumed.contains(&Assumed::Year(year)) {
            self.assumed.push(Assumed::Year(year));
        }
        Ok(year)
    }

    /// The first day of what is written.
    fn first(&mut self, date: WrittenDate) -> Result<NaiveDate, NotUnderstood> {
        let year = self.in_year(date)?;
        let first = date.first(year).ok_or_else(NotUnderstood::no_such_day)?;
        if date.grain != Grain::Day {
            self.assumed.push(Assumed::FirstDay(first));
        }
        Ok(first)
    }

    /// The last day of what is written; `before` where 前 stands behind it.
    fn until(&mut self, date: WrittenDate, before: bool) -> Result<NaiveDate, NotUnderstood> {
        let year = self.in_year(date)?;
        let day = date.last(year).ok_or_else(NotUnderstood::no_such_day)?;
        if date.says_end() {
            return Ok(day);
        }
        if matches!(date.grain, Grain::Ten { .. }) {
            self.assumed.push(Assumed::Ten(day));
            return Ok(day);
        }
        if before && date.grain != Grain::Half {
            return Err(NotUnderstood::new(
                "before it begins, or before it ends?",
                "a day (6月30日前), or its end (6月底前, 二季度末前, 2021年底前)",
            ));
        }
        self.assumed.push(Assumed::LastDay(day));
        Ok(day)
    }

    /// `2021年5-9月`, `10月1日至次年3月31日`, `全年`; nothing where the text begins otherwise.
    fn days(&mut self, scan: &mut Scan<'_>) -> Result<Option<Days>, NotUnderstood> {
        let Some((first, last)) = days_between(scan, self.year).or_else(|| whole_years(scan, self.year))
        else {
            return Ok(None);
        };
        let begins = self.in_year(first)?;
        let ends = last.year.unwrap_or(begins);
        let days = first.first(begins).zip(last.last(ends));
        let (from, until) = days.ok_or_else(NotUnderstood::no_such_day)?;
        if last.says_end() {
            scan.eat_any(&["之前", "以前", "前"]);
        }
        in_order(from, until).map(Some)
    }

    /// `元旦前`: the year's last day. Other holidays begin when a notice says.
    fn new_years_eve(&mut self, scan: &mut Scan<'_>) -> Result<Option<NaiveDate>, NotUnderstood> {
        let mut ahead = *scan;
        let year = ahead.counted(&["年"]).and_then(|year| i32::try_from(year).ok());
        let found = ahead.eat_any(&["元旦节", "元旦"]) && ahead.eat_any(&["之前", "以前", "前"]);
        if !found {
            return Ok(None);
        }
        let year = match year {
            Some(year) => year - 1,
            None => self.in_year(WrittenDate::of_year(None, true))?,
        };
        let eve = NaiveDate::from_ymd_opt(year, 12, 31).ok_or_else(NotUnderstood::no_such_day)?;
        self.assumed.push(Assumed::NewYearsEve(eve));
        *scan = ahead;
        Ok(Some(eve))
    }
}

/// `汛前(5月31日前)`: the date in brackets.
fn date_of_an_event(scan: Scan<'_>) -> Option<&str> {
    let mut ahead = scan;
    event(&mut ahead).then_some(())?;
    ahead.0.strip_prefix('(')?.strip_suffix(')')
}

fn in_order(from: NaiveDate, until: NaiveDate) -> Result<Days, NotUnderstood> {
    if until < from {
        return Err(NotUnderstood::new("it ends before it begins", "2021年10月1日至次年3月31日"));
    }
    Ok(Days { from, until })
}

fn at_end(scan: Scan<'_>, due: Due) -> Result<Due, NotUnderstood> {
    if scan.is_empty() { Ok(due) } else { Err(NotUnderstood::words(scan.0)) }
}

fn as_yearly((from, until): (NaiveDate, NaiveDate)) -> Result<YearlyWindow, NotUnderstood> {
    let on = |day: NaiveDate| day.format("%m-%d").to_string().parse::<MonthDay>();
    let days = on(from).and_then(|from| Ok(YearlyWindow { from, until: on(until)? }));
    days.map_err(|_| NotUnderstood::no_such_day())
}

/// Why nothing is read off the beginning.
fn unread(text: &str) -> NotUnderstood {
    let mut scan = Scan(text);
    let counted = scan.counted(&["个工作日", "工作日", "个月", "日", "天", "周", "小时"]).is_some()
        || scan.eat_any(&["半年", "1年", "半个月", "两年", "两个月"]);
    if counted && scan.eat_any(&["以内", "之内", "内"]) {
        return NotUnderstood::new(
            message("sheet-counted-from").with("text", text),
            "the day itself, as 2021年9月30日前",
        );
    }
    if ["月底", "月末", "本月", "当月", "下月", "季度末", "季末"].iter().any(|word| text.starts_with(word))
    {
        return NotUnderstood::new(
            message("sheet-which-month").with("text", text),
            message("sheet-one-or-other").with("one", "6月底前").with("other", "每月底前"),
        );
    }
    NotUnderstood::words(text)
}
