//! Whatever is saved here and done by authors, hosts and operators, in any order, gives what the model says; so does an
//! index that is made anew.

use std::collections::BTreeMap;

use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use store::Store;
use testkit::on_each_engine;

use super::local::{lose_the_index, saved, streamed};
use super::reconcile::{all, found, here_of, reconcile};
use super::{collection, commit, delete, did, records, rkey};
use crate::SCHEMAS;
use crate::event::Event;

#[derive(Clone, Debug)]
enum Step {
    /// Its author writes the record, or deletes it if it is there and the coin says so.
    Commit {
        key: u8,
        delete: bool,
    },
    /// The events on their way arrive.
    Stream,
    /// The last events arrive again.
    Again {
        events: usize,
    },
    /// The host is asked for everything.
    List,
    Save {
        key: u8,
    },
    /// What was saved last is saved again.
    SaveAgain {
        key: u8,
    },
    DeleteHere {
        key: u8,
    },
    Settle,
    /// The index is lost and made anew.
    Rebuild,
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        5 => (0u8..3, any::<bool>()).prop_map(|(key, delete)| Step::Commit { key, delete }),
        4 => Just(Step::Stream),
        2 => (1usize..4).prop_map(|events| Step::Again { events }),
        2 => Just(Step::List),
        4 => (0u8..3).prop_map(|key| Step::Save { key }),
        2 => (0u8..3).prop_map(|key| Step::SaveAgain { key }),
        2 => (0u8..3).prop_map(|key| Step::DeleteHere { key }),
        1 => Just(Step::Settle),
        1 => Just(Step::Rebuild),
    ]
}

/// One record, as this server should see it.
#[derive(Clone, Copy, Debug, Default)]
struct Seen {
    /// The newest revision that was heard of, and the version that its author has.
    rev: u32,
    version: Option<u32>,
    /// What is here in its place or by itself.
    local: Option<u32>,
    /// It is by itself.
    only_here: bool,
    /// The version that was taken out of the view.
    deleted: Option<u32>,
}

impl Seen {
    fn hear(&mut self, rev: u32, version: Option<u32>) {
        *self = Self { rev, version, local: None, ..*self };
    }

    fn shown(&self) -> Option<u32> {
        self.local.or(self.version.filter(|version| self.deleted != Some(*version)))
    }
}

/// A repository, what was sent of it, and what is seen of it here.
#[derive(Default)]
struct Model {
    repo: BTreeMap<u8, u32>,
    rev: u32,
    /// Key, revision, version.
    sent: Vec<(u8, u32, Option<u32>)>,
    arrived: usize,
    /// Of the index that was lost.
    forgotten: usize,
    seen: BTreeMap<u8, Seen>,
    saves: u32,
}

impl Model {
    fn seen(&mut self, key: u8) -> &mut Seen {
        self.seen.entry(key).or_default()
    }

    fn list(&mut self) {
        let (rev, repo) = (self.rev, self.repo.clone());
        for key in 0..3 {
            let (there, seen) = (repo.get(&key).copied(), self.seen(key));
            let is_news = match there {
                Some(_) => seen.version != there,
                // That there is no such record says nothing about one that is only here.
                None => seen.shown().is_some() && !(seen.local.is_some() && seen.only_here),
            };
            if is_news {
                seen.hear(rev, there);
            }
        }
    }

    fn event(account: u8, (key, rev, version): (u8, u32, Option<u32>)) -> Event {
        match version {
            Some(n) => streamed(account, key, n, rev),
            None => delete(account, 1, key, rev),
        }
    }
}

/// One history, acted out in the account's repository.
struct Play<'s> {
    store: &'s Store,
    account: u8,
    model: Model,
}

impl Play<'_> {
    async fn step(&mut self, step: &Step) {
        let (store, account, model) = (self.store, self.account, &mut self.model);
        let records = records(store);
        match step {
            Step::Commit { key, delete } => {
                let is_there = model.repo.contains_key(key);
                if *delete && !is_there {
                    return;
                }
                model.rev += 1;
                let version = (!*delete).then_some(model.rev);
                match version {
                    Some(version) => model.repo.insert(*key, version),
                    None => model.repo.remove(key),
                };
                model.sent.push((*key, model.rev, version));
            }
            Step::Stream => {
                let news = model.sent[model.arrived..].to_vec();
                model.arrived = model.sent.len();
                for &(key, rev, version) in &news {
                    if rev > model.seen(key).rev {
                        model.seen(key).hear(rev, version);
                    }
                }
                commit(store, news.into_iter().map(|event| Model::event(account, event)).collect()).await;
            }
            Step::Again { events } => {
                // A new index does not remember what was deleted before it was made.
                let from = model.arrived.saturating_sub(*events).max(model.forgotten);
                let again = model.sent[from..model.arrived.max(from)].iter();
                commit(store, again.map(|event| Model::event(account, *event)).collect()).await;
            }
            Step::List => {
                model.list();
                self.reconcile().await;
            }
            Step::Save { key } => {
                model.saves += 1;
                let n = 1_000_000 + model.saves;
                let seen = model.seen(*key);
                let only_here = seen.shown().is_none() || (seen.local.is_some() && seen.only_here);
                *seen = Seen { local: Some(n), only_here, ..*seen };
                records.save_local(saved(account, *key, n)).await.unwrap();
            }
            Step::SaveAgain { key } => {
                let Some(n) = model.seen(*key).local else { return };
                let last = records.last_change().await.unwrap();
                records.save_local(saved(account, *key, n)).await.unwrap();
                assert_eq!(records.last_change().await.unwrap(), last, "the same again is nothing");
            }
            Step::DeleteHere { key } => {
                let seen = model.seen(*key);
                let was_there = seen.shown().is_some();
                if was_there {
                    *seen = Seen { local: None, deleted: seen.version, ..*seen };
                }
                let deleted = records.delete(&did(account), &collection(1), &rkey(*key), "script").await;
                assert_eq!(deleted.unwrap(), was_there);
            }
            Step::Settle => records.settle().await.unwrap(),
            Step::Rebuild => {
                // What is over is forgotten within a minute, as a rule before the index is lost.
                records.settle().await.unwrap();
                lose_the_index(store).await;
                records.settle().await.unwrap();
                model.arrived = model.sent.len();
                model.forgotten = model.arrived;
                for seen in model.seen.values_mut() {
                    // Nothing is known of what nobody decided about.
                    let is_decided =
                        seen.local.is_some() || seen.deleted.is_some_and(|n| seen.version == Some(n));
                    if !is_decided {
                        *seen = Seen { deleted: seen.deleted, ..Seen::default() };
                    }
                }
                model.list();
                self.reconcile().await;
            }
        }
    }

    async fn reconcile(&self) {
        let found = self.model.repo.iter().map(|(key, n)| found(*key, *n)).collect();
        reconcile(self.store, all(self.account, 1, self.model.rev, found)).await;
    }

    fn expected(&self) -> Vec<(String, i64)> {
        let shown = self.model.seen.iter().filter_map(|(key, seen)| Some((key, seen.shown()?)));
        shown.map(|(key, n)| (format!("key{key}"), i64::from(n))).collect()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn any_sequence_gives_what_the_model_says() {
    let histories = proptest::collection::vec(step(), 1..50);
    let mut runner = TestRunner::default();
    let histories: Vec<Vec<Step>> =
        (0..40).map(|_| histories.new_tree(&mut runner).unwrap().current()).collect();
    let histories = &histories;
    on_each_engine(&SCHEMAS, |store| async move {
        for (account, history) in (0u8..).zip(histories) {
            let mut play = Play { store: &store, account, model: Model::default() };
            for (number, step) in history.iter().enumerate() {
                play.step(step).await;
                assert_eq!(
                    here_of(&store, account).await,
                    play.expected(),
                    "{:?} after {:?}",
                    play.model.seen,
                    &history[..=number]
                );
            }
        }
        assert_eq!(super::model::orphans(&store).await, 0);
    })
    .await;
}
