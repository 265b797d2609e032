//! The units' page: the keys of `web` in `duban.toml`.

use std::fmt;
use std::net::{IpAddr, SocketAddr};

use toml::Spanned;
use toml::de::DeValue;

use super::file::Reading;
use super::server;

/// Days that a link in a letter opens its page, if nothing else is said.
pub const LINK_DAYS_DEFAULT: u16 = 90;
/// Longest such time: two years.
pub const LINK_DAYS_MAX: u16 = 731;
/// Largest file of evidence in MiB, if nothing else is said.
pub const UPLOAD_FILE_MIB_DEFAULT: u32 = 50;
/// Most that all files of one hand-in may hold in MiB, if nothing else is said.
pub const UPLOAD_REQUEST_MIB_DEFAULT: u32 = 200;
/// Largest that either may be set to in MiB: 4 GiB.
pub const UPLOAD_MIB_MAX: u32 = 4096;

/// All keys of `web`.
pub(super) const KEYS: &[&str] = &["public_url", "link_days", "upload_file_mib", "upload_request_mib"];

const RIGHT: &str =
    "give the address under which units reach this machine's proxy, \"https://duban.county.gov.cn\" say";

/// How units reach their page, and what they may send there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Web {
    /// what letters say before `/u/TOKEN`
    pub public_url: PublicUrl,
    /// whether it was given: without it letters bear no link
    pub is_public: bool,
    /// days that a link opens its page, the day of its letter not counted
    pub link_days: u16,
    /// largest file in MiB
    pub upload_file_mib: u32,
    /// most that all files of one hand-in may hold, in MiB
    pub upload_request_mib: u32,
}

impl Web {
    /// As if nothing was said, for a daemon that listens here.
    #[must_use]
    pub fn at(listen: SocketAddr) -> Self {
        Self {
            public_url: PublicUrl(format!("http://{listen}")),
            is_public: false,
            link_days: LINK_DAYS_DEFAULT,
            upload_file_mib: UPLOAD_FILE_MIB_DEFAULT,
            upload_request_mib: UPLOAD_REQUEST_MIB_DEFAULT,
        }
    }
}

/// Where units reach duban: scheme, host and perhaps a path, without a slash at its end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicUrl(String);

impl fmt::Display for PublicUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Host, port and path of what follows `://`.
fn split(rest: &str) -> (&str, Option<&str>, &str) {
    let (place, path) = rest.find('/').map_or((rest, ""), |at| rest.split_at(at));
    match place.rsplit_once(':') {
        Some((host, port)) if !host.contains(':') || host.ends_with(']') => (host, Some(port), path),
        Some(_) | None => (place, None, path),
    }
}

/// What the file says of it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct WrittenWeb {
    /// `web.public_url`
    pub public_url: Option<PublicUrl>,
    /// `web.link_days`
    pub link_days: Option<u16>,
    /// `web.upload_file_mib`
    pub upload_file_mib: Option<u32>,
    /// `web.upload_request_mib`
    pub upload_request_mib: Option<u32>,
}

impl WrittenWeb {
    /// With nothing left open.
    pub(super) fn meant(self, listen: SocketAddr) -> Web {
        let default = Web::at(listen);
        let upload_file_mib = self.upload_file_mib.unwrap_or(default.upload_file_mib);
        let upload_request_mib = self.upload_request_mib.unwrap_or(default.upload_request_mib);
        Web {
            is_public: self.public_url.is_some(),
            public_url: self.public_url.unwrap_or(default.public_url),
            link_days: self.link_days.unwrap_or(default.link_days),
            upload_file_mib,
            upload_request_mib: upload_request_mib.max(upload_file_mib),
        }
    }
}

/// Reads `web`.
pub(super) fn read(reading: &mut Reading<'_>, value: &Spanned<DeValue<'_>>) -> WrittenWeb {
    let mut written = WrittenWeb::default();
    reading.table("web", value, KEYS, |reading, key, value| {
        let name = format!("web.{key}");
        match key {
            "public_url" => written.public_url = public_url(reading, value),
            "link_days" => written.link_days = server::number(reading, &name, value, &LINK_DAYS_MAX),
            "upload_file_mib" => {
                written.upload_file_mib = server::number(reading, &name, value, &UPLOAD_MIB_MAX);
            }
            _ => written.upload_request_mib = server::number(reading, &name, value, &UPLOAD_MIB_MAX),
        }
    });
    written
}

fn public_url(reading: &mut Reading<'_>, value: &Spanned<DeValue<'_>>) -> Option<PublicUrl> {
    let written = reading.string("web.public_url", value, RIGHT)?;
    let mut tell = |message: String| {
        reading.tell(&value.span(), message);
        None
    };
    let Some((scheme @ ("https" | "http"), rest)) = written.split_once("://") else {
        return tell(format!("`{written}` is no web address; {RIGHT}"));
    };
    let rest = rest.trim_end_matches('/');
    let (host, port, path) = split(rest);
    let name = host.trim_start_matches('[').trim_end_matches(']');
    let plain = |c: char| c.is_ascii_alphanumeric() || "-.:".contains(c);
    let plain_path = |c: char| c.is_ascii_alphanumeric() || "-._~/".contains(c);
    let port_is_one = port.is_none_or(|port| matches!(port.parse::<u16>(), Ok(1..)));
    if name.is_empty() || !name.chars().all(plain) || !path.chars().all(plain_path) || !port_is_one {
        return tell(format!("`{written}` is no web address; {RIGHT}"));
    }
    if scheme == "http" && !is_within(name) {
        return tell(format!(
            "`{written}` would send links and answers over the net in clear; give an https:// address, or one of this machine or a private network"
        ));
    }
    Some(PublicUrl(format!("{scheme}://{rest}")))
}

/// This machine, or an address of a private network (RFC 1918, RFC 4193): nothing leaves the building.
fn is_within(host: &str) -> bool {
    host.eq_ignore_ascii_case("localhost")
        || match host.parse::<IpAddr>() {
            Ok(IpAddr::V4(ip)) => ip.is_loopback() || ip.is_private(),
            Ok(IpAddr::V6(ip)) => ip.is_loopback() || ip.is_unique_local(),
            Err(_) => false,
        }
}

#[cfg(test)]
mod tests {
    use crate::config::parse;

    use super::*;

    const LISTEN: SocketAddr = crate::config::LISTEN_DEFAULT;

    fn web(keys: &str) -> Web {
        parse(&format!("web = {{ {keys} }}")).unwrap().web.meant(LISTEN)
    }

    fn fault(keys: &str) -> String {
        parse(&format!("web = {{ {keys} }}")).unwrap_err().remove(0).message
    }

    #[test]
    fn the_address_that_units_reach_ends_without_a_slash() {
        assert_eq!(web("").public_url.to_string(), "http://127.0.0.1:8780");
        for (written, url) in [
            ("https://duban.county.gov.cn", "https://duban.county.gov.cn"),
            ("https://oa.county.gov.cn:8443/duban/", "https://oa.county.gov.cn:8443/duban"),
            ("http://10.8.0.7", "http://10.8.0.7"),
            ("http://[::1]:80", "http://[::1]:80"),
        ] {
            assert_eq!(web(&format!("public_url = \"{written}\"")).public_url.to_string(), url);
        }
    }

    #[test]
    fn limits_follow_where_they_are_left_out() {
        let limits = |keys: &str| {
            let web = web(keys);
            (web.link_days, web.upload_file_mib, web.upload_request_mib)
        };
        assert_eq!(limits(""), (90, 50, 200));
        assert_eq!(limits("link_days = 30, upload_file_mib = 300"), (30, 300, 300));
        assert_eq!(limits("upload_file_mib = 5, upload_request_mib = 20"), (90, 5, 20));
    }

    #[test]
    fn what_is_no_address_or_would_go_in_clear_is_refused() {
        for written in [
            "duban.county.gov.cn",
            "ftp://a.cn",
            "https://",
            "https://a b",
            "https://u@a.cn",
            "https://a.cn?x",
            "https://a.cn:0",
        ] {
            assert!(fault(&format!("public_url = \"{written}\"")).contains("no web address"), "{written}");
        }
        for written in ["http://duban.county.gov.cn", "http://8.8.8.8"] {
            assert!(fault(&format!("public_url = \"{written}\"")).contains("in clear"), "{written}");
        }
        assert!(fault("link_days = 0").contains("1 to 731"));
        assert!(fault("public_uri = \"x\"").contains("did you mean `public_url`?"));
    }
}
