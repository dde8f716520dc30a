//! Other servers are followed.

use testkit::sim::{Faults, Outlet};

use crate::Run;
use crate::rig::Rig;
use crate::source::Source;
use crate::wait::until;

/// One Jetstream goes down and the next is followed; then a relay, the next relay, and another Jetstream.
pub(super) async fn failover(run: Run) {
    let mut rig = Rig::new(&run).await;
    for pair in [Outlet::Jetstream as fn(usize) -> Outlet, Outlet::Relay] {
        let [first, second] = [pair(1), pair(2)];
        rig.source = Source(vec![first, second]);
        rig.begin().await;
        rig.write(15).await;
        rig.sim.misbehave(first, Faults::down());
        rig.write(15).await;
        until("the next is followed", async || (rig.sim.subscribers_of(second) > 0).then_some(())).await;
        rig.write(15).await;
        rig.sim.misbehave(first, Faults::default());
        rig.write(5).await;
        if rig.chance.is(0.5) {
            rig.kill();
        } else {
            rig.stop().await;
        }
        rig.write(5).await;
    }
    rig.source = Source::one(Outlet::Jetstream(3));
    rig.follow().await;
    rig.write(15).await;
    rig.ends_equal().await;
}
