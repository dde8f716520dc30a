//! Streams that are not as they should be.

use std::time::Duration;

use testkit::sim::{Faults, Outlet};

use crate::Run;
use crate::rig::Rig;
use crate::source::Source;

pub(super) async fn duplicates(run: Run) {
    follow(run, Faults { duplicates: 0.6, replays: 0.05, ..Faults::default() }).await;
}

pub(super) async fn reordering(run: Run) {
    follow(run, Faults { reorder: 12, duplicates: 0.1, ..Faults::default() }).await;
}

pub(super) async fn hostile(run: Run) {
    follow(run, Faults { hostile: 0.7, ..Faults::default() }).await;
}

pub(super) async fn sockets(run: Run) {
    let faults = Faults {
        cuts: 0.06,
        stalls: 0.05,
        stall: Duration::from_millis(60),
        bytes_per_second: Some(200_000),
        ..Faults::default()
    };
    follow(run, faults).await;
}

async fn follow(run: Run, faults: Faults) {
    let mut rig = Rig::new(&run).await;
    rig.begin().await;
    rig.misbehave(&faults);
    rig.write(80).await;
    rig.write_at_once(40);
    rig.ends_equal().await;
}

/// Whatever is forgotten in between, what comes again must not be news.
pub(super) async fn replays(run: Run) {
    let mut rig = Rig::new(&run).await;
    rig.begin().await;
    rig.misbehave(&Faults { replays: 0.3, ..Faults::default() });
    for _ in 0..2 {
        rig.write(30).await;
        rig.restart().await;
    }
    rig.write_at_once(20);
    rig.ends_equal().await;
}

/// Who follows a Jetstream sees by its time that something is missing, who follows a relay by the commits.
pub(super) async fn gaps(run: Run) {
    let mut rig = Rig::new(&run).await;
    rig.begin().await;
    rig.write(20).await;
    rig.everybody_writes();
    rig.becomes_equal().await;
    if rig.source.is_proven() && rig.chance.is(0.5) {
        rig.misbehave(&Faults { losses: 0.2, ..Faults::default() });
        rig.write(60).await;
        return rig.ends_equal().await;
    }
    rig.stop().await;
    rig.write_at_once(30);
    rig.sim.jump(Duration::from_mins(1));
    rig.sim.lose_events(0..rig.sim.stream_end() + 1);
    // The stream goes on with something newer than all that was lost.
    rig.write_at_once(5);
    rig.follow().await;
    rig.write(20).await;
    rig.ends_equal().await;
}

/// Only relays can be caught lying.
pub(super) async fn forgeries(run: Run) {
    let mut rig = Rig::new(&run).await;
    let outlet = rig.chance.pick(&[Outlet::Relay(0), Outlet::Relay(1)]);
    rig.source = Source::one(outlet);
    rig.begin().await;
    rig.misbehave(&Faults { hostile: 0.5, omissions: 0.3, ..Faults::default() });
    rig.write(80).await;
    rig.ends_equal().await;
}
