//! A phone's browser: headless Chromium 360 px wide, driven through chromedriver (W3C `WebDriver`, 2018).
//!
//! Without them the tests that need it fail and say what to install; none is left out in silence.

use std::io::{BufRead, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use crate::process::until;

/// The key under which `WebDriver` names an element.
const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";
const PATIENCE: Duration = Duration::from_mins(1);

/// Whether pages may run their script.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Script {
    Runs,
    Off,
}

/// A phone in a clerk's hand.
pub struct Phone {
    driver: Child,
    port: u16,
    session: String,
    /// where pictures go
    pictures: PathBuf,
}

impl Phone {
    pub fn with(script: Script) -> Self {
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let driver = Command::new("chromedriver")
            .arg(format!("--port={port}"))
            .env("LANGUAGE", "zh_CN")
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap_or_else(|fault| {
                panic!("chromedriver can't be run ({fault}): this test needs Debian's chromium and chromium-driver; tests/run installs them")
            });
        let pictures = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("pictures");
        std::fs::create_dir_all(&pictures).unwrap();
        let mut phone = Self { driver, port, session: String::new(), pictures };
        until("chromedriver listens", || TcpStream::connect(("127.0.0.1", port)).is_ok());
        let asked = json!({"capabilities": {"alwaysMatch": {"goog:chromeOptions": {
            "args": ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--lang=zh-CN"],
            "mobileEmulation": {"deviceMetrics": {"width": 360, "height": 740, "pixelRatio": 2.0, "touch": true}},
        }}}});
        let session = phone.ask("POST", "/session", &asked);
        session["sessionId"].as_str().unwrap().clone_into(&mut phone.session);
        if script == Script::Off {
            // With all scripts forbidden chromedriver itself stands still; the pages have but this one.
            phone.cdp("Network.enable", &json!({}));
            phone.cdp("Network.setBlockedURLs", &json!({"urls": ["*.js"]}));
        }
        phone
    }

    pub fn open(&self, address: &str) {
        self.say("POST", "url", &json!({ "url": address }));
    }

    /// Taps what a CSS selector names.
    pub fn tap(&self, selector: &str) {
        let element = self.element(selector);
        // In the middle of the screen, where no bar lies over it.
        let script = "arguments[0].scrollIntoView({block: 'center', behavior: 'instant'})";
        self.run(script, &json!([{ ELEMENT: element }]));
        self.say("POST", &format!("element/{element}/click"), &json!({}));
    }

    /// Taps what leads to another page, and waits for it.
    pub fn go(&self, selector: &str) {
        self.run("document.documentElement.dataset.left = 1", &json!([]));
        self.tap(selector);
        let there = "return document.readyState === 'complete' && !document.documentElement.dataset.left";
        until(selector, || self.run(there, &json!([])).as_bool().unwrap());
    }

    /// Types into a field in the place of what stands there.
    pub fn fill_anew(&self, selector: &str, text: &str) {
        let element = self.element(selector);
        self.say("POST", &format!("element/{element}/clear"), &json!({}));
        self.fill(selector, text);
    }

    /// Types into a field, or gives a file field its file.
    pub fn fill(&self, selector: &str, text: &str) {
        let element = self.element(selector);
        self.say("POST", &format!("element/{element}/value"), &json!({ "text": text }));
    }

    /// Chooses a day as the phone's own calendar does.
    pub fn choose_day(&self, selector: &str, day: &str) {
        let element = self.element(selector);
        self.run("arguments[0].value = arguments[1]", &json!([{ ELEMENT: element }, day]));
    }

    /// What the page says.
    pub fn text(&self) -> String {
        let body = self.element("body");
        self.say("GET", &format!("element/{body}/text"), &Value::Null).as_str().unwrap().to_owned()
    }

    /// Whether anything lies beyond the right edge of the screen.
    pub fn scrolls_sideways(&self) -> bool {
        let script = "return document.documentElement.scrollWidth > document.documentElement.clientWidth";
        self.run(script, &json!([])).as_bool().unwrap()
    }

    /// Heights and widths in px of what is to be tapped, where less than a thumb needs (WCAG 2.2, 2.5.8: 24 px).
    pub fn too_small_to_tap(&self) -> Value {
        let script = "return [...document.querySelectorAll('button, label, summary, .button')]
            .filter(e => e.checkVisibility() && !e.closest('.first') && !e.matches('.first'))
            .map(e => [e.textContent.trim(), e.getBoundingClientRect()])
            .filter(([, r]) => r.height > 1 && (r.height < 24 || r.width < 24))
            .map(([text, r]) => text + ' ' + r.width + 'x' + r.height)";
        self.run(script, &json!([]))
    }

    /// The whole page as a picture: on a screen that is as high as the page.
    pub fn picture(&self, name: &str) {
        let height = self.run("return document.documentElement.scrollHeight", &json!([]));
        let high = json!({"width": 360, "height": height, "deviceScaleFactor": 2, "mobile": true});
        self.cdp("Emulation.setDeviceMetricsOverride", &high);
        let taken = self.say("GET", "screenshot", &Value::Null);
        self.cdp("Emulation.clearDeviceMetricsOverride", &json!({}));
        let bytes = STANDARD.decode(taken.as_str().unwrap()).unwrap();
        std::fs::write(self.pictures.join(format!("{name}.png")), bytes).unwrap();
    }

    fn element(&self, selector: &str) -> String {
        let asked = json!({"using": "css selector", "value": selector});
        let found = self.say("POST", "element", &asked);
        found[ELEMENT].as_str().unwrap().to_owned()
    }

    fn run(&self, script: &str, arguments: &Value) -> Value {
        self.say("POST", "execute/sync", &json!({"script": script, "args": arguments}))
    }

    /// Chromium's own protocol, for what `WebDriver` has no word for.
    fn cdp(&self, command: &str, params: &Value) -> Value {
        self.say("POST", "goog/cdp/execute", &json!({"cmd": command, "params": params}))
    }

    fn say(&self, method: &str, command: &str, body: &Value) -> Value {
        self.ask(method, &format!("/session/{}/{command}", self.session), body)
    }

    fn ask(&self, method: &str, path: &str, body: &Value) -> Value {
        let body = if body.is_null() { String::new() } else { body.to_string() };
        let head = format!(
            "{method} {path} HTTP/1.1\r\nhost: 127.0.0.1\r\nconnection: close\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n",
            body.len()
        );
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        stream.write_all(format!("{head}{body}").as_bytes()).unwrap();
        let (head, body) = answer(&mut BufReader::new(stream), path);
        let mut said: Value = serde_json::from_str(&body).unwrap_or_else(|_| panic!("{path}: {body}"));
        let text = if body.len() > 2000 { "a long answer" } else { &body };
        assert!(head.starts_with("http/1.1 200"), "{method} {path}: {text}");
        said["value"].take()
    }
}

/// Status line and body; chromedriver leaves the connection open, whatever it is asked.
fn answer(stream: &mut impl BufRead, path: &str) -> (String, String) {
    let mut line = || {
        let mut line = String::new();
        stream.read_line(&mut line).unwrap_or_else(|fault| panic!("{path}: {fault}"));
        line.trim_end().to_ascii_lowercase()
    };
    let (status, mut length) = (line(), 0);
    loop {
        let header = line();
        if header.is_empty() {
            break;
        }
        if let Some(said) = header.strip_prefix("content-length:") {
            length = said.trim().parse().unwrap();
        }
    }
    let mut body = vec![0; length];
    stream.read_exact(&mut body).unwrap_or_else(|fault| panic!("{path}: {fault}"));
    (status, String::from_utf8(body).unwrap())
}

impl Drop for Phone {
    /// Ends the browser too, also where a test has failed: a driver that is only killed leaves it behind.
    fn drop(&mut self) {
        let goodbye = format!("DELETE /session/{} HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n", self.session);
        if let Ok(mut stream) = TcpStream::connect(("127.0.0.1", self.port)) {
            let _ = stream.set_read_timeout(Some(PATIENCE));
            let _ = stream.write_all(goodbye.as_bytes());
            let _ = stream.read(&mut [0; 16]);
        }
        let _ = self.driver.kill();
        let _ = self.driver.wait();
    }
}
