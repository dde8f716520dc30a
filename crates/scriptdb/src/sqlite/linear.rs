//! Ours in the place of those of SQLite's functions that take too long for strangers.
//!
//! The clock is looked at between steps, not within one. `instr`, `replace` and `trim` with two arguments compare
//! everything with everything, which for two long values is minutes; these take time in proportion to their arguments.

use rusqlite::functions::{Context, FunctionFlags};
use rusqlite::types::{Value, ValueRef};
use rusqlite::{Connection, Error, Result};

/// Puts ours in the place of SQLite's.
pub(super) fn replace(conn: &Connection, max_bytes: usize) -> Result<()> {
    let flags =
        FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DETERMINISTIC | FunctionFlags::SQLITE_INNOCUOUS;
    conn.create_scalar_function("instr", 2, flags, |c| Ok(instr(c)))?;
    conn.create_scalar_function("replace", 3, flags, move |c| replaced(c, max_bytes))?;
    conn.create_scalar_function("trim", 2, flags, |c| Ok(trimmed(c, true, true)))?;
    conn.create_scalar_function("ltrim", 2, flags, |c| Ok(trimmed(c, true, false)))?;
    conn.create_scalar_function("rtrim", 2, flags, |c| Ok(trimmed(c, false, true)))
}

/// Where the second is in the first, counted from 1 in characters, or in bytes if both are blobs; else 0.
fn instr(context: &Context<'_>) -> Option<i64> {
    let position = match (context.get_raw(0), context.get_raw(1)) {
        (ValueRef::Blob(text), ValueRef::Blob(part)) => {
            // One character per byte: searching text takes linear time.
            let characters = |bytes: &[u8]| bytes.iter().copied().map(char::from).collect::<String>();
            let text = characters(text);
            text.find(&characters(part)).map(|at| text[..at].chars().count())
        }
        (text, part) => {
            let text = as_text(text)?;
            text.find(&as_text(part)?).map(|at| text[..at].chars().count())
        }
    };
    Some(position.map_or(0, |characters| i64::try_from(characters + 1).unwrap_or(i64::MAX)))
}

fn replaced(context: &Context<'_>, max_bytes: usize) -> Result<Option<Value>> {
    let argument = |number| as_text(context.get_raw(number));
    let (Some(text), Some(from), Some(to)) = (argument(0), argument(1), argument(2)) else { return Ok(None) };
    if from.is_empty() {
        return Ok(Some(Value::Text(text)));
    }
    let grown = text.matches(&from).count().saturating_mul(to.len().saturating_sub(from.len()));
    if text.len().saturating_add(grown) > max_bytes {
        return Err(too_big());
    }
    Ok(Some(Value::Text(text.replace(&from, &to))))
}

fn trimmed(context: &Context<'_>, start: bool, end: bool) -> Option<String> {
    let (text, characters) = (as_text(context.get_raw(0))?, as_text(context.get_raw(1))?);
    let characters: std::collections::HashSet<char> = characters.chars().collect();
    let mut text = text.as_str();
    if start {
        text = text.trim_start_matches(|c| characters.contains(&c));
    }
    if end {
        text = text.trim_end_matches(|c| characters.contains(&c));
    }
    Some(text.to_owned())
}

/// A value as text; none for NULL.
fn as_text(value: ValueRef<'_>) -> Option<String> {
    match value {
        ValueRef::Null => None,
        ValueRef::Integer(value) => Some(value.to_string()),
        ValueRef::Real(value) => Some(format!("{value:?}")),
        ValueRef::Text(bytes) | ValueRef::Blob(bytes) => Some(String::from_utf8_lossy(bytes).into_owned()),
    }
}

fn too_big() -> Error {
    Error::SqliteFailure(rusqlite::ffi::Error::new(rusqlite::ffi::SQLITE_TOOBIG), None)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Ours and SQLite's say the same.
    #[test]
    fn what_is_replaced_answers_as_before() {
        let (theirs, ours) = (Connection::open_in_memory().unwrap(), Connection::open_in_memory().unwrap());
        replace(&ours, 1_000).unwrap();
        for call in [
            "instr('ähnlich', 'n')",
            "instr('abc', '')",
            "instr('', 'a')",
            "instr(NULL, 'a')",
            "instr('a', NULL)",
            "instr(12345, 34)",
            "instr(x'00ff00ff', x'ff00')",
            "instr(x'00', 'a')",
            "instr('aaab', 'ab')",
            "replace('aaa', 'a', 'bc')",
            "replace('abc', '', 'x')",
            "replace(123, 2, 'x')",
            "replace('a', 'a', NULL)",
            "replace(NULL, 'a', 'b')",
            "replace(5, '', 'x')",
            "trim('xxaxx', 'x')",
            "ltrim('xyax', 'yx')",
            "rtrim('axyx', 'yx')",
            "trim('a', '')",
            "trim(NULL, 'a')",
            "trim('äöä', 'ä')",
            "trim('  a  ')",
        ] {
            let ask = |conn: &Connection| {
                let sql = format!("SELECT {call}, typeof({call})");
                conn.query_row(&sql, [], |row| Ok((row.get::<_, Value>(0)?, row.get::<_, String>(1)?)))
                    .unwrap()
            };
            assert_eq!(ask(&ours), ask(&theirs), "{call}");
        }
        let grown = ours.query_row("SELECT replace(hex(zeroblob(100)), '0', 'aaaaaa')", [], |_| Ok(()));
        assert!(grown.unwrap_err().to_string().contains("too big"));
    }
}
