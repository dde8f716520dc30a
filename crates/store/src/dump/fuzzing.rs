//! What must hold for any backup whatsoever. The fuzz target in `fuzz/` calls this, and so does a property test.

#![expect(clippy::expect_used, reason = "every function here is a check")]

use data_encoding::HEXLOWER;
use serde_json::Error as JsonError;

use super::format::{End, Mark};
use super::read::DumpReader;
use super::restore::take_in;
use super::scripts::PREFIX;
use super::table::quoted;
use super::{DumpError, Existing, Summary, WithoutScripts, check};
use crate::conn::ConnInner;
use crate::{Conn, Error, Schema, Tier, migrate};

/// Bytes an error message may have, whatever the input.
const MAX_MESSAGE_BYTES: usize = 2000;

/// Whatever the bytes are, they are read to their end, or refused with a few words. What is whole is so again, and goes into a
/// database of `schemas` with all its rows or not at all; what is not goes into none.
///
/// The bytes are taken for a file, and for the lines in one: hardly any change of a file would still be compressed lines.
///
/// # Panics
///
/// When that does not hold.
pub fn dump(input: &[u8], schemas: &[&'static Schema]) {
    look(input, schemas);
    let lines = &input[..input.iter().rposition(|byte| *byte == b'\n').map_or(0, |end| end + 1)];
    look(&packed(lines), schemas);
    if let Some(end) = end_of(lines).expect("a line is written to memory") {
        look(&packed(&[lines, &end, b"\n"].concat()), schemas);
        let altered = [lines, b"\n", &end, b"\n"].concat();
        assert!(check(&*packed(&altered)).is_err(), "a line more than were counted");
    }
}

fn look(file: &[u8], schemas: &[&'static Schema]) {
    let whole = check(file);
    if let Err(DumpError::Foreign | DumpError::Format { .. }) = whole {
        return;
    }
    let memory = rusqlite::Connection::open_in_memory().expect("memory for a database");
    let mut conn = Conn::new(ConnInner::Sqlite(&memory));
    migrate::run(&mut conn, Tier::State, schemas).expect("the schemas are right");
    conn.batch("PRAGMA foreign_keys = ON; BEGIN").expect("a transaction");
    match (whole, take_in(&mut conn, schemas, file, Existing::Keep, &mut WithoutScripts)) {
        (Ok(whole), Ok(taken)) => {
            assert_eq!(taken, whole);
            has_every_row(&mut conn, &taken);
        }
        (Ok(_), Err(error)) => short(&error),
        (Err(error), Err(other)) => [error, other].iter().for_each(short),
        (Err(error), Ok(_)) => panic!("taken in although {error}"),
    }
}

fn has_every_row(conn: &mut Conn<'_>, taken: &Summary) {
    for (table, rows) in taken.tables.iter().filter(|(table, _)| !table.starts_with(PREFIX)) {
        let count = format!("SELECT count(*) FROM {}", quoted(table));
        let here =
            conn.query_one::<_, Error>(&count, &[], |row| row.int(0)).expect("a table that was filled");
        assert_eq!(u64::try_from(here).ok(), Some(*rows), "{table}");
    }
}

fn short(error: &DumpError) {
    let message = error.to_string();
    assert!(!message.is_empty() && message.len() <= MAX_MESSAGE_BYTES, "{message}");
}

/// The last line that makes a dump of these; `None` if they cannot be the lines before a last one.
fn end_of(lines: &[u8]) -> Result<Option<Vec<u8>>, JsonError> {
    let file = packed(lines);
    let Ok(mut reader) = DumpReader::open(&*file) else { return Ok(None) };
    loop {
        match reader.next() {
            Ok(Some(_)) => {}
            Err(DumpError::Damaged(why)) if why == "it ends too early" => break,
            Ok(None) | Err(_) => return Ok(None),
        }
    }
    let (sum, tables) = reader.so_far();
    let sha256 = HEXLOWER.encode(sum.finish().as_ref());
    serde_json::to_vec(&Mark::End(End { tables, sha256 })).map(Some)
}

fn packed(lines: &[u8]) -> Vec<u8> {
    zstd::encode_all(lines, 1).expect("memory for a compressor")
}
