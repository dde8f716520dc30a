//! Which indexes there are to be.

use clock::now_micros;
use store::{Conn, v};

use super::{Listed, Spec};
use crate::{Error, Find, words};

/// Indexes of one server: each costs something with every write of its collection.
pub const MAX_INDEXES: usize = 64;

/// Entries of an index that has gone which are removed at a time.
const SWEPT: i64 = 5_000;

/// What became of a declaration.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Declared {
    /// How many indexes are new and have to be built.
    pub added: usize,
    /// How many nobody asks for any more.
    pub removed: usize,
    /// Those that there is no room for.
    pub refused: Vec<Spec>,
}

impl Find {
    /// Makes these all the indexes there are: what is new waits to be built, what is not wanted any more is not kept in step.
    pub async fn declare(&self, wanted: Vec<Spec>) -> Result<Declared, Error> {
        self.index.write(move |conn| declare(conn, &wanted)).await
    }

    /// Removes some of what is left of indexes that nobody asks for; whether there may be more.
    pub async fn sweep_indexes(&self) -> Result<bool, Error> {
        self.index.write(sweep).await
    }
}

fn declare(conn: &mut Conn<'_>, wanted: &[Spec]) -> Result<Declared, Error> {
    const ADD: &str = "
        INSERT INTO query_indexes (id, collection, spec, wanted, built, last, taken, made_at, next_try_at)
        VALUES ((SELECT coalesce(max(id), 0) + 1 FROM query_indexes), $1, $2, 1, 0, 0, 0, $3, 0)";
    const LEAVE: &str = "UPDATE query_indexes SET wanted = 0, holder = NULL WHERE id = $1";
    const LEAVING: &str = "SELECT count(*) FROM query_indexes WHERE wanted = 0";
    // Whoever writes records knows all that is declared before.
    records::lock(conn)?;
    let there = Listed::wanted(conn)?;
    let mut declared = Declared::default();
    for listed in there.iter().filter(|listed| !wanted.contains(&listed.spec)) {
        conn.execute(LEAVE, &[v(listed.id)])?;
        declared.removed += 1;
    }
    let mut number = there.len() - declared.removed;
    // One whose removal takes a while takes room as well.
    number += usize::try_from(conn.query_one(LEAVING, &[], |row| row.int(0).map_err(Error::Store))?)
        .unwrap_or_default();
    for (position, spec) in wanted.iter().enumerate() {
        if wanted[..position].contains(spec) || there.iter().any(|listed| listed.spec == *spec) {
            continue;
        }
        if number >= MAX_INDEXES || !spec.content.is_bounded() {
            declared.refused.push(spec.clone());
            continue;
        }
        conn.execute(ADD, &[v(spec.collection.as_str()), v(&spec.content_text()), v(now_micros())])?;
        number += 1;
        declared.added += 1;
    }
    Ok(declared)
}

fn sweep(conn: &mut Conn<'_>) -> Result<bool, Error> {
    const ONE: &str = "SELECT id FROM query_indexes WHERE wanted = 0 ORDER BY id LIMIT 1";
    const ENTRIES: &str = "
        DELETE FROM query_entries WHERE index_id = $1 AND key IN (
            SELECT key FROM query_entries WHERE index_id = $1 ORDER BY key LIMIT $2)";
    let Some(id) = conn.query_opt(ONE, &[], |row| row.int(0).map_err(Error::Store))? else {
        return Ok(false);
    };
    let removed = conn.execute(ENTRIES, &[v(id), v(SWEPT)])?;
    if removed == 0 {
        words::table::drop(conn, id)?;
        conn.execute("DELETE FROM query_indexes WHERE id = $1", &[v(id)])?;
    }
    Ok(true)
}
