//! Thoughts, by what they say.

use store::{Conn, Engine, Value, v};

use super::Words;
use crate::feeds::Span;
use crate::visibility::rule;
use crate::{Error, Id};

/// New thoughts among which short words are looked for.
const WINDOW: usize = 5_000;

/// Public thoughts and the viewer's own that have all words, newest first, passing over some.
pub fn thoughts(
    conn: &mut Conn<'_>,
    viewer: Option<Id>,
    now: i64,
    words: &Words,
    span: Span,
    (passed, limit): (u64, usize),
) -> Result<Vec<Id>, Error> {
    let (patterns, matching) = (words.patterns(), words.matching());
    let own = viewer.map_or_else(String::new, |viewer| format!(" OR t.user_id = {viewer}"));
    let lists = format!("{} AND {}", rule::lists(viewer, now), rule::heard("t.user_id", viewer));
    let conditions: Vec<String> =
        (1..=patterns.len()).map(|at| format!("t.search_text LIKE ${at} ESCAPE '\\'")).collect();
    let conditions = conditions.join(" AND ");
    let mut values: Vec<Value<'_>> = patterns.iter().map(v).collect();
    let (from, place) = match (words.are_indexed(), conn.engine()) {
        (true, Engine::Postgres) => ("social_thoughts t".to_owned(), "t.id"),
        (true, Engine::Sqlite) => {
            values.push(v(&matching));
            // The index is walked in the order of its rows, which is that of the answer, and no further than the answer goes: hence
            // the join that keeps its order.
            let from = format!(
                "social_thought_search s CROSS JOIN social_thoughts t ON t.id = s.rowid AND s.text MATCH ${}",
                values.len()
            );
            (from, "s.rowid")
        }
        (false, _) => (
            format!(
                "(SELECT * FROM social_thoughts w WHERE w.visibility = 'public' ORDER BY w.id DESC LIMIT {WINDOW}) t"
            ),
            "t.id",
        ),
    };
    let walk = span.of(place);
    let sql = format!(
        "SELECT t.id FROM {from} WHERE (t.visibility = 'public'{own}) AND {conditions} AND {} AND {lists}
         ORDER BY {} LIMIT {limit} OFFSET {passed}",
        walk.condition, walk.order
    );
    conn.query(&sql, &values, |row| Ok(Id(row.int(0)?)))
}
