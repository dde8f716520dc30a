//! How many records fulfil conditions.

use store::{Conn, Engine, v};

use super::gather::gather;
use super::plan::{Choice, Lookup};
use super::source::{Source, Way};
use super::{Explained, Selection, Test, run};
use crate::index::{EXACT_BYTES, Listed, Scalar};
use crate::read::{Budget, Part};
use crate::{Direction, Error, Find};

/// Keys that are counted at a time; between two times the clock is looked at.
const ROWS: usize = 8192;

/// The answer to "how many".
#[derive(Clone, Debug)]
pub struct Counted {
    /// Exactly so many.
    pub count: u64,
    /// How they were found. An order plays no part in it.
    pub explained: Explained,
}

impl Find {
    /// How many records all pages of an answer have together, whatever its limit and cursor. Without conditions that is known; where the
    /// keys of an index say all that is asked for they are counted; otherwise candidates are looked at one by one.
    /// [`Error::TimeLimit`] if that takes too long.
    pub async fn count_selected(&self, selection: Selection) -> Result<Counted, Error> {
        if selection.conditions.is_empty() && selection.words.is_none() {
            let did = selection.did.as_ref().map(atproto::Did::as_str);
            let count = self.count(&selection.collection, did).await?;
            let explained = Explained::all(&selection, false);
            return Ok(Counted { count: u64::try_from(count).unwrap_or_default(), explained });
        }
        let budget = Budget::new(self.time_limit);
        self.index.read(move |conn| budget.bound(conn, |conn| count(conn, &selection, budget))).await
    }
}

fn count(conn: &mut Conn<'_>, selection: &Selection, budget: Budget) -> Result<Counted, Error> {
    let Some(part) = run::part(conn, selection)? else {
        return Ok(Counted { count: 0, explained: Explained::all(selection, false) });
    };
    let choice = Choice::of(selection, &Listed::ready(conn, &selection.collection)?);
    if let Some(lookup) = complete(selection, &choice) {
        let count = along(conn, lookup, budget)?;
        // Whoever removes an index says so before.
        if lookup.index.still_stands(conn)? {
            return Ok(Counted { count, explained: Explained::walk(selection, lookup) });
        }
    }
    one_by_one(conn, selection, part, &choice, budget)
}

/// An index whose keys say all that is asked for.
fn complete<'c>(selection: &Selection, choice: &'c Choice) -> Option<&'c Lookup> {
    let is_all = selection.did.is_none() && selection.words.is_none();
    let best = choice.others.first().filter(|best| best.covered.len() == selection.conditions.len());
    best.filter(|_| is_all && is_exact(selection))
}

/// Whether keys that fulfil the conditions are of records that do: of a longer text a key does not say all.
pub(super) fn is_exact(selection: &Selection) -> bool {
    let is_long = |value: &Scalar| matches!(value, Scalar::Text(text) if text.len() > EXACT_BYTES);
    !selection.conditions.iter().any(|condition| match &condition.test {
        Test::AnyOf(values) => values.iter().any(is_long),
        Test::In(range) => [&range.lower, &range.upper].into_iter().flatten().any(|end| is_long(&end.value)),
    })
}

/// The visible records of the stretches of an index, each once.
fn along(conn: &mut Conn<'_>, lookup: &Lookup, budget: Budget) -> Result<u64, Error> {
    let (mut walk, mut count) = (lookup.walk(Direction::Ascending, None), 0);
    loop {
        budget.check()?;
        let ids = walk.next(conn, ROWS)?;
        if ids.is_empty() {
            return Ok(count);
        }
        count += visible(conn, &ids)?;
    }
}

fn visible(conn: &mut Conn<'_>, ids: &[i64]) -> Result<u64, Error> {
    const SQLITE: &str = "
        SELECT count(*) FROM json_each($1) e CROSS JOIN record_rows r ON r.id = e.value WHERE r.visible = 1";
    const POSTGRES: &str = "SELECT count(*) FROM record_rows WHERE id = ANY($1::bigint[]) AND visible = 1";
    let number = |row: &store::Row<'_>| row.int(0).map_err(Error::Store);
    let count: i64 = match conn.engine() {
        Engine::Sqlite => {
            let list = serde_json::Value::from(ids).to_string();
            conn.query_one(SQLITE, &[v(&list)], number)?
        }
        Engine::Postgres => conn.query_one(POSTGRES, &[v(ids)], number)?,
    };
    Ok(u64::try_from(count).unwrap_or_default())
}

/// Looks at every candidate.
fn one_by_one(
    conn: &mut Conn<'_>,
    selection: &Selection,
    part: Part,
    choice: &Choice,
    budget: Budget,
) -> Result<Counted, Error> {
    // What one author has is seldom more than what an index would lead to.
    let best = choice.others.first().filter(|_| selection.did.is_none());
    let words = selection.words.as_ref().zip(choice.words.as_ref()).filter(|_| selection.did.is_none());
    let (way, explained) = if let Some(gathered) = gather(conn, selection, part, choice)? {
        let explained = Explained::gathered(selection, &gathered.finder, gathered.ids.len());
        (Way::Ids(gathered.ids.into_iter()), explained)
    } else if let Some(lookup) = best {
        (Way::Walk(lookup.walk(Direction::Ascending, None)), Explained::walk(selection, lookup))
    } else if let Some((words, index)) = words {
        let way = Way::Words { index: index.id, query: &words.query, before: i64::MAX, has_ended: false };
        (way, Explained::words(selection, index))
    } else {
        let all = Way::Seen { part, direction: Direction::Descending, after: None, has_ended: false };
        (all, Explained::all(selection, false))
    };
    let mut source = Source::new(selection.collection.as_str(), budget, way, ROWS);
    let mut count = 0;
    while let Some(candidates) = source.next(conn)? {
        count += candidates.iter().filter(|candidate| candidate.is_answer(selection)).count() as u64;
    }
    Ok(Counted { count, explained })
}
