//! A TOML table read by hand: its keys are known beforehand, every value is asked for by its type,
//! and whatever does not fit is told with what would.

use std::ops::{Range, RangeInclusive};
use std::str::FromStr;

use chrono::NaiveDate;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::diagnostic::Fault;
use super::near::nearest;
use super::page::{Page, impossible_date};
use crate::locale::{Message, Spoken, Value, message, texts};

/// A key that stands elsewhere, and what to write instead.
type Elsewhere = (&'static str, fn() -> Message);

/// A kind of table.
pub(super) struct Kind {
    /// with its article: `a task`; a word of `locale`
    pub(super) name: &'static str,
    /// every key that it may have, each with an example of its line
    pub(super) keys: &'static [(&'static str, &'static str)],
    /// advice on keys that stand elsewhere
    pub(super) elsewhere: &'static [Elsewhere],
}

impl Kind {
    fn example(&self, key: &str) -> &'static str {
        self.keys.iter().find(|(name, _)| *name == key).map_or("", |(_, example)| example)
    }
}

/// A value is wrong, and that has been told.
#[derive(Debug, Clone, Copy)]
pub(super) struct Told;

/// A table whose unknown keys have been told.
pub(super) struct Table<'a> {
    /// where it stands
    pub(super) page: &'a Page,
    /// its header, or its braces
    pub(super) span: Range<usize>,
    /// whether it had a key that its kind has not
    pub(super) has_unknown: bool,
    /// what misspelt keys were probably meant to be
    meant: Vec<&'static str>,
    kind: &'static Kind,
    fields: Vec<Field<'a>>,
}

/// A value and the key that it stands under.
#[derive(Clone)]
pub(super) struct Field<'a> {
    /// where it stands
    pub(super) page: &'a Page,
    /// its key
    pub(super) key: &'static str,
    /// where the key stands
    pub(super) key_span: Range<usize>,
    value: &'a Spanned<DeValue<'a>>,
    example: &'static str,
}

impl<'a> Table<'a> {
    /// Reads the keys of a table.
    pub(super) fn of(
        page: &'a Page,
        span: Range<usize>,
        table: &'a DeTable<'a>,
        kind: &'static Kind,
    ) -> Self {
        let mut read = Self { page, span, has_unknown: false, meant: Vec::new(), kind, fields: Vec::new() };
        for (key, value) in table {
            let known = kind.keys.iter().find(|(name, _)| name == key.get_ref());
            match known {
                Some(&(name, example)) => {
                    read.fields.push(Field { page, key: name, key_span: key.span(), value, example });
                }
                None => read.unknown(key),
            }
        }
        read.fields.sort_by_key(|field| field.key_span.start);
        read
    }

    fn unknown(&mut self, key: &Spanned<std::borrow::Cow<'_, str>>) {
        self.has_unknown = true;
        let Kind { name, keys, elsewhere } = self.kind;
        let given = key.get_ref();
        let kind = Value::Word((*name).to_owned());
        let unknown = message("plan-unknown-key").with("key", given).put("kind", kind.clone());
        let fault = Fault::at(key.span(), unknown);
        let all = || keys.iter().map(|(key, _)| *key);
        let help = if let Some((_, advice)) = elsewhere.iter().find(|(key, _)| key == given) {
            advice()
        } else if let Some(right) = nearest(given, all()) {
            self.meant.push(right);
            did_you_mean(right)
        } else {
            message("plan-keys").put("kind", kind).put("keys", marked(all()))
        };
        self.page.tell(fault.help(help));
    }

    /// The fields in the order of the file.
    pub(super) fn fields(&self) -> impl Iterator<Item = &Field<'a>> {
        self.fields.iter()
    }

    /// The field, if the key is given.
    pub(super) fn get(&self, key: &str) -> Option<Field<'a>> {
        self.fields.iter().find(|field| field.key == key).cloned()
    }

    /// The field; told where the key is missing, unless a misspelt one has been told.
    pub(super) fn need(&self, key: &str) -> Option<Field<'a>> {
        let found = self.get(key);
        if found.is_none() && !self.meant.contains(&key) {
            let kind = Value::Word(self.kind.name.to_owned());
            let needs = message("plan-needs-key").put("kind", kind).with("key", key);
            self.page.tell(Fault::at(self.span.clone(), needs.with("example", self.kind.example(key))));
        }
        found
    }

    /// The value if its key is given.
    ///
    /// # Errors
    /// [`Told`], if it is given and wrong.
    pub(super) fn optional<T>(
        &self,
        key: &str,
        read: impl Fn(&Field<'a>) -> Option<T>,
    ) -> Result<Option<T>, Told> {
        self.get(key).map(|field| read(&field).ok_or(Told)).transpose()
    }

    /// `true` or `false`, `false` where it is not given.
    pub(super) fn flag(&self, key: &str) -> bool {
        self.get(key).and_then(|field| field.flag()).unwrap_or(false)
    }
}

impl<'a> Field<'a> {
    /// A value without a key.
    pub(super) fn lone(
        page: &'a Page,
        value: &'a Spanned<DeValue<'a>>,
        key: &'static str,
        example: &'static str,
    ) -> Self {
        Self { page, key, key_span: value.span(), value, example }
    }

    /// Where the value stands.
    pub(super) fn span(&self) -> Range<usize> {
        self.value.span()
    }

    /// A fault of the value.
    pub(super) fn fault(&self, what: Message) -> Fault {
        Fault::at(self.span(), what)
    }

    /// Tells a fault of the value; for use as the end of a chain.
    pub(super) fn refuse<T>(&self, fault: Fault) -> Option<T> {
        self.page.tell(fault);
        None
    }

    fn wrong<T>(&self, expected: &str) -> Option<T> {
        let given = match self.value.get_ref() {
            DeValue::String(_) => "text in quotes",
            DeValue::Integer(_) => "a whole number",
            DeValue::Float(_) => "a number with a fraction",
            DeValue::Boolean(_) => "`true` or `false`",
            DeValue::Datetime(moment) if moment.time.is_some() => "a time",
            DeValue::Datetime(_) => "a date",
            DeValue::Array(_) => "a list",
            DeValue::Table(_) => "a table",
        };
        let word = |word: &str| Value::Word(word.to_owned());
        let wrong = message("plan-wrong-type").with("key", self.key).put("expected", word(expected));
        self.refuse(self.fault(wrong.put("given", word(given)).with("example", self.example)))
    }

    /// The value as it stands between the quotes.
    pub(super) fn text(&self) -> Option<&'a str> {
        self.value.get_ref().as_str().or_else(|| self.wrong("text in quotes"))
    }

    /// Whether the value is a text.
    pub(super) fn is_text(&self) -> bool {
        self.value.get_ref().is_str()
    }

    /// A whole number as its digits, or a text.
    pub(super) fn number_or_text(&self) -> Option<&'a str> {
        match self.value.get_ref() {
            DeValue::Integer(number) if number.radix() == 10 => Some(number.as_str()),
            DeValue::String(text) => Some(text),
            DeValue::Integer(_)
            | DeValue::Float(_)
            | DeValue::Boolean(_)
            | DeValue::Datetime(_)
            | DeValue::Array(_)
            | DeValue::Table(_) => self.wrong("a whole number or text in quotes"),
        }
    }

    /// A civil date.
    pub(super) fn date(&self) -> Option<NaiveDate> {
        const EXPECTED: &str = "a date without quotes";
        let Some(moment) = self.value.get_ref().as_datetime() else {
            return self.wrong(EXPECTED);
        };
        match (moment.date, moment.time) {
            // The TOML reader leaves an empty one where it has told of an impossible date.
            (None, None) => None,
            (Some(date), None) => {
                let day = NaiveDate::from_ymd_opt(date.year.into(), date.month.into(), date.day.into());
                day.or_else(|| self.refuse(impossible_date(self.span(), &date.to_string())))
            }
            (_, Some(_)) => self.wrong(EXPECTED),
        }
    }

    /// `true` or `false`.
    pub(super) fn flag(&self) -> Option<bool> {
        self.value.get_ref().as_bool().or_else(|| self.wrong("`true` or `false`"))
    }

    /// A whole number in a range.
    pub(super) fn number<T: FromStr + PartialOrd + std::fmt::Display>(
        &self,
        range: &RangeInclusive<T>,
    ) -> Option<T> {
        let Some(number) = self.value.get_ref().as_integer() else {
            return self.wrong("a whole number");
        };
        let (least, most) = (range.start(), range.end());
        let parsed = number.as_str().parse().ok().filter(|number| range.contains(number));
        parsed.or_else(|| {
            let outside = message("plan-outside").with("key", self.key).with("number", &number.as_str());
            let outside = outside.with("least", least).with("most", most);
            self.refuse(self.fault(outside.with("example", self.example)))
        })
    }

    /// The values of a list.
    pub(super) fn list(&self) -> Option<Vec<Field<'a>>> {
        let Some(array) = self.value.get_ref().as_array() else {
            return self.wrong("a list in square brackets");
        };
        let item = |value| Field { key_span: Spanned::span(value), value, ..self.clone() };
        Some(array.iter().map(item).collect())
    }

    /// A table of this kind.
    pub(super) fn table(&self, kind: &'static Kind) -> Option<Table<'a>> {
        let Some(table) = self.value.get_ref().as_table() else {
            return self.wrong("a table");
        };
        Some(Table::of(self.page, self.span(), table, kind))
    }

    /// The tables of a list (`[[task]]`).
    pub(super) fn tables(&self, kind: &'static Kind) -> Option<Vec<Table<'a>>> {
        let items = self.list()?;
        Some(items.iter().filter_map(|item| item.table(kind)).collect())
    }

    /// A text that parses.
    pub(super) fn parsed<T: FromStr<Err: Spoken>>(&self) -> Option<T> {
        let text = self.text()?;
        let refused = |error: T::Err| {
            let fault = self.fault(error.spoken()).label(message("plan-is-no").with("key", self.key));
            self.refuse(fault.help(example(self.example)))
        };
        text.parse().map_or_else(refused, Some)
    }

    /// One of these words.
    pub(super) fn word<T: Copy>(&self, words: &[(&str, T)]) -> Option<T> {
        let text = self.text()?;
        let found = words.iter().find(|(word, _)| *word == text);
        found.map(|(_, value)| *value).or_else(|| {
            let all = || words.iter().map(|(word, _)| *word);
            let near = nearest(text, all())
                .map(|near| message("plan-did-you-mean-of").with("near", near).put("words", marked(all())));
            let no_word = message("plan-no-word").with("word", text).with("key", self.key);
            self.refuse(self.fault(no_word.put("words", marked(all()))).maybe_help(near))
        })
    }
}

/// Keys or words as they are typed, in a row.
pub(super) fn marked<'w>(words: impl IntoIterator<Item = &'w str>) -> Value {
    Value::All(texts(words.into_iter().map(|word| format!("`{word}`"))))
}

/// How it would be written.
pub(super) fn example(example: &str) -> Message {
    message("plan-as").with("example", example)
}

/// What was probably meant.
pub(super) fn did_you_mean(near: &str) -> Message {
    message("usage-did-you-mean").with("near", near)
}
