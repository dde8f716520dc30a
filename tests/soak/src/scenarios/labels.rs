//! What labelers say.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use atproto::crypto::PrivateKey;
use serde_json::json;
use testkit::labeler::{Labeler, say};
use tokio::time::sleep;

use crate::Run;
use crate::index;
use crate::rig::{Rig, collections};
use crate::trouble::suspended;
use crate::wait::until;

const WORDS: [&str; 3] = ["spam", "porn", "!hide"];

/// Labels, said for the first time, again, and taken back; some late, some by somebody else; while connections end and the process
/// dies.
pub(super) async fn labels(run: Run) {
    let mut rig = Rig::new(&run).await;
    let labelers = [rig.sim.labeler("one").await, rig.sim.labeler("other").await];
    rig.follow().await;
    for labeler in &labelers {
        let subscribed = rig.admin().post("/admin/labelers", &json!({ "did": labeler.did })).await;
        assert_eq!(subscribed.status, 201);
    }
    let mut said = Said::default();
    for _ in 0..12 {
        for labeler in &labelers {
            said.some(&mut rig, labeler);
        }
        let labeler = rig.chance.pick(&labelers);
        match rig.chance.below(9) {
            0 => labeler.disconnect(),
            1 => rig.restart().await,
            2 => {
                rig.kill();
                said.some(&mut rig, &labeler);
                rig.start().await;
            }
            3 => forged(&mut rig, &labeler),
            4 => suspended(rig.server().pid(), Duration::from_millis(rig.chance.between(5, 50) as u64)).await,
            _ => sleep(Duration::from_millis(rig.chance.between(0, 10) as u64)).await,
        }
    }
    let expected = said.now();
    until("the labels are what was said last", async || {
        let here = index::labels(&rig.place.database).await.unwrap_or_default();
        (here == expected).then_some(())
    })
    .await;
    rig.stop().await;
}

/// What was said last of everything: by whom, of what, which word; when, and whether it was taken back.
#[derive(Default)]
struct Said(BTreeMap<(String, String, String), (u32, bool)>);

impl Said {
    /// A message of a few labels.
    fn some(&mut self, rig: &mut Rig, labeler: &Labeler) {
        let mut labels = Vec::new();
        for _ in 0..rig.chance.between(1, 4) {
            let (uri, word) = (subject(rig), rig.chance.pick(&WORDS));
            let (minute, negated) = (u32::try_from(rig.chance.below(60)).unwrap(), rig.chance.is(0.3));
            let label = say(labeler.did.as_str(), &uri, word).at(minute);
            labels.push(if negated { label.negated() } else { label });
            let known = self.0.entry((labeler.did.to_string(), uri, word.to_owned())).or_default();
            // Of two that were said in the same minute the one that comes later in the stream.
            if minute >= known.0 {
                *known = (minute, negated);
            }
        }
        labeler.say(&labels);
    }

    fn now(&self) -> BTreeSet<(String, String, String)> {
        let stands = self.0.iter().filter(|(_, (_, negated))| !negated);
        stands.map(|(label, _)| label.clone()).collect()
    }
}

/// In the name of the labeler, with another key.
fn forged(rig: &mut Rig, labeler: &Labeler) {
    let key = labeler.key();
    labeler.sign_with(Some(PrivateKey::generate_k256()));
    labeler.say(&[say(labeler.did.as_str(), &subject(rig), "forged")]);
    labeler.sign_with(key);
}

/// An account, or a record of it, there or not.
fn subject(rig: &mut Rig) -> String {
    let did = rig.chance.pick(&rig.sim.accounts());
    match rig.chance.below(6) {
        0 => did.to_string(),
        number => format!("at://{did}/{}/k{number}", collections()[0]),
    }
}
