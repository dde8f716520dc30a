//! Ids of 64 bits that are in the order of time.
//!
//! A feed is then one walk of a primary key, its cursor is one number, and clients of Mastodon's API get what they expect.

use serde::{Serialize, Serializer};
use store::{Conn, ErrorKind, Value, v};

/// Bits below the milliseconds; they keep apart what happens in the same one.
const TIE: u32 = 16;

const MICROS_PER_MILLI: i64 = 1000;

/// How often another id is tried. Of a moment of which half the ids are taken, one is free in all but one of four thousand million times.
const TRIES: usize = 32;

/// Of a row. The upper 48 bits are milliseconds since 1970, the lower are random.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Id(pub i64);

impl Id {
    /// After everything.
    pub const MAX: Self = Self(i64::MAX);

    /// A new id for what happened then, in microseconds since 1970. Two of the same millisecond are the same once in 65,536 times,
    /// so rows are made with [`insert`](Self::insert).
    #[must_use]
    pub fn at(micros: i64) -> Self {
        Self(Self::first_at(micros).0 | i64::from(rand::random::<u16>()))
    }

    /// Inserts a row of `table` under a new id of that moment, and under another one if that is taken. `insert` is a statement that ends
    /// with `ON CONFLICT DO NOTHING` and says how many rows came of it. Nothing, if what is to be inserted is there already.
    ///
    /// It is the insertion itself that finds out, not a question before it: on PostgreSQL, where transactions are serializable,
    /// whoever asks for an id at the end of an index is in the way of everybody who adds one there.
    pub fn insert(
        conn: &mut Conn<'_>,
        table: &'static str,
        micros: i64,
        mut insert: impl FnMut(&mut Conn<'_>, Self) -> Result<u64, store::Error>,
    ) -> Result<Option<Self>, store::Error> {
        for _ in 0..TRIES {
            let id = Self::at(micros);
            if insert(conn, id)? > 0 {
                return Ok(Some(id));
            }
            let sql = format!("SELECT 1 FROM {table} WHERE id = $1");
            if conn.query_opt(&sql, &[v(id.0)], |row| row.int(0))?.is_none() {
                return Ok(None);
            }
        }
        let message = format!("none of {TRIES} ids of that millisecond was free");
        Err(store::Error::Sql { kind: ErrorKind::Conflict, message, sql: format!("INSERT INTO {table}") })
    }

    /// The least id of that moment: everything from then on is not below it.
    #[must_use]
    pub fn first_at(micros: i64) -> Self {
        // The largest time is in the year 6429.
        Self((micros.max(0) / MICROS_PER_MILLI).min(i64::MAX >> TIE) << TIE)
    }

    /// About when that was, in microseconds since 1970.
    #[must_use]
    pub fn micros(self) -> i64 {
        (self.0 >> TIE) * MICROS_PER_MILLI
    }
}

/// As Mastodon's API shows it: JavaScript cannot hold the number.
impl Serialize for Id {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

impl std::fmt::Display for Id {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

impl std::str::FromStr for Id {
    type Err = std::num::ParseIntError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.parse().map(Self)
    }
}

impl From<Id> for Value<'_> {
    fn from(id: Id) -> Self {
        store::v(id.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_in_the_order_of_time() {
        let (early, late) = (Id::at(1_795_000_000_000_000), Id::at(1_795_000_000_001_000));
        assert!(early < late);
        assert!(Id::first_at(1_795_000_000_001_000) <= late && Id::first_at(1_795_000_000_001_000) > early);
        assert_eq!(late.to_string().parse(), Ok(late));
        assert_eq!(late.micros(), 1_795_000_000_001_000);
        assert!(Id::at(i64::MAX) > late && Id::at(i64::MIN) < early, "no time is out of bounds");
    }
}
