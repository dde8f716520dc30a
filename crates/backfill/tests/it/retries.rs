//! What failed is tried again.

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use atproto::Nsid;
use backfill::{Cause, Status};
use clock::now_micros;
use records::{Coverage, CoverageState, Effect, Projection, Records, coverage};
use remote::Mode;
use testkit::sim::{Behaviour, Plan, Standing};

use crate::rig::{host, hosts, note, on_each_network, until};

#[tokio::test(flavor = "multi_thread")]
async fn a_host_that_recovers_is_read_by_itself_later() {
    on_each_network(
        hosts(vec![host(Behaviour::Dead, 3, 5), host(Behaviour::Normal, 1, 5)]),
        |rig| async move {
            let one = rig.start();
            let job = one.everything().await;
            assert_eq!(one.ended(&rig, &job.id).await.failed_repos, 3);
            assert_eq!(rig.records.missing_counts().await.unwrap(), [(CoverageState::Retrying, 3)]);
            rig.sim.behave(0, Behaviour::Normal);
            // A quarter of an hour is a few seconds here.
            rig.becomes_equal().await;
            until("everything is complete", async || {
                rig.records.missing_counts().await.unwrap().is_empty().then_some(())
            })
            .await;
            one.stop().await;
        },
    )
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_is_told_to_try_again() {
    on_each_network(hosts(vec![host(Behaviour::Dead, 2, 5)]), |rig| async move {
        let one = rig.start();
        let job = one.everything().await;
        assert_eq!(one.ended(&rig, &job.id).await.failed_repos, 2);
        rig.sim.behave(0, Behaviour::Normal);
        assert_eq!(one.backfills.retry_failed(&job.id).await.unwrap(), 2);
        one.until(&job.id, "nothing has failed", |job| {
            job.status == Status::Completed && job.failed_repos == 0
        })
        .await;
        assert_eq!(one.ended(&rig, &job.id).await.total_records, 10);
        rig.is_equal().await;
        assert_eq!(one.backfills.retry_failed(&job.id).await.unwrap(), 0);
        one.stop().await;
    })
    .await;
}

/// As read-through leaves it behind.
#[tokio::test(flavor = "multi_thread")]
async fn what_somebody_asked_for_is_fetched_without_a_job() {
    on_each_network(Plan::normal(9, 1, 2, &[note()], 150), |rig| async move {
        let did = rig.sim.accounts().remove(0);
        let row = Coverage::new(&did, &note(), CoverageState::Pending, 0);
        let one = rig.start();
        // What is fetched before the stream brings its changes vouches for nothing.
        until("the stream is followed", async || rig.records.followed_since(&note()).await.unwrap()).await;
        rig.store.index.write(move |conn| coverage::set(conn, &row)).await.unwrap();
        until("it is here", async || (rig.here(&[note()]).await.len() == 150).then_some(())).await;
        until("it is complete", async || rig.records.is_complete(&did, &note()).await.unwrap().then_some(()))
            .await;
        one.stop().await;
    })
    .await;
}

/// What is listed has no revision of its own but that of the beginning, so a version here may count as newer than what is listed.
#[tokio::test(flavor = "multi_thread")]
async fn what_is_torn_while_it_is_listed_is_listed_once_more() {
    const LISTING: &str = "com.atproto.repo.listRecords";
    let both = [note(), Nsid::parse("com.example.reply").unwrap()];
    on_each_network(Plan::normal(9, 1, 1, &both, 5), |rig| {
        let both = both.clone();
        async move {
            let did = rig.sim.accounts().remove(0);
            rig.wants(&both);
            let one = rig.start();
            for collection in &both {
                until("the stream is followed", async || {
                    rig.records.followed_since(collection).await.unwrap()
                })
                .await;
            }
            rig.sim.behave(0, Behaviour::Latency(Duration::from_millis(200)));
            let rows =
                both.clone().map(|collection| Coverage::new(&did, &collection, CoverageState::Pending, 0));
            let ask =
                rig.store.index.write(move |conn| rows.iter().try_for_each(|row| coverage::set(conn, row)));
            ask.await.unwrap();
            until("the first is listed", async || (rig.sim.requests().of(LISTING) == 1).then_some(())).await;
            // As the stream does it. The second collection is listed after this, and still with the revision from before.
            let torn = did.clone();
            let tear =
                rig.store.index.write(move |conn| coverage::tear(conn, &torn, "a commit was left out"));
            assert!(tear.await.unwrap());
            for collection in &both {
                until("it is complete", async || {
                    rig.records.is_complete(&did, collection).await.unwrap().then_some(())
                })
                .await;
            }
            // A host says that there may be more, and then that there is not.
            assert_eq!(rig.sim.requests().of(LISTING), 8, "both twice");
            one.stop().await;
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_was_away_is_fetched_when_they_are_back() {
    on_each_network(Plan::normal(9, 1, 3, &[note()], 5), |rig| async move {
        let accounts = rig.sim.accounts();
        let away = [Standing::Deactivated, Standing::TakenDown, Standing::Suspended];
        for (did, standing) in accounts.iter().zip(away) {
            rig.sim.set_standing(did, standing);
        }
        let one = rig.start();
        let job = one.everything().await;
        assert_eq!(one.ended(&rig, &job.id).await.failed_repos, 0);
        assert_eq!(rig.records.missing_counts().await.unwrap(), [(CoverageState::Absent, 3)]);
        for did in &accounts {
            rig.sim.set_standing(did, Standing::Active);
        }
        rig.becomes_equal().await;
        until("everything is complete", async || {
            rig.records.missing_counts().await.unwrap().is_empty().then_some(())
        })
        .await;
        one.stop().await;
    })
    .await;
}

/// Does not take the record of one repository that it sees first.
struct Refuses {
    did: String,
    collections: [Nsid; 1],
    rkey: OnceLock<String>,
}

impl Projection for Refuses {
    fn collections(&self) -> &[Nsid] {
        &self.collections
    }

    fn apply(&self, _: &mut store::Conn<'_>, effects: &[Effect<'_>]) -> Result<(), store::Error> {
        let mut of_it = effects.iter().filter(|effect| effect.did == self.did);
        let refused = |effect: &Effect<'_>| self.rkey.get_or_init(|| effect.rkey.to_owned()) == effect.rkey;
        if !of_it.any(refused) {
            return Ok(());
        }
        Err(store::Error::Sql {
            kind: store::ErrorKind::Other,
            message: "not this one".to_owned(),
            sql: String::new(),
        })
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_database_refuses_a_part_of_is_not_complete() {
    on_each_network(hosts(vec![host(Behaviour::Normal, 3, 350)]), |mut rig| async move {
        let did = rig.sim.accounts().remove(1);
        let refuses = Refuses { did: did.to_string(), collections: [note()], rkey: OnceLock::new() };
        rig.records = Records::new(&rig.store, vec![Arc::new(refuses)]);
        let one = rig.start();
        let job = one.job(Cause::Manual, Mode::Pages, false).await;
        let ended = one.ended(&rig, &job.id).await;
        assert_eq!((ended.processed_repos, ended.failed_repos), (2, 1), "{ended:?}");
        let coverage = rig.records.coverage(&did, &note()).await.unwrap();
        let coverage = coverage.unwrap_or_else(|| panic!("it is listed"));
        assert_eq!(coverage.state, CoverageState::Retrying, "{coverage:?}");
        one.stop().await;
    })
    .await;
}

/// A quarter of an hour would be nine seconds here, and a minute is less than one.
#[tokio::test(flavor = "multi_thread")]
async fn what_is_known_to_be_missing_is_tried_again_soon() {
    on_each_network(hosts(vec![host(Behaviour::Dead, 2, 5)]), |rig| async move {
        let one = rig.start();
        let marked = rig.sim.accounts().remove(0);
        // As the stream does it when a commit was left out.
        let due = Some(now_micros());
        let row = Coverage {
            next_try_at: due,
            ..Coverage::new(&marked, &note(), CoverageState::Retrying, now_micros())
        };
        until("the stream is followed", async || rig.records.followed_since(&note()).await.unwrap()).await;
        rig.store.index.write(move |conn| coverage::set(conn, &row)).await.unwrap();
        let failed = until("it has failed once", async || {
            rig.records.coverage(&marked, &note()).await.unwrap().filter(|row| row.attempts == 1)
        })
        .await;
        let wait = failed.next_try_at.unwrap() - now_micros();
        assert!(wait <= 600_000, "it waits {wait} us");
        one.stop().await;
    })
    .await;
}
