//! Random events in random batches, repeated and out of order, give what the model says.

use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use testkit::on_each_engine;

use super::model::{Model, orphans, read};
use super::{commit, delete, put, status};
use crate::event::Event;
use crate::{RepoStatus, SCHEMAS};

fn event() -> impl Strategy<Value = Event> {
    // Few accounts, collections and keys, so that most events meet an earlier one; revisions in any order.
    let place = (0u8..3, 0u8..2, 0u8..3, 0u32..60);
    prop_oneof![
        6 => place.clone().prop_map(|(account, kind, key, n)| put(account, kind, key, n)),
        3 => place.prop_map(|(account, kind, key, n)| delete(account, kind, key, n)),
        1 => (0u8..3, prop_oneof![
            2 => Just(RepoStatus::Active),
            1 => Just(RepoStatus::Takendown),
            1 => Just(RepoStatus::Deleted),
        ]).prop_map(|(account, new)| status(account, new)),
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn any_sequence_gives_what_the_model_says() {
    let batches = proptest::collection::vec(proptest::collection::vec(event(), 1..12), 1..12);
    // New ones in every run; a failure prints the batch that made the difference.
    let mut runner = TestRunner::default();
    let sequences: Vec<Vec<Vec<Event>>> =
        (0..40).map(|_| batches.new_tree(&mut runner).unwrap().current()).collect();
    let sequences = &sequences;
    on_each_engine(&SCHEMAS, |store| async move {
        // One database takes all sequences: later ones meet what earlier ones left.
        let mut model = Model::default();
        for batch in sequences.iter().flatten() {
            for event in batch {
                model.apply(event);
            }
            commit(&store, batch.clone()).await;
            assert_eq!(read(&store).await, model.view(), "after {batch:?}");
        }
        assert_eq!(orphans(&store).await, 0);
    })
    .await;
}
