//! A server made with Fedify, as a process that ends with the test.

use std::io::{BufRead as _, BufReader};
use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use serde_json::Value;

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../peers/activitypub");

/// Both forms of signature, as the peer calls them.
pub(crate) const FORMS: [&str; 2] = ["draft", "rfc9421"];

pub(crate) struct Peer {
    pub(crate) origin: String,
    port: u16,
    http: reqwest::Client,
    process: Child,
}

impl Peer {
    /// Starts one; `None`, said aloud, where it is not installed.
    pub(crate) fn start(options: &[&str]) -> Option<Self> {
        if !Path::new(FOLDER).join("node_modules").is_dir() {
            eprintln!("SKIPPED: peers/activitypub is not installed: run `make setup`");
            return None;
        }
        let free = || TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        // Somebody else may take the port that was free a moment ago.
        let (port, process) = (0..5).find_map(|_| Self::spawn(free(), options)).expect("it gets ready");
        let http = reqwest::Client::builder().timeout(Duration::from_mins(2)).build().unwrap();
        Some(Self { origin: format!("http://127.0.0.1:{port}"), port, http, process })
    }

    /// Ends it and starts it anew at the same address, with other keys unless it is told to keep them.
    pub(crate) fn restart(&mut self, options: &[&str]) {
        self.end();
        self.process = Self::spawn(self.port, options).expect("it gets ready again").1;
    }

    pub(crate) fn end(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }

    fn spawn(port: u16, options: &[&str]) -> Option<(u16, Child)> {
        let mut process = Command::new("node")
            .args([
                "peer.mjs",
                "--user",
                "bob",
                "--watch-stdin",
                "--rsa-bits",
                "2048",
                "--port",
                &port.to_string(),
            ])
            .args(options)
            .current_dir(FOLDER)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("node starts");
        let mut lines = BufReader::new(process.stdout.take().unwrap()).lines();
        if !lines.any(|line| line.unwrap().contains("\"ready\"")) {
            process.wait().unwrap();
            return None;
        }
        // It writes down everything it sees, and waits for somebody to read it.
        std::thread::spawn(move || lines.count());
        Some((port, process))
    }

    pub(crate) fn handle(&self) -> String {
        format!("@bob@127.0.0.1:{}", self.port)
    }

    pub(crate) fn actor(&self) -> String {
        format!("{}/users/bob", self.origin)
    }

    /// Has it do something.
    pub(crate) async fn command(&self, name: &str, arguments: Value) -> Value {
        let request = self.http.post(format!("{}/_peer/{name}", self.origin)).body(arguments.to_string());
        let answer = request.send().await.unwrap();
        let (status, text) = (answer.status(), answer.text().await.unwrap());
        assert!(status.is_success(), "{name}: {text}");
        serde_json::from_str(&text).unwrap()
    }

    /// The first activity of a type that it believed and that is the one.
    pub(crate) async fn received(&self, activity_type: &str, is_it: impl Fn(&Value) -> bool) -> Value {
        let mut after = 0;
        loop {
            let events = self.events("received", activity_type, after, 20_000).await;
            after = events.last().unwrap_or_else(|| panic!("it believed no such {activity_type}"))["seq"]
                .as_u64()
                .unwrap();
            if let Some(event) = events.into_iter().find(|event| is_it(&event["json"])) {
                return event["json"].clone();
            }
        }
    }

    /// Everything of a type that it believed (`received`), or that came at all (`http`).
    pub(crate) async fn all(&self, kind: &str, activity_type: &str) -> Vec<Value> {
        self.events(kind, activity_type, 0, 0).await
    }

    async fn events(&self, kind: &str, activity_type: &str, after: u64, wait: u64) -> Vec<Value> {
        let url = format!("{}/_peer/{kind}?type={activity_type}&after={after}&wait={wait}", self.origin);
        let text = self.http.get(url).send().await.unwrap().text().await.unwrap();
        serde_json::from_str(&text).unwrap()
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        self.end();
    }
}
