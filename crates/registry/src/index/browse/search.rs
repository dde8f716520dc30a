//! Finding repositories by the beginnings of words.
//!
//! Words and handles are ranges of indexes. However common a word is, so many of its rows are looked at and no more; whole words
//! come before longer ones, so what is left out is what was not asked for in so many words.

use std::fmt::Write as _;

use store::{Value, v};

use super::card::{COLUMNS, Card, JOINS};
use super::owners::behind;
use super::words::split;
use crate::index::Index;

/// Words of a question that are looked at.
const MAX_TERMS: usize = 4;

/// Rows that a word, and that a handle, is looked up in.
const LOOKED_AT: u32 = 2_000;

/// A repository of somebody who is called so counts as much as one that is.
const OWNER: i64 = 8;

/// What is looked for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Query {
    /// How the owner's handle begins, if the question names one.
    owner: Option<String>,
    /// Whether that is all it can be, or the words may be meant otherwise.
    is_of_owner: bool,
    terms: Vec<String>,
}

/// What comes first.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Order {
    #[default]
    Relevance,
    Stars,
    Recent,
}

/// What was found.
#[derive(Debug, Default)]
pub(crate) struct Hits {
    pub(crate) cards: Vec<Card>,
    /// Of how many; where a word is too common, of those that were looked at.
    pub(crate) total: u64,
}

impl Query {
    /// Reads `owner/words`, a handle, or words.
    pub(crate) fn parse(text: &str) -> Self {
        let text = text.trim().trim_start_matches('@').to_lowercase();
        let (owner, rest, is_of_owner) = match text.split_once('/') {
            Some((owner, rest)) => (owner, rest, true),
            None => (&*text, &*text, false),
        };
        let is_handle = !owner.is_empty() && !owner.contains(char::is_whitespace);
        let mut terms: Vec<_> = split(rest).collect();
        // The longest says most, so the others are compared with what it leads to.
        terms.sort_by_key(|term| std::cmp::Reverse(term.len()));
        terms.dedup();
        terms.truncate(MAX_TERMS);
        Self { owner: is_handle.then(|| owner.to_owned()), is_of_owner, terms }
    }

    /// How the owner's handle begins, if it names one.
    pub(crate) fn owner(&self) -> Option<&str> {
        self.owner.as_deref()
    }

    /// The statement behind `WITH found AS`, and its parameters from `$3` on.
    fn sql(&self) -> (String, Vec<String>) {
        let (mut sql, mut texts) = (String::new(), Vec::new());
        let mut range = |begins: &str| {
            texts.extend([begins.to_owned(), behind(begins)]);
            (texts.len() + 1, texts.len() + 2)
        };
        let mut others = String::new();
        let rest = if self.is_of_owner { &self.terms[..] } else { self.terms.get(1..).unwrap_or_default() };
        for term in rest {
            let (from, until) = range(term);
            let _ = write!(
                others,
                " AND EXISTS (SELECT 1 FROM registry_words x WHERE x.did = w.did AND x.repository = w.repository
                AND x.word >= ${from} AND x.word < ${until})"
            );
        }
        if let Some(owner) = &self.owner {
            let (from, until) = range(owner);
            let condition = if self.is_of_owner { &*others } else { "" };
            let _ = write!(
                sql,
                "SELECT * FROM (SELECT w.did, w.repository, {OWNER} AS weight FROM registry_owners o
                JOIN registry_repositories w ON w.did = o.did
                WHERE o.handle >= ${from} AND o.handle < ${until}{condition} LIMIT {LOOKED_AT}) AS owned"
            );
        }
        if let Some(first) = self.terms.first().filter(|_| !self.is_of_owner) {
            let (from, until) = range(first);
            let union = if sql.is_empty() { "" } else { " UNION ALL " };
            // A whole word says twice as much as the beginning of one.
            let whole = format!("CASE WHEN w.word = ${from} THEN 2 ELSE 1 END");
            let _ = write!(
                sql,
                "{union}SELECT * FROM (SELECT w.did, w.repository, w.weight * {whole} AS weight
                FROM registry_words w WHERE w.word >= ${from} AND w.word < ${until}{others}
                ORDER BY w.word LIMIT {LOOKED_AT}) AS worded"
            );
        }
        (sql, texts)
    }
}

impl Order {
    fn sql(self) -> &'static str {
        match self {
            Self::Relevance => "f.weight DESC, r.stars DESC, r.pushed_at DESC, r.did, r.repository",
            Self::Stars => "r.stars DESC, f.weight DESC, r.pushed_at DESC, r.did, r.repository",
            Self::Recent => "r.pushed_at DESC, r.did, r.repository",
        }
    }
}

impl Index {
    /// So many of what is found, without the first `offset`.
    pub(crate) async fn search(
        &self,
        query: &Query,
        order: Order,
        offset: u32,
        limit: u32,
    ) -> Result<Hits, store::Error> {
        let (found, texts) = query.sql();
        if found.is_empty() {
            return Ok(Hits::default());
        }
        let read = self.database.read(move |conn| {
            let sql = format!(
                "WITH found AS (SELECT did, repository, SUM(weight) AS weight FROM ({found}) AS each_of
                    GROUP BY did, repository)
                SELECT {COLUMNS}, COUNT(*) OVER () FROM found f
                JOIN registry_repositories r ON r.did = f.did AND r.repository = f.repository
                {JOINS} WHERE r.pushed_at IS NOT NULL ORDER BY {} LIMIT $1 OFFSET $2",
                order.sql()
            );
            let bounds = [v(limit), v(offset)];
            let values: Vec<Value<'_>> = bounds.into_iter().chain(texts.iter().map(v)).collect();
            let mut total = 0;
            let cards = conn.query(&sql, &values, |row| {
                total = row.int(13)?.unsigned_abs();
                Card::read(row)
            })?;
            Ok(Hits { cards, total })
        });
        read.await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_question_is_a_handle_words_or_both() {
        let query = Query::parse("@Alice.Test/Team App");
        assert_eq!((query.owner.as_deref(), query.is_of_owner), (Some("alice.test"), true));
        assert_eq!(query.terms, ["team", "app"]);
        let query = Query::parse("web server");
        assert_eq!(
            (query.owner, query.is_of_owner, query.terms),
            (None, false, vec!["server".into(), "web".into()])
        );
        for nothing in ["", "  ", "@", "/", "%", "' OR 1=1 --"] {
            let query = Query::parse(nothing);
            assert!(query.terms.len() <= MAX_TERMS);
            assert_eq!(query.sql().0.is_empty(), nothing.chars().all(|c| " @/".contains(c)), "{nothing:?}");
        }
        assert!(Query::parse(&"many words ".repeat(1000)).terms.len() <= MAX_TERMS);
    }
}
