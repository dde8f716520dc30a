//! Words of records as `tsvector`s, all in one inverted index: each begins with the number of its own.

use std::collections::BTreeSet;

use store::{Conn, Error, v};

use super::WordQuery;
use super::query::Term;
use crate::index::integer;

pub(super) fn replace(conn: &mut Conn<'_>, index: i64, records: &[(i64, Vec<String>)]) -> Result<(), Error> {
    const DELETE: &str = "
        DELETE FROM query_entries e USING unnest($2::text[]) AS n (key)
        WHERE e.index_id = $1 AND e.key = decode(n.key, 'hex')";
    const INSERT: &str = "
        INSERT INTO query_entries (index_id, key, record_id, words)
        SELECT $1, decode(n.key, 'hex'), n.record, n.words::tsvector
        FROM unnest($2::text[], $3::bigint[], $4::text[]) AS n (key, record, words)";
    let key = |record: i64| data_encoding::HEXLOWER.encode(&integer(record));
    let all: Vec<String> = records.iter().map(|(record, _)| key(*record)).collect();
    let all: Vec<Option<&str>> = all.iter().map(|key| Some(key.as_str())).collect();
    conn.execute(DELETE, &[v(index), v(all.as_slice())])?;
    let with_words: Vec<&(i64, Vec<String>)> =
        records.iter().filter(|(_, words)| !words.is_empty()).collect();
    let keys: Vec<String> = with_words.iter().map(|(record, _)| key(*record)).collect();
    let vectors: Vec<String> = with_words.iter().map(|(_, words)| vector(index, words)).collect();
    let ids: Vec<i64> = with_words.iter().map(|(record, _)| *record).collect();
    let keys: Vec<Option<&str>> = keys.iter().map(|key| Some(key.as_str())).collect();
    let vectors: Vec<Option<&str>> = vectors.iter().map(|vector| Some(vector.as_str())).collect();
    if ids.is_empty() {
        return Ok(());
    }
    let params = [v(index), v(keys.as_slice()), v(ids.as_slice()), v(vectors.as_slice())];
    conn.execute(INSERT, &params).map(drop)
}

pub(super) fn find(
    conn: &mut Conn<'_>,
    index: i64,
    query: &WordQuery,
    before: i64,
    limit: i64,
) -> Result<Vec<i64>, Error> {
    const SQL: &str = "
        SELECT record_id FROM query_entries
        WHERE words IS NOT NULL AND words @@ CAST(CAST($1 AS TEXT) AS tsquery) AND index_id = $2 AND record_id < $3
        ORDER BY record_id DESC LIMIT $4";
    conn.query(SQL, &[v(&expression(index, query)), v(index), v(before), v(limit)], |row| row.int(0))
}

/// Without positions: of a word that is there very often PostgreSQL keeps only some.
fn vector(index: i64, words: &[String]) -> String {
    let distinct: BTreeSet<&String> = words.iter().collect();
    let quoted: Vec<String> = distinct.into_iter().map(|word| format!("'{index}:{word}'")).collect();
    quoted.join(" ")
}

/// Words are of letters and digits, and quoted. Of a phrase all words have to be there; one that is excluded is looked for
/// afterwards.
fn expression(index: i64, query: &WordQuery) -> String {
    let words = |term: &Term| -> Vec<String> {
        let last = term.words.len() - 1;
        let one = |(number, word): (usize, &String)| {
            format!("'{index}:{word}'{}", if term.goes_on && number == last { ":*" } else { "" })
        };
        term.words.iter().enumerate().map(one).collect()
    };
    let parts: Vec<String> = query
        .terms
        .iter()
        .filter_map(|term| match (term.excluded, term.words.len()) {
            (true, 1) => Some(format!("!{}", words(term).concat())),
            (true, _) => None,
            (false, _) => Some(words(term).join(" & ")),
        })
        .collect();
    parts.join(" & ")
}
