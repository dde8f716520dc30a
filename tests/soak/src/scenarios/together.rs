//! All of it at once.

use std::time::Duration;

use testkit::sim::{Behaviour, Faults, Place};
use tokio::time::sleep;

use crate::Kind;
use crate::Run;
use crate::crash::{By, CRASH_POINTS};
use crate::rig::Rig;
use crate::trouble::{FullDisk, SlowDisk, suspended};

const ROUNDS: usize = 8;

/// Streams that do everything wrong, hosts that fail, accounts that come, go and move; and in each round something happens to the machine.
pub(super) async fn everything(run: Run) {
    let mut rig = Rig::with_history(&run, 3).await;
    rig.begin().await;
    rig.everybody_is_known().await;
    rig.place.command(&["backfill", "start"]);
    let faults = Faults::all();
    // Numbers that are out of order are no place to go on from after a crash: relays have to keep to theirs.
    let reorder = if rig.source.is_proven() { 0 } else { faults.reorder };
    rig.misbehave(&Faults { reorder, ..faults });
    for host in 0..2 {
        rig.sim.behave(Place::Host(host), Behaviour::Flaky(0.2));
    }
    for _ in 0..ROUNDS {
        rig.write(6).await;
        match rig.chance.below(3) {
            0 => rig.disturb_an_account(),
            1 => rig.move_an_account(),
            _ => {}
        }
        trouble(&mut rig).await;
        rig.write_at_once(4);
    }
    for host in 0..2 {
        rig.sim.behave(Place::Host(host), Behaviour::Normal);
    }
    rig.ends_equal().await;
}

async fn trouble(rig: &mut Rig) {
    let millis = Duration::from_millis(rig.chance.between(10, 120) as u64);
    let pid = rig.server().pid();
    match rig.chance.below(8) {
        0 => rig.restart().await,
        1 => {
            rig.kill();
            rig.write_at_once(3);
            let points: Vec<_> = CRASH_POINTS.iter().filter(|point| point.by == By::Stream).collect();
            let point = rig.chance.pick(&points);
            let at = format!("{}:{}", point.name, rig.chance.between(1, point.times));
            rig.start_to_die(&at).await;
            while !rig.has_died() {
                rig.write(2).await;
            }
            rig.start().await;
        }
        2 => {
            // What is tried again at a certain time waits for it, however far the clock was ahead: less than the rig is patient.
            let ahead = i64::try_from(rig.chance.between(0, 40_000)).unwrap();
            rig.set_clock(ahead - 20_000);
        }
        3 => suspended(pid, millis).await,
        4 => {
            let slow = SlowDisk::under(&rig.place.database, millis);
            rig.write(6).await;
            slow.end().await;
        }
        5 if rig.kind == Kind::Sqlite => {
            let full = FullDisk::of(pid);
            rig.write(6).await;
            sleep(millis).await;
            drop(full);
        }
        5 => rig.place.database.cut_connections().await,
        6 => rig.sim.disconnect(),
        _ => sleep(millis).await,
    }
}
