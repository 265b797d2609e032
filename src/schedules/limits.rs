//! Every limit of a plan file. An event holds at most 64 KiB, so a task must fit in one.

/// Largest file, in bytes.
pub const FILE_BYTES_MAX: usize = 4 * 1024 * 1024;
/// Most tasks of a plan.
pub const TASKS_MAX: usize = 2_000;
/// Longest title of a task, in characters.
pub const TITLE_CHARS_MAX: usize = 80;
/// From this width on (a Chinese character is two columns wide) a title of a task is called long.
pub const TITLE_COLUMNS_WARN: usize = 56;
/// Longest name, plan title, document number or other text of one line, in characters.
pub const LINE_CHARS_MAX: usize = 200;
/// Longest `text` or `reading`, in bytes.
pub const TEXT_BYTES_MAX: usize = 16 * 1024;
/// Longest note (`due_note`, `why`, `standard`, `evidence`, `reason`), in bytes.
pub const NOTE_BYTES_MAX: usize = 4 * 1024;
/// Largest task with all that belongs to it, in bytes of the JSON that an event holds.
pub const TASK_BYTES_MAX: usize = 60 * 1024;
/// Longest address (RFC 5321, section 4.5.3.1.3, less the angle brackets), in bytes.
pub const ADDRESS_BYTES_MAX: usize = 254;
/// Most days that a ladder, `due_after` or a rule may count.
pub const DAYS_MAX: u16 = 366;
