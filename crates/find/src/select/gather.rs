//! Few candidates, found by an index in whatever order.

use store::{Conn, v};

use super::plan::{Choice, Lookup};
use super::{Selection, Test};
use crate::index::Listed;
use crate::read::Part;
use crate::{Direction, Error, words};

/// Candidates that are sorted in memory, at most: looking at each takes some ten microseconds.
const FEW: usize = 1000;

/// Indexes that are asked how many candidates they have.
const MAX_ASKED: usize = 4;

/// What found them.
#[derive(Clone, Debug)]
pub(super) enum Finder {
    Keys(Lookup),
    Words(Listed),
    /// The index of references.
    Backlinks,
}

/// Candidates, all that there are.
pub(super) struct Gathered {
    pub(super) finder: Finder,
    pub(super) ids: Vec<i64>,
}

impl Gathered {
    /// Whose candidates they are, but for references.
    pub(super) fn index(&self) -> Option<&Listed> {
        match &self.finder {
            Finder::Keys(lookup) => Some(&lookup.index),
            Finder::Words(index) => Some(index),
            Finder::Backlinks => None,
        }
    }
}

/// The fewest candidates that an index has; `None` if none has few.
pub(super) fn gather(
    conn: &mut Conn<'_>,
    selection: &Selection,
    part: Part,
    choice: &Choice,
) -> Result<Option<Gathered>, Error> {
    let mut best: Option<Gathered> = None;
    let mut offer = |finder: Finder, ids: Vec<i64>| {
        if ids.len() <= FEW && best.as_ref().is_none_or(|best| ids.len() < best.ids.len()) {
            best = Some(Gathered { finder, ids });
        }
    };
    for lookup in choice.others.iter().take(MAX_ASKED) {
        let mut walk = lookup.walk(Direction::Ascending, None);
        offer(Finder::Keys(lookup.clone()), walk.next(conn, FEW + 1)?);
    }
    if let (Some(index), Some(words)) = (&choice.words, &selection.words) {
        let limit = i64::try_from(FEW + 1).unwrap_or(i64::MAX);
        let ids = words::table::find(conn, index.id, &words.query, i64::MAX, limit)?;
        offer(Finder::Words(index.clone()), ids);
    }
    for (number, condition) in selection.conditions.iter().enumerate() {
        if let Test::AnyOf(values) = &condition.test
            && let [crate::Scalar::Text(target)] = values.as_slice()
            && target.starts_with("at://")
            && !choice.others.iter().any(|lookup| lookup.covered.contains(&number))
        {
            offer(Finder::Backlinks, backlinks(conn, part, target)?);
        }
    }
    Ok(best)
}

/// Records that refer to a URI anywhere.
fn backlinks(conn: &mut Conn<'_>, part: Part, target: &str) -> Result<Vec<i64>, Error> {
    const SQL: &str = "
        SELECT source_id FROM backlinks WHERE target = $1 AND collection_id = $2 ORDER BY source_id DESC LIMIT $3";
    let limit = i64::try_from(FEW + 1).unwrap_or(i64::MAX);
    conn.query(SQL, &[v(target), v(part.collection_id), v(limit)], |row| Ok(row.int(0)?))
}
