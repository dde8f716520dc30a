//! People, by what they are called.

use store::{Conn, Engine, Value, v};

use super::Words;
use crate::users::INSTANCE;
use crate::visibility::rule;
use crate::{Error, Id};

/// People whose handle or name has all words: those who are called so from the beginning first, and those here before others.
pub fn people(
    conn: &mut Conn<'_>,
    viewer: Option<Id>,
    words: &Words,
    (passed, limit): (u64, usize),
) -> Result<Vec<Id>, Error> {
    const NAMES: &str = "(u.handle_key || ' ' || coalesce(u.name_key, lower(u.display_name), ''))";
    let (patterns, matching, whole) = (words.patterns(), words.matching(), words.handle().to_owned());
    let conditions: Vec<String> =
        (1..=patterns.len()).map(|at| format!("{NAMES} LIKE ${at} ESCAPE '\\'")).collect();
    let mut values: Vec<Value<'_>> = patterns.iter().map(v).collect();
    let first = patterns.first().map(|pattern| pattern[1..].to_owned()).unwrap_or_default();
    values.push(v(&first));
    let begins = format!("u.handle_key LIKE ${} ESCAPE '\\'", values.len());
    values.push(v(INSTANCE));
    let instance = format!("u.uuid <> ${}", values.len());
    let from = match (words.are_indexed(), conn.engine()) {
        (true, Engine::Sqlite) => {
            values.push(v(&matching));
            format!(
                "(SELECT rowid FROM social_user_search WHERE text MATCH ${}) s JOIN social_users u ON u.id = s.rowid",
                values.len()
            )
        }
        _ => "social_users u".to_owned(),
    };
    let blocked = viewer.map_or_else(String::new, |viewer| {
        format!(
            " AND NOT EXISTS (SELECT 1 FROM social_blocks b WHERE (b.blocker = {viewer} AND b.blocked = u.id)
                                                               OR (b.blocker = u.id AND b.blocked = {viewer}))"
        )
    });
    // Whoever asks for somebody by their whole handle knows them.
    values.push(v(&whole));
    let heard = format!("({} OR u.handle_key = ${})", rule::heard("u.id", viewer), values.len());
    let sql = format!(
        "SELECT u.id FROM {from} WHERE {} AND {instance} AND u.suspended_at IS NULL AND u.deleted_at IS NULL AND {heard}{blocked}
         ORDER BY CASE WHEN {begins} THEN 0 ELSE 1 END, CASE WHEN u.host IS NULL THEN 0 ELSE 1 END, u.id
         LIMIT {limit} OFFSET {passed}",
        conditions.join(" AND ")
    );
    conn.query(&sql, &values, |row| Ok(Id(row.int(0)?)))
}
