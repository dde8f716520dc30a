//! Which indexes could serve a question, and how well.

use super::walk::{self, Walk};
use super::{Arrangement, Condition, Selection, Test};
use crate::Direction;
use crate::index::{Content, Field, Listed, Order};

/// Ways in which keys may begin that are walked at once.
const MAX_PREFIXES: usize = 64;

/// The places before and after a stretch.
type Ends = (Vec<u8>, Vec<u8>);

/// Before and after all places of an order.
const ALL: (&[u8], &[u8]) = (&[], &[0xFF]);

/// An index, and the stretches of it that have the candidates.
#[derive(Clone, Debug)]
pub(super) struct Lookup {
    pub(super) index: Listed,
    pub(super) order: Order,
    pub(super) prefixes: Vec<Vec<u8>>,
    pub(super) lower: Vec<u8>,
    pub(super) upper: Vec<u8>,
    /// Conditions that are fulfilled by whatever is found, by their numbers.
    pub(super) covered: Vec<usize>,
}

/// What there is to choose from.
#[derive(Debug, Default)]
pub(super) struct Choice {
    /// In the order asked for, so that one need not look at more than a page.
    pub(super) walk: Option<(Lookup, Direction)>,
    /// In another order, but perhaps with few candidates; the best first.
    pub(super) others: Vec<Lookup>,
    /// By words.
    pub(super) words: Option<Listed>,
}

impl Lookup {
    /// Its candidates in a direction of its order, after a place.
    pub(super) fn walk(&self, direction: Direction, after: Option<&[u8]>) -> Walk {
        let bounds = (self.lower.as_slice(), self.upper.as_slice());
        Walk::new(self.index.id, &self.prefixes, bounds, direction, after)
    }

    /// Where its candidates with a prefix begin and end, both exclusive.
    pub(super) fn ends(
        &self,
        prefix: &[u8],
        direction: Direction,
        after: Option<&[u8]>,
    ) -> (Vec<u8>, Vec<u8>) {
        walk::ends(prefix, (&self.lower, &self.upper), direction, after)
    }
}

impl Choice {
    pub(super) fn of(selection: &Selection, indexes: &[Listed]) -> Self {
        let mut lookups: Vec<Lookup> = indexes.iter().filter_map(|index| lookup(selection, index)).collect();
        // The one that fulfils most; of those, the one with the fewest ways in which keys begin.
        lookups.sort_by_key(|lookup| (std::cmp::Reverse(lookup.covered.len()), lookup.prefixes.len()));
        let walk = match &selection.order {
            Arrangement::By(order, direction) => lookups
                .iter()
                .find(|lookup| lookup.order == *order)
                .map(|lookup| (lookup.clone(), *direction)),
            Arrangement::Relevance => None,
        };
        lookups.retain(|lookup| !lookup.covered.is_empty());
        let words = selection.words.as_ref().and_then(|words| {
            let of = |index: &&Listed| matches!(&index.spec.content, Content::Words { fields } if *fields == words.fields);
            indexes.iter().find(of).cloned()
        });
        Self { walk, others: lookups, words }
    }

    /// Whether the walk leads to nothing but answers.
    pub(super) fn is_complete(&self, selection: &Selection) -> bool {
        let all = selection.conditions.len();
        let has_all = self.walk.as_ref().is_some_and(|(lookup, _)| lookup.covered.len() == all);
        has_all && selection.did.is_none() && selection.words.is_none()
    }
}

fn lookup(selection: &Selection, index: &Listed) -> Option<Lookup> {
    let Content::Keys { equal, order } = &index.spec.content else { return None };
    let mut prefixes = vec![Vec::new()];
    let mut covered = Vec::new();
    for field in equal {
        let (number, values) = any_of(&selection.conditions, field)?;
        covered.push(number);
        prefixes = prefixes
            .iter()
            .flat_map(|prefix: &Vec<u8>| {
                values.iter().map(|value| {
                    let mut prefix = prefix.clone();
                    value.push_exact(&mut prefix);
                    prefix
                })
            })
            .collect();
        if prefixes.len() > MAX_PREFIXES {
            return None;
        }
    }
    prefixes.sort_unstable();
    prefixes.dedup();
    let range = match order {
        Order::By(field) => in_range(&selection.conditions, field),
        Order::Seen => None,
    };
    let (lower, upper) = match range {
        Some((number, bytes)) => {
            covered.push(number);
            bytes
        }
        None => (ALL.0.to_vec(), ALL.1.to_vec()),
    };
    Some(Lookup { index: index.clone(), order: order.clone(), prefixes, lower, upper, covered })
}

fn any_of<'s>(conditions: &'s [Condition], field: &Field) -> Option<(usize, &'s [crate::Scalar])> {
    conditions.iter().enumerate().find_map(|(number, condition)| match &condition.test {
        Test::AnyOf(values) if condition.field == *field => Some((number, values.as_slice())),
        _ => None,
    })
}

fn in_range(conditions: &[Condition], field: &Field) -> Option<(usize, Ends)> {
    conditions.iter().enumerate().find_map(|(number, condition)| match &condition.test {
        Test::In(range) if condition.field == *field => Some((number, range.bytes())),
        _ => None,
    })
}
