//! The nearest right word to a misspelt one.

/// From so many characters on, the beginning of a word is enough.
const PREFIX_CHARS_MIN: usize = 3;

/// The candidate that this was probably meant to be.
#[must_use]
pub fn nearest<'c>(given: &str, candidates: impl Iterator<Item = &'c str>) -> Option<&'c str> {
    let given = given.to_lowercase();
    let length = given.chars().count();
    let most = if length <= 3 { 1 } else { (length / 3).max(2) };
    let distances = candidates.map(|candidate| {
        let candidate_lower = candidate.to_lowercase();
        let begins_so = length >= PREFIX_CHARS_MIN && candidate_lower.starts_with(&given);
        let distance = strsim::damerau_levenshtein(&given, &candidate_lower);
        (distance > most, !begins_so, distance, candidate)
    });
    let (too_far, otherwise_begun, _, best) =
        distances.min_by_key(|(far, otherwise, distance, _)| (*far, *otherwise, *distance))?;
    (!too_far || !otherwise_begun).then_some(best)
}
