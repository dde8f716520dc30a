//! The programs in `peers/sync`: Socket.IO's own client and the Happy command line, which know nothing of this project.

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use testkit::{Belvedere, TestDatabase};

use super::relays::Relay;

#[tokio::test(flavor = "multi_thread")]
async fn a_walk_with_socket_io_on_sqlite() {
    run("slice.mjs", TestDatabase::sqlite()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_walk_with_socket_io_on_postgres() {
    if let Some(database) = TestDatabase::postgres().await {
        run("slice.mjs", database).await;
    }
}

/// What the reference answered, step by step.
#[tokio::test(flavor = "multi_thread")]
async fn answers_are_those_of_the_recording_on_sqlite() {
    run("replay.mjs", TestDatabase::sqlite()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn answers_are_those_of_the_recording_on_postgres() {
    if let Some(database) = TestDatabase::postgres().await {
        run("replay.mjs", database).await;
    }
}

/// From pairing to the end, with a server that is killed on the way and stays away for half a minute.
#[tokio::test(flavor = "multi_thread")]
async fn the_happy_command_line_works_on_sqlite() {
    run("happy.mjs", TestDatabase::sqlite()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_happy_command_line_works_on_postgres() {
    if let Some(database) = TestDatabase::postgres().await {
        run("happy.mjs", database).await;
    }
}

/// Runs a program against a server, which is killed and started again whenever the program asks for it.
async fn run(program: &str, database: TestDatabase) {
    if !are_installed() {
        return;
    }
    let relay = Relay::new(&Arc::new(database), &[]);
    let mut server = relay.start().await;
    let mut peer = Peer::start(program, &server);
    while let Some(line) = peer.line().await {
        println!("{line}");
        if let Some(seconds) = line.strip_prefix("restart ") {
            server.kill();
            tokio::time::sleep(Duration::from_secs(seconds.parse().unwrap())).await;
            server = relay.start().await;
            peer.say("started");
        }
    }
    peer.succeeded(program);
}

/// Whether the clients are installed; if not, says so loudly, so that a test may return.
fn are_installed() -> bool {
    let installed = folder().join("node_modules/.installed").is_file();
    if !installed {
        eprintln!("SKIPPED: this test needs the clients in peers/sync: run 'make setup'");
    }
    installed
}

fn folder() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../peers/sync"))
}

/// A running program; killed when dropped.
struct Peer {
    child: Child,
    lines: tokio::sync::mpsc::UnboundedReceiver<String>,
}

impl Peer {
    fn start(program: &str, server: &Belvedere) -> Self {
        let mut child = Command::new("node")
            .current_dir(folder())
            .args([program, server.url()])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let stdout = child.stdout.take().unwrap();
        let (sender, lines) = tokio::sync::mpsc::unbounded_channel();
        std::thread::spawn(move || {
            BufReader::new(stdout).lines().map_while(Result::ok).all(|line| sender.send(line).is_ok());
        });
        Self { child, lines }
    }

    /// What it says next; nothing when it has ended.
    async fn line(&mut self) -> Option<String> {
        self.lines.recv().await
    }

    fn say(&mut self, line: &str) {
        writeln!(self.child.stdin.as_mut().unwrap(), "{line}").unwrap();
    }

    fn succeeded(mut self, program: &str) {
        let status = self.child.wait().unwrap();
        assert!(status.success(), "{program} failed ({status}); what it says is above");
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        // Both fail only for one that has ended.
        _ = self.child.kill();
        _ = self.child.wait();
    }
}
