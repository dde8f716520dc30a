//! Stream and host tell of the same repository, each in its time; in the end the index is what the repository is.

use std::collections::BTreeMap;

use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use testkit::on_each_engine;

use super::reconcile::{all, found, reconcile};
use super::{commit, delete, put};
use crate::SCHEMAS;
use crate::event::Event;

/// What happens, in this order, in one repository and on the way from it.
#[derive(Clone, Debug)]
enum Step {
    /// Record `key` is written, or deleted if it is there and the coin says so.
    Commit { key: u8, delete: bool },
    /// The host is asked for everything. Its latest revision is read first; so many of the steps to come have happened
    /// when the content is.
    Ask { later: usize },
    /// The oldest answer on its way arrives.
    Arrive,
    /// So many of the events on their way arrive.
    Stream { events: usize },
    /// The event that would arrive next is lost for good.
    Lose,
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        6 => (0u8..4, any::<bool>()).prop_map(|(key, delete)| Step::Commit { key, delete }),
        2 => (0usize..3).prop_map(|later| Step::Ask { later }),
        2 => Just(Step::Arrive),
        3 => (1usize..4).prop_map(|events| Step::Stream { events }),
        1 => Just(Step::Lose),
    ]
}

/// The repository: its records with the revision of each, and every event it ever sent.
#[derive(Default)]
struct Repo {
    records: BTreeMap<u8, u32>,
    rev: u32,
    sent: Vec<Event>,
}

impl Repo {
    fn step(&mut self, account: u8, step: &Step) {
        let Step::Commit { key, delete: gone } = step else { return };
        if *gone && !self.records.contains_key(key) {
            return;
        }
        self.rev += 1;
        if *gone {
            self.records.remove(key);
            self.sent.push(delete(account, 1, *key, self.rev));
        } else {
            self.records.insert(*key, self.rev);
            self.sent.push(put(account, 1, *key, self.rev));
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn in_the_end_the_index_is_what_the_repository_is() {
    let histories = proptest::collection::vec(step(), 1..60);
    let mut runner = TestRunner::default();
    let histories: Vec<Vec<Step>> =
        (0..60).map(|_| histories.new_tree(&mut runner).unwrap().current()).collect();
    let histories = &histories;
    on_each_engine(&SCHEMAS, |store| async move {
        for (account, history) in (0u8..).zip(histories) {
            let mut repo = Repo::default();
            let (mut streamed, mut answers, mut lost) = (0, Vec::new(), false);
            for (number, step) in history.iter().enumerate() {
                repo.step(account, step);
                match step {
                    Step::Ask { later } => {
                        let floor = repo.rev;
                        let mut then =
                            Repo { records: repo.records.clone(), rev: repo.rev, sent: Vec::new() };
                        history[number + 1..].iter().take(*later).for_each(|step| then.step(account, step));
                        answers.push((floor, then.records));
                    }
                    Step::Arrive if !answers.is_empty() => {
                        let (floor, records) = answers.remove(0);
                        let records = records.iter().map(|(key, n)| found(*key, *n)).collect();
                        reconcile(&store, all(account, 1, floor, records)).await;
                    }
                    Step::Stream { events } => {
                        let end = (streamed + events).min(repo.sent.len());
                        commit(&store, repo.sent[streamed..end].to_vec()).await;
                        streamed = end;
                    }
                    Step::Lose if streamed < repo.sent.len() => {
                        streamed += 1;
                        lost = true;
                    }
                    Step::Commit { .. } | Step::Arrive | Step::Lose => {}
                }
            }
            commit(&store, repo.sent[streamed..].to_vec()).await;
            if lost {
                // A gap is repaired by asking once more.
                let records = repo.records.iter().map(|(key, n)| found(*key, *n)).collect();
                reconcile(&store, all(account, 1, repo.rev, records)).await;
            }
            let expected: Vec<(String, i64)> =
                repo.records.iter().map(|(key, n)| (format!("key{key}"), i64::from(*n))).collect();
            assert_eq!(super::reconcile::here_of(&store, account).await, expected, "{history:?}");
        }
    })
    .await;
}
