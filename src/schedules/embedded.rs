//! The plan files that duban is shipped with, so that `duban serve` works without a directory.

use super::{Read, Source, parse};

/// Names the files under `schedules/` that are built in; a test holds the list against the directory.
macro_rules! shipped {
    ($($name:literal),+ $(,)?) => {
        &[$(($name, include_str!(concat!("../../schedules/", $name)))),+]
    };
}

const SHIPPED: &[(&str, &str)] = shipped![
    "air.toml",
    "annual.toml",
    "ladders.toml",
    "lights.toml",
    "office.toml",
    "soil.toml",
    "source/yangzhengbanfa-2021-41.txt",
    "units.toml",
    "water.toml",
    "workdays/cn-2021.toml",
    "workdays/cn-2022.toml",
    "workdays/cn-2023.toml",
    "workdays/cn-2024.toml",
    "workdays/cn-2025.toml",
    "workdays/cn-2026.toml",
];

/// The shipped files.
#[must_use]
pub fn embedded_sources() -> Vec<Source> {
    SHIPPED.iter().map(|(name, text)| Source { name: (*name).to_owned(), text: (*text).to_owned() }).collect()
}

/// What the shipped files say.
#[must_use]
pub fn embedded() -> Read {
    parse(&embedded_sources())
}
