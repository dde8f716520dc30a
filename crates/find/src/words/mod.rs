//! Records by the words in them.
//!
//! Texts are taken apart here, so that both engines find the same: SQLite has the words in a full-text table for each index,
//! PostgreSQL in `tsvector`s. Either gives records that have all words, newest first, and some that do not have them one
//! after the other; [`Words::score`] looks again.

mod postgres;
mod query;
mod sqlite;
mod tokens;

use serde_json::Value;

pub use query::{InvalidWords, MAX_QUERY_BYTES, WordQuery};

use crate::Path;
use crate::index::at;
use query::Term;
use tokens::words;

/// Fields that are searched together.
pub const MAX_FIELDS: usize = 8;

/// Words of a record that are looked at.
const MAX_WORDS: usize = 2000;

/// Between the words of two texts: no phrase reaches from one into the other, because nobody can ask for it.
const GAP: &str = "\u{E000}";

/// A question for words in certain fields.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Words {
    /// Each a text or a list of texts.
    pub fields: Vec<Path>,
    /// What is looked for.
    pub query: WordQuery,
}

/// The words of a record's fields, one after the other.
pub(crate) fn of(record: &Value, fields: &[Path]) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    let texts = fields.iter().filter_map(|field| at(record, field)).flat_map(|value| match value {
        Value::Array(members) => members.as_slice(),
        other => std::slice::from_ref(other),
    });
    for text in texts.filter_map(Value::as_str) {
        if !found.is_empty() {
            found.push(GAP.to_owned());
        }
        found.extend(words(text).take(MAX_WORDS.saturating_sub(found.len())));
        if found.len() >= MAX_WORDS {
            break;
        }
    }
    found
}

impl Words {
    /// How well a record matches; `None` if it does not. The more often in the less text, the better.
    pub(crate) fn score(&self, record: &Value) -> Option<i64> {
        let words = of(record, &self.fields);
        let mut score = 0.0;
        for term in &self.query.terms {
            let times = term.times_in(&words);
            if (times == 0) != term.excluded {
                return None;
            }
            score += saturated(times, words.len());
        }
        Some(in_thousandths(score))
    }
}

impl Term {
    fn times_in(&self, words: &[String]) -> usize {
        let Some((last, before)) = self.words.split_last() else { return 0 };
        words
            .windows(self.words.len())
            .filter(|window| {
                let Some((end, beginning)) = window.split_last() else { return false };
                beginning == before && if self.goes_on { end.starts_with(last.as_str()) } else { end == last }
            })
            .count()
    }
}

/// As BM25 weighs how often a word is there, in a text of so many words where 50 are usual; how rare the word is does not
/// count, because every new record would change that, and the order of pages with it.
#[expect(clippy::cast_precision_loss, reason = "there are at most 2000")]
fn saturated(times: usize, words: usize) -> f64 {
    let (times, words) = (times as f64, words as f64);
    times * 2.2 / (times + 1.2 * (0.25 + 0.75 * words / 50.0))
}

#[expect(clippy::cast_possible_truncation, reason = "at most 2.2 for each of 16 terms")]
fn in_thousandths(score: f64) -> i64 {
    (score * 1000.0).round() as i64
}

pub(crate) mod table {
    //! The words of records, in the words of each engine.

    use store::{Conn, Engine, Error};

    use super::{WordQuery, postgres, sqlite};

    /// Makes what an index needs, anew if somebody has begun.
    pub(crate) fn create(conn: &mut Conn<'_>, index: i64) -> Result<(), Error> {
        match conn.engine() {
            Engine::Sqlite => sqlite::create(conn, index),
            Engine::Postgres => Ok(()),
        }
    }

    /// Removes what only this index needed.
    pub(crate) fn drop(conn: &mut Conn<'_>, index: i64) -> Result<(), Error> {
        match conn.engine() {
            Engine::Sqlite => sqlite::drop(conn, index),
            Engine::Postgres => Ok(()),
        }
    }

    /// Puts the words of records in the place of those that they had; those without words go.
    pub(crate) fn replace(
        conn: &mut Conn<'_>,
        index: i64,
        records: &[(i64, Vec<String>)],
    ) -> Result<(), Error> {
        match conn.engine() {
            Engine::Sqlite => sqlite::replace(conn, index, records),
            Engine::Postgres => postgres::replace(conn, index, records),
        }
    }

    /// The newest records before one that may be what is looked for, by row ids, the newest first.
    pub(crate) fn find(
        conn: &mut Conn<'_>,
        index: i64,
        query: &WordQuery,
        before: i64,
        limit: i64,
    ) -> Result<Vec<i64>, Error> {
        match conn.engine() {
            Engine::Sqlite => sqlite::find(conn, index, query, before, limit),
            Engine::Postgres => postgres::find(conn, index, query, before, limit),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn score(query: &str, record: &Value) -> Option<i64> {
        let fields = vec!["title".parse().unwrap(), "tags".parse().unwrap()];
        Words { fields, query: query.parse().unwrap() }.score(record)
    }

    #[test]
    fn all_that_is_asked_for_has_to_be_there() {
        let record = json!({"title": "The quick brown Fox", "tags": ["lazy", "dog"], "body": "unseen"});
        for query in ["fox", "quick lazy", "\"quick brown\"", "bro*", "fox -cat", "the \"brown f\" -x"] {
            let matches = query != "the \"brown f\" -x";
            assert_eq!(score(query, &record).is_some(), matches, "{query}");
        }
        for query in [
            "cat",
            "\"quick fox\"",
            "fox -lazy",
            "unseen",
            "\"fox lazy\"",
            "\"lazy dog\"",
            "brow",
            "fox -do*",
        ] {
            assert_eq!(score(query, &record), None, "{query}");
        }
        assert_eq!(score("x", &json!({"title": 1, "tags": [1, {"x": "x"}]})), None);
    }

    #[test]
    fn more_often_and_in_less_text_is_better() {
        let title = |text: &str| json!({ "title": text });
        assert!(score("a", &title("a a b")) > score("a", &title("a c b")));
        assert!(score("a", &title("a b")) > score("a", &title(&"b ".repeat(200).replacen('b', "a", 1))));
        assert!(score("a b", &title("a b")) > score("a", &title("a b")));
    }

    #[test]
    fn the_words_of_a_record_are_bounded() {
        let record = json!({"title": "a ".repeat(5000), "tags": vec!["b"; 5000]});
        assert!(of(&record, &["title".parse().unwrap(), "tags".parse().unwrap()]).len() <= MAX_WORDS + 1);
        assert_eq!(of(&json!({"tags": ["", "b"]}), &["tags".parse().unwrap()]), ["b"]);
    }
}
