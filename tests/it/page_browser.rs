//! A unit's clerk with a plain browser: opens a link, fills in the form, presses a button. No JavaScript.

use std::collections::BTreeMap;
use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};

use chrono::NaiveDate;
use duban::domain::{Assignment, LetterId, OccurrenceId, Recipient};
use duban::link::{KEY_BYTES, Link, LinkKey};

use crate::support::TestDaemon;

/// What came back.
pub struct Page {
    pub status: u16,
    pub headers: BTreeMap<String, String>,
    pub body: String,
}

impl Page {
    pub fn says(&self, words: &str) -> bool {
        self.body.contains(words)
    }

    /// A hidden field of the form.
    pub fn hidden(&self, name: &str) -> String {
        let (_, rest) = self
            .body
            .split_once(&format!("name=\"{name}\" value=\""))
            .unwrap_or_else(|| panic!("no {name}: {}", self.body));
        rest.split('"').next().unwrap().to_owned()
    }

    /// Where it sends the browser.
    pub fn location(&self) -> &str {
        self.headers.get("location").unwrap_or_else(|| panic!("{}: {}", self.status, self.body))
    }
}

/// One browser with one link.
#[derive(Clone)]
pub struct Browser {
    pub address: SocketAddr,
    pub path: String,
    pub headers: Vec<(&'static str, String)>,
}

/// What is typed and chosen.
#[derive(Default, Clone)]
pub struct Filled {
    fields: Vec<(String, String)>,
    files: Vec<(String, String, Vec<u8>)>,
}

impl Filled {
    /// A form as this page shows it, with a person.
    pub fn of(page: &Page) -> Self {
        Self::default()
            .with("base", &page.hidden("base"))
            .with("seen", &page.hidden("seen"))
            .with("name", "王建国")
            .with("post", "科员")
            .with("phone", "0356-4228888")
    }

    pub fn with(mut self, name: &str, value: &str) -> Self {
        self.fields.push((name.to_owned(), value.to_owned()));
        self
    }

    pub fn on(self, matter: &OccurrenceId, field: &str, value: &str) -> Self {
        self.with(&format!("{field}~{matter}"), value)
    }

    pub fn file(mut self, matter: &OccurrenceId, name: &str, bytes: &[u8]) -> Self {
        self.files.push((format!("files~{matter}"), name.to_owned(), bytes.to_vec()));
        self
    }

    pub fn body(&self, boundary: &str) -> Vec<u8> {
        let mut body = Vec::new();
        for (name, value) in &self.fields {
            let value = value.replace('\n', "\r\n");
            write!(
                body,
                "--{boundary}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n"
            )
            .unwrap();
        }
        for (name, file, bytes) in &self.files {
            write!(
                body,
                "--{boundary}\r\nContent-Disposition: form-data; name=\"{name}\"; filename=\"{file}\"\r\nContent-Type: application/octet-stream\r\n\r\n"
            )
            .unwrap();
            body.extend_from_slice(bytes);
            body.extend_from_slice(b"\r\n");
        }
        write!(body, "--{boundary}--\r\n").unwrap();
        body
    }
}

impl Browser {
    /// With the link of the unit's first letter.
    pub fn of(daemon: &TestDaemon, unit: &str) -> Self {
        let letter = letter_of(daemon, unit);
        Self::with(daemon, &token(daemon, letter, "2021-12-31"))
    }

    pub fn with(daemon: &TestDaemon, token: &str) -> Self {
        Self { address: daemon.running().listen(), path: format!("/u/{token}"), headers: Vec::new() }
    }

    pub fn get(&self, query: &str) -> Page {
        self.ask("GET", query, None)
    }

    /// Follows where a form led.
    pub fn follow(&self, page: &Page) -> Page {
        assert_eq!(page.status, 303, "{}", page.body);
        let place = page.location().split('#').next().unwrap();
        self.get(place.trim_start_matches('?'))
    }

    pub fn post(&self, filled: &Filled, step: &str) -> Page {
        let filled = filled.clone().with("step", step);
        self.ask("POST", "", Some(("multipart/form-data; boundary=XyZ", filled.body("XyZ"))))
    }

    /// Previews and hands in: what the last answer was.
    pub fn hand_in(&self, filled: &Filled) -> Page {
        let preview = self.follow(&self.post(filled, "preview"));
        self.confirm(&preview, "submit")
    }

    /// Presses the button of a preview.
    pub fn confirm(&self, preview: &Page, step: &str) -> Page {
        let form =
            Filled::default().with("mark", &preview.hidden("mark")).with("seen", &preview.hidden("seen"));
        self.post(&form, step)
    }

    /// Begins to send a form: when this returns, the daemon waits for its body.
    pub fn begin(&self, body: &[u8]) -> Begun {
        let mut stream = TcpStream::connect(self.address).unwrap();
        let head = format!(
            "POST {} HTTP/1.1\r\nhost: 127.0.0.1\r\nconnection: close\r\nexpect: 100-continue\r\ncontent-type: multipart/form-data; boundary=XyZ\r\ncontent-length: {}\r\n\r\n",
            self.path,
            body.len()
        );
        stream.write_all(head.as_bytes()).unwrap();
        let mut told = [0; "HTTP/1.1 100 Continue\r\n\r\n".len()];
        stream.read_exact(&mut told).unwrap();
        assert!(told.starts_with(b"HTTP/1.1 100"), "{}", String::from_utf8_lossy(&told));
        Begun { stream, body: body.to_vec() }
    }

    pub fn ask(&self, method: &str, query: &str, body: Option<(&str, Vec<u8>)>) -> Page {
        let query = if query.is_empty() { String::new() } else { format!("?{query}") };
        let mut head = format!("{method} {}{query} HTTP/1.1\r\nconnection: close\r\n", self.path);
        let host = self.headers.iter().any(|(name, _)| *name == "host");
        if !host {
            head.push_str("host: 127.0.0.1\r\n");
        }
        head.extend(self.headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")));
        let (kind, body) = body.unwrap_or(("", Vec::new()));
        if !kind.is_empty() {
            head.extend([format!("content-type: {kind}\r\ncontent-length: {}\r\n", body.len())]);
        }
        let mut stream = TcpStream::connect(self.address).unwrap();
        stream.write_all(format!("{head}\r\n").as_bytes()).unwrap();
        // It may hang up before all is written.
        let _ = stream.write_all(&body);
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer);
        read(&String::from_utf8_lossy(&answer))
    }
}

/// A form on its way.
pub struct Begun {
    stream: TcpStream,
    body: Vec<u8>,
}

impl Begun {
    /// Sends the rest; what is answered.
    pub fn end(mut self) -> Page {
        let _ = self.stream.write_all(&self.body);
        let mut answer = Vec::new();
        let _ = self.stream.read_to_end(&mut answer);
        read(&String::from_utf8_lossy(&answer))
    }
}

fn read(answer: &str) -> Page {
    let (head, body) = answer.split_once("\r\n\r\n").unwrap_or((answer, ""));
    let mut lines = head.lines();
    let status = lines.next().and_then(|line| line.split(' ').nth(1)).and_then(|code| code.parse().ok());
    let headers = lines.filter_map(|line| line.split_once(": "));
    let headers: BTreeMap<String, String> =
        headers.map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned())).collect();
    Page { status: status.unwrap_or(0), headers, body: body.to_owned() }
}

/// The number of the first letter to a unit.
pub fn letter_of(daemon: &TestDaemon, unit: &str) -> LetterId {
    let ledger = daemon.running().planner().ledger().read();
    let to = Recipient::Unit(unit.parse().unwrap());
    let letter = ledger.letters().find(|(_, letter)| letter.queued.to == to);
    *letter.unwrap_or_else(|| panic!("no letter to {unit}")).0
}

/// The daemon's own key.
pub fn key(daemon: &TestDaemon) -> LinkKey {
    let bytes = std::fs::read(daemon.config().data.join("secrets/link-key")).unwrap();
    LinkKey::new(<[u8; KEY_BYTES]>::try_from(bytes).unwrap())
}

/// A token of the daemon's own making.
pub fn token(daemon: &TestDaemon, letter: LetterId, last_day: &str) -> String {
    let last_day: NaiveDate = last_day.parse().unwrap();
    key(daemon).token(&Link { letter, last_day })
}

/// A matter of a unit, by its title.
pub fn matter(daemon: &TestDaemon, unit: &str, title: &str) -> OccurrenceId {
    assignment(daemon, unit, title).occurrence
}

/// The same with all that is known of it.
pub fn assignment(daemon: &TestDaemon, unit: &str, title: &str) -> Assignment {
    let ledger = daemon.running().planner().ledger().read();
    let found = ledger.assignments().find(|one| {
        one.unit.as_str() == unit
            && ledger.task(&one.occurrence.task).is_some_and(|state| state.task.title == title)
    });
    found.unwrap_or_else(|| panic!("{unit} has no {title}")).clone()
}
