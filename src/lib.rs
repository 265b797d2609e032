//! duban (督办) keeps government action plans as events, works out which unit
//! must be reminded of what and when, mails it, and can prove it afterwards.
//!
//! The rooms and who may name whom stand in `ARCHITECTURE.md`; `tests/it/tidy.rs` enforces it.

pub mod audit;
pub mod calendar;
pub mod cli;
pub mod client;
pub mod clock;
pub mod config;
pub mod daemon;
pub mod doctor;
pub mod domain;
pub mod import;
pub mod intake;
pub mod journal;
pub mod letter;
pub mod link;
pub mod mail;
pub mod plain_file;
pub mod planner;
pub mod private_dir;
pub mod report;
pub mod schedules;
pub mod telemetry;
pub mod web;
pub mod wire;
pub mod words;
