//! Workers that die, and workers beside each other.

use std::sync::Arc;
use std::time::{Duration, Instant};

use clock::now_micros;
use jobs::{Jobs, NewJob, Query, Status, Tuning, WorkerConfig};
use rand::RngExt;

use crate::rig::{Instance, LEASE, Rig, config, job, on_each_engine, until};

#[tokio::test(flavor = "multi_thread")]
async fn the_job_of_a_dead_worker_begins_again_on_another_when_its_lease_is_over() {
    on_each_engine(async |rig| {
        let one = rig.start("one");
        let id = rig.create("nap", "300").await.id;
        // Its row says so a moment earlier, at which it would die without having begun.
        until("it runs", async || rig.runs.is_running(&id).then_some(())).await;
        one.crash().await;
        let died = Instant::now();
        assert_eq!(rig.jobs.get(&id).await.unwrap().status, Status::Running);
        let two = rig.start("two");
        let done = rig.becomes(&id, Status::Completed).await;
        assert!(died.elapsed() > LEASE / 2, "it was taken from one that might have lived");
        assert_eq!((rig.runs.of(&id), done.attempts), (2, 0));
        assert_eq!(rig.lines(&id).await, ["the worker went away"]);
        two.stop().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_restart_gives_up_what_ran_before_and_stops_what_was_to_stop() {
    on_each_engine(async |rig| {
        let long = || WorkerConfig { lease: Duration::from_mins(10), ..config("one") };
        let one = rig.start_with(long());
        let mut ids = Vec::new();
        for _ in 0..3 {
            ids.push(rig.create("deaf", "1").await.id);
        }
        for id in &ids {
            until("it runs", async || rig.runs.is_running(id).then_some(())).await;
        }
        rig.jobs.pause(&ids[1]).await.unwrap();
        rig.jobs.cancel(&ids[2]).await.unwrap();
        one.crash().await;
        let two = rig.start("two");
        let other = rig.create("silent", "1").await.id;
        rig.becomes(&other, Status::Completed).await;
        assert_eq!(rig.runs.of(&ids[0]), 1, "its lease is not over, for another instance");
        two.stop().await;
        let one = rig.start_with(long());
        rig.becomes(&ids[1], Status::Paused).await;
        assert!(rig.becomes(&ids[2], Status::Cancelled).await.completed_at.is_some());
        until("it begins again", async || (rig.runs.of(&ids[0]) == 2).then_some(())).await;
        let other = rig.create("silent", "1").await.id;
        rig.becomes(&other, Status::Completed).await;
        assert_eq!(rig.runs.of(&ids[0]), 2, "it does not take its new life for its earlier one");
        assert_eq!(rig.events(&ids[1], 2).await, ["job.started", "job.paused"]);
        assert_eq!(rig.events(&ids[2], 2).await, ["job.started", "job.cancelled"]);
        one.stop().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_that_takes_every_worker_down_is_given_up() {
    on_each_engine(async |rig| {
        let id = rig.create("deaf", "1").await.id;
        for crashes in 0..5 {
            let one = rig.start("one");
            until("it runs", async || (rig.runs.of(&id) == crashes + 1).then_some(())).await;
            assert_eq!(rig.jobs.get(&id).await.unwrap().crashes, crashes);
            if crashes == 2 {
                one.stop().await;
                assert_eq!(rig.jobs.get(&id).await.unwrap().crashes, 2, "that was no crash");
                let one = rig.start("one");
                until("it runs", async || rig.runs.is_running(&id).then_some(())).await;
                one.crash().await;
                rig.runs.forget_one(&id);
            } else {
                one.crash().await;
            }
        }
        let one = rig.start("one");
        let failed = rig.becomes(&id, Status::Failed).await;
        assert_eq!(failed.error.as_deref(), Some("the server stopped 5 times while it ran"));
        assert_eq!(rig.runs.of(&id), 5);
        assert_eq!(rig.jobs.retry(&id).await.unwrap().crashes, 0);
        one.stop().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_worker_that_ends_gives_its_jobs_back() {
    on_each_engine(async |rig| {
        let one = rig.start_with(WorkerConfig { lease: Duration::from_mins(10), ..config("one") });
        let id = rig.create("nap", "400").await.id;
        rig.becomes(&id, Status::Running).await;
        one.stop().await;
        assert_eq!(rig.jobs.get(&id).await.unwrap().status, Status::Pending);
        let two = rig.start("two");
        rig.becomes(&id, Status::Completed).await;
        two.stop().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lease_is_kept_for_as_long_as_its_job_runs() {
    on_each_engine(async |rig| {
        let (one, two) = (rig.start("one"), rig.start("two"));
        let nap = LEASE * 5 / 2;
        let id = rig.create("nap", &nap.as_millis().to_string()).await.id;
        rig.becomes(&id, Status::Completed).await;
        assert_eq!(rig.runs.of(&id), 1);
        one.stop().await;
        two.stop().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_has_lost_a_job_stops_and_writes_nothing() {
    on_each_engine(async |rig| {
        let one = rig.start("one");
        let id = rig.create("steps", "1").await.id;
        rig.until(&id, "it gets on", |job| job.progress != "{}").await;
        // As another instance does that takes it for dead; the job then waits for a time that does not come.
        let of = id.clone();
        let taken = rig.store.state.write(move |conn| {
            conn.execute(
                "UPDATE appview_jobs SET status = 'pending', epoch = epoch + 1, progress = '\"taken\"', run_at = $2
                 WHERE id = $1",
                &[store::v(&of), store::v(i64::MAX)],
            )
        });
        assert_eq!(taken.await.unwrap(), 1);
        let lines = rig.lines(&id).await.len();
        // A worker that has a place again has let go of it.
        for _ in 0..4 {
            rig.create("patient", "1").await;
        }
        let running = || Query { status: Some(Status::Running), ..Query::default() };
        until("it lets go", async || (rig.jobs.list(running()).await.unwrap().jobs.len() == 4).then_some(()))
            .await;
        let left = rig.jobs.get(&id).await.unwrap();
        assert_eq!((left.status, left.progress.as_str()), (Status::Pending, "\"taken\""));
        assert_eq!(rig.lines(&id).await.len(), lines);
        one.stop().await;
        assert_eq!(rig.jobs.get(&id).await.unwrap(), left);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_has_lost_a_job_without_noticing_cannot_end_it() {
    on_each_engine(async |rig| {
        // There is no sign of life, at which it would notice, while the job runs.
        let one = rig.start_with(WorkerConfig { lease: Duration::from_mins(10), ..config("one") });
        let id = rig.create("nap", "300").await.id;
        rig.becomes(&id, Status::Running).await;
        let of = id.clone();
        let taken = rig.store.state.write(move |conn| {
            let sql = "UPDATE appview_jobs SET owner = 'another', epoch = epoch + 1 WHERE id = $1";
            conn.execute(sql, &[store::v(&of)])
        });
        assert_eq!(taken.await.unwrap(), 1);
        until("its run ends", async || (!rig.runs.is_running(&id)).then_some(())).await;
        one.stop().await;
        let job = rig.jobs.get(&id).await.unwrap();
        assert_eq!((job.status, job.completed_at), (Status::Running, None));
        assert!(rig.lines(&id).await.is_empty());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_cannot_give_a_sign_of_life_lets_go_before_others_take_up_its_job() {
    on_each_engine(async |rig| {
        let one = rig.start("one");
        let id = rig.create("deaf", "1").await.id;
        until("it runs", async || rig.runs.is_running(&id).then_some(())).await;
        let blocked = rig.block().await;
        let since = Instant::now();
        until("it lets go", async || (!rig.runs.is_running(&id)).then_some(())).await;
        assert!(since.elapsed() <= LEASE + Duration::from_millis(500), "{:?}", since.elapsed());
        assert_eq!(rig.runs.of(&id), 1);
        blocked.end().await;
        until("it begins again", async || (rig.runs.of(&id) == 2).then_some(())).await;
        one.stop().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn instances_share_the_work_and_what_one_is_told_reaches_the_other() {
    on_each_engine(async |rig| {
        // The second has a handle of its own, as in a process of its own.
        let apart = Jobs::open(&rig.store, rig.log.clone());
        let single = |name: &str| WorkerConfig {
            tuning: Arc::new(|| Tuning { concurrency: 1, ..Tuning::default() }),
            ..config(name)
        };
        let one = rig.start_with(single("one"));
        let two = Instance::start(&apart, &rig.runs, single("two"));
        let (first, second) = (rig.create("patient", "1").await.id, rig.create("steps", "1").await.id);
        rig.becomes(&first, Status::Running).await;
        rig.becomes(&second, Status::Running).await;
        for (told, id) in [(&rig.jobs, &first), (&rig.jobs, &second)] {
            told.cancel(id).await.unwrap();
            rig.becomes(id, Status::Cancelled).await;
        }
        one.stop().await;
        two.stop().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_happens_every_job_ends_and_none_runs_twice_at_once() {
    on_each_engine(async |rig| {
        let mut instances: Vec<Option<Instance>> = (0..3).map(|_| None).collect();
        let mut random = rand::rng();
        let mut ids = Vec::new();
        for _ in 0..60 {
            let kind = ["nap", "flaky", "broken", "steps", "patient"][random.random_range(0..5)];
            let wish = NewJob { max_attempts: 4, ..job(kind, "3") };
            ids.push(rig.jobs.create(wish).await.unwrap().id);
            for _ in 0..2 {
                let id = &ids[random.random_range(0..ids.len())];
                tell(&rig, id, random.random_range(0..3)).await;
            }
            let number = random.random_range(0..3);
            let running = instances[number].take();
            match running {
                None => instances[number] = Some(rig.start(&format!("instance {number}"))),
                Some(instance) if random.random_bool(0.2) => instance.crash().await,
                Some(instance) if random.random_bool(0.1) => instance.stop().await,
                running => instances[number] = running,
            }
        }
        let last = rig.start("the last");
        until("every job ends", async || {
            let mut open = 0;
            for id in &ids {
                let job = rig.jobs.get(id).await.unwrap();
                open += u32::from(!job.status.is_final());
                // Who waits to be told is told: it would take the place of others for ever.
                match (job.status, job.job_type.as_str()) {
                    (Status::Paused, _) => tell(&rig, id, 1).await,
                    (Status::Running, "steps" | "patient") => tell(&rig, id, 2).await,
                    _ => {}
                }
            }
            (open == 0).then_some(())
        })
        .await;
        for instance in instances.into_iter().flatten().chain([last]) {
            instance.stop().await;
        }
        for id in &ids {
            let job = rig.jobs.get(id).await.unwrap();
            let events = rig.events(id, 1).await;
            let ends = ["job.completed", "job.failed", "job.cancelled"];
            let ended = events.iter().filter(|event| ends.contains(&event.as_str())).count();
            assert!(ended <= 1, "{events:?}");
            assert!(job.completed_at.is_some_and(|at| at <= now_micros()), "{job:?}");
            assert_eq!(job.error.is_some() && job.status != Status::Cancelled, job.status == Status::Failed);
        }
    })
    .await;
}

/// Tells a job something. Refusals name a status; that they are the right ones is tested elsewhere.
async fn tell(rig: &Rig, id: &str, command: u32) {
    let told = match command {
        0 => rig.jobs.pause(id).await,
        1 => rig.jobs.resume(id).await,
        _ => rig.jobs.cancel(id).await,
    };
    match told {
        Ok(job) => assert!(!matches!(job.status, Status::Running | Status::Completed | Status::Failed)),
        Err(error) => assert!(matches!(error, jobs::JobError::Conflict { .. }), "{error}"),
    }
}
