//! The office's time zone: instants to civil dates and back. It must not know what the machine's zone is.

use std::fmt;

use chrono::{
    DateTime, Days, FixedOffset, MappedLocalTime, NaiveDate, NaiveTime, Offset, TimeDelta, TimeZone, Utc,
};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

/// A name that the IANA zone data does not hold.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("unknown time zone `{name}`: an IANA name is needed, for instance `Asia/Shanghai`")]
pub struct UnknownZone {
    /// The name as it was given.
    pub name: String,
}

/// An IANA time zone; serialised as its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Zone(Tz);

impl Zone {
    /// The zone of this IANA name, capital letters as printed there.
    ///
    /// # Errors
    /// [`UnknownZone`] if the zone data has no such name.
    pub fn parse(name: &str) -> Result<Self, UnknownZone> {
        name.parse().map(Self).map_err(|_| UnknownZone { name: name.to_owned() })
    }

    /// The one zone of the People's Republic, UTC+8 without summer time since 1991.
    #[must_use]
    pub const fn shanghai() -> Self {
        Self(Tz::Asia__Shanghai)
    }

    /// The IANA name.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.0.name()
    }

    /// The civil date on the office's wall at this instant.
    #[must_use]
    pub fn date_of(self, at: DateTime<Utc>) -> NaiveDate {
        self.local(at).date_naive()
    }

    /// The time on the office's clock at this instant.
    #[must_use]
    pub fn time_of(self, at: DateTime<Utc>) -> NaiveTime {
        self.local(at).time()
    }

    /// The same instant with the office's offset, for RFC 3339.
    #[must_use]
    pub fn local(self, at: DateTime<Utc>) -> DateTime<FixedOffset> {
        at.with_timezone(&self.0).fixed_offset()
    }

    /// The instant at which the office's calendar and clock show this date and time.
    /// A time that is skipped (the clock goes forward) becomes the first instant after the gap;
    /// one that comes twice (the clock goes back) is the earlier of the two.
    #[must_use]
    pub fn instant(self, date: NaiveDate, time: NaiveTime) -> DateTime<Utc> {
        match self.0.from_local_datetime(&date.and_time(time)) {
            MappedLocalTime::Single(one) => one.to_utc(),
            MappedLocalTime::Ambiguous(one, other) => one.min(other).to_utc(),
            MappedLocalTime::None => self.end_of_gap(date, time),
        }
    }

    /// The transition whose gap swallows this local time. It lies between the instants that the
    /// local time would be under the offset after and under the offset before.
    fn end_of_gap(self, date: NaiveDate, time: NaiveTime) -> DateTime<Utc> {
        let wanted = date.and_time(time);
        let as_utc = wanted.and_utc();
        let offset_at = |at: Option<DateTime<Utc>>| {
            let at = at.unwrap_or(as_utc);
            TimeDelta::seconds(self.local(at).offset().fix().local_minus_utc().into())
        };
        let before = offset_at(as_utc.checked_sub_days(Days::new(1)));
        let after = offset_at(as_utc.checked_add_days(Days::new(1)));
        let (mut early, mut late) = (as_utc - after, as_utc - before);
        while late - early > TimeDelta::seconds(1) {
            let middle = early + (late - early) / 2;
            if self.local(middle).naive_local() > wanted {
                late = middle;
            } else {
                early = middle;
            }
        }
        // Transitions fall on whole seconds; `late` is less than one second past it.
        DateTime::from_timestamp(late.timestamp(), 0).unwrap_or(late)
    }
}

impl fmt::Display for Zone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl TryFrom<String> for Zone {
    type Error = UnknownZone;

    fn try_from(name: String) -> Result<Self, UnknownZone> {
        Self::parse(&name)
    }
}

impl From<Zone> for String {
    fn from(zone: Zone) -> Self {
        zone.name().to_owned()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn date(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn time(text: &str) -> NaiveTime {
        text.parse().unwrap()
    }

    fn instant(zone: &str, day: &str, at: &str) -> String {
        let zone = Zone::parse(zone).unwrap();
        zone.instant(date(day), time(at)).to_rfc3339()
    }

    #[test]
    fn nine_in_the_morning_stays_on_its_day_in_every_zone() {
        let nine = time("09:00:00");
        for name in ["Europe/London", "America/New_York", "Asia/Shanghai", "Pacific/Kiritimati"] {
            let zone = Zone::parse(name).unwrap();
            let days = date("2020-01-01").iter_days();
            for day in days.take_while(|day| *day <= date("2030-12-31")) {
                let at = zone.instant(day, nine);
                assert_eq!(zone.date_of(at), day, "{name}");
                assert_eq!(zone.time_of(at), nine, "{name} {day}");
            }
        }
    }

    #[test]
    fn a_skipped_time_becomes_the_first_instant_after_the_gap() {
        let new_york = instant("America/New_York", "2021-03-14", "02:30:00");
        assert_eq!(new_york, "2021-03-14T07:00:00+00:00");
        assert_eq!(instant("America/New_York", "2021-03-14", "02:00:00"), new_york);
        assert_eq!(instant("America/New_York", "2021-03-14", "02:59:59.999"), new_york);
        let london = instant("Europe/London", "2021-03-28", "01:30:00");
        assert_eq!(london, "2021-03-28T01:00:00+00:00");
        // Half an hour forward, by half an hour only.
        let lord_howe = instant("Australia/Lord_Howe", "2021-10-03", "02:15:00");
        assert_eq!(lord_howe, "2021-10-02T15:30:00+00:00");
        // Samoa had no 30 December 2011.
        let samoa = instant("Pacific/Apia", "2011-12-30", "12:00:00");
        assert_eq!(samoa, "2011-12-30T10:00:00+00:00");
    }

    #[test]
    fn of_a_time_that_comes_twice_the_earlier_counts() {
        let new_york = instant("America/New_York", "2021-11-07", "01:30:00");
        assert_eq!(new_york, "2021-11-07T05:30:00+00:00");
        let london = instant("Europe/London", "2021-10-31", "01:30:00");
        assert_eq!(london, "2021-10-31T00:30:00+00:00");
    }

    #[test]
    fn lead_times_are_civil_days() {
        // Seven days before a deadline, across the change of the clock: 09:00 both times,
        // though an hour less than 7 × 24 has passed.
        let zone = Zone::parse("Europe/London").unwrap();
        let deadline = date("2021-03-31");
        let lead = zone.instant(deadline - Days::new(7), time("09:00:00"));
        let due = zone.instant(deadline, time("09:00:00"));
        assert_eq!(zone.time_of(lead), zone.time_of(due));
        assert_eq!(due - lead, TimeDelta::hours(7 * 24 - 1));
    }

    #[test]
    fn the_offset_is_told_for_rfc_3339() {
        let zone = Zone::shanghai();
        let at = zone.instant(date("2021-05-24"), time("09:00:00"));
        assert_eq!(at.to_rfc3339(), "2021-05-24T01:00:00+00:00");
        assert_eq!(zone.local(at).to_rfc3339(), "2021-05-24T09:00:00+08:00");
    }

    #[test]
    fn it_is_kept_as_its_name() {
        let json = serde_json::to_string(&Zone::shanghai()).unwrap();
        assert_eq!(json, r#""Asia/Shanghai""#);
        assert_eq!(serde_json::from_str::<Zone>(&json).unwrap(), Zone::shanghai());
        assert!(serde_json::from_str::<Zone>(r#""Asia/Jincheng""#).is_err());
        assert!(Zone::parse("").is_err());
    }

    #[test]
    fn the_ends_of_the_calendar_are_no_fault() {
        let zone = Zone::parse("America/New_York").unwrap();
        for day in [NaiveDate::MIN, NaiveDate::MAX] {
            let _: DateTime<Utc> = zone.instant(day, NaiveTime::MIN);
        }
    }

    proptest! {
        #[test]
        fn an_instant_shows_the_time_asked_for_or_the_first_after_it(
            name in prop::sample::select(chrono_tz::TZ_VARIANTS.to_vec()),
            seconds in 946_684_800i64..1_900_000_000,
        ) {
            let zone = Zone(name);
            let wanted = DateTime::from_timestamp(seconds, 0).unwrap().naive_utc();
            let at = zone.instant(wanted.date(), wanted.time());
            let shown = zone.local(at).naive_local();
            prop_assert!(shown >= wanted);
            let before = zone.local(at - TimeDelta::seconds(1)).naive_local();
            prop_assert!(shown == wanted || before < wanted);
        }
    }
}
