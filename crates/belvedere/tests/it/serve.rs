//! `belvedere serve`: how it starts, what it says, how it ends.

use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use serde_json::json;
use testkit::{Belvedere, BelvedereOptions, HttpClient, TestDatabase, databases};

use crate::place::{Place, bare, outcome};

/// A server that finds nobody in the network, and need not.
fn alone(place: &Place) -> BelvedereOptions {
    let nowhere = "http://127.0.0.1:1";
    let options = BelvedereOptions::new(place.path()).with("DATABASE_URL", &place.database.url());
    let mut options =
        options.with("PLC_URL", nowhere).with("RELAY_URL", nowhere).with("JETSTREAM_URL", "ws://127.0.0.1:1");
    options.arguments.push("--dev".into());
    options
}

#[tokio::test(flavor = "multi_thread")]
async fn the_ready_line_says_where_everything_is() {
    for database in databases().await {
        let place = Place::on(database);
        let server = Belvedere::start(&alone(&place)).await;
        assert_eq!(server.ready["event"], "ready");
        assert_eq!(server.ready["version"], env!("CARGO_PKG_VERSION"));
        assert_eq!(server.ready["apps"], json!(["appview"]));
        assert_eq!(server.ready["database"], place.database.engine().name());
        assert!(server.ready["pid"].is_u64());

        assert_eq!(server.client.get("/health").await.expect(200)["status"], "ok");
        assert_eq!(server.client.get("/ready").await.expect(200)["status"], "ok");
        assert_eq!(server.client.get("/config").await.expect(200)["public_url"], server.url());
        let metrics = server.ready["metrics"].as_str().unwrap().strip_suffix("/metrics").unwrap();
        assert_ne!(metrics, server.url(), "metrics have a port of their own");
        let metrics = HttpClient::new(metrics).get("/metrics").await;
        assert_eq!(metrics.status, 200);
        assert!(metrics.text.contains("belvedere_build_info{version=\""), "{}", metrics.text);
        assert_eq!(server.client.get("/metrics").await.status, 404, "and are not served to the public");

        let ended = server.terminate().await;
        assert!(ended.status.success(), "{ended:?}");
        assert!(ended.took < Duration::from_secs(2), "{ended:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_made_on_the_command_line_opens_the_admin_api() {
    for database in databases().await {
        let place = Place::on(database);
        let server = Belvedere::start(&alone(&place)).await;
        let key = place.json(&["key", "create", "--template", "viewer"]);
        let client = server.client.with_bearer(key["key"].as_str().unwrap());
        assert_eq!(server.client.get("/admin/stats").await.status, 401);
        assert_eq!(client.get("/admin/stats").await.expect(200)["total_records"], 0);
        assert_eq!(client.post("/admin/lexicons", &json!({"lexicon_json": {}})).await.status, 403);
        server.terminate().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_running_server_notices_what_the_command_line_changes() {
    for database in databases().await {
        let place = Place::on(database);
        let server = Belvedere::start(&alone(&place)).await;
        let key = place.json(&["key", "create"]);
        let client = server.client.with_bearer(key["key"].as_str().unwrap());
        assert_eq!(client.get("/admin/stats").await.status, 200);
        let operator = place.json(&["user", "list"])[0]["id"].as_str().unwrap().to_owned();
        let revoked = Instant::now();
        place.json(&["user", "revoke", &operator, "--permission", "stats:read"]);
        while client.get("/admin/stats").await.status != 403 {
            assert!(
                revoked.elapsed() < Duration::from_secs(30),
                "the key of the operator still has the right"
            );
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        server.terminate().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn one_server_per_data_folder() {
    let place = Place::on(TestDatabase::sqlite());
    let server = Belvedere::start(&alone(&place)).await;
    let data_dir = place.path().to_str().unwrap();
    let second = place.run(&["serve", "--port", "0", "--data-dir", data_dir]);
    assert_eq!(second.code, Some(1), "{second:?}");
    let problem =
        format!("error: another server with process id {} uses the data folder", server.ready["pid"]);
    assert!(second.stderr.contains(&problem) && second.stderr.contains("help: stop it"), "{second:?}");
    assert!(second.stdout.is_empty());
    server.kill();
    // The lock of a process that is gone holds nobody back.
    let again = Belvedere::start(&alone(&place)).await;
    let instance = std::fs::read_to_string(place.path().join("instance-id")).unwrap();
    assert_eq!(instance.len(), 36);
    again.terminate().await;
    assert_eq!(std::fs::read_to_string(place.path().join("instance-id")).unwrap(), instance);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_port_that_is_taken_is_said() {
    let place = Place::on(TestDatabase::sqlite());
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let outcome = place.run(&["serve", "--data-dir", ".", "--port", &port]);
    assert_eq!(outcome.code, Some(1), "{outcome:?}");
    assert!(outcome.stderr.contains(&format!("error: cannot listen on 127.0.0.1:{port}: ")), "{outcome:?}");
    assert!(
        !place.database.dir().unwrap().join("state.db").exists(),
        "found out before the databases are made"
    );
}

#[test]
fn a_database_that_cannot_be_reached_is_said() {
    let dir = tempfile::tempdir().unwrap();
    let mut command = bare(dir.path());
    command.env("DATABASE_URL", "postgres://me:secret@127.0.0.1:1/x");
    let outcome = outcome(command.args(["serve", "--port", "0"]));
    assert_eq!(outcome.code, Some(1), "{outcome:?}");
    let last: Vec<&str> = outcome.stderr.lines().rev().take(2).collect();
    assert!(
        last[0].starts_with("help: check DATABASE_URL") && last[1].starts_with("error: cannot open"),
        "{outcome:?}"
    );
    assert!(!outcome.stderr.contains("secret"), "{outcome:?}");
}

/// Started without the test kit, to send other signals and give it other streams.
fn start(place: &Place, stdout: Stdio) -> Child {
    let options = alone(place);
    let mut command = std::process::Command::new(Belvedere::program());
    command.env_clear().envs(options.environment).current_dir(place.path());
    command.args(["serve", "--data-dir", ".", "--port", "0", "--dev", "--log-format", "json"]);
    command.stdout(stdout).stderr(std::fs::File::create(place.path().join("log")).unwrap()).spawn().unwrap()
}

/// Waits for a line of the log with this in it.
fn wait_for(place: &Place, text: &str) -> String {
    let started = Instant::now();
    loop {
        let log = std::fs::read_to_string(place.path().join("log")).unwrap();
        if let Some(line) = log.lines().find(|line| line.contains(text)) {
            return line.to_owned();
        }
        assert!(started.elapsed() < Duration::from_mins(1), "no {text:?} in {log}");
        std::thread::sleep(Duration::from_millis(5));
    }
}

fn signal(child: &Child, name: rustix::process::Signal) {
    rustix::process::kill_process(rustix::process::Pid::from_child(child), name).unwrap();
}

#[test]
fn a_limit_of_the_file_size_does_not_kill() {
    let place = Place::on(TestDatabase::sqlite());
    let mut child = start(&place, Stdio::null());
    wait_for(&place, "\"message\":\"ready\"");
    signal(&child, rustix::process::Signal::XFSZ);
    signal(&child, rustix::process::Signal::INT);
    assert!(child.wait().unwrap().success(), "it went on and ended in order");
}

#[test]
fn nobody_need_read_the_ready_line() {
    let place = Place::on(TestDatabase::sqlite());
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    let mut child = start(&place, writer.into());
    let line = wait_for(&place, "the ready line could not be printed");
    assert!(serde_json::from_str::<serde_json::Value>(&line).is_ok(), "log lines are JSON: {line}");
    assert!(child.try_wait().unwrap().is_none(), "it serves all the same");
    signal(&child, rustix::process::Signal::TERM);
    assert!(child.wait().unwrap().success());
}
