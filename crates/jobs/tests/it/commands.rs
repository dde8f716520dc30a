//! Every transition that can be commanded, and every refusal (spec/appview.md §3.13, §5.11).

use std::time::{Duration, Instant};

use jobs::Status;

use crate::rig::{conflict, on_each_engine};

#[tokio::test(flavor = "multi_thread")]
async fn what_does_not_run_is_cancelled_at_once() {
    on_each_engine(async |rig| {
        let job = rig.create("echo", "1").await;
        assert_eq!(conflict(&rig.jobs.pause(&job.id).await), Some(Status::Pending));
        assert_eq!(conflict(&rig.jobs.resume(&job.id).await), Some(Status::Pending));
        let cancelled = rig.jobs.cancel(&job.id).await.unwrap();
        assert_eq!(cancelled.status, Status::Cancelled);
        assert!(cancelled.completed_at.is_some());
        assert_eq!(rig.jobs.get(&job.id).await.unwrap(), cancelled);
        assert_eq!(rig.events(&job.id, 1).await, ["job.cancelled"]);
        for told in
            [rig.jobs.cancel(&job.id).await, rig.jobs.pause(&job.id).await, rig.jobs.resume(&job.id).await]
        {
            assert_eq!(conflict(&told), Some(Status::Cancelled));
        }
        let one = rig.start("one");
        let next = rig.create("silent", "1").await;
        rig.becomes(&next.id, Status::Completed).await;
        assert_eq!(rig.runs.of(&job.id), 0, "it is not run after that");
        one.stop().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_paused_job_begins_again_when_it_is_resumed() {
    on_each_engine(async |rig| {
        let one = rig.start("one");
        let id = rig.create("steps", "1").await.id;
        rig.until(&id, "it gets on", |job| job.progress != "{}").await;
        assert_eq!(conflict(&rig.jobs.resume(&id).await), Some(Status::Running));
        assert_eq!(rig.jobs.pause(&id).await.unwrap().status, Status::Pausing);
        let paused = rig.becomes(&id, Status::Paused).await;
        assert!(paused.result.is_some() && paused.completed_at.is_none() && paused.started_at.is_some());
        assert_ne!(paused.progress, "{}");
        assert_eq!(conflict(&rig.jobs.pause(&id).await), Some(Status::Paused));
        let resumed = rig.jobs.resume(&id).await.unwrap();
        assert_eq!((resumed.status, resumed.progress), (Status::Pending, paused.progress));
        rig.until(&id, "it begins again", |job| job.status == Status::Running && job.result.is_none()).await;
        assert_eq!(rig.runs.of(&id), 2);
        assert_eq!(rig.jobs.cancel(&id).await.unwrap().status, Status::Cancelling);
        let cancelled = rig.becomes(&id, Status::Cancelled).await;
        assert!(cancelled.result.is_some(), "what it returned is kept");
        assert_eq!(cancelled.started_at, paused.started_at);
        let events = ["job.started", "job.paused", "job.started", "job.cancelled"];
        assert_eq!(rig.events(&id, 4).await, events);
        one.stop().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_paused_can_be_cancelled_and_not_taken_up() {
    on_each_engine(async |rig| {
        let one = rig.start("one");
        let id = rig.create("patient", "1").await.id;
        rig.becomes(&id, Status::Running).await;
        rig.jobs.pause(&id).await.unwrap();
        rig.becomes(&id, Status::Paused).await;
        let next = rig.create("silent", "1").await.id;
        rig.becomes(&next, Status::Completed).await;
        assert_eq!(rig.runs.of(&id), 1);
        assert_eq!(rig.jobs.cancel(&id).await.unwrap().status, Status::Cancelled);
        assert_eq!(rig.events(&id, 3).await, ["job.started", "job.paused", "job.cancelled"]);
        one.stop().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_asked_to_stop_stops_however_it_ends() {
    on_each_engine(async |rig| {
        let one = rig.start("one");
        let id = rig.create("deaf", "1").await.id;
        rig.becomes(&id, Status::Running).await;
        rig.jobs.pause(&id).await.unwrap();
        assert_eq!(conflict(&rig.jobs.pause(&id).await), Some(Status::Pausing));
        assert_eq!(conflict(&rig.jobs.resume(&id).await), Some(Status::Pausing));
        assert_eq!(rig.jobs.cancel(&id).await.unwrap().status, Status::Cancelling);
        assert_eq!(rig.jobs.cancel(&id).await.unwrap().status, Status::Cancelling, "again");
        assert_eq!(conflict(&rig.jobs.pause(&id).await), Some(Status::Cancelling));
        assert_eq!(conflict(&rig.jobs.resume(&id).await), Some(Status::Cancelling));
        let sulking = rig.create("patient", "\"sulk\"").await.id;
        rig.becomes(&sulking, Status::Running).await;
        rig.jobs.pause(&sulking).await.unwrap();
        let paused = rig.becomes(&sulking, Status::Paused).await;
        assert_eq!(paused.error.as_deref(), Some("run 1 broke"));
        // The worker ends: so does what does not listen.
        one.stop().await;
        assert_eq!(rig.jobs.get(&id).await.unwrap().status, Status::Cancelled);
        assert_eq!(rig.jobs.resume(&sulking).await.unwrap().attempts, 0);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_has_ended_is_told_nothing() {
    on_each_engine(async |rig| {
        let one = rig.start("one");
        for (job_type, status) in [("silent", Status::Completed), ("broken", Status::Failed)] {
            let id = rig.create(job_type, "1").await.id;
            let ended = rig.becomes(&id, status).await;
            for told in [rig.jobs.cancel(&id).await, rig.jobs.pause(&id).await, rig.jobs.resume(&id).await] {
                assert_eq!(conflict(&told), Some(status));
            }
            assert_eq!(rig.jobs.get(&id).await.unwrap(), ended);
        }
        one.stop().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_that_waits_hears_at_once_that_it_is_to_stop() {
    on_each_engine(async |rig| {
        let mut config = crate::rig::config("one");
        // Much longer than this test: it is not the sign of life that brings the news.
        config.lease = Duration::from_mins(10);
        let one = rig.start_with(config);
        for pauses in [true, false] {
            let id = rig.create("patient", "1").await.id;
            rig.becomes(&id, Status::Running).await;
            let told = Instant::now();
            if pauses {
                rig.jobs.pause(&id).await.unwrap();
                rig.becomes(&id, Status::Paused).await;
            } else {
                rig.jobs.cancel(&id).await.unwrap();
                rig.becomes(&id, Status::Cancelled).await;
            }
            assert!(told.elapsed() < Duration::from_secs(20), "{:?}", told.elapsed());
        }
        one.stop().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_has_ended_without_its_work_being_done_is_tried_again_if_somebody_wants_it() {
    on_each_engine(async |rig| {
        let one = rig.start("one");
        let id = rig.create("flaky", "2").await.id;
        assert_eq!(rig.becomes(&id, Status::Failed).await.attempts, 1);
        let again = rig.jobs.retry(&id).await.unwrap();
        assert_eq!((again.status, again.attempts, again.completed_at), (Status::Pending, 0, None));
        let done = rig.becomes(&id, Status::Completed).await;
        assert_eq!((done.result.as_deref(), done.error), (Some("2"), None));
        assert_eq!(conflict(&rig.jobs.retry(&id).await), Some(Status::Completed));
        let deaf = rig.create("deaf", "1").await.id;
        rig.becomes(&deaf, Status::Running).await;
        assert_eq!(conflict(&rig.jobs.retry(&deaf).await), Some(Status::Running));
        one.stop().await;
        rig.jobs.cancel(&deaf).await.unwrap();
        assert_eq!(rig.jobs.retry(&deaf).await.unwrap().status, Status::Pending);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_does_not_listen_is_cut_off() {
    on_each_engine(async |rig| {
        let mut config = crate::rig::config("one");
        config.grace = Duration::from_millis(300);
        let one = rig.start_with(config);
        for pauses in [true, false] {
            let id = rig.create("deaf", "1").await.id;
            rig.becomes(&id, Status::Running).await;
            let told = Instant::now();
            let ended = if pauses {
                rig.jobs.pause(&id).await.unwrap();
                rig.becomes(&id, Status::Paused).await
            } else {
                rig.jobs.cancel(&id).await.unwrap();
                rig.becomes(&id, Status::Cancelled).await
            };
            assert!(told.elapsed() >= Duration::from_millis(300), "it has time to end by itself");
            assert!(ended.error.unwrap().contains("cut off"));
            assert!(!rig.runs.is_running(&id));
        }
        one.stop().await;
    })
    .await;
}
