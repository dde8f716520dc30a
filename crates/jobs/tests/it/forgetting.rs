//! Jobs that ended long ago.

use std::sync::Arc;

use jobs::{JobError, Status, Tuning, WorkerConfig};
use store::Error;

use crate::rig::{config, on_each_engine, until};

const DAY: i64 = 86_400_000_000;

#[tokio::test(flavor = "multi_thread")]
async fn what_ended_long_ago_is_forgotten_with_its_log() {
    on_each_engine(async |rig| {
        let one = rig.start("one");
        let mut ids = Vec::new();
        for (job_type, days) in [("broken", 29), ("broken", 27), ("silent", 400)] {
            let id = rig.create(job_type, "1").await.id;
            rig.until(&id, "it ends", |job| job.status.is_final()).await;
            rig.set(&id, "completed_at", clock::now_micros() - days * DAY).await;
            ids.push(id);
        }
        one.stop().await;
        let waiting = rig.create("deaf", "1").await.id;
        rig.set(&waiting, "created_at", 0).await;
        let keeps = |retention_days| WorkerConfig {
            tuning: Arc::new(move || Tuning { concurrency: 1, retention_days }),
            ..config("one")
        };
        let keeper = rig.start_with(keeps(0));
        rig.becomes(&waiting, Status::Running).await;
        keeper.stop().await;
        assert!(rig.jobs.get(&ids[2]).await.is_ok(), "0 is for ever");
        let forgetful = rig.start_with(keeps(28));
        for id in [&ids[0], &ids[2]] {
            until("it is forgotten", async || {
                matches!(rig.jobs.get(id).await, Err(JobError::NotFound { .. })).then_some(())
            })
            .await;
        }
        assert_eq!(rig.jobs.get(&ids[1]).await.unwrap().status, Status::Failed);
        assert_eq!(rig.jobs.get(&waiting).await.unwrap().completed_at, None);
        let lines = rig.store.state.read(|conn| {
            let sql = "SELECT DISTINCT job_id FROM appview_job_logs ORDER BY job_id";
            conn.query::<_, Error>(sql, &[], |row| row.string(0))
        });
        let lines = lines.await.unwrap();
        assert!(lines.contains(&ids[1]) && !lines.contains(&ids[0]), "{lines:?}");
        forgetful.stop().await;
    })
    .await;
}
