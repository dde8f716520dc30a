//! Archives: what is read is what is in them, and what cannot be right is not read.

mod faults;
mod plans;
mod support;

use atproto::jetstream::AccountStatus;
use atproto::jetstream::segment::Kind;
use remote::archive::{MAX_BATCH, PlanRequest};
use serde_json::{Value, json};
use testkit::archive::{Archived, GOLDEN_SEGMENT, ServedArchive, write_segment};

use support::{archive, did, event, everything, everything_from, note, notes, nsid, of, seqs};

/// The events of the golden segment, read from it by a program of its own.
fn golden() -> Vec<Value> {
    let lines = include_str!("../../../atproto/tests/data/jetstream/golden_segment.jsonl").lines();
    lines.map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn shown(event: &remote::archive::ArchiveEvent) -> Value {
    let Kind::Record(change) = &event.kind else { panic!("{event:?}") };
    let record = change.record.as_ref().unwrap();
    json!({
        "seq": event.seq, "did": event.did, "time_us": event.time_us, "collection": change.collection,
        "rkey": change.rkey, "rev": change.rev, "cid": record.cid,
        "record": serde_json::from_str::<Value>(&record.json).unwrap(),
    })
}

#[tokio::test]
async fn a_whole_archive() {
    let server = ServedArchive::start(vec![GOLDEN_SEGMENT.to_vec()]).await;
    let archive = archive(&server);
    assert!(archive.is_offered().await.unwrap());
    let plan = archive.plan(&PlanRequest::default()).await.unwrap();
    assert_eq!((plan.end(), plan.segments()), (23, 1));
    let _ = server.requests();
    let events = everything(&archive, plan).await;
    assert_eq!(events.iter().map(shown).collect::<Vec<_>>(), golden());
    // Header, footer, and three small blocks at once.
    let parts = ["bytes=0-255", "bytes=3004-", "bytes=264-3003"];
    assert_eq!(server.requests(), parts.map(|part| format!("getSegment {part}")));
}

#[tokio::test]
async fn only_the_blocks_that_are_wanted() {
    let server = ServedArchive::start(vec![GOLDEN_SEGMENT.to_vec()]).await;
    let archive = archive(&server);
    let plan = archive.plan(&of(&["app.bsky.graph.follow"])).await.unwrap();
    let _ = server.requests();
    let events = everything(&archive, plan).await;
    let follows: Vec<_> =
        golden().into_iter().filter(|event| event["collection"] == "app.bsky.graph.follow").collect();
    assert_eq!((events.iter().map(shown).collect::<Vec<_>>(), follows.len()), (follows, 3));
    assert_eq!(server.requests(), ["getBlock segment=seg_0000000000.jss&blockIndex=2"]);
}

#[tokio::test]
async fn of_some_repositories_in_a_window() {
    let server = ServedArchive::start(vec![GOLDEN_SEGMENT.to_vec(), write_segment(&[notes(24..40)])]).await;
    let archive = archive(&server);
    let request = PlanRequest {
        dids: vec![did("did:plc:53iucmf5ldftgqyf2ac7hmhd")],
        after_seq: Some(7),
        before_seq: Some(30),
        ..PlanRequest::default()
    };
    let plan = archive.plan(&request).await.unwrap();
    assert_eq!(plan.end(), 30);
    assert_eq!(seqs(&everything(&archive, plan).await), (8..24).collect::<Vec<_>>());
    // Of everybody, in a window that no block begins or ends with.
    let request = PlanRequest { after_seq: Some(20), before_seq: Some(26), ..PlanRequest::default() };
    let plan = archive.plan(&request).await.unwrap();
    assert_eq!(seqs(&everything(&archive, plan).await), (21..27).collect::<Vec<_>>());
    let request = PlanRequest { after_seq: Some(26), before_seq: Some(26), ..PlanRequest::default() };
    assert!(archive.plan(&request).await.unwrap().is_empty());
    // A window behind the end.
    let plan = archive.plan(&PlanRequest { after_seq: Some(99), ..PlanRequest::default() }).await.unwrap();
    assert!(plan.is_empty() && plan.end() == 99);
    assert!(everything(&archive, plan).await.is_empty());
}

/// Two segments of 1,500 and 1,000 events, in blocks that no batch fits; compaction emptied a block.
async fn large() -> ServedArchive {
    let first = write_segment(&[notes(1..701), notes(701..1401), notes(1401..1501)]);
    let second = write_segment(&[notes(1501..1502), vec![], notes(1503..2501)]);
    ServedArchive::start(vec![first, second]).await
}

#[tokio::test]
async fn goes_on_at_every_position() {
    let server = large().await;
    let archive = archive(&server);
    let plan = archive.plan(&PlanRequest::default()).await.unwrap();
    let all: Vec<u64> = (1..2501).filter(|&seq| seq != 1502).collect();
    let mut reader = archive.read(plan.clone(), None);
    let mut read = Vec::new();
    let mut batches = 0;
    while let Some((events, position)) = reader.next().await.unwrap() {
        assert!(events.len() <= MAX_BATCH);
        batches += 1;
        read.extend(seqs(&events));
        let position = position.to_string().parse().unwrap();
        let rest = everything_from(&archive, plan.clone(), Some(position)).await;
        assert_eq!([read.clone(), seqs(&rest)].concat(), all, "from {position}");
        // A later plan may begin where an earlier one got to.
        let later = PlanRequest { after_seq: Some(position.seq()), ..PlanRequest::default() };
        let later = archive.plan(&later).await.unwrap();
        assert_eq!(seqs(&everything(&archive, later).await), seqs(&rest));
    }
    assert_eq!(read, all);
    assert!(batches >= 3);
    assert!(reader.next().await.unwrap().is_none());
}

#[tokio::test]
async fn does_not_download_again_what_was_read() {
    let server = large().await;
    let archive = archive(&server);
    let plan = archive.plan(&of(&["com.example.note"])).await.unwrap();
    let position = Some("1401/0/2".parse().unwrap());
    let _ = server.requests();
    assert_eq!(everything_from(&archive, plan.clone(), position).await.len(), 99 + 999);
    let requests = server.requests();
    let methods: Vec<&str> = requests.iter().filter_map(|request| request.split(' ').next()).collect();
    // Of the first segment the last block, of the second those with events.
    assert_eq!(methods, ["getSegment", "getSegment", "getSegment", "getBlock", "getBlock"], "{requests:?}");
    let done = Some(format!("{}/9/0", plan.end()).parse().unwrap());
    assert!(everything_from(&archive, plan, done).await.is_empty());
    assert!(server.requests().is_empty());
}

#[tokio::test]
async fn what_voids_records_comes_whatever_the_collections() {
    let rev = "3migo7fijwi2k";
    let note = |seq, rkey| event(seq, "did:web:a.example", note(rkey, rev, "x"));
    let other = Archived::Create(
        nsid("com.example.other"),
        "k".parse().unwrap(),
        rev.parse().unwrap(),
        json!({ "$type": "com.example.other" }),
    );
    let delete =
        Archived::Delete(nsid("com.example.note"), "a".parse().unwrap(), "3migo7fijwi2z".parse().unwrap());
    let events = vec![
        note(1, "a"),
        event(2, "did:web:a.example", other),
        event(3, "did:web:a.example", delete),
        event(4, "did:web:a.example", Archived::Sync("3migo7fijwj2k".parse().unwrap())),
        event(5, "did:web:b.example", Archived::Account(Some("deleted"))),
        event(6, "did:web:c.example", Archived::Account(None)),
    ];
    let server = ServedArchive::start(vec![write_segment(&[events])]).await;
    let archive = archive(&server);
    let plan = archive.plan(&of(&["com.example.note"])).await.unwrap();
    let events = everything(&archive, plan).await;
    assert_eq!(seqs(&events), [1, 3, 4, 5, 6]);
    assert!(matches!(&events[1].kind, Kind::Record(change) if change.record.is_none()));
    assert!(matches!(&events[2].kind, Kind::Sync { rev } if rev.to_string() == "3migo7fijwj2k"));
    let Kind::Account(account) = &events[3].kind else { panic!("{events:?}") };
    assert_eq!((account.active, &account.status), (false, &Some(AccountStatus::Deleted)));
    assert!(matches!(&events[4].kind, Kind::Account(account) if account.active));

    let request = PlanRequest { dids: vec![did("did:web:b.example")], ..of(&["com.example.note"]) };
    let plan = archive.plan(&request).await.unwrap();
    assert_eq!(seqs(&everything(&archive, plan).await), [5]);
}
