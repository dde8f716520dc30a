//! The machine, its disk, its clock and its database.

use std::time::Duration;

use testkit::PostgresServer;
use testkit::sim::Plan;
use tokio::time::sleep;

use crate::Run;
use crate::prepared::Place;
use crate::rig::Rig;
use crate::trouble::{FullDisk, SlowDisk, suspended};

pub(super) async fn slow_disk(run: Run) {
    let mut rig = Rig::new(&run).await;
    rig.begin().await;
    let slow =
        SlowDisk::under(&rig.place.database, Duration::from_millis(rig.chance.between(20, 120) as u64));
    rig.write(60).await;
    sleep(Duration::from_millis(300)).await;
    rig.write_at_once(60);
    sleep(Duration::from_millis(300)).await;
    slow.end().await;
    rig.ends_equal().await;
}

pub(super) async fn full_disk(run: Run) {
    let mut rig = Rig::new(&run).await;
    rig.begin().await;
    rig.write(20).await;
    let full = FullDisk::of(rig.server().pid());
    rig.write(30).await;
    sleep(Duration::from_millis(rig.chance.between(50, 500) as u64)).await;
    drop(full);
    rig.write(20).await;
    if rig.chance.is(0.5) {
        let full = FullDisk::of(rig.server().pid());
        rig.write(10).await;
        rig.kill();
        drop(full);
        rig.follow().await;
    }
    rig.ends_equal().await;
}

/// Within what is believed of other people's clocks.
pub(super) async fn clock(run: Run) {
    let mut rig = Rig::new(&run).await;
    rig.begin().await;
    for _ in 0..4 {
        let seconds = rig.chance.between(0, 1_000);
        rig.set_clock(1000 * (i64::try_from(seconds).unwrap() - 500));
        rig.write(15).await;
        if rig.chance.is(0.4) {
            rig.restart().await;
            rig.is_followed().await;
        }
    }
    rig.ends_equal().await;
}

pub(super) async fn pauses(run: Run) {
    let mut rig = Rig::new(&run).await;
    rig.begin().await;
    for _ in 0..4 {
        rig.write(10).await;
        let pid = rig.server().pid();
        let time = Duration::from_millis(rig.chance.between(20, 250) as u64);
        let pausing = tokio::spawn(suspended(pid, time));
        rig.write(10).await;
        pausing.await.unwrap();
    }
    rig.ends_equal().await;
}

pub(super) async fn kills(run: Run) {
    let mut rig = Rig::with_history(&run, 5).await;
    rig.begin().await;
    rig.place.command(&["backfill", "start"]);
    for _ in 0..3 {
        rig.write(15).await;
        sleep(Duration::from_millis(rig.chance.below(60) as u64)).await;
        rig.kill();
        rig.write_at_once(5);
        rig.start().await;
    }
    rig.ends_equal().await;
}

/// A PostgreSQL server of the scenario's own is stopped, in order or not, and started again.
pub(super) async fn database(run: Run) {
    let Some(mut server) = PostgresServer::start().await else { return };
    let place = Place::on(&server).await;
    let mut rig = Rig::made(&run, Plan::normal(run.seed, 2, 3, &[], 0), place).await;
    rig.begin().await;
    rig.write(20).await;
    rig.place.database.cut_connections().await;
    rig.write(20).await;
    for _ in 0..2 {
        server.stop(rig.chance.is(0.5));
        rig.write(10).await;
        sleep(Duration::from_millis(rig.chance.below(200) as u64)).await;
        server.run().await;
        rig.write(10).await;
    }
    rig.ends_equal().await;
    drop(rig);
    server.stop(true);
}
