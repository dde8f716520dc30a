//! Through an index in its order.

use std::collections::{HashSet, VecDeque};

use store::{Conn, v};

use crate::{Direction, Error};

/// The keys of an index that begin in one of several ways, as one list in the order of what follows.
pub(super) struct Walk {
    index: i64,
    direction: Direction,
    streams: Vec<Stream>,
    /// Rows that were given out: a record with several values stands under each.
    given: HashSet<i64>,
}

struct Stream {
    prefix: usize,
    /// Where it goes on and where it ends, both exclusive.
    from: Vec<u8>,
    to: Vec<u8>,
    waiting: VecDeque<(Vec<u8>, i64)>,
    has_ended: bool,
}

impl Walk {
    /// After `after`, a place in the order, between two others.
    pub(super) fn new(
        index: i64,
        prefixes: &[Vec<u8>],
        (lower, upper): (&[u8], &[u8]),
        direction: Direction,
        after: Option<&[u8]>,
    ) -> Self {
        let stream = |prefix: &Vec<u8>| {
            let (from, to) = ends(prefix, (lower, upper), direction, after);
            Stream { prefix: prefix.len(), from, to, waiting: VecDeque::new(), has_ended: false }
        };
        Self { index, direction, streams: prefixes.iter().map(stream).collect(), given: HashSet::new() }
    }

    /// The next rows, at most so many; none when there are no more.
    pub(super) fn next(&mut self, conn: &mut Conn<'_>, rows: usize) -> Result<Vec<i64>, Error> {
        let mut ids = Vec::with_capacity(rows);
        while ids.len() < rows {
            for stream in &mut self.streams {
                stream.fill(conn, self.index, self.direction, rows)?;
            }
            let first =
                self.streams.iter_mut().filter(|stream| !stream.waiting.is_empty()).min_by(|one, other| {
                    let order = one.place().cmp(&other.place());
                    if self.direction == Direction::Ascending { order } else { order.reverse() }
                });
            let Some((_, id)) = first.and_then(|stream| stream.waiting.pop_front()) else { break };
            if self.streams.len() == 1 || self.given.insert(id) {
                ids.push(id);
            }
        }
        Ok(ids)
    }
}

/// Where the keys with a prefix begin and end, both exclusive, after a place.
pub(super) fn ends(
    prefix: &[u8],
    (lower, upper): (&[u8], &[u8]),
    direction: Direction,
    after: Option<&[u8]>,
) -> (Vec<u8>, Vec<u8>) {
    let at = |place: &[u8]| [prefix, place].concat();
    let (lower, upper) = (at(lower), at(upper));
    let after = after.map(at);
    match direction {
        Direction::Ascending => (after.map_or(lower.clone(), |after| after.max(lower)), upper),
        Direction::Descending => (after.map_or(upper.clone(), |after| after.min(upper)), lower),
    }
}

impl Stream {
    /// Of the first that waits.
    fn place(&self) -> Option<&[u8]> {
        self.waiting.front().map(|(key, _)| &key[self.prefix..])
    }

    fn fill(
        &mut self,
        conn: &mut Conn<'_>,
        index: i64,
        direction: Direction,
        rows: usize,
    ) -> Result<(), Error> {
        const UP: &str = "
            SELECT key, record_id FROM query_entries WHERE index_id = $1 AND key > $2 AND key < $3
            ORDER BY key LIMIT $4";
        const DOWN: &str = "
            SELECT key, record_id FROM query_entries WHERE index_id = $1 AND key < $2 AND key > $3
            ORDER BY key DESC LIMIT $4";
        if self.has_ended || !self.waiting.is_empty() {
            return Ok(());
        }
        let sql = if direction == Direction::Ascending { UP } else { DOWN };
        let limit = i64::try_from(rows).unwrap_or(i64::MAX);
        let params = [v(index), v(&self.from), v(&self.to), v(limit)];
        let found = conn.query(sql, &params, |row| Ok::<_, Error>((row.blob(0)?.to_vec(), row.int(1)?)))?;
        self.has_ended = found.len() < rows;
        self.waiting = found.into();
        if let Some((last, _)) = self.waiting.back() {
            self.from.clone_from(last);
        }
        Ok(())
    }
}
