//! How often one link, and one address, may ask: enough for any office, too little to try tokens out.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use crate::domain::LetterId;

/// Requests of one link in [`WINDOW`].
const PER_LINK_MAX: u32 = 120;
/// Requests of one address in [`WINDOW`], with links that open: a county's offices may share one.
const PER_ADDRESS_MAX: u32 = 600;
/// Tokens that open nothing, from one address in [`WINDOW`].
const FAILED_PER_ADDRESS_MAX: u32 = 30;
/// After it, counting begins anew.
const WINDOW: Duration = Duration::from_mins(1);
/// Most links and addresses counted at once; beyond, all counting begins anew.
const COUNTED_MAX: usize = 8192;

/// What is counted.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) enum Who {
    /// a link, by its letter
    Link(LetterId),
    /// an address, as the proxy tells it
    Address(String),
    /// the same address, when what it brought opened nothing
    Failed(String),
}

impl Who {
    fn max(&self) -> u32 {
        match self {
            Self::Link(_) => PER_LINK_MAX,
            Self::Address(_) => PER_ADDRESS_MAX,
            Self::Failed(_) => FAILED_PER_ADDRESS_MAX,
        }
    }
}

/// Counts.
#[derive(Debug, Default)]
pub(super) struct Limit(Mutex<HashMap<Who, (Instant, u32)>>);

impl Limit {
    /// Counts once more; whether that is still within the limit.
    pub(super) fn allows(&self, who: Who, now: Instant) -> bool {
        let mut counted = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if counted.len() >= COUNTED_MAX {
            counted.retain(|_, (since, _)| now.duration_since(*since) < WINDOW);
            if counted.len() >= COUNTED_MAX {
                counted.clear();
            }
        }
        let max = who.max();
        let (since, count) = counted.entry(who).or_insert((now, 0));
        if now.duration_since(*since) >= WINDOW {
            (*since, *count) = (now, 0);
        }
        *count = count.saturating_add(1);
        *count <= max
    }
}

/// Forms of one link on their way at once.
const FORMS_PER_LINK_MAX: usize = 4;
/// Forms of all links on their way at once: the daemon's connections are more, so that others still come in.
const FORMS_MAX: usize = 64;

/// Forms on their way.
#[derive(Debug, Clone, Default)]
pub(super) struct Forms(Arc<Mutex<HashMap<LetterId, usize>>>);

/// One of them; it is over where this is dropped.
#[derive(Debug)]
pub(super) struct UnderWay {
    forms: Forms,
    letter: LetterId,
}

impl Forms {
    /// One more of this link; `None` where there are enough.
    pub(super) fn begin(&self, letter: LetterId) -> Option<UnderWay> {
        let mut forms = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (own, all) = (forms.get(&letter).copied().unwrap_or(0), forms.values().sum::<usize>());
        if own >= FORMS_PER_LINK_MAX || all >= FORMS_MAX {
            return None;
        }
        forms.insert(letter, own + 1);
        drop(forms);
        Some(UnderWay { forms: self.clone(), letter })
    }
}

impl Drop for UnderWay {
    fn drop(&mut self) {
        let mut forms = self.forms.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = forms.get_mut(&self.letter) {
            *count = count.saturating_sub(1);
        }
        forms.retain(|_, count| *count > 0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_asks_too_often_waits_a_minute_and_nobody_else_does() {
        let (limit, now) = (Limit::default(), Instant::now());
        let failed = || Who::Failed("10.0.0.1".to_owned());
        assert!((0..FAILED_PER_ADDRESS_MAX).all(|_| limit.allows(failed(), now)));
        assert!(!limit.allows(failed(), now));
        assert!(limit.allows(Who::Failed("10.0.0.2".to_owned()), now));
        let later = now + WINDOW;
        assert!(limit.allows(failed(), later));
    }

    #[test]
    fn so_many_forms_are_under_way_and_one_that_ends_makes_room() {
        let forms = Forms::default();
        let letter = |number: usize| format!("2021-0623-{number:02}").parse::<LetterId>().unwrap();
        let all: Vec<UnderWay> =
            (0..FORMS_MAX * 2).filter_map(|count| forms.begin(letter(1 + count / 8))).collect();
        assert_eq!(all.len(), FORMS_MAX);
        assert!(all.iter().filter(|one| one.letter == letter(1)).count() == FORMS_PER_LINK_MAX);
        assert!(forms.begin(letter(99)).is_none());
        drop(all);
        assert!(forms.begin(letter(1)).is_some() && forms.0.lock().unwrap().is_empty());
    }

    #[test]
    fn what_is_counted_never_grows_without_bound() {
        let (limit, now) = (Limit::default(), Instant::now());
        for number in 0..COUNTED_MAX * 2 {
            limit.allows(Who::Address(number.to_string()), now);
        }
        assert!(limit.0.lock().unwrap().len() <= COUNTED_MAX);
    }
}
