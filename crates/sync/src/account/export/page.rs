//! Rows in pages that are bounded in number and in bytes.

use store::{Conn, Row, Value, v};

use super::column::write_row;
use super::parts::Part;
use crate::Error;

/// Keys looked up at once.
const KEYS: usize = 500;

/// Rows are read together until they have so many bytes; a larger one is read alone.
const BYTES: i64 = 2 * 1024 * 1024;

/// What orders the rows of a part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Key {
    Text(String),
    Int(i64),
}

impl Key {
    fn value(&self) -> Value<'_> {
        match self {
            Self::Text(text) => v(text),
            Self::Int(number) => v(*number),
        }
    }

    fn read(row: &Row<'_>) -> Result<Self, Error> {
        Ok(match row.value(0)? {
            Value::Int(number) => Self::Int(number),
            _ => Self::Text(row.string(0)?),
        })
    }
}

/// Neighbours that are read together.
#[derive(Debug)]
pub(super) struct Stretch {
    pub(super) keys: Vec<Key>,
    bytes: i64,
}

impl Stretch {
    /// The same, each by itself.
    pub(super) fn one_by_one(self) -> impl Iterator<Item = Self> {
        self.keys.into_iter().map(|key| Self { keys: vec![key], bytes: 0 })
    }
}

/// The stretches from a key on, and where to go on after them.
pub(super) fn stretches(
    conn: &mut Conn<'_>,
    part: &Part,
    owner: &str,
    from: &Key,
) -> Result<(Vec<Stretch>, Option<Key>), Error> {
    let limit = i64::try_from(KEYS).unwrap_or(i64::MAX) + 1;
    let mut keys = conn.query(part.keys, &[v(owner), from.value(), v(limit)], |row| {
        Ok::<_, Error>((Key::read(row)?, row.int(1)?))
    })?;
    let next = if keys.len() > KEYS { keys.pop().map(|(key, _)| key) } else { None };
    let mut stretches: Vec<Stretch> = Vec::new();
    for (key, bytes) in keys {
        match stretches.last_mut() {
            Some(last) if last.bytes + bytes <= BYTES => {
                last.keys.push(key);
                last.bytes += bytes;
            }
            _ => stretches.push(Stretch { keys: vec![key], bytes }),
        }
    }
    Ok((stretches, next))
}

/// The lines of a stretch, and how many they are. What is gone by now is none.
pub(super) fn lines(
    conn: &mut Conn<'_>,
    part: &Part,
    owner: &str,
    stretch: &Stretch,
) -> Result<(Vec<u8>, u64), Error> {
    let (mut lines, mut count) = (Vec::new(), 0);
    let Some((first, last)) = stretch.keys.first().zip(stretch.keys.last()) else { return Ok((lines, 0)) };
    conn.for_each(part.rows, &[v(owner), first.value(), last.value()], |row| {
        count += 1;
        write_row(&mut lines, part.kind, part.columns, row)
    })?;
    Ok((lines, count))
}
