//! Several instances, one job; and an index that was lost.

use std::time::Duration;

use testkit::sim::{Behaviour, Plan};

use crate::rig::{host, hosts, note, on_each_network};

#[tokio::test(flavor = "multi_thread")]
async fn one_works_and_the_other_takes_over() {
    on_each_network(Plan::normal(12, 5, 40, &[note()], 5), |rig| async move {
        let (first, second) = (rig.start_as("first", None), rig.start_as("second", None));
        let job = first.everything().await;
        first.until(&job.id, "it is under way", |job| job.processed_repos > 0).await;
        // Whoever has it gives it back when it stops, or loses it when its time is over.
        first.stop().await;
        let job = second.ended(&rig, &job.id).await;
        assert_eq!((job.total_repos, job.total_records), (200, 1_000));
        rig.is_equal().await;
        second.stop().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_whose_index_was_lost_begins_again() {
    let slow = Behaviour::Latency(Duration::from_millis(40));
    on_each_network(hosts(vec![host(slow, 100, 5)]), |rig| async move {
        let one = rig.start();
        let id = one.everything().await.id;
        one.until(&id, "it is under way", |job| job.processed_repos > 0).await;
        one.stop().await;
        for table in ["backfill_repos", "backfill_discoveries", "backlinks", "record_rows", "coverage"] {
            rig.store
                .index
                .write(move |conn| conn.execute(&format!("DELETE FROM {table}"), &[]))
                .await
                .unwrap();
        }
        let one = rig.start();
        let job = one.ended(&rig, &id).await;
        assert_eq!((job.total_repos, job.total_records), (100, 500));
        rig.is_equal().await;
        one.stop().await;
    })
    .await;
}
