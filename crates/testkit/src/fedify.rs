//! A server of the fediverse that shares no code with ours, made with Fedify, as a process that ends with the test.

use std::io::{BufRead as _, BufReader};
use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use serde_json::Value;

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../peers/activitypub");

/// For one answer of it: some commands deliver before they answer.
const TIMEOUT: Duration = Duration::from_mins(2);

/// How long it waits for what it is to receive, in milliseconds.
const PATIENCE: u64 = 20_000;

/// `peers/activitypub/peer.mjs` on a port of its own, with one actor, bob.
pub struct Fedify {
    origin: String,
    port: u16,
    http: reqwest::Client,
    process: Child,
}

impl Fedify {
    /// Both forms of signature, as `--first-knock` calls them.
    pub const FORMS: [&str; 2] = ["draft", "rfc9421"];

    /// Starts one with these options of its command line; `None`, said aloud, where it is not installed.
    #[must_use]
    pub fn start(options: &[&str]) -> Option<Self> {
        if !Path::new(FOLDER).join("node_modules").is_dir() {
            eprintln!("SKIPPED: peers/activitypub is not installed: run `make setup`");
            return None;
        }
        // Somebody else may take the port that was free a moment ago.
        let (port, process) = (0..5)
            .find_map(|_| spawn(free_port(), options))
            .unwrap_or_else(|| panic!("no server of Fedify gets ready"));
        let http = reqwest::Client::builder().timeout(TIMEOUT).build();
        let http = http.unwrap_or_else(|error| panic!("an HTTP client: {error}"));
        Some(Self { origin: format!("http://127.0.0.1:{port}"), port, http, process })
    }

    /// Ends it and starts it anew at the same address, with other keys unless it is told to keep them.
    pub fn restart(&mut self, options: &[&str]) {
        self.end();
        // The port may be held for a moment by what was going on.
        let again = (0..5).find_map(|_| spawn(self.port, options));
        self.process = again.unwrap_or_else(|| panic!("Fedify does not get ready again")).1;
    }

    /// Ends it; what it knew is gone, unless it keeps its keys.
    pub fn end(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }

    /// `http://127.0.0.1:PORT`.
    #[must_use]
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// Host and port.
    #[must_use]
    pub fn authority(&self) -> String {
        format!("127.0.0.1:{}", self.port)
    }

    /// What bob is called.
    #[must_use]
    pub fn handle(&self) -> String {
        format!("@bob@{}", self.authority())
    }

    /// The address of bob.
    #[must_use]
    pub fn actor(&self) -> String {
        format!("{}/users/bob", self.origin)
    }

    /// Has it do something; a refusal fails the test.
    pub async fn command(&self, name: &str, arguments: Value) -> Value {
        let request = self.http.post(format!("{}/_peer/{name}", self.origin)).body(arguments.to_string());
        let (is_success, text) = text(request).await;
        assert!(is_success, "{name}: {text}");
        json(&text)
    }

    /// The first activity of a type that it believed and that is the one.
    pub async fn received(&self, activity_type: &str, is_it: impl Fn(&Value) -> bool) -> Value {
        let mut after = 0;
        loop {
            let events = self.events("received", activity_type, after, PATIENCE).await;
            let last = events.last().unwrap_or_else(|| panic!("it believed no such {activity_type}"));
            after = last["seq"].as_u64().unwrap_or_else(|| panic!("an event without a number: {last}"));
            if let Some(event) = events.into_iter().find(|event| is_it(&event["json"])) {
                return event["json"].clone();
            }
        }
    }

    /// Everything of a type that it believed (`received`), or that came at all (`http`), in order.
    pub async fn all(&self, kind: &str, activity_type: &str) -> Vec<Value> {
        self.events(kind, activity_type, 0, 0).await
    }

    async fn events(&self, kind: &str, activity_type: &str, after: u64, wait: u64) -> Vec<Value> {
        let url = format!("{}/_peer/{kind}?type={activity_type}&after={after}&wait={wait}", self.origin);
        match json(&text(self.http.get(url)).await.1) {
            Value::Array(events) => events,
            other => panic!("events are a list: {other}"),
        }
    }
}

impl Drop for Fedify {
    fn drop(&mut self) {
        self.end();
    }
}

fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr());
    listener.unwrap_or_else(|error| panic!("a free port: {error}")).port()
}

fn spawn(port: u16, options: &[&str]) -> Option<(u16, Child)> {
    let (bob, port_text) = (["peer.mjs", "--user", "bob", "--watch-stdin"], port.to_string());
    let mut process = Command::new("node")
        .args(bob)
        .args(["--rsa-bits", "2048", "--port", &port_text])
        .args(options)
        .current_dir(FOLDER)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap_or_else(|error| panic!("node: {error}"));
    let lines = process.stdout.take().map(|stdout| BufReader::new(stdout).lines().map_while(Result::ok));
    let mut lines = lines.into_iter().flatten();
    if !lines.any(|line| line.contains("\"ready\"")) {
        let _ = process.wait();
        return None;
    }
    // It writes down everything it sees, and waits for somebody to read it.
    std::thread::spawn(move || lines.count());
    Some((port, process))
}

async fn text(request: reqwest::RequestBuilder) -> (bool, String) {
    let answer = request.send().await.unwrap_or_else(|error| panic!("Fedify does not answer: {error}"));
    let is_success = answer.status().is_success();
    (is_success, answer.text().await.unwrap_or_else(|error| panic!("Fedify broke off: {error}")))
}

fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}: {text}"))
}
