//! The one integration binary.

// Helpers of tests fail like tests do.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::missing_docs_in_private_items
)]

mod accounts;
mod audit_days;
mod bounces;
mod bounces_answers;
mod by_hand;
mod chromium;
mod circles;
mod clerk;
mod clerks_walk;
mod consistency;
mod daemon;
mod decided;
mod doctor;
mod dovecot;
mod drill;
mod foretold;
mod foretold_run;
mod forms;
mod hostile;
mod imap_faults;
mod imap_server;
mod import;
mod import_matters;
mod import_office;
mod kills;
mod letters;
mod mailbox;
mod new_units;
mod office;
mod one_fact;
mod outage;
mod package;
mod page;
mod page_browser;
mod page_hostile;
mod papers;
mod papers_agree;
mod papers_lists;
mod papers_office;
mod phrases;
mod plan_new;
mod planner;
mod planner_accepted;
mod planner_answers;
mod planner_changes;
mod planner_files;
mod planner_first;
mod planner_incoming;
mod planner_mail;
mod planner_members;
mod planner_quiet;
mod planner_recalls;
mod planner_release;
mod planner_requests;
mod planner_rulings;
mod planner_safety;
mod planner_world;
mod planner_years;
mod plans;
mod postfix;
mod process;
mod quota;
mod receipt;
mod rehearsal;
mod script;
mod script_file;
mod service;
mod simulator;
mod simulator_days;
mod simulator_model;
mod simulator_plans;
mod simulator_recalls;
mod simulator_run;
mod simulator_steps;
mod smtp_daemon;
mod smtp_faults;
mod smtp_postfix;
mod smtp_server;
mod store_hangs;
mod strange_files;
mod support;
mod tidy;
mod upgrade;
mod verify;
mod words;
