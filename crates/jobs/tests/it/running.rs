//! What runs leave behind.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use jobs::{Query, Status, Tuning, WorkerConfig};

use crate::rig::{config, on_each_engine};

#[tokio::test(flavor = "multi_thread")]
async fn a_result_is_what_the_run_returned() {
    on_each_engine(async |rig| {
        let one = rig.start("one");
        let echo = rig.create("echo", r#"{"a":1.0}"#).await;
        let done = rig.becomes(&echo.id, Status::Completed).await;
        assert_eq!((done.result.as_deref(), done.error, done.attempts), (Some(r#"{"a":1.0}"#), None, 0));
        assert!(done.started_at >= Some(done.created_at) && done.completed_at >= done.started_at);
        let silent = rig.create("silent", "1").await;
        assert_eq!(rig.becomes(&silent.id, Status::Completed).await.result, None);
        assert_eq!(rig.events(&echo.id, 2).await, ["job.started", "job.completed"]);
        one.stop().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_that_fails_says_why() {
    on_each_engine(async |rig| {
        let one = rig.start("one");
        let why = [
            ("broken", "run 1 broke"),
            ("panics", "the runner panicked"),
            ("unknown", "no script for unknown"),
            ("verbose", "the result of a job must be JSON: expected ident at line 1 column 2"),
        ];
        for (job_type, why) in why {
            let id = rig.create(job_type, "1").await.id;
            let failed = rig.becomes(&id, Status::Failed).await;
            assert_eq!((failed.error.as_deref(), failed.attempts), (Some(why), 1), "{job_type}");
            assert!(failed.completed_at.is_some());
            assert_eq!(rig.events(&id, 2).await, ["job.started", "job.failed"]);
            assert_eq!(rig.lines(&id).await.last().map(String::as_str), Some(why));
        }
        one.stop().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_what_a_run_says_the_last_counts_and_not_every_word_is_written() {
    on_each_engine(async |rig| {
        let one = rig.start("one");
        let id = rig.create("steps", "1").await.id;
        rig.until(&id, "it gets on", |job| job.progress.parse::<u32>().is_ok_and(|step| step > 50)).await;
        rig.jobs.cancel(&id).await.unwrap();
        let ended = rig.becomes(&id, Status::Cancelled).await;
        let steps: u32 = ended.result.unwrap().parse().unwrap();
        assert_eq!(ended.progress, (steps - 1).to_string(), "what was said last is there");
        let lines = rig.jobs.logs(&id, 0, 1000).await.unwrap();
        assert_eq!(lines.len(), steps.min(1000) as usize, "no line is missing or there twice");
        assert!(lines.iter().zip(0..).all(|(line, step)| line.message == format!("step {step}")));
        let rest = rig.jobs.logs(&id, lines[9].line, 5).await.unwrap();
        assert_eq!(rest, lines[10..15]);
        one.stop().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_a_long_log_the_newest_lines_are_kept_and_of_a_long_line_the_beginning() {
    on_each_engine(async |rig| {
        let one = rig.start("one");
        let id = rig.create("verbose", "1").await.id;
        let failed = rig.becomes(&id, Status::Failed).await;
        assert_eq!(failed.progress, "[1]", "what is said at the very end is not lost");
        assert_eq!(rig.lines(&id).await[0], "é".repeat(2048));
        let of = id.clone();
        let fill = rig.store.state.write(move |conn| {
            for line in 3..=1000 {
                let sql = "INSERT INTO appview_job_logs VALUES ($1, $2, 'info', 'old', 0)";
                conn.execute(sql, &[store::v(&of), store::v(line)])?;
            }
            let again = "UPDATE appview_jobs SET status = 'pending', completed_at = NULL WHERE id = $1";
            conn.execute(again, &[store::v(&of)])
        });
        fill.await.unwrap();
        rig.create("silent", "1").await;
        rig.until(&id, "it fails again", |job| job.attempts == 2).await;
        let lines = rig.jobs.logs(&id, 0, 5000).await.unwrap();
        assert_eq!((lines.len(), lines[0].line, lines[999].line), (1000, 3, 1002));
        one.stop().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn how_many_run_at_once_can_change_while_they_do() {
    on_each_engine(async |rig| {
        let at_once = Arc::new(AtomicU32::new(1));
        let asked = Arc::clone(&at_once);
        let one = rig.start_with(WorkerConfig {
            tuning: Arc::new(move || Tuning {
                concurrency: asked.load(Ordering::Relaxed),
                ..Tuning::default()
            }),
            ..config("one")
        });
        let mut ids = Vec::new();
        for _ in 0..5 {
            ids.push(rig.create("patient", "1").await.id);
        }
        let running = async || {
            let query = Query { status: Some(Status::Running), ..Query::default() };
            rig.jobs.list(query).await.unwrap().jobs.into_iter().map(|job| job.id).collect::<Vec<_>>()
        };
        rig.becomes(&ids[0], Status::Running).await;
        tokio::time::sleep(Duration::from_millis(300)).await;
        assert_eq!(running().await, [ids[0].clone()], "the oldest, and no other");
        at_once.store(3, Ordering::Relaxed);
        rig.becomes(&ids[2], Status::Running).await;
        tokio::time::sleep(Duration::from_millis(300)).await;
        assert_eq!(running().await.len(), 3);
        rig.jobs.cancel(&ids[1]).await.unwrap();
        rig.becomes(&ids[3], Status::Running).await;
        one.stop().await;
    })
    .await;
}
