//! Archives, and what is put into them.

use std::ops::Range;

use atproto::{Did, Nsid};
use outbound::{Outbound, OutboundConfig, Policy};
use remote::archive::{Archive, ArchiveEvent, ArchivePosition, Plan, PlanRequest};
use serde_json::json;
use testkit::archive::{Archived, ArchivedEvent, ServedArchive};

pub(super) fn archive(server: &ServedArchive) -> Archive {
    let config = OutboundConfig { policy: Policy::development(), ..OutboundConfig::default() };
    Archive::new(Outbound::new(config).unwrap(), server.url())
}

pub(super) fn of(collections: &[&str]) -> PlanRequest {
    let collections = collections.iter().map(|collection| nsid(collection)).collect();
    PlanRequest { collections, ..PlanRequest::default() }
}

pub(super) async fn everything(archive: &Archive, plan: Plan) -> Vec<ArchiveEvent> {
    everything_from(archive, plan, None).await
}

pub(super) async fn everything_from(
    archive: &Archive,
    plan: Plan,
    from: Option<ArchivePosition>,
) -> Vec<ArchiveEvent> {
    let mut reader = archive.read(plan, from);
    let mut all = Vec::new();
    while let Some((events, _)) = reader.next().await.unwrap() {
        all.extend(events);
    }
    all
}

pub(super) fn seqs(events: &[ArchiveEvent]) -> Vec<u64> {
    events.iter().map(|event| event.seq).collect()
}

pub(super) fn did(text: &str) -> Did {
    Did::parse(text).unwrap()
}

pub(super) fn nsid(text: &str) -> Nsid {
    Nsid::parse(text).unwrap()
}

pub(super) fn event(seq: u64, of: &str, what: Archived) -> ArchivedEvent {
    ArchivedEvent { seq, did: did(of), what }
}

pub(super) fn note(rkey: &str, rev: &str, text: &str) -> Archived {
    let record = json!({ "$type": "com.example.note", "text": text });
    Archived::Create(nsid("com.example.note"), rkey.parse().unwrap(), rev.parse().unwrap(), record)
}

/// One note for each sequence number.
pub(super) fn notes(seqs: Range<u64>) -> Vec<ArchivedEvent> {
    let one = |seq| event(seq, "did:web:a.example", note(&format!("k{seq}"), "3migo7fijwi2k", "x"));
    seqs.map(one).collect()
}
