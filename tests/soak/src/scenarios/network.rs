//! Hosts that are not as they should be.

use std::time::Duration;

use testkit::sim::{Behaviour, Place};

use crate::Run;
use crate::rig::Rig;

const PLACES: [Place; 4] = [Place::Host(0), Place::Host(1), Place::Relay, Place::Plc];

/// The whole of everybody's history, while people write.
pub(super) async fn history(run: Run) {
    let mut rig = Rig::with_history(&run, 12).await;
    for place in PLACES {
        let behaviours = [
            Behaviour::Normal,
            Behaviour::Flaky(0.2),
            Behaviour::Latency(Duration::from_millis(20)),
            Behaviour::Slow(60_000),
        ];
        rig.sim.behave(place, rig.chance.pick(&behaviours));
    }
    rig.begin().await;
    rig.place.command(&["backfill", "start"]);
    rig.write(20).await;
    if rig.chance.is(0.7) {
        rig.restart().await;
    }
    rig.write(20).await;
    for place in PLACES {
        rig.sim.behave(place, Behaviour::Normal);
    }
    rig.ends_equal().await;
}
