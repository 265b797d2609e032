//! The one view of a matter: what every letter, page, list and paper says of one unit's duty on a day. Pure.
//!
//! [`MatterView`] is made from the ledger, an assignment and a day; who shows a fact takes it from there and formats it.
//! [`worklist`] tells in which lists a matter stands, [`Origin`] where it comes from, [`share()`] a unit's part in a task.

mod collection;
mod dates;
mod extension;
mod history;
mod letters;
mod origin;
mod person;
mod record;
mod share;
mod status;
mod unopened;
mod view;
pub mod worklist;

pub use collection::asked_units;
pub use extension::Extension;
pub use history::{Happened, HistoryLine, way_in};
pub use letters::{LetterAbout, LetterTold, letters_about};
pub use origin::Origin;
pub use person::{Names, ShownPerson, is_phone, phone_end, typed_by, unverified};
pub use share::{Part, Share, share, share_in};
use status::overdue_days;
pub use status::{Status, colour, ink};
pub use unopened::{Unopened, is_over};
pub use view::{MatterView, counted};
