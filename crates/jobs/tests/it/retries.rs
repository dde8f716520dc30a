//! Trying again, and waiting for a time.

use std::time::Duration;

use clock::now_micros;
use jobs::{NewJob, Status, WorkerConfig};

use crate::rig::{config, job, on_each_engine};

#[tokio::test(flavor = "multi_thread")]
async fn what_fails_is_tried_again_until_it_succeeds_or_its_attempts_are_used_up() {
    on_each_engine(async |rig| {
        let one = rig.start("one");
        let make = |job_type: &str, input: &str, max_attempts| {
            let wish = NewJob { max_attempts, ..job(job_type, input) };
            async { rig.jobs.create(wish).await.unwrap().id }
        };
        let succeeds = make("flaky", "3", 5).await;
        let done = rig.becomes(&succeeds, Status::Completed).await;
        assert_eq!((done.attempts, done.result.as_deref(), done.error), (2, Some("3"), None));
        assert_eq!(rig.lines(&succeeds).await, ["run 1 broke", "run 2 broke"]);
        let events = ["job.started", "job.started", "job.started", "job.completed"];
        assert_eq!(rig.events(&succeeds, 4).await, events);
        let gives_up = make("flaky", "9", 3).await;
        let failed = rig.becomes(&gives_up, Status::Failed).await;
        assert_eq!((failed.attempts, failed.error.as_deref()), (3, Some("run 3 broke")));
        let hopeless = make("broken", "1", 5).await;
        assert_eq!(rig.becomes(&hopeless, Status::Failed).await.attempts, 1);
        let single = make("flaky", "2", 1).await;
        assert_eq!(rig.becomes(&single, Status::Failed).await.attempts, 1);
        one.stop().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failed_job_waits_before_it_is_tried_again() {
    on_each_engine(async |rig| {
        let wait = Duration::from_mins(10);
        let one = rig.start_with(WorkerConfig { back_off: (wait, wait), ..config("one") });
        let made = rig.jobs.create(NewJob { max_attempts: 2, ..job("flaky", "2") }).await.unwrap();
        let waits = rig.until(&made.id, "it fails once", |job| job.attempts == 1).await;
        assert_eq!((waits.status, waits.error.as_deref()), (Status::Pending, Some("run 1 broke")));
        let minutes = (waits.run_at - now_micros()) / 60_000_000;
        assert!((7..=10).contains(&minutes), "{minutes}");
        rig.set(&made.id, "run_at", now_micros()).await;
        assert_eq!(rig.becomes(&made.id, Status::Completed).await.attempts, 1);
        one.stop().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_runs_when_its_time_has_come_and_not_before() {
    on_each_engine(async |rig| {
        // It is not a look at the jobs from time to time that finds it.
        let one = rig.start_with(WorkerConfig { poll: Duration::from_mins(10), ..config("one") });
        let run_at = now_micros() + 500_000;
        let later = rig.jobs.create(NewJob { run_at: Some(run_at), ..job("silent", "1") }).await.unwrap();
        let at_once = rig.create("silent", "1").await;
        let done = rig.becomes(&at_once.id, Status::Completed).await;
        assert!(done.started_at < Some(run_at));
        let done = rig.becomes(&later.id, Status::Completed).await;
        assert!(done.started_at >= Some(run_at));
        let far = NewJob { run_at: Some(i64::MAX), ..job("silent", "1") };
        let far = rig.jobs.create(far).await.unwrap();
        let past = NewJob { run_at: Some(i64::MIN), ..job("silent", "1") };
        let past = rig.jobs.create(past).await.unwrap();
        rig.becomes(&past.id, Status::Completed).await;
        assert_eq!(rig.jobs.get(&far.id).await.unwrap().status, Status::Pending);
        one.stop().await;
    })
    .await;
}
