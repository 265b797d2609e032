//! The only printer: tables that align with double-width characters, lines that wrap at the
//! terminal's width, JSON, and notes on stderr. Colour only on a terminal.

use std::io::{self, IsTerminal, Write};

use clap::builder::styling::{AnsiColor, Style};
use comfy_table::{CellAlignment, ContentArrangement, LineStyle, Table, TableStyle};
use serde::Serialize;
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use super::failure::Told;
use super::speech::Speech;
use crate::config::{ColourWish, colour_wish};
use crate::locale::{self, Language, Message, Value};
use crate::words::visible;

/// Narrower than this, nothing is wrapped: it would only tear words.
const WIDTH_MIN: usize = 40;

/// Where output goes, and how wide it is.
#[derive(Debug, Clone, Copy)]
pub struct Printer {
    width: Option<usize>,
    colour: bool,
    colour_on_stderr: bool,
    language: Language,
}

/// A column of a table.
#[derive(Debug, Clone, Copy)]
pub struct Column<'n> {
    name: &'n str,
    shrinks_to: Option<usize>,
    number: bool,
}

impl<'n> Column<'n> {
    /// One that is never wrapped: ids and dates, to be copied.
    #[must_use]
    pub const fn whole(name: &'n str) -> Self {
        Self { name, shrinks_to: None, number: false }
    }

    /// Numbers, aligned to the right.
    #[must_use]
    pub const fn number(name: &'n str) -> Self {
        Self { name, shrinks_to: None, number: true }
    }

    /// One that may be wrapped down to this width.
    #[must_use]
    pub const fn wrapping(name: &'n str, at_least: usize) -> Self {
        Self { name, shrinks_to: Some(at_least), number: false }
    }
}

/// What a piece of text is, for its colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ink {
    /// a heading
    Bold,
    /// what matters less
    Faint,
    /// all is well
    Good,
    /// a person should look
    Warn,
    /// wrong
    Bad,
}

impl Ink {
    fn style(self) -> Style {
        match self {
            Self::Bold => Style::new().bold(),
            Self::Faint => Style::new().dimmed(),
            Self::Good => AnsiColor::Green.on_default(),
            Self::Warn => AnsiColor::Yellow.on_default().bold(),
            Self::Bad => AnsiColor::Red.on_default().bold(),
        }
    }
}

impl Printer {
    /// The printer for this process.
    #[must_use]
    pub fn of_process(language: Language) -> Self {
        let wish = colour_wish();
        let colour = |is_terminal| match wish {
            ColourWish::Auto => is_terminal,
            ColourWish::Never => false,
            ColourWish::Always => true,
        };
        let width = terminal_size::terminal_size_of(io::stdout()).map(|(width, _)| usize::from(width.0));
        Self {
            width: width.filter(|width| *width >= WIDTH_MIN),
            colour: colour(io::stdout().is_terminal()),
            colour_on_stderr: colour(io::stderr().is_terminal()),
            language,
        }
    }

    /// A printer without colour, for a test.
    #[cfg(test)]
    pub fn plain(width: Option<usize>) -> Self {
        Self { width, colour: false, colour_on_stderr: false, language: Language::English }
    }

    /// Columns of the terminal; none where output goes elsewhere, and nothing is wrapped.
    #[must_use]
    pub fn width(&self) -> Option<usize> {
        self.width
    }

    /// Whether output is coloured.
    #[must_use]
    pub fn is_coloured(&self) -> bool {
        self.colour
    }

    /// The language it prints in.
    #[must_use]
    pub fn speech(&self) -> Speech {
        Speech(self.language)
    }

    /// Whether what goes to stderr is coloured.
    #[must_use]
    pub fn is_coloured_on_stderr(&self) -> bool {
        self.colour_on_stderr
    }

    /// Text in its colour, where there is colour.
    #[must_use]
    pub fn ink(&self, ink: Ink, text: &str) -> String {
        inked(self.colour, ink, text)
    }

    /// Prints text. Nothing in it steers the terminal but our own colours: what others wrote comes from everywhere.
    ///
    /// # Errors
    /// What the stream says; a reader that went away ends the command quietly.
    pub fn text(&self, text: &str) -> io::Result<()> {
        put(&harmless(self.colour, text))
    }

    /// Prints a value as JSON: indented on a terminal, on one line elsewhere.
    ///
    /// # Errors
    /// What the stream says.
    pub fn json<T: Serialize + ?Sized>(&self, value: &T) -> anyhow::Result<()> {
        let mut text = if self.width.is_some() {
            serde_json::to_string_pretty(value)?
        } else {
            serde_json::to_string(value)?
        };
        text.push('\n');
        // JSON escapes what would steer a terminal; the rest is data and stays whole.
        Ok(put(&text)?)
    }

    /// A table as text. On a terminal that is too narrow the columns that may shrink are wrapped,
    /// the widest first. Without rows there is no head either.
    #[must_use]
    pub fn table(&self, columns: &[Column], rows: &[Vec<String>]) -> String {
        if rows.is_empty() {
            return String::new();
        }
        let heads: Vec<String> =
            columns.iter().map(|column| self.speech().word_or("head", column.name)).collect();
        let widths = self.width.map(|room| fitted(columns, &heads, rows, room));
        let mut table = Table::new();
        let rule = LineStyle::none().fill('─').junction('─');
        table.load_style(TableStyle::new().header_separator(rule));
        table.set_content_arrangement(ContentArrangement::Disabled);
        table.set_header(heads);
        for row in rows {
            let cell = |(index, text): (usize, &String)| {
                let room = widths.as_ref().and_then(|widths| widths.get(index)).copied();
                let text = visible(text);
                filled(cell_pieces(&text), &text, room).join("\n")
            };
            table.add_row(row.iter().enumerate().map(cell).collect::<Vec<_>>());
        }
        let last = columns.len().saturating_sub(1);
        for (index, column) in table.column_iter_mut().enumerate() {
            column.set_padding((0, u16::from(index != last)));
            if columns.get(index).is_some_and(|column| column.number) {
                column.set_cell_alignment(CellAlignment::Right);
            }
        }
        let mut text = String::new();
        for (index, line) in table.lines().enumerate() {
            let line = line.trim_end();
            text.push_str(&if index == 0 { self.ink(Ink::Bold, line) } else { line.to_owned() });
            text.push('\n');
        }
        text
    }

    /// Text after a label, wrapped so that every line begins under the first one's.
    #[must_use]
    pub fn hanging(&self, label: &str, text: &str) -> String {
        let indent = label.width();
        let room = self.width.map(|width| width.saturating_sub(indent).max(WIDTH_MIN / 2));
        let mut out = String::new();
        let text = visible(text);
        for (index, line) in text.lines().flat_map(|line| wrapped(line, room)).enumerate() {
            out.push_str(&if index == 0 { label.to_owned() } else { " ".repeat(indent) });
            out.push_str(&line);
            out.push('\n');
        }
        out
    }

    fn mark(&self, ink: Ink, word: &str) -> String {
        inked(self.colour_on_stderr, ink, &locale::word(self.language, &Value::Word(word.to_owned())))
    }

    /// Says something beside the output, on stderr, in the language of whoever typed.
    pub fn tell(&self, note: &Message) {
        self.note(&locale::told(self.language, note));
    }

    /// Says on stderr that a person should look at something, in their language.
    pub fn alert(&self, warning: &Message) {
        self.warn(&locale::told(self.language, warning));
    }

    /// Says something beside the output, on stderr.
    pub fn note(&self, text: &str) {
        let label = self.mark(Ink::Bold, "mark-note");
        say(&format!("{label}{}\n", visible(text)));
    }

    /// Says on stderr that a person should look at something.
    pub fn warn(&self, text: &str) {
        let label = self.mark(Ink::Warn, "mark-warning");
        say(&format!("{label}{}\n", visible(text)));
    }

    /// Says on stderr why a command failed.
    pub fn error(&self, told: &Told) {
        let label = self.mark(Ink::Bad, "mark-error");
        let cure = told.cure.as_ref().map(|cure| format!("\n  {}", visible(cure))).unwrap_or_default();
        say(&format!("{label}{}{cure}\n", visible(&told.what)));
    }
}

fn put(text: &str) -> io::Result<()> {
    let mut out = io::stdout().lock();
    out.write_all(text.as_bytes())?;
    out.flush()
}

/// Text without what steers a terminal; our own colours stay, where there is colour.
fn harmless(colour: bool, text: &str) -> String {
    let styles = [Ink::Bold, Ink::Faint, Ink::Good, Ink::Warn, Ink::Bad].map(Ink::style);
    let ours = styles.iter().flat_map(|style| [format!("{style}"), format!("{style:#}")]);
    let ours: Vec<String> = ours.filter(|_| colour).collect();
    let (mut out, mut rest) = (String::with_capacity(text.len()), text);
    while let Some(at) = rest.find('\u{1b}') {
        let (before, after) = rest.split_at(at);
        out.push_str(&plain(before));
        // One may be the beginning of another: bold, and bold red.
        let own = ours.iter().filter(|own| after.starts_with(own.as_str())).max_by_key(|own| own.len());
        out.push_str(own.map_or("", String::as_str));
        rest = after.get(own.map_or(1, String::len)..).unwrap_or_default();
    }
    out.push_str(&plain(rest));
    out
}

/// As [`visible`], with tabs: a script for a shell has them.
fn plain(text: &str) -> String {
    text.split('\t').map(visible).collect::<Vec<_>>().join("\t")
}

/// Says something on stderr, as it is.
pub fn say(text: &str) {
    // Nothing is left to tell if stderr is gone.
    let _ = io::stderr().lock().write_all(text.as_bytes());
}

fn inked(colour: bool, ink: Ink, text: &str) -> String {
    let text = visible(text);
    if !colour || text.is_empty() {
        return text;
    }
    let style = ink.style();
    format!("{style}{text}{style:#}")
}

/// Widths of the columns so that they fit into `room` with two blanks between, as far as they may shrink.
fn fitted(columns: &[Column], heads: &[String], rows: &[Vec<String>], room: usize) -> Vec<usize> {
    let cells = |index: usize| rows.iter().filter_map(move |row| row.get(index));
    let widest = |index: usize| cells(index).map(|cell| cell.width()).max().unwrap_or(0);
    let head = |index: usize| heads.get(index).map_or(0, |head| head.width());
    let mut widths: Vec<usize> = (0..columns.len()).map(|index| head(index).max(widest(index))).collect();
    let least = |index: usize| {
        let torn = cells(index).flat_map(|cell| cell_pieces(cell)).map(|piece| piece.trim_end().width());
        let column = columns.get(index)?;
        Some(column.shrinks_to?.max(head(index)).max(torn.max().unwrap_or(0)))
    };
    let least: Vec<usize> = (0..columns.len()).map(|index| least(index).unwrap_or(usize::MAX)).collect();
    let gaps = 2 * columns.len().saturating_sub(1);
    while widths.iter().sum::<usize>() + gaps > room {
        let spare = widths.iter_mut().zip(&least).map(|(width, least)| (width.saturating_sub(*least), width));
        match spare.max_by_key(|(spare, _)| *spare) {
            Some((spare, width)) if spare > 0 => *width -= 1,
            _ => break,
        }
    }
    widths
}

/// Text filled up with blanks to a width in columns.
#[must_use]
pub fn padded(text: &str, width: usize) -> String {
    format!("{text}{}", " ".repeat(width.saturating_sub(text.width())))
}

/// Lines of at most `room` columns, broken at blanks, or after any double-width character.
#[must_use]
pub fn wrapped(text: &str, room: Option<usize>) -> Vec<String> {
    filled(pieces(text), text, room)
}

fn filled(pieces: Vec<&str>, text: &str, room: Option<usize>) -> Vec<String> {
    let Some(room) = room.filter(|room| text.width() > *room) else { return vec![text.to_owned()] };
    let mut lines = vec![String::new()];
    for piece in pieces {
        let full = lines
            .last()
            .is_some_and(|line| !line.is_empty() && line.width() + piece.trim_end().width() > room);
        if full {
            lines.push(String::new());
        }
        if let Some(line) = lines.last_mut()
            && !(line.is_empty() && piece == " ")
        {
            line.push_str(piece);
        }
    }
    lines.iter().map(|line| line.trim_end().to_owned()).collect()
}

/// Marks that no line begins with.
const CLOSING: &str = "，。、；：？！）”’》〕】,.;:)";
/// Marks that no line ends with.
const OPENING: &str = "（“‘《〔【(";

/// A text's parts between which a line may break.
fn pieces(text: &str) -> Vec<&str> {
    let mut pieces = Vec::new();
    let mut start = 0;
    let mut before: Option<char> = None;
    for (at, c) in text.char_indices() {
        let wide = |c: char| c.width().unwrap_or(0) == 2;
        let may_break = before.is_some_and(|before| {
            let torn = CLOSING.contains(c) || OPENING.contains(before);
            before == ' ' || (wide(before) || wide(c) || OPENING.contains(c)) && !torn
        });
        if may_break && at > start {
            pieces.extend(text.get(start..at));
            start = at;
        }
        before = Some(c);
    }
    pieces.extend(text.get(start..).filter(|rest| !rest.is_empty()));
    pieces
}

/// The same in a cell of a table, which has less room: an id or a path may break too, after `/`,
/// or after a `-` before a letter; a date or a number may not.
fn cell_pieces(text: &str) -> Vec<&str> {
    let mut cut = Vec::new();
    for mut piece in pieces(text) {
        while let Some(at) = id_break(piece) {
            let (head, tail) = piece.split_at(at);
            cut.push(head);
            piece = tail;
        }
        cut.push(piece);
    }
    cut
}

fn id_break(piece: &str) -> Option<usize> {
    let pairs = piece.char_indices().zip(piece.chars().skip(1));
    let breaks = |&((_, c), next): &((usize, char), char)| match c {
        '/' => next != ' ',
        '-' => next.is_ascii_alphabetic(),
        _ => false,
    };
    pairs.skip(1).find(breaks).map(|((at, c), _)| at + c.len_utf8())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_others_wrote_cannot_steer_the_terminal() {
        let printer = Printer::plain(Some(60));
        let evil = "X\u{1b}[31mRED\u{1b}]0;pwn\u{7}\u{202e}turn\u{9b}31m\u{8}\u{200b}".to_owned();
        let table = printer.table(&[Column::wrapping("says", 10)], &[vec![evil.clone()]]);
        let line = printer.hanging("says  ", &evil);
        for shown in [table, line] {
            assert!(shown.contains("X[31mRED]0;pwnturn31m"), "{shown}");
            assert!(shown.chars().all(|c| c == '\n' || !c.is_control()), "{shown:?}");
            assert!(!shown.contains('\u{202e}') && !shown.contains('\u{200b}'), "{shown:?}");
        }
    }

    #[test]
    fn a_table_aligns_with_double_width_characters() {
        let columns = [Column::whole("unit"), Column::wrapping("due", 6)];
        let rows = [
            vec!["县住建局".to_owned(), "2021-06-30".to_owned()],
            vec!["eco-env".to_owned(), "done before".to_owned()],
        ];
        assert_eq!(
            Printer::plain(None).table(&columns, &rows),
            "unit      due\n─────────────────────\n县住建局  2021-06-30\neco-env   done before\n"
        );
        assert_eq!(
            Printer::plain(Some(20)).table(&columns, &rows),
            "unit      due\n────────────────────\n县住建局  2021-06-30\neco-env   done\n          before\n"
        );
    }

    #[test]
    fn a_cell_breaks_ids_and_paths_but_neither_dates_nor_numbers() {
        assert_eq!(cell_pieces("done-before-import"), ["done-", "before-", "import"]);
        assert_eq!(cell_pieces("from 2021-05-01"), ["from ", "2021-05-01"]);
        assert_eq!(
            cell_pieces("written to ./data/2026-1124-01-eco-env.eml"),
            ["written ", "to ", "./", "data/", "2026-1124-01-", "eco-", "env.eml"]
        );
        let columns = [Column::wrapping("reply", 16)];
        let rows = [vec!["written to ./data/outbox/2026-1124-04-eco-env.eml".to_owned()]];
        let text = Printer::plain(Some(40)).table(&columns, &rows);
        assert!(text.lines().all(|line| line.width() <= 40), "{text}");
    }

    #[test]
    fn chinese_wraps_anywhere_but_before_a_comma_and_words_stay_whole() {
        assert_eq!(wrapped("城镇污水处理厂，改造", Some(14)), ["城镇污水处理", "厂，改造"]);
        assert_eq!(wrapped("one two three", Some(8)), ["one two", "three"]);
        assert_eq!(wrapped("one two three", None), ["one two three"]);
        assert_eq!(
            Printer::plain(Some(48)).hanging("label  ", "a b"),
            "label  a b\n",
            "what fits is left as it is"
        );
    }

    #[test]
    fn only_our_own_colours_reach_the_terminal() {
        let title = "\u{1b}[2J\u{1b}]0;x\u{7}标\u{202E}题\r\u{9b}31m\tz";
        assert_eq!(harmless(false, title), "[2J]0;x标题31m\tz");
        let red = inked(true, Ink::Bad, "超期");
        assert_eq!(
            harmless(true, &format!("{red}\u{1b}[8m{title}\n")),
            format!("{red}[8m[2J]0;x标题31m\tz\n")
        );
        assert_eq!(harmless(false, &red), "[1m[31m超期[0m", "no colour where none is wanted");
    }
}
