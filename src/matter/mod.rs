//! The one view of a matter: what every letter, page, list and paper says of one unit's duty on a day. Pure.

mod status;

pub use status::{Status, colour, ink, overdue_days};
