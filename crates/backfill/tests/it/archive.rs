//! History out of the files of the stream's server.

use atproto::{RecordKey, Tid};
use serde_json::json;
use testkit::archive::{ArchiveFault, Archived, ArchivedEvent, ServedArchive, write_segment};
use testkit::sim::{Expected, Plan};

use crate::rig::{Rig, note, on_each_network};

/// What the accounts of the network have, as a server would have filed it: created, some of it deleted, one account's
/// repository having jumped.
fn filed(rig: &Rig) -> Vec<u8> {
    let mut events = Vec::new();
    let mut add = |did: &atproto::Did, what| {
        events.push(ArchivedEvent { seq: events.len() as u64 + 1, did: did.clone(), what });
    };
    let rev = |n: i64| Tid::new(1_700_000_000_000_000 + n, 0).unwrap();
    for (number, did) in rig.sim.accounts().iter().enumerate() {
        let stale = RecordKey::parse("stale").unwrap();
        add(
            did,
            Archived::Create(
                note(),
                stale.clone(),
                rev(1),
                json!({ "$type": "com.example.note", "text": "old" }),
            ),
        );
        match number {
            // What was before is void, and no single deletion says so.
            0 => add(did, Archived::Sync(rev(2))),
            _ => add(did, Archived::Delete(note(), stale, rev(2))),
        }
        for (uri, Expected { json, .. }) in rig.sim.served(did) {
            let rkey = RecordKey::parse(uri.rsplit('/').next().unwrap()).unwrap();
            add(did, Archived::Create(note(), rkey, rev(3), json));
        }
    }
    let blocks: Vec<Vec<ArchivedEvent>> = events.chunks(40).map(<[ArchivedEvent]>::to_vec).collect();
    write_segment(&blocks)
}

#[tokio::test(flavor = "multi_thread")]
async fn is_taken_instead_of_asking_everybody() {
    on_each_network(Plan::normal(14, 2, 5, &[note()], 20), |rig| async move {
        let archive = ServedArchive::start(vec![filed(&rig)]).await;
        let one = rig.start_as("one", Some(archive.url()));
        let job = one.everything().await;
        let job = one.ended(&rig, &job.id).await;
        assert_eq!((job.total_repos, job.failed_repos), (10, 0));
        rig.is_equal().await;
        // Only whoever the archive does not tell everything about was asked, and the directory was not.
        assert_eq!(rig.sim.requests().of("com.atproto.sync.listReposByCollection"), 0);
        assert!(rig.sim.requests().of("com.atproto.repo.listRecords") <= 2);
        for did in rig.sim.accounts() {
            assert!(rig.records.is_complete(&did, &note()).await.unwrap(), "{did}");
        }
        one.stop().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn that_leads_nowhere_is_left_for_asking_everybody() {
    on_each_network(Plan::normal(15, 2, 5, &[note()], 20), |rig| async move {
        let archive = ServedArchive::start(vec![filed(&rig)]).await;
        archive.fail(ArchiveFault::DamagedBlocks);
        let one = rig.start_as("one", Some(archive.url()));
        let job = one.everything().await;
        let job = one.ended(&rig, &job.id).await;
        assert_eq!((job.total_repos, job.total_records, job.failed_repos), (10, 200, 0));
        rig.is_equal().await;
        one.stop().await;
    })
    .await;
}
