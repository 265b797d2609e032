//! `office.toml`: the issuing office.

use chrono::NaiveTime;

use crate::calendar::Zone;
use crate::domain::{FirstLetters, Letterhead, Office, Release};

use super::near::nearest;
use super::page::Page;
use super::table::{Field, Kind, Table, did_you_mean};
use super::units::UnitIndex;
use super::words;
use crate::locale::{Message, message};

static FILE: Kind = Kind { name: "office.toml", keys: &[("office", "[office]")], elsewhere: &[] };

static OFFICE: Kind = Kind {
    name: "the office",
    keys: &[
        ("name", "name = \"阳城县人民政府办公室\""),
        ("zone", "zone = \"Asia/Shanghai\""),
        ("sending_hour", "sending_hour = \"09:00\""),
        ("working_days", "working_days = \"cn\""),
        ("from", "from = \"duban@duban.example\""),
        ("reply_to", "reply_to = \"ducha@duban.example\""),
        ("contact", "contact = \"督查室\""),
        ("phone", "phone = \"0356-0000000\""),
        ("supervision_unit", "supervision_unit = \"inspection-office\""),
        ("release", "release = \"each morning\""),
        ("release_until", "release_until = \"17:00\""),
        ("first_letters", "first_letters = \"after release\""),
        ("acceptance_letter", "acceptance_letter = true"),
        ("bulletin", "bulletin = { red_head = \"督查通报\", to = [\"各有关单位\"] }"),
    ],
    elsewhere: &[],
};

static BULLETIN: Kind = Kind {
    name: "the bulletin's letterhead",
    keys: &[
        ("red_head", "red_head = \"督查通报\""),
        ("subject", "subject = \"空气、水、土壤三个行动计划\""),
        ("subject_of", "subject_of = \"阳政办发〔2021〕41号\""),
        ("to", "to = [\"各乡（镇）人民政府\", \"县直及驻阳各有关单位\"]"),
        ("copies", "copies = [\"县委办公室\"]"),
    ],
    elsewhere: &[],
};

/// What `office.toml` says.
pub(super) fn office(page: &Page, units: &UnitIndex) -> Option<Office> {
    let root = page.root()?;
    let file = Table::of(page, 0..0, root.get_ref(), &FILE);
    let table = file.need("office")?.table(&OFFICE)?;
    let line = |key| table.need(key).and_then(|field| words::line(&field));
    let address = |key| table.need(key).and_then(|field| words::address(&field));
    let name = line("name");
    let zone = table.need("zone").and_then(|field| zone(&field));
    let sending_hour = table.need("sending_hour").and_then(|field| sending_hour(&field));
    let working_days = table.need("working_days").and_then(|field| set(&field));
    let (from, reply_to) = (address("from"), address("reply_to"));
    let (contact, phone) = (line("contact"), line("phone"));
    let release = release(&table, sending_hour);
    let first_letters = table.optional("first_letters", first_letters);
    let supervision_unit = table.need("supervision_unit").and_then(|field| units.unit(&field));
    let letterhead = table.optional("bulletin", letterhead);
    Some(Office {
        name: name?,
        zone: zone?,
        sending_hour: sending_hour?,
        working_days: working_days?,
        from: from?,
        reply_to: reply_to?,
        contact: contact?,
        phone: phone?,
        supervision_unit: supervision_unit?,
        release: release?,
        first_letters: first_letters.ok()?,
        acceptance_letter: table.flag("acceptance_letter"),
        letterhead: letterhead.ok()?.unwrap_or_default(),
    })
}

fn letterhead(field: &Field<'_>) -> Option<Letterhead> {
    let table = field.table(&BULLETIN)?;
    let names = |field: &Field<'_>| field.list()?.iter().map(words::line).collect::<Option<Vec<String>>>();
    Some(Letterhead {
        red_head: table.optional("red_head", words::line).ok()?,
        subject: table.optional("subject", words::line).ok()?,
        subject_of: table.optional("subject_of", words::line).ok()?,
        to: table.optional("to", names).ok()?.unwrap_or_default(),
        copies: table.optional("copies", names).ok()?.unwrap_or_default(),
    })
}

fn zone(field: &Field<'_>) -> Option<Zone> {
    let text = field.text()?;
    let Ok(zone) = Zone::parse(text) else {
        let place = text.rsplit('/').next().unwrap_or(text).to_lowercase();
        let help = if ["beijing", "peking", "北京", "北京时间"].contains(&place.as_str()) {
            Some(message("plan-beijing"))
        } else {
            let zones = chrono_tz::TZ_VARIANTS.iter().map(|zone| zone.name());
            nearest(text, zones).map(did_you_mean)
        };
        return field.refuse(field.fault(message("plan-no-zone").with("text", text)).maybe_help(help));
    };
    Some(zone)
}

/// Latest time of day at which a letter can be released, if the file names none.
const RELEASE_UNTIL: NaiveTime = match NaiveTime::from_hms_opt(17, 0, 0) {
    Some(time) => time,
    None => NaiveTime::MIN,
};

fn release(table: &Table<'_>, sending_hour: Option<NaiveTime>) -> Option<Release> {
    let each_morning = match table.get("release") {
        None => false,
        Some(field) => match field.text()? {
            "auto" => false,
            "each morning" => true,
            other => {
                return field.refuse(field.fault(message("plan-no-release").with("text", other)));
            }
        },
    };
    let Some(until) = table.get("release_until") else {
        return Some(if each_morning {
            Release::EachMorning { until: RELEASE_UNTIL }
        } else {
            Release::Auto
        });
    };
    let time = self::sending_hour(&until)?;
    let refuse = |why: Message| until.refuse(until.fault(why));
    if !each_morning {
        return refuse(message("plan-no-release-hour"));
    }
    if sending_hour.is_some_and(|hour| time <= hour) {
        return refuse(message("plan-release-hour-early"));
    }
    Some(Release::EachMorning { until: time })
}

fn first_letters(field: &Field<'_>) -> Option<FirstLetters> {
    match field.text()? {
        "at once" => Some(FirstLetters::AtOnce),
        "at the sending hour" => Some(FirstLetters::AtHour),
        "after release" => Some(FirstLetters::AfterRelease),
        other => field.refuse(field.fault(message("plan-no-first-letters").with("text", other))),
    }
}

fn sending_hour(field: &Field<'_>) -> Option<NaiveTime> {
    let text = field.text()?;
    let shaped = text.len() == 5;
    let time = NaiveTime::parse_from_str(text, "%H:%M").ok().filter(|_| shaped);
    time.or_else(|| field.refuse(field.fault(message("plan-no-time").with("text", text))))
}

fn set(field: &Field<'_>) -> Option<String> {
    let text = field.text()?;
    let good =
        !text.is_empty() && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
    good.then(|| text.to_owned())
        .or_else(|| field.refuse(field.fault(message("plan-no-set").with("text", text))))
}
