//! While people write.

use std::time::Duration;

use backfill::Cause;
use remote::Mode;
use testkit::sim::{Behaviour, Load, Plan};

use crate::rig::{host, hosts, note, on_each_network};

/// Nothing newer is overwritten, nothing deleted comes back.
#[tokio::test(flavor = "multi_thread")]
async fn what_happens_meanwhile_is_neither_lost_nor_undone() {
    let latency = Behaviour::Latency(Duration::from_millis(10));
    on_each_network(hosts((0..6).map(|_| host(latency.clone(), 5, 40)).collect()), |rig| async move {
        let one = rig.start();
        let load = Load { seed: 11, rate: 200, operations: 100_000, collections: vec![note()] };
        let load = rig.sim.start_load(load);
        for mode in [Mode::Pages, Mode::Export, Mode::Blocks] {
            let job = one.job(Cause::Manual, mode, false).await;
            assert_eq!(one.ended(&rig, &job.id).await.failed_repos, 0);
        }
        let counts = load.stop().await;
        assert!(counts.updated > 0 && counts.deleted > 0, "{counts:?}");
        rig.becomes_equal().await;
        one.stop().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_that_moves_in_the_middle_is_followed() {
    let mut plan = hosts(vec![host(Behaviour::Normal, 4, 250), host(Behaviour::Normal, 1, 3)]);
    for account in &mut plan.hosts[0].accounts {
        *account = account.clone().moving(1, 3);
    }
    on_each_network(plan, |rig| async move {
        let one = rig.start();
        let job = one.everything().await;
        assert_eq!(one.ended(&rig, &job.id).await.failed_repos, 0);
        rig.becomes_equal().await;
        one.stop().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rebuild_mends_whatever_is_wrong() {
    on_each_network(Plan::normal(8, 3, 5, &[note()], 20), |rig| async move {
        let one = rig.start();
        let job = one.everything().await;
        one.ended(&rig, &job.id).await;
        for damage in [
            "DELETE FROM record_rows WHERE id % 3 = 0 AND id NOT IN (SELECT source_id FROM backlinks)",
            "UPDATE record_rows SET cid = 'wrong' WHERE id % 3 = 1",
        ] {
            rig.store.index.write(move |conn| conn.execute(damage, &[])).await.unwrap();
        }
        // Who is not listed any more, and is served nowhere, goes.
        let gone = rig.sim.accounts().remove(0);
        rig.sim.behave(0, Behaviour::Normal);
        rig.sim.delete_account(&gone);
        let job = one.job(Cause::Rebuild, Mode::Auto, false).await;
        one.ended(&rig, &job.id).await;
        rig.becomes_equal().await;
        one.stop().await;
    })
    .await;
}
