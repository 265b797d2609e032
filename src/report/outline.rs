//! What a document numbers: its measures, safeguards and table rows, read from its text, so that
//! what the tasks cite can be held against it.

use crate::domain::Unit;

/// The numbered parts of one plan's document.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Outline {
    /// clauses as they are cited: `1` … `27`, or `1.1` … where numbers begin anew in every section
    pub measures: Vec<String>,
    /// 保障措施
    pub safeguards: Vec<Safeguard>,
    /// annexed tables, in order
    pub tables: Vec<AnnexTable>,
}

/// One of 保障措施.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Safeguard {
    /// counted from 1
    pub number: u32,
    /// whether it names any unit
    pub names_units: bool,
}

/// An annexed table with 序号.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AnnexTable {
    /// 附件 1; none where it is the only one
    pub annex: Option<u32>,
    /// 序号 of its rows
    pub rows: Vec<u32>,
}

/// Reads the part of the document that is headed by the plan's title; none where that heading is missing.
#[must_use]
pub fn outline(document: &str, title: &str, units: &[Unit]) -> Option<Outline> {
    let section = section(document, title)?;
    let annexes = section.iter().position(|line| line.starts_with("附件")).unwrap_or(section.len());
    let (body, annexes) = section.split_at(annexes);
    let mut outline = Outline { tables: tables(annexes), ..Outline::default() };
    let (mut safeguarding, mut group, mut items) = (false, 0, Vec::new());
    let mut words = String::new();
    for line in body {
        if let Some((_, heading)) = zh_numbered(line, "", &["、"]) {
            (safeguarding, group) = (heading.contains("保障措施"), 0);
        } else if let Some((number, _)) = zh_numbered(line, "(（", &[")", "）"]) {
            group = number;
            if safeguarding {
                close(&mut outline, &mut words, units);
                outline.safeguards.push(Safeguard { number, names_units: false });
            }
        } else if let Some(number) = item_number(line).filter(|_| !safeguarding) {
            let last = items.last().map_or(0, |(_, number)| *number);
            if number == last + 1 || number == 1 {
                items.push((group, number));
            }
        }
        if safeguarding {
            words.push_str(line);
        }
    }
    close(&mut outline, &mut words, units);
    let begins_anew = items.iter().filter(|(_, number)| *number == 1).count() > 1;
    let name = |(group, number)| if begins_anew { format!("{group}.{number}") } else { format!("{number}") };
    outline.measures = items.into_iter().map(name).collect();
    Some(outline)
}

/// Decides whether the last safeguard names units, by the words since its heading.
fn close(outline: &mut Outline, words: &mut String, units: &[Unit]) {
    if let Some(last) = outline.safeguards.last_mut() {
        let names = |unit: &Unit| {
            let mut spellings = [&unit.name, &unit.short].into_iter().chain(&unit.aliases);
            spellings.any(|name| words.contains(squeezed(name).as_str()))
        };
        last.names_units = units.iter().any(names);
    }
    words.clear();
}

/// The lines from the title's own line to the next title that the document names in 《》, without
/// white space but for the tabs of tables.
fn section(document: &str, title: &str) -> Option<Vec<String>> {
    let title = squeezed(title);
    let all = squeezed(document);
    let titles: Vec<&str> =
        all.split('《').skip(1).filter_map(|rest| Some(rest.split_once('》')?.0)).collect();
    let mut lines = document.lines().map(squeezed).skip_while(|line| *line != title);
    lines.next()?;
    Some(lines.take_while(|line| *line == title || !titles.contains(&line.as_str())).collect())
}

fn squeezed(text: &str) -> String {
    text.chars().filter(|c| *c == '\t' || !c.is_whitespace()).collect()
}

/// Tables below 附件 headings: rows whose cell under 序号 is a number.
fn tables(lines: &[String]) -> Vec<AnnexTable> {
    let mut tables: Vec<AnnexTable> = Vec::new();
    let (mut annex, mut column) = (None, None);
    for line in lines {
        if let Some(rest) = line.strip_prefix("附件") {
            let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
            (annex, column) = (digits.parse().ok(), None);
            continue;
        }
        let cells: Vec<&str> = line.split('\t').collect();
        if let Some(found) = cells.iter().position(|cell| *cell == "序号") {
            column = Some(found);
            continue;
        }
        let number = column.and_then(|column| cells.get(column)?.parse::<u32>().ok());
        let Some(number) = number.filter(|_| cells.len() > 1) else { continue };
        match tables.iter_mut().find(|table| table.annex == annex) {
            Some(table) => table.rows.push(number),
            None => tables.push(AnnexTable { annex, rows: vec![number] }),
        }
    }
    for table in &mut tables {
        table.rows.sort_unstable();
        table.rows.dedup();
    }
    tables
}

/// `12.强化…` is 12, `5.2021年5月起` is 5; `150mg/L` and `3.5倍` are none.
fn item_number(line: &str) -> Option<u32> {
    let (digits, rest) = line.split_once(['.', '．', '、'])?;
    let numbered = (1..=3).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit());
    let after: String = rest.chars().take_while(char::is_ascii_digit).collect();
    let opens_a_clause = after.is_empty()
        || after.len() == 4 && rest.strip_prefix(&after).is_some_and(|rest| rest.starts_with('年'));
    (numbered && opens_a_clause).then(|| digits.parse().ok())?
}

/// A line that begins with a Chinese number between these marks: the number, and the rest.
fn zh_numbered<'l>(line: &'l str, open: &str, close: &[&str]) -> Option<(u32, &'l str)> {
    let inner = if open.is_empty() { line } else { line.strip_prefix(|c| open.contains(c))? };
    let end = inner.find(|c| zh_digit(c).is_none())?;
    let (number, rest) = inner.split_at_checked(end)?;
    let rest = close.iter().find_map(|mark| rest.strip_prefix(mark))?;
    Some((zh_number(number)?, rest))
}

/// 一 to 九十九.
fn zh_number(text: &str) -> Option<u32> {
    let mut number = 0;
    for c in text.chars() {
        let digit = zh_digit(c)?;
        number = if digit == 10 { number.max(1) * 10 } else { number + digit };
    }
    (number > 0).then_some(number)
}

fn zh_digit(c: char) -> Option<u32> {
    let at = "一二三四五六七八九十".chars().position(|digit| digit == c)?;
    u32::try_from(at + 1).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const DOCUMENT: &str = "\
印发《甲计划》《乙计划》

甲 计 划

一、目标

二、任务

(一)水

1.开工。

2.2021年完工,达150
3.5倍。

(二)气

1.开工。

三、保障措施

(一)领导

县住建局负责。

(二)宣传

大力宣传。

附件:1.2021年表
附件 1:

序号\t事项
1\t一
3\t三

乙计划

1.另一份
";

    #[test]
    fn a_document_is_read_up_to_the_next_title() {
        let unit = crate::domain::Unit {
            id: "housing".parse().unwrap(),
            name: "县住房和城乡建设管理局".into(),
            short: "县住建局".into(),
            aliases: vec![],
            kind: crate::domain::UnitKind::Bureau,
            mailbox: None,
            sort_key: String::new(),
            members: vec![],
            muted: false,
            leader: None,
        };
        let read = outline(DOCUMENT, "甲计划", &[unit]).unwrap();
        assert_eq!(read.measures, ["1.1", "1.2", "2.1"]);
        let safeguards: Vec<_> = read.safeguards.iter().map(|one| (one.number, one.names_units)).collect();
        assert_eq!(safeguards, [(1, true), (2, false)]);
        assert_eq!(read.tables, [AnnexTable { annex: Some(1), rows: vec![1, 3] }]);
        assert_eq!(outline(DOCUMENT, "乙计划", &[]).unwrap().measures, ["1"]);
        assert_eq!(outline(DOCUMENT, "丙计划", &[]), None);
    }

    #[test]
    fn chinese_numbers_are_read() {
        let read = ["一", "十", "十二", "二十", "二十一"].map(zh_number);
        assert_eq!(read, [Some(1), Some(10), Some(12), Some(20), Some(21)]);
    }
}
