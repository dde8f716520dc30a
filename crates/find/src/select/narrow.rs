//! Queries of scripts out of the indexes that lexicons ask for.

use store::Conn;

use super::gather::gather;
use super::plan::{Choice, Lookup};
use super::walk::Walk;
use super::{Arrangement, Bound, Condition, Range, Selection, Test};
use crate::filter::{self, Literal, Node, Operator};
use crate::index::{EXACT_BYTES, Listed, Order};
use crate::key::{Key, class};
use crate::read::Part;
use crate::{Direction, Error, Field, Query, Scalar, Sort};

/// What an index leaves of the records of a collection.
pub(crate) enum Narrowed {
    /// Few records, in no order, among which are all that a query asks for.
    Few(Vec<i64>),
    /// All that it asks for and nothing else, in its order.
    Along(Box<Along>),
}

/// A stretch of an index.
pub(crate) struct Along {
    lookup: Lookup,
    direction: Direction,
}

impl Along {
    /// The row ids after a place.
    pub(crate) fn walk(&self, after: Option<&[u8]>) -> Ids {
        Ids(self.lookup.walk(self.direction, after))
    }

    /// Whether the index is still what it was.
    pub(crate) fn still_stands(&self, conn: &mut Conn<'_>) -> Result<bool, Error> {
        Ok(self.lookup.index.still_stands(conn)?)
    }
}

/// Row ids in the order of an index.
pub(crate) struct Ids(Walk);

impl Ids {
    /// The next, at most so many; none when there are no more.
    pub(crate) fn next(&mut self, conn: &mut Conn<'_>, rows: usize) -> Result<Vec<i64>, Error> {
        self.0.next(conn, rows)
    }
}

/// What an index leaves; `None` if none leaves enough out. What one author has is looked at without.
pub(crate) fn narrow(conn: &mut Conn<'_>, query: &Query, part: Part) -> Result<Option<Narrowed>, Error> {
    let indexes = Listed::ready(conn, &query.collection)?;
    if indexes.is_empty() || part.repo_id.is_some() {
        return Ok(None);
    }
    let (conditions, is_all) =
        query.filter.as_ref().map_or((Vec::new(), true), |filter| conditions(&filter.0));
    let (order, has_order) = match &query.sort {
        None => (Order::Seen, true),
        Some(Sort::Path(path)) => (Order::By(Field::value(path.clone())), true),
        Some(_) => (Order::Seen, false),
    };
    let selection = Selection {
        collection: query.collection.clone(),
        did: None,
        conditions,
        words: None,
        order: Arrangement::By(order, query.direction),
        limit: query.limit,
        cursor: None,
    };
    let choice = Choice::of(&selection, &indexes);
    if is_all
        && has_order
        && choice.is_complete(&selection)
        && let Some((lookup, direction)) = choice.walk
    {
        return Ok(Some(Narrowed::Along(Box::new(Along { lookup, direction }))));
    }
    let Some(gathered) = gather(conn, &selection, part, &choice)? else { return Ok(None) };
    let stands = gathered.index().map_or(Ok(true), |index| index.still_stands(conn))?;
    Ok(stands.then_some(Narrowed::Few(gathered.ids)))
}

/// What has to be true of a record that a filter lets through, and whether that is all.
fn conditions(node: &Node) -> (Vec<Condition>, bool) {
    match node {
        Node::Condition(one) => {
            condition(one).map_or((Vec::new(), false), |condition| (vec![condition], true))
        }
        Node::All(nodes) => {
            nodes.iter().map(conditions).fold((Vec::new(), true), |(mut all, is_all), (more, is_more)| {
                all.extend(more);
                (all, is_all && is_more)
            })
        }
        Node::Any(_) => (Vec::new(), false),
    }
}

fn condition(condition: &filter::Condition) -> Option<Condition> {
    let value = match &condition.value {
        Literal::Text(text) => Scalar::text(text),
        Literal::Number(number) => Scalar::Number(number.clone()),
        Literal::Bool(value) => Scalar::Bool(*value),
    };
    let bound = |inclusive| Some(Bound { value: value.clone(), inclusive });
    let test = match condition.operator {
        Operator::Equal => Test::AnyOf(vec![value]),
        Operator::Greater => Test::In(Range { lower: bound(false), upper: None }),
        Operator::GreaterOrEqual => Test::In(Range { lower: bound(true), upper: None }),
        Operator::Less => Test::In(Range { lower: None, upper: bound(false) }),
        Operator::LessOrEqual => Test::In(Range { lower: None, upper: bound(true) }),
        Operator::NotEqual | Operator::Like | Operator::NotLike => return None,
    };
    // Where an index knows less than the whole value, it finds what does not match.
    let is_exact = !matches!(&condition.value, Literal::Text(long) if long.len() > EXACT_BYTES);
    is_exact.then(|| Condition { field: Field::value(condition.field.clone()), test })
}

/// The place of a key in the order of an index.
pub(crate) fn place(key: &Key) -> Vec<u8> {
    let value = match key.class {
        class::BOOLEAN => Some(Scalar::Bool(key.number.as_i64() == Some(1))),
        class::NUMBER => Some(Scalar::Number(key.number.clone())),
        class::TEXT => Some(Scalar::Text(key.text.clone())),
        _ => None,
    };
    let did = key.author.strip_suffix('/').unwrap_or(&key.author);
    crate::index::place(value.as_ref(), did, &key.rkey)
}
