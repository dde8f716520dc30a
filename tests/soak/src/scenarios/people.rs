//! What people and administrators do.

use testkit::sim::Faults;

use crate::Run;
use crate::rig::{Rig, collections};

pub(super) async fn accounts(run: Run) {
    let mut rig = Rig::new(&run).await;
    rig.begin().await;
    let restart_in = rig.chance.below(12);
    for round in 0..12 {
        rig.write(6).await;
        rig.disturb_an_account();
        if round == restart_in {
            rig.restart().await;
        }
    }
    rig.write(10).await;
    rig.ends_equal().await;
}

pub(super) async fn moves(run: Run) {
    let mut rig = Rig::new(&run).await;
    rig.begin().await;
    rig.everybody_is_known().await;
    let restart_in = rig.chance.below(12);
    for round in 0..12 {
        rig.write(6).await;
        rig.move_an_account();
        if round == restart_in {
            rig.restart().await;
        }
    }
    rig.write(10).await;
    rig.ends_equal().await;
}

/// What an administrator has left out stays out, for that version.
pub(super) async fn decisions(run: Run) {
    let mut rig = Rig::new(&run).await;
    rig.begin().await;
    rig.write(40).await;
    rig.everybody_writes();
    rig.becomes_equal().await;
    for _ in 0..rig.chance.between(3, 8) {
        rig.leave_a_record_out().await;
    }
    rig.misbehave(&Faults { replays: 0.3, duplicates: 0.3, ..Faults::default() });
    rig.write(20).await;
    rig.restart().await;
    rig.write(20).await;
    rig.ends_equal().await;
}

impl Rig {
    /// An administrator leaves out a record that is there; which version, is remembered.
    pub(super) async fn leave_a_record_out(&mut self) {
        let there = self.sim.expected(&collections());
        let uris: Vec<&String> = there
            .iter()
            .filter(|(uri, it)| self.left_out.get(*uri) != Some(&it.cid))
            .map(|(uri, _)| uri)
            .collect();
        let uri = self.chance.pick(&uris).clone();
        let answer = self.admin().delete(&format!("/admin/records?uri={uri}")).await;
        assert_eq!(answer.status, 204, "{uri}: {}", answer.text);
        self.left_out.insert(uri.clone(), there[&uri].cid.clone());
    }
}
