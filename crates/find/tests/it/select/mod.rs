//! Questions with typed conditions, and the indexes that serve them.

mod builds;
mod model;
mod pages;
mod random;
mod text;

use find::index::{Built, Content, Field, Order, Reading, Scalar, Spec, Stage};
use find::{Arrangement, Bound, Condition, Direction, Find, Range, Selected, Selection, Test, Words};
use tokio_util::sync::CancellationToken;

use crate::rig::NOTE;

/// All records of the collection of notes, newest first.
pub(crate) fn everything() -> Selection {
    Selection {
        collection: NOTE.parse().unwrap(),
        did: None,
        conditions: Vec::new(),
        words: None,
        order: Arrangement::By(Order::Seen, Direction::Descending),
        limit: 100,
        cursor: None,
    }
}

pub(crate) fn value(path: &str) -> Field {
    Field::value(path.parse().unwrap())
}

pub(crate) fn read(path: &str, reading: Reading) -> Field {
    Field { path: path.parse().unwrap(), reading }
}

pub(crate) fn is(field: Field, values: &[Scalar]) -> Condition {
    Condition { field, test: Test::AnyOf(values.to_vec()) }
}

pub(crate) fn lies(field: Field, lower: Option<(Scalar, bool)>, upper: Option<(Scalar, bool)>) -> Condition {
    let bound = |(value, inclusive)| Bound { value, inclusive };
    Condition { field, test: Test::In(Range { lower: lower.map(bound), upper: upper.map(bound) }) }
}

pub(crate) fn by(field: Field, direction: Direction) -> Arrangement {
    Arrangement::By(Order::By(field), direction)
}

pub(crate) fn words(fields: &[&str], query: &str) -> Words {
    Words { fields: fields.iter().map(|path| path.parse().unwrap()).collect(), query: query.parse().unwrap() }
}

pub(crate) fn keys(equal: &[Field], order: Order) -> Spec {
    Spec { collection: NOTE.parse().unwrap(), content: Content::Keys { equal: equal.to_vec(), order } }
}

pub(crate) fn words_of(fields: &[&str]) -> Spec {
    let fields = fields.iter().map(|path| path.parse().unwrap()).collect();
    Spec { collection: NOTE.parse().unwrap(), content: Content::Words { fields } }
}

/// Declares these and no others, and builds what is not there.
pub(crate) async fn index(find: &Find, specs: &[Spec]) {
    assert_eq!(find.declare(specs.to_vec()).await.unwrap().refused, []);
    build(find).await;
    while find.sweep_indexes().await.unwrap() {}
    let states = find.indexes().await.unwrap();
    assert_eq!(states.len(), specs.len());
    assert!(states.iter().all(|state| state.stage == Stage::Ready), "{states:?}");
}

pub(crate) async fn build(find: &Find) {
    while let Some(built) = find.build_next("test", &CancellationToken::new()).await.unwrap() {
        assert!(matches!(built, Built::Ready(_)), "{built:?}");
    }
}

pub(crate) async fn page(find: &Find, selection: &Selection) -> Selected {
    find.select(selection.clone()).await.unwrap_or_else(|error| panic!("{error}: {selection:?}"))
}

/// All pages of an answer, as AT URIs.
pub(crate) async fn pages(find: &Find, selection: &Selection) -> Vec<Vec<String>> {
    let mut selection = selection.clone();
    let mut pages = Vec::new();
    loop {
        let selected = page(find, &selection).await;
        assert!(selected.records.len() <= selection.limit as usize);
        pages.push(selected.records.into_iter().map(|record| record.uri).collect());
        selection.cursor = selected.cursor;
        if selection.cursor.is_none() {
            return pages;
        }
    }
}
