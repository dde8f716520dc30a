//! What arrived, and whether it is what should have: everything, everywhere, in order, signed, and hardly anything twice.

use std::collections::{BTreeMap, BTreeSet};

use activitypub::signature::{PublicKey, Request, Signed, Terms, Window};
use serde_json::Value;

use super::inboxes::Arrival;

/// Deliveries by inbox and activity.
pub type UnderWay = BTreeSet<(String, String)>;

/// What each inbox was told, in the order in which it was: ids of activities.
pub struct Arrivals {
    by_inbox: BTreeMap<String, Vec<String>>,
    /// What each activity does to what, by its id.
    activities: BTreeMap<String, (String, String)>,
}

impl Arrivals {
    /// Believes what is signed with that key, and nothing else may have come.
    pub fn verified(arrived: &[Arrival], public_key: &str) -> Self {
        let key = PublicKey::from_pem(public_key).unwrap();
        let (mut by_inbox, mut activities) = (BTreeMap::<_, Vec<_>>::new(), BTreeMap::new());
        for arrival in arrived {
            let target = arrival.parts.uri.path();
            let request = Request {
                method: &arrival.parts.method,
                scheme: "http",
                authority: &arrival.authority,
                target,
                headers: &arrival.parts.headers,
            };
            let terms = Terms { now: arrival.at, window: Window::default(), body: &arrival.body };
            let signed = Signed::read(&request, &terms).unwrap();
            signed.verify(&key).unwrap();
            let activity: Value = serde_json::from_slice(&arrival.body).unwrap();
            let text = |value: &Value| value.as_str().unwrap().to_owned();
            let id = text(&activity["id"]);
            assert!(signed.key_id().to_string().starts_with(activity["actor"].as_str().unwrap()));
            let does = (text(&activity["type"]), text(&activity["object"]["id"]));
            assert_eq!(
                activities.entry(id.clone()).or_insert_with(|| does.clone()),
                &does,
                "one id, one activity"
            );
            by_inbox.entry(format!("http://{}{target}", arrival.authority)).or_default().push(id);
        }
        Self { by_inbox, activities }
    }

    /// Each of so many inboxes was told exactly this, in this order; what an inbox heard more than once it heard in a row.
    pub fn assert_told(&self, inboxes: usize, expected: &[(&str, &str)]) {
        assert_eq!(self.by_inbox.len(), inboxes, "inboxes");
        assert_eq!(self.activities.len(), expected.len(), "{:?}", self.activities);
        for (inbox, ids) in &self.by_inbox {
            let mut told: Vec<&String> = ids.iter().collect();
            told.dedup();
            let told: Vec<(&str, &str)> = told
                .iter()
                .map(|id| {
                    let (does, what) = &self.activities[*id];
                    (does.as_str(), what.as_str())
                })
                .collect();
            assert_eq!(told, expected, "{inbox}");
        }
    }

    /// What came more often than once came once more for each death that it was under way at, and no more.
    pub fn assert_again_only(&self, deaths: &[UnderWay]) {
        for (inbox, ids) in &self.by_inbox {
            for id in ids.iter().collect::<BTreeSet<_>>() {
                let times = ids.iter().filter(|other| *other == id).count();
                let key = (inbox.clone(), id.clone());
                let allowed = deaths.iter().filter(|under_way| under_way.contains(&key)).count();
                assert!(
                    times - 1 <= allowed,
                    "{inbox} was sent {id} {times} times, and {allowed} deaths excuse that"
                );
            }
        }
    }

    /// How much came more often than once.
    #[must_use]
    pub fn again(&self) -> usize {
        self.by_inbox.values().map(|ids| ids.len() - ids.iter().collect::<BTreeSet<_>>().len()).sum()
    }
}
