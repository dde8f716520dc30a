//! Stretches of the stream that were missed.

use std::time::Duration;

use testkit::sim::{Load, Plan};

use crate::rig::{note, on_each_network, until};

#[tokio::test(flavor = "multi_thread")]
async fn are_repaired_by_themselves() {
    on_each_network(Plan::normal(10, 3, 6, &[note()], 10), |rig| async move {
        let one = rig.start();
        let job = one.everything().await;
        one.ended(&rig, &job.id).await;
        let load = |seed| Load { seed, rate: 1_000, operations: 60, collections: vec![note()] };
        rig.sim.run_load(load(1)).await;
        rig.becomes_equal().await;
        one.stop().await;
        // While nobody listens, and so long ago that the source has forgotten it, and everything before.
        rig.sim.run_load(load(2)).await;
        rig.sim.jump(Duration::from_mins(1));
        rig.sim.lose_events(0..rig.sim.stream_end() + 1);
        rig.sim.run_load(load(3)).await;
        let one = rig.start();
        until("the gap is found", async || (!rig.records.gaps().await.unwrap().is_empty()).then_some(()))
            .await;
        until("it is repaired", async || rig.records.open_gaps().await.unwrap().is_empty().then_some(()))
            .await;
        rig.becomes_equal().await;
        let jobs = one.backfills.jobs().await.unwrap();
        assert_eq!(jobs.iter().filter(|job| job.cause.as_str() == "gap").count(), 1);
        one.stop().await;
    })
    .await;
}
