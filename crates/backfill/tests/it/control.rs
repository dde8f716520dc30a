//! Pausing, resuming, cancelling, crashing.

use std::time::Duration;

use backfill::{Cause, JobError, JobEvent, Status};
use futures::StreamExt;
use remote::Mode;
use testkit::sim::{Behaviour, Plan};

use crate::rig::{host, hosts, note, on_each_network, until};

const SLOW: Behaviour = Behaviour::Latency(Duration::from_millis(40));

#[tokio::test(flavor = "multi_thread")]
async fn the_rest_of_a_repository_is_fetched_after_a_pause_in_its_middle() {
    on_each_network(hosts(vec![host(SLOW, 1, 3_000)]), |rig| async move {
        let one = rig.start();
        let job = one.job(Cause::Manual, Mode::Pages, false).await;
        one.until(&job.id, "it is under way", |job| job.total_records > 0).await;
        one.backfills.pause(&job.id).await.unwrap();
        let paused = one.until(&job.id, "it pauses", |job| job.status == Status::Paused).await;
        let here = rig.here(&[note()]).await.len();
        assert!(here < 3_000, "it was too fast for this test");
        assert_eq!(paused.processed_repos, 0);
        let asked = rig.sim.requests().of("com.atproto.repo.listRecords");
        one.backfills.resume(&job.id).await.unwrap();
        assert_eq!(one.ended(&rig, &job.id).await.total_records, 3_000);
        rig.is_equal().await;
        let again = rig.sim.requests().of("com.atproto.repo.listRecords") - asked;
        assert!(
            usize::try_from(again).unwrap() <= (3_000 - here) / 100 + 3,
            "{again} pages for {} records",
            3_000 - here
        );
        one.stop().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn pauses_and_crashes_lose_and_repeat_nothing() {
    let latency = Behaviour::Latency(Duration::from_millis(300));
    on_each_network(hosts((0..10).map(|_| host(latency.clone(), 40, 7)).collect()), |rig| async move {
        let mut one = rig.start();
        let id = one.everything().await.id;
        let mut done = 0;
        for round in 0..8 {
            // Each meets a job that has got further, and has not ended.
            done = one.until(&id, "it gets on", |job| job.processed_repos > done).await.processed_repos;
            if round % 2 == 0 {
                one.crash();
                assert_eq!(rig.job(&id).await, "running");
                one = rig.start();
            } else {
                one.backfills.pause(&id).await.unwrap();
                one.until(&id, "it pauses", |job| job.status == Status::Paused).await;
                one.backfills.resume(&id).await.unwrap();
            }
        }
        let job = one.ended(&rig, &id).await;
        assert_eq!((job.total_repos, job.total_records, job.failed_repos), (400, 400 * 7, 0));
        rig.is_equal().await;
        one.stop().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_cancelled_stops_for_good() {
    on_each_network(hosts(vec![host(SLOW, 120, 20)]), |rig| async move {
        let one = rig.start();
        let job = one.everything().await;
        one.until(&job.id, "it is under way", |job| job.processed_repos > 0).await;
        one.backfills.cancel(&job.id).await.unwrap();
        one.until(&job.id, "it stops", |job| job.status == Status::Cancelled).await;
        for answer in [one.backfills.resume(&job.id).await, one.backfills.pause(&job.id).await] {
            assert!(matches!(answer, Err(JobError::Conflict { status: Status::Cancelled, .. })));
        }
        assert!(matches!(one.backfills.job("none").await, Err(JobError::NotFound { .. })));
        one.stop().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn followers_see_the_whole_first_and_the_end_last() {
    on_each_network(Plan::normal(6, 2, 10, &[note()], 3), |rig| async move {
        let one = rig.start();
        let job = one.everything().await;
        let events: Vec<JobEvent> = one.backfills.follow(&job.id).await.unwrap().collect().await;
        assert!(matches!(events.first(), Some(JobEvent::Snapshot(of)) if of.id == job.id));
        let completed = JobEvent::Stopped { status: Status::Completed, error: None };
        assert_eq!(events.last(), Some(&completed));
        let fetched = events.iter().filter(|event| matches!(event, JobEvent::RepoFetched { .. })).count();
        assert_eq!(fetched, 20);
        let figures = events.iter().rev().find_map(|event| match event {
            JobEvent::Counters { processed_repos, total_records, .. } => {
                Some((*processed_repos, *total_records))
            }
            _ => None,
        });
        assert_eq!(figures, Some((20, 60)));
        assert!(one.backfills.follow("none").await.is_err());
        one.stop().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_repositories_of_old_jobs_are_forgotten_by_themselves() {
    on_each_network(hosts(vec![host(Behaviour::Normal, 3, 2)]), |rig| async move {
        let one = rig.start();
        let old = one.everything().await.id;
        one.ended(&rig, &old).await;
        let new = one.everything().await.id;
        one.ended(&rig, &new).await;
        // As many days as they are kept, and one more.
        let (long_ago, id) = (clock::now_micros() - 29 * 24 * 3_600_000_000, old.clone());
        let age = rig.store.state.write(move |conn| {
            let sql = "UPDATE backfill_jobs SET completed_at = $1 WHERE id = $2";
            conn.execute(sql, &[store::v(long_ago), store::v(&id)])
        });
        assert_eq!(age.await.unwrap(), 1);
        until("the old ones are forgotten", async || {
            one.backfills.hosts(&old).await.unwrap().is_empty().then_some(())
        })
        .await;
        assert_eq!(one.backfills.hosts(&new).await.unwrap()[0].total_repos, 3);
        assert_eq!(one.backfills.job(&old).await.unwrap().total_records, 6, "the job itself stays");
        one.stop().await;
    })
    .await;
}
