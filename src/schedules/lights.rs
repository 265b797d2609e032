//! `lights.toml`: how lights (红黄绿灯) are told.

use std::ops::RangeInclusive;

use crate::domain::LightRules;

use super::limits::DAYS_MAX;
use super::page::Page;
use super::table::{Kind, Table};

const DAYS: RangeInclusive<u16> = 0..=DAYS_MAX;

static FILE: Kind = Kind {
    name: "lights.toml",
    keys: &[
        ("version", "version = 1"),
        ("yellow_days", "yellow_days = 7"),
        ("short_clock_days", "short_clock_days = 7"),
    ],
    elsewhere: &[],
};

/// What `lights.toml` says.
pub(super) fn lights(page: &Page) -> Option<LightRules> {
    let root = page.root()?;
    let file = Table::of(page, 0..0, root.get_ref(), &FILE);
    let version = file.need("version").and_then(|field| field.number(&(1..=u32::MAX)));
    let days = |key| file.need(key).and_then(|field| field.number(&DAYS));
    let (yellow_days, short_clock_days) = (days("yellow_days"), days("short_clock_days"));
    Some(LightRules { version: version?, yellow_days: yellow_days?, short_clock_days: short_clock_days? })
}
