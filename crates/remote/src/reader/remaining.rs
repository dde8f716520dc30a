//! What of a reading is left to be read.

use std::collections::{BTreeSet, VecDeque};
use std::ops::Bound;

use atproto::{Nsid, RecordKey};

use crate::Position;
use crate::position::Left;

/// A stretch of record keys.
pub(crate) type Keys = (Bound<RecordKey>, Bound<RecordKey>);

/// What is left: of the first collection the keys between two, of the others everything.
///
/// All modes work on it, so one can go on where another stopped.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Remaining {
    collections: VecDeque<Nsid>,
    left: Left,
}

impl Remaining {
    /// Of these collections what an earlier reader has left.
    pub(crate) fn new(collections: Vec<Nsid>, from: Option<Position>) -> Self {
        let mut collections: BTreeSet<Nsid> = collections.into_iter().collect();
        let mut left = Left::default();
        if let Some(Position { collection, left: of_it }) = from {
            collections = collections.split_off(&collection);
            match of_it {
                Some(of_it) if collections.contains(&collection) => left = of_it,
                Some(_) => {}
                None => {
                    collections.remove(&collection);
                }
            }
        }
        Self { collections: collections.into_iter().collect(), left }
    }

    /// The collection to be read next, and what of it is left; `None` if all is done.
    pub(crate) fn first(&self) -> Option<(&Nsid, &Left)> {
        Some((self.collections.front()?, &self.left))
    }

    /// All collections of which something is left.
    pub(crate) fn collections(&self) -> impl ExactSizeIterator<Item = &Nsid> {
        self.collections.iter()
    }

    /// The first collection has been read up to `key`, included: the stretch that this was, and the position behind it.
    pub(crate) fn read_up_to(&mut self, collection: Nsid, key: RecordKey) -> (Keys, Position) {
        let keys = (self.left.keys().0, Bound::Included(key.clone()));
        self.left.above = Some(key);
        (keys, Position { collection, left: Some(self.left.clone()) })
    }

    /// The first collection has been read downwards to `key`, included.
    pub(crate) fn read_down_to(&mut self, collection: Nsid, key: RecordKey) -> (Keys, Position) {
        let keys = (Bound::Included(key.clone()), self.left.keys().1);
        self.left.below = Some(key);
        (keys, Position { collection, left: Some(self.left.clone()) })
    }

    /// The first collection has been read to its end.
    pub(crate) fn finish(&mut self, collection: Nsid) -> (Keys, Position) {
        let keys = std::mem::take(&mut self.left).keys();
        self.collections.pop_front();
        (keys, Position { collection, left: None })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn nsid(text: &str) -> Nsid {
        Nsid::parse(text).unwrap()
    }

    fn key(text: &str) -> RecordKey {
        RecordKey::parse(text).unwrap()
    }

    #[test]
    fn stretches_join_from_both_sides_and_positions_lead_back() {
        let collections = vec![nsid("b.example.two"), nsid("a.example.one"), nsid("b.example.two")];
        let mut remaining = Remaining::new(collections.clone(), None);
        let one = remaining.first().unwrap().0.clone();
        assert_eq!(one, nsid("a.example.one"));
        let again = |position: &Position| {
            Remaining::new(collections.clone(), Some(position.to_string().parse().unwrap()))
        };

        let (keys, position) = remaining.read_down_to(one.clone(), key("m"));
        assert_eq!(keys, (Bound::Included(key("m")), Bound::Unbounded));
        assert_eq!(again(&position), remaining);

        let (keys, position) = remaining.read_up_to(one.clone(), key("c"));
        assert_eq!(keys, (Bound::Unbounded, Bound::Included(key("c"))));
        assert_eq!(again(&position), remaining);

        let (keys, position) = remaining.finish(one);
        assert_eq!(keys, (Bound::Excluded(key("c")), Bound::Excluded(key("m"))));
        assert_eq!(again(&position), remaining);

        let two = remaining.first().unwrap().0.clone();
        let (keys, position) = remaining.finish(two);
        assert_eq!(keys, (Bound::Unbounded, Bound::Unbounded));
        assert_eq!(remaining.first(), None);
        assert_eq!(again(&position).first(), None);
    }
}
