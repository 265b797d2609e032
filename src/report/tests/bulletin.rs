//! The bulletin: what it says, that it can be made again to the byte, and that no words break it.

use std::io::{Cursor, Read, Write};

use super::sample::{empty, june};
use crate::domain::{BulletinState, Digest};
use crate::report::bulletin::{Bulletin, FeedbackState, ItemRow, Ratio, Totals, UnitRow};

/// The text of one part of a Word file.
fn part(word: &[u8], name: &str) -> String {
    let mut zip = zip::ZipArchive::new(Cursor::new(word)).unwrap();
    let mut text = String::new();
    zip.by_name(name).unwrap().read_to_string(&mut text).unwrap();
    text
}

fn parts(word: &[u8]) -> Vec<String> {
    zip::ZipArchive::new(Cursor::new(word))
        .unwrap()
        .file_names()
        .map(|name| name.unwrap().into_owned())
        .collect()
}

/// Panics unless every element opened is closed in its turn.
fn check_nesting(xml: &str) {
    let mut open = Vec::new();
    for tag in xml.split('<').skip(1) {
        let (tag, text) = tag.split_once('>').unwrap();
        assert!(!text.contains(char::is_control) || text.trim().is_empty(), "control character in {text:?}");
        let name = tag.split([' ', '/']).find(|part| !part.is_empty()).unwrap();
        if tag.starts_with('/') {
            assert_eq!(open.pop(), Some(name), "closing {tag}");
        } else if !tag.starts_with('?') && !tag.ends_with('/') {
            open.push(name);
        }
    }
    assert!(open.is_empty(), "left open: {open:?}");
}

fn all_nest(paper: &Bulletin) -> String {
    let word = paper.word().unwrap();
    for name in parts(&word).iter().filter(|name| !name.contains("media")) {
        check_nesting(&part(&word, name));
    }
    part(&word, "word/document.xml")
}

#[test]
fn it_reads_as_an_office_would_write_it() {
    insta::assert_snapshot!(june().text().unwrap());
}

#[test]
fn other_programs_get_its_figures_with_both_rates() {
    insta::assert_snapshot!(String::from_utf8(june().json().unwrap()).unwrap());
}

/// The same June as duban of November 2026 wrote it: `content` was a digest of these very bytes.
const DRAFTED_BEFORE: &[u8] = include_bytes!("../../../tests/golden/bulletins/2021-06.json");

#[test]
fn what_an_older_duban_drafted_bears_the_same_name_today() {
    assert_eq!(june().content().unwrap(), Digest::of(DRAFTED_BEFORE));
    let mut told = june();
    told.feedback.by_unit.clear();
    told.items[0].current_on = None;
    assert_eq!(
        told.content().unwrap(),
        june().content().unwrap(),
        "what says the same for programs names nothing"
    );
    told.items[0].progress.push('。');
    assert_ne!(told.content().unwrap(), june().content().unwrap());
}

#[test]
fn the_same_view_gives_the_same_bytes_in_every_form() {
    let (first, _, second) = (june().word().unwrap(), empty().word().unwrap(), june().word().unwrap());
    assert_eq!(first, second);
    assert_eq!(june().html().unwrap(), june().html().unwrap());
    assert_eq!(june().json().unwrap(), june().json().unwrap());
    let back: Bulletin = serde_json::from_slice(&june().json().unwrap()).unwrap();
    assert_eq!(back.word().unwrap(), first, "what was read back from JSON prints alike");
    let mut zip = zip::ZipArchive::new(Cursor::new(first)).unwrap();
    for at in 0..zip.len() {
        let file = zip.by_index(at).unwrap();
        assert_eq!(file.last_modified().unwrap().year(), 1980, "{:?} tells when it was made", file.name());
    }
}

#[test]
fn the_word_file_keeps_to_the_layout_of_official_papers() {
    let document = all_nest(&june());
    assert_eq!(document.matches("<w:tblHeader/>").count(), 2, "both tables repeat their heads");
    assert_eq!(document.matches("w:orient=\"landscape\"").count(), 1, "annex 1 lies across");
    let word = june().word().unwrap();
    assert!(part(&word, "word/styles.xml").contains("w:line=\"560\" w:lineRule=\"exact\""), "28 pt");
    assert!(
        part(&word, "word/footer1.xml").contains("— ") && part(&word, "word/footer1.xml").contains(" PAGE ")
    );
    assert!(part(&word, "word/settings.xml").contains("<w:evenAndOddHeaders/>"), "odd right, even left");
}

#[test]
fn lights_are_told_in_words_since_it_is_printed_grey() {
    for form in [all_nest(&june()), june().html().unwrap()] {
        for words in ["●超期30天·红", "◆迟办12天·黄", "■正常·绿", "◇待审核·蓝", "▲月调度未反馈·黄"]
        {
            assert!(form.contains(words), "{words}");
        }
    }
}

#[test]
fn units_of_which_nothing_was_due_or_asked_stand_in_one_row_and_every_sum_holds() {
    let mut paper = june();
    let before = paper.text().unwrap();
    let quiet = |name: &str| UnitRow {
        unit: name.into(),
        totals: Totals { followed: 2, in_progress: 2, ..Totals::default() },
        feedback: FeedbackState::NotAsked,
        extensions: 0,
    };
    let total = |text: &str| text.lines().find(|line| line.contains("｜合计｜")).unwrap().to_owned();
    assert!(total(&before).starts_with("｜合计｜43｜9｜"), "{before}");
    paper.units.extend([quiet("县林业局"), quiet("县科技局")]);
    let text = paper.text().unwrap();
    assert!(text.contains("｜其余2家｜4｜0｜") && !text.contains("县科技局｜"), "{text}");
    assert!(total(&text).starts_with("｜合计｜47｜9｜"), "{text}");
}

#[test]
fn nobody_is_praised_or_blamed_unless_a_person_settled_it() {
    let told = |paper: &Bulletin| paper.text().unwrap();
    let draft = june();
    assert!(told(&draft).contains("〔系统建议，由签发人核定，不核定则不印〕完成较好的单位"));
    let mut signed = june();
    signed.step = BulletinState::Signed;
    assert!(!told(&signed).contains("进展滞后"), "{}", told(&signed));
    signed.proposals.settled = true;
    assert!(told(&signed).contains("（四）表扬和提醒。完成较好的单位：市生态环境局阳城分局"));
    assert!(!told(&signed).contains("系统建议"));
}

#[test]
fn an_unsigned_paper_says_so_on_every_page() {
    assert!(part(&june().word().unwrap(), "word/header1.xml").contains("草稿，未核数、未签发"));
    let issued = Bulletin { step: BulletinState::Issued, ..june() };
    let word = issued.word().unwrap();
    assert!(!parts(&word).contains(&"word/header1.xml".to_owned()));
    assert!(!part(&word, "word/document.xml").contains("headerReference"));
    assert!(!issued.html().unwrap().contains("未签发"));
}

#[test]
fn the_red_head_is_left_out_where_the_paper_has_one_printed() {
    let plain = Bulletin { red_head: None, ..june() };
    assert!(!all_nest(&plain).contains("RedHead"));
    assert!(plain.text().unwrap().starts_with("〔草稿，未核数、未签发〕\n第1期\n"));
}

/// The Word file as a clerk saved it: another text, other bytes around it.
fn saved(word: &[u8], edit: impl Fn(String) -> String) -> Vec<u8> {
    let options = zip::write::SimpleFileOptions::default();
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    zip.start_file("word/document.xml", options).unwrap();
    zip.write_all(edit(part(word, "word/document.xml")).as_bytes()).unwrap();
    zip.finish().unwrap().into_inner()
}

#[test]
fn what_a_clerk_edited_in_the_word_file_is_told_line_by_line() {
    let paper = june();
    let word = paper.word().unwrap();
    let signed = Bulletin { step: BulletinState::Signed, ..june() }.word().unwrap();
    assert_eq!(paper.edited(&signed).unwrap(), Vec::<String>::new(), "the mark of a draft is no difference");
    let same = paper.edited(&saved(&signed, |xml| xml)).unwrap();
    assert_eq!(same, Vec::<String>::new(), "neither is how it was saved");
    let edited = saved(&signed, |xml| {
        let xml = xml.replace("按月、按季事项按期反馈", "按月事项7月12日前补报 &amp; 说明&#12290;");
        xml.replace("<w:t xml:space=\"preserve\">", "<w:t>")
            .replace("县水务局", "县水<w:lastRenderedPageBreak/>务局")
    });
    let told = paper.edited(&edited).unwrap();
    assert!(
        told.iter().any(|line| line.starts_with('＋') && line.contains("7月12日前补报 & 说明。")),
        "{told:#?}"
    );
    assert_eq!(told.iter().filter(|line| line.starts_with('－')).count(), told.len() / 2, "{told:#?}");
    // What the office took up of the proposals is an addition.
    let proposed = paper.edited(&word).unwrap();
    assert!(proposed.iter().all(|line| line.starts_with('＋')) && proposed.len() == 1, "{proposed:#?}");
    for other in [b"%PDF-1.4".as_slice(), &[], &saved(&word, |_| "<w:p><w:t>".into())[..20]] {
        assert!(paper.edited(other).is_err());
    }
}

#[test]
fn a_month_without_matters_is_told_in_whole_sentences() {
    let text = empty().text().unwrap();
    assert!(text.contains("无应办结事项，不计算办结率。"), "{text}");
    assert!(text.contains("\n本期无应办结事项。"), "{text}");
    assert!(!text.contains("四、下步要求"), "{text}");
    assert!(all_nest(&empty()).contains("本期无纳入调度的事项。"));
    assert!(empty().html().unwrap().contains("本期无牵头单位。"));
}

#[test]
fn hostile_words_stay_words() {
    let mut paper = june();
    let hostile = "]]></w:t><script src=//x>&amp;\u{0}\u{202E}\u{FFFE}{{ paper }}{% raw %}\r\n='cmd'!A1";
    paper.title = vec![hostile.into()];
    paper.to = vec![hostile.into()];
    paper.requests = vec![hostile.into()];
    paper.items[0].progress = hostile.into();
    paper.items[1].title = hostile.into();
    let document = all_nest(&paper);
    assert!(document.contains("&lt;script src="), "shown, not run");
    let html = paper.html().unwrap();
    assert!(!html.contains("<script") && !html.contains("http"), "nothing runs and nothing is fetched");
    assert!(!html.contains('\u{0}') && !html.contains('\u{202E}') && !document.contains('\u{FFFE}'));
}

#[test]
fn many_matters_and_long_texts_stay_in_the_table() {
    let mut paper = june();
    let late = paper.items[1].clone();
    let long = "补贴发放台账不全，".repeat(600);
    paper.items = (0..120)
        .map(|at| ItemRow {
            title: format!("事项{at}"),
            problem: long.clone(),
            progress: long.clone(),
            ..late.clone()
        })
        .collect();
    let text = paper.text().unwrap();
    let (body, table) = text.split_once("附件1　").unwrap();
    assert!(body.contains("到期未办结120项，涉及1个单位"), "{body}");
    assert!(body.contains("县能源局120项：事项0（"), "{body}");
    assert!(body.contains("等，见附件1。") && !body.contains("事项4（"), "the first four are named: {body}");
    assert!(!body.contains("补贴发放"), "a problem is told in the table");
    assert!(table.contains(&long));
    assert_eq!(all_nest(&paper).matches("事项119").count(), 1);
}

#[test]
fn however_much_is_overdue_the_text_stays_on_two_pages_and_counts_what_it_leaves_out() {
    let mut paper = june();
    let late = paper.items[1].clone();
    let (mut units, mut at) = (Vec::new(), 0);
    paper.items.retain(|row| !row.unfinished);
    while units.len() < 14 {
        let unit = format!("县第{}联合整治工作领导小组办公室", units.len() + 1);
        for _ in 0..3 {
            at += 1;
            let title = format!("重点区域扬尘综合整治与清洁取暖改造第{at}号工程");
            paper.items.push(ItemRow { lead: unit.clone(), title, ..late.clone() });
        }
        units.push(unit);
    }
    paper.feedback.missing = units;
    let text = paper.text().unwrap();
    let body = text.split_once("单位：\n").unwrap().1;
    let (body, _) = body.split_once("\n附件1：").unwrap();
    let printed = body.lines().filter(|line| !line.is_empty() && !line.starts_with("〔系统建议"));
    // 28 characters a line, paragraphs set in by two: 22 lines on the second page, 14 below head and title.
    let lines: usize = printed.map(|line| (line.chars().count() + 2).div_ceil(28)).sum();
    assert!(lines <= 34, "{lines} lines:\n{body}");
    assert!(body.contains("到期未办结42项，涉及14个单位"), "{body}");
    assert!(body.contains("其余"), "{body}");
    assert!(body.contains("等14家"), "{body}");
}

#[test]
fn a_rate_names_its_denominator_and_is_rounded_half_up() {
    let percent = |part, whole| Ratio { part, whole }.percent();
    assert_eq!(percent(2, 3).as_deref(), Some("66.7%"));
    assert_eq!(percent(1, 16).as_deref(), Some("6.3%"));
    assert_eq!(percent(0, 5).as_deref(), Some("0.0%"));
    assert_eq!(percent(5, 5).as_deref(), Some("100.0%"));
    assert_eq!(percent(0, 0), None);
}

#[test]
fn the_square_code_says_where_in_the_journal_the_paper_comes_from() {
    let code = june().code();
    assert!(code.contains("2021-06 no.1") && code.contains("position 1834"), "{code}");
    assert!(code.contains(&june().counted.head.to_string()));
    let word = june().word().unwrap();
    let mut zip = zip::ZipArchive::new(Cursor::new(word)).unwrap();
    let mut bitmap = Vec::new();
    zip.by_name("word/media/code.bmp").unwrap().read_to_end(&mut bitmap).unwrap();
    assert_eq!(&bitmap[..2], b"BM");
    assert_eq!(u32::from_le_bytes(bitmap[2..6].try_into().unwrap()) as usize, bitmap.len());
    // each dark module of the page is 64 dark dots of the picture
    let html = june().html().unwrap();
    let path = html.split("<path d=\"").nth(1).unwrap().split('"').next().unwrap();
    let dots: u32 = bitmap[62..].iter().map(|byte| byte.count_ones()).sum();
    assert_eq!(path.matches('M').count() * 64, usize::try_from(dots).unwrap());
}

#[test]
fn the_signature_is_centred_on_the_date_or_the_date_on_it() {
    let indents = |office: &str| {
        let document = all_nest(&Bulletin { office: office.into(), ..june() });
        let found: Vec<u32> = document
            .split("w:rightChars=\"")
            .skip(1)
            .map(|rest| rest.split('"').next().unwrap().parse().unwrap())
            .collect();
        (found[0], found[1])
    };
    // 2021年7月9日 is 6 characters wide, four from the edge: its middle is 7 characters from it.
    assert_eq!(indents("县政府办"), (500, 400));
    assert_eq!(indents("阳城县人民政府办公室"), (200, 400));
    assert_eq!(indents("中共阳城县委督查室阳城县人民政府督查室"), (0, 650));
}
