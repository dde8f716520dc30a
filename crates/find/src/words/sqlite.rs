//! A full-text table for each index.

use store::{Conn, Error, v};

use super::WordQuery;
use super::query::Term;

fn name(index: i64) -> String {
    format!("query_words_{index}")
}

pub(super) fn create(conn: &mut Conn<'_>, index: i64) -> Result<(), Error> {
    drop(conn, index)?;
    // To this tokenizer everything beyond ASCII is part of a word: it takes words for what we take for them.
    let sql = format!(
        "CREATE VIRTUAL TABLE {} USING fts5 (words, content = '', contentless_delete = 1, tokenize = 'ascii')",
        name(index)
    );
    conn.execute(&sql, &[]).map(std::mem::drop)
}

pub(super) fn drop(conn: &mut Conn<'_>, index: i64) -> Result<(), Error> {
    conn.execute(&format!("DROP TABLE IF EXISTS {}", name(index)), &[]).map(std::mem::drop)
}

pub(super) fn replace(conn: &mut Conn<'_>, index: i64, records: &[(i64, Vec<String>)]) -> Result<(), Error> {
    let name = name(index);
    let delete = format!("DELETE FROM {name} WHERE rowid = $1");
    let insert = format!("INSERT INTO {name} (rowid, words) VALUES ($1, $2)");
    for (record, words) in records {
        conn.execute(&delete, &[v(*record)])?;
        if !words.is_empty() {
            conn.execute(&insert, &[v(*record), v(&words.join(" "))])?;
        }
    }
    Ok(())
}

pub(super) fn find(
    conn: &mut Conn<'_>,
    index: i64,
    query: &WordQuery,
    before: i64,
    limit: i64,
) -> Result<Vec<i64>, Error> {
    let name = name(index);
    let sql =
        format!("SELECT rowid FROM {name} WHERE {name} MATCH $1 AND rowid < $2 ORDER BY rowid DESC LIMIT $3");
    conn.query(&sql, &[v(&expression(query)), v(before), v(limit)], |row| row.int(0))
}

/// `"fast" AND ("cargo build") AND "comp"* NOT "java"`: words are of letters and digits, and quoted.
fn expression(query: &WordQuery) -> String {
    let term = |term: &Term| format!("\"{}\"{}", term.words.join(" "), if term.goes_on { "*" } else { "" });
    let (excluded, wanted): (Vec<&Term>, Vec<&Term>) = query.terms.iter().partition(|term| term.excluded);
    let wanted: Vec<String> = wanted.into_iter().map(term).collect();
    let excluded: Vec<String> =
        excluded.into_iter().map(|excluded| [" NOT ", &term(excluded)].concat()).collect();
    format!("({}){}", wanted.join(" AND "), excluded.concat())
}
