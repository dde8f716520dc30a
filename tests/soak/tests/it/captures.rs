//! Streams that were recorded elsewhere, through the program: everything in them arrives.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Read;
use std::path::PathBuf;
use std::process::Command;
use std::time::{Duration, Instant};

use rusqlite::{Connection, OpenFlags};
use serde_json::{Value, json};
use testkit::labeler::Directory;
use testkit::{Belvedere, BelvedereOptions, Tape};
use tokio::time::sleep;

/// CID and content of records, by URI.
type Records = BTreeMap<String, (String, Value)>;

/// Longer than any of them takes.
const PATIENCE: Duration = Duration::from_mins(1);

fn path(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../crates/atproto/tests/data").join(name)
}

fn bytes(name: &str) -> Vec<u8> {
    if path(name).extension().is_none_or(|extension| extension != "zst") {
        return std::fs::read(path(name)).unwrap();
    }
    let mut plain = Vec::new();
    zstd::Decoder::new(std::fs::File::open(path(name)).unwrap()).unwrap().read_to_end(&mut plain).unwrap();
    plain
}

fn events(name: &str) -> Vec<Value> {
    let text = String::from_utf8(bytes(name)).unwrap();
    text.lines().filter(|line| !line.is_empty()).map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// The messages of a file of `[u32 little-endian length][bytes]…`.
fn messages(name: &str) -> Vec<Vec<u8>> {
    let file = bytes(name);
    let (mut rest, mut messages) = (file.as_slice(), Vec::new());
    while let Some((length, tail)) = rest.split_first_chunk::<4>() {
        let (message, tail) = tail.split_at(u32::from_le_bytes(*length) as usize);
        messages.push(message.to_vec());
        rest = tail;
    }
    messages
}

/// What an index must hold after these events of a Jetstream: no more than what the protocol says about them.
fn after(events: &[Value]) -> Records {
    let mut revisions: BTreeMap<String, String> = BTreeMap::new();
    let (mut records, mut gone) = (Records::new(), BTreeSet::new());
    for event in events {
        let did = event["did"].as_str().unwrap();
        if event["kind"] == "account" {
            let account = &event["account"];
            if account["active"] == true {
                gone.remove(did);
            } else {
                gone.insert(did.to_owned());
            }
            if account["status"] == "deleted" {
                records.retain(|uri, _| !uri.starts_with(&format!("at://{did}/")));
            }
        }
        if event["kind"] != "commit" {
            continue;
        }
        let commit = &event["commit"];
        let text = |name: &str| commit[name].as_str().unwrap().to_owned();
        let uri = format!("at://{did}/{}/{}", text("collection"), text("rkey"));
        if revisions.get(&uri).is_some_and(|known| *known > text("rev")) {
            continue;
        }
        revisions.insert(uri.clone(), text("rev"));
        match text("operation").as_str() {
            "delete" => drop(records.remove(&uri)),
            _ => drop(records.insert(uri, (text("cid"), commit["record"].clone()))),
        }
    }
    records.retain(|uri, _| !gone.iter().any(|did| uri.starts_with(&format!("at://{did}/"))));
    records
}

fn collections(events: &[Value]) -> BTreeSet<String> {
    events.iter().filter_map(|event| event["commit"]["collection"].as_str()).map(str::to_owned).collect()
}

/// A server that follows this stream and takes in these collections.
async fn follow(
    setting: &str,
    tape: &Tape,
    documents: &Directory,
    wanted: &BTreeSet<String>,
) -> (Belvedere, tempfile::TempDir) {
    let dir = tempfile::tempdir().unwrap();
    let options = BelvedereOptions::new(dir.path())
        .with("MASTER_SECRET", "the master secret of the soak tests")
        .with("BELVEDERE_DEV", "true")
        .with("READ_THROUGH", "off")
        .with("PLC_URL", documents.url().as_str())
        // Nobody is there.
        .with("RELAY_URL", "http://127.0.0.1:9")
        .with("JETSTREAM_URL", "ws://127.0.0.1:9")
        .with(setting, tape.url().as_str());
    let folder = tempfile::tempdir().unwrap();
    let mut add = vec!["lexicon".to_owned(), "add".to_owned(), "--no-backfill".to_owned()];
    for nsid in wanted {
        let file = folder.path().join(format!("{nsid}.json"));
        let record =
            json!({ "type": "record", "key": "any", "record": { "type": "object", "properties": {} } });
        let lexicon = json!({ "lexicon": 1, "id": nsid, "defs": { "main": record } });
        std::fs::write(&file, lexicon.to_string()).unwrap();
        add.push(file.to_str().unwrap().to_owned());
    }
    let arguments: Vec<&str> = add.iter().map(String::as_str).collect();
    let added: &mut Command = &mut options.command(&arguments);
    assert!(added.status().unwrap().success());
    (Belvedere::start(&options).await, dir)
}

fn here(dir: &tempfile::TempDir) -> Records {
    let path = dir.path().join("index.db");
    let connection = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_WRITE).unwrap();
    let mut statement = connection.prepare("SELECT uri, cid, record FROM records").unwrap();
    let rows = statement.query_map([], |row| {
        let json: String = row.get(2)?;
        Ok((row.get(0)?, (row.get(1)?, serde_json::from_str(&json).unwrap())))
    });
    rows.unwrap().collect::<Result<_, _>>().unwrap()
}

/// Waits until exactly this is there, and says what was dropped on the way, by reason.
async fn holds(server: &Belvedere, dir: &tempfile::TempDir, expected: &Records) -> BTreeMap<String, u64> {
    let start = Instant::now();
    loop {
        let here = here(dir);
        if here == *expected {
            break;
        }
        let missing: Vec<_> = expected.iter().filter(|(uri, it)| here.get(*uri) != Some(it)).collect();
        let extra: Vec<_> = here.keys().filter(|uri| !expected.contains_key(*uri)).collect();
        assert!(start.elapsed() < PATIENCE, "not right: {missing:?}; extra: {extra:?}\n{:#?}", server.log());
        sleep(Duration::from_millis(50)).await;
    }
    let metrics = server.metrics().await;
    let dropped = metrics.lines().filter_map(|line| {
        let (reason, count) = line.strip_prefix("ingest_dropped_total{reason=\"")?.split_once("\"} ")?;
        Some((reason.to_owned(), count.parse().unwrap())).filter(|(_, count)| *count > 0)
    });
    dropped.collect()
}

async fn documents(name: &str) -> Directory {
    let directory = Directory::start().await;
    let documents: BTreeMap<String, Value> = serde_json::from_slice(&bytes(name)).unwrap();
    for (did, document) in documents {
        directory.put(&did, document);
    }
    directory
}

#[tokio::test(flavor = "multi_thread")]
async fn what_jetstreams_said_arrives() {
    let nobody = Directory::start().await;
    for name in ["samples", "expected_v1", "capture"] {
        let events = events(&format!("jetstream/{name}.jsonl"));
        let tape = Tape::of_text(events.iter().map(Value::to_string)).await;
        let (server, dir) = follow("JETSTREAM_URL", &tape, &nobody, &collections(&events)).await;
        let dropped = holds(&server, &dir, &after(&events)).await;
        assert_eq!(dropped, BTreeMap::new(), "{name}");
        server.terminate().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_came_compressed_is_the_same() {
    let nobody = Directory::start().await;
    let events = events("jetstream/capture.jsonl");
    let tape = Tape::of_bytes(messages("jetstream/capture.zst.frames")).await;
    let (server, dir) = follow("JETSTREAM_URL", &tape, &nobody, &collections(&events)).await;
    assert_eq!(holds(&server, &dir, &after(&events)).await, BTreeMap::new());
    server.terminate().await;
}

/// A window of the real network, as a relay sent it: what is here is what the public Jetstream made of it.
#[tokio::test(flavor = "multi_thread")]
async fn a_window_of_the_network_is_what_its_jetstream_served() {
    let directory = documents("did-documents/corpus.json.zst").await;
    let events = events("jetstream/expected_v1.jsonl");
    let tape = Tape::of_bytes(messages("firehose/relay.frames.zst")).await;
    let (server, dir) = follow("FIREHOSE_URL", &tape, &directory, &collections(&events)).await;
    assert_eq!(holds(&server, &dir, &after(&events)).await, BTreeMap::new());
    server.terminate().await;
}

/// The stream of a host from its beginning is what its Jetstream said.
#[tokio::test(flavor = "multi_thread")]
async fn a_host_says_what_its_jetstream_said() {
    let directory = documents("did-documents/capture.json").await;
    let events = events("jetstream/capture.jsonl");
    let tape = Tape::of_bytes(messages("firehose/capture.frames.zst")).await;
    let (server, dir) = follow("FIREHOSE_URL", &tape, &directory, &collections(&events)).await;
    assert_eq!(holds(&server, &dir, &after(&events)).await, BTreeMap::new());
    server.terminate().await;
}

/// What a labeler said is known, taken back where it said so, and nothing that somebody else has signed.
#[tokio::test(flavor = "multi_thread")]
async fn what_a_labeler_said_arrives() {
    let directory = documents("did-documents/capture.json").await;
    let tape = Tape::of_bytes(messages("labels/capture.frames")).await;
    let (labeler, somebody) = ("did:plc:zfwxmrjaj7jahpwamhpd5za6", "did:plc:ty3p2jzfx7ycehsnbv5nmz4w");
    let documents: BTreeMap<String, Value> =
        serde_json::from_slice(&bytes("did-documents/capture.json")).unwrap();
    let mut document = documents[labeler].clone();
    let services = document["service"].as_array_mut().unwrap();
    let service = services.iter_mut().find(|service| service["id"] == "#atproto_labeler").unwrap();
    service["serviceEndpoint"] = tape.url().as_str().replacen("ws", "http", 1).into();
    directory.put(labeler, document);
    let nothing = Tape::of_text([]).await;
    let (server, dir) =
        follow("JETSTREAM_URL", &nothing, &directory, &BTreeSet::from(["com.example.demo.note".to_owned()]))
            .await;
    let options = BelvedereOptions::new(dir.path())
        .with("BELVEDERE_DEV", "true")
        .with("MASTER_SECRET", "the master secret of the soak tests")
        .with("PLC_URL", directory.url().as_str());
    let added = options.command(&["labeler", "add", labeler]).output().unwrap();
    assert!(added.status.success(), "{added:?}");
    let note = format!("at://{somebody}/com.example.demo.note/x");
    let expected = [(note.as_str(), "spam", true), (somebody, "bot", false), (somebody, "temp", false)]
        .map(|(uri, val, neg)| (uri.to_owned(), val.to_owned(), neg));
    let start = Instant::now();
    loop {
        let labels = labels(&dir);
        if labels == BTreeSet::from(expected.clone()) {
            break;
        }
        assert!(start.elapsed() < PATIENCE, "{labels:?}\n{:#?}", server.log());
        sleep(Duration::from_millis(50)).await;
    }
    server.terminate().await;
}

/// Subjects and values, and whether they were taken back.
fn labels(dir: &tempfile::TempDir) -> BTreeSet<(String, String, bool)> {
    let path = dir.path().join("index.db");
    let connection = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_WRITE).unwrap();
    let mut statement = connection.prepare("SELECT uri, val, neg FROM label_rows").unwrap();
    let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?))).unwrap();
    rows.collect::<Result<_, _>>().unwrap()
}
