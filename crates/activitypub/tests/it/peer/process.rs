//! The peer, as a process that ends with the test.

use std::io::{BufRead as _, BufReader};
use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use activitypub::media_type;
use activitypub::object::{Actor, Document};
use serde_json::Value;

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../peers/activitypub");

pub(super) struct Peer {
    origin: String,
    http: reqwest::Client,
    process: Child,
}

impl Peer {
    /// Starts one; `None`, said aloud, where it is not installed.
    pub(super) fn start(options: &[&str]) -> Option<Self> {
        if !Path::new(FOLDER).join("node_modules").is_dir() {
            eprintln!("SKIPPED: peers/activitypub is not installed: run `make setup`");
            return None;
        }
        // Somebody else may take the port that was free a moment ago.
        let (port, process) = (0..5).find_map(|_| Self::spawn(options)).expect("it gets ready");
        let http = reqwest::Client::builder().timeout(Duration::from_mins(1)).build().unwrap();
        Some(Self { origin: format!("http://127.0.0.1:{port}"), http, process })
    }

    fn spawn(options: &[&str]) -> Option<(u16, Child)> {
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let mut process = Command::new("node")
            .args(["peer.mjs", "--user", "bob", "--watch-stdin", "--port", &port.to_string()])
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

    pub(super) fn authority(&self) -> &str {
        self.origin.strip_prefix("http://").unwrap()
    }

    pub(super) fn actor(&self) -> String {
        format!("{}/users/bob", self.origin)
    }

    /// Has it do something.
    pub(super) async fn command(&self, name: &str, arguments: &Value) -> Value {
        let request = self.http.post(format!("{}/_peer/{name}", self.origin)).body(arguments.to_string());
        let answer = request.send().await.unwrap();
        let (status, text) = (answer.status(), answer.text().await.unwrap());
        assert!(status.is_success(), "{name}: {text}");
        serde_json::from_str(&text).unwrap()
    }

    /// The first activity of a type that it believed and that is the one.
    pub(super) async fn received(&self, activity_type: &str, is_it: impl Fn(&Value) -> bool) -> Value {
        let mut after = 0;
        loop {
            let url = format!("{}/_peer/received?type={activity_type}&after={after}&wait=20000", self.origin);
            let text = self.http.get(url).send().await.unwrap().text().await.unwrap();
            let events: Vec<Value> = serde_json::from_str(&text).unwrap();
            after = events.last().expect("it believed one")["seq"].as_u64().unwrap();
            if let Some(event) = events.into_iter().find(&is_it) {
                return event;
            }
        }
    }

    pub(super) async fn get(&self, url: &str) -> String {
        let request = self.http.get(url).header("accept", media_type::ACCEPT);
        request.send().await.unwrap().error_for_status().unwrap().text().await.unwrap()
    }

    pub(super) async fn get_actor(&self, name: &str) -> Actor {
        let text = self.get(&format!("{}/users/{name}", self.origin)).await;
        let document = Document::parse(text.as_bytes(), Document::MAX_FETCHED).unwrap();
        Actor::read(document.node()).unwrap()
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
