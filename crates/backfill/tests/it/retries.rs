//! What failed is tried again.

use backfill::Status;
use records::{Coverage, CoverageState, coverage};
use testkit::sim::{Behaviour, Plan};

use crate::rig::{host, hosts, note, on_each_network, until};

#[tokio::test(flavor = "multi_thread")]
async fn a_host_that_recovers_is_read_by_itself_later() {
    on_each_network(
        hosts(vec![host(Behaviour::Dead, 3, 5), host(Behaviour::Normal, 1, 5)]),
        |rig| async move {
            let one = rig.start();
            let job = one.everything().await;
            assert_eq!(one.ended(&rig, &job.id).await.failed_repos, 3);
            assert_eq!(rig.records.uncovered().await.unwrap(), [(CoverageState::Retrying, 3)]);
            rig.sim.behave(0, Behaviour::Normal);
            // A quarter of an hour is a few seconds here.
            rig.becomes_equal().await;
            until("everything is complete", async || {
                rig.records.uncovered().await.unwrap().is_empty().then_some(())
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
