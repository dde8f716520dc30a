//! What those wrote and boosted whom somebody follows, without a table of it.
//!
//! Each account that is followed has its entries in order, in an index. So home is a merge of as many sorted lists as accounts are
//! followed, of which the first `limit` entries are wanted: one look into the index for the head of each list, and one more for each
//! entry that is taken. It is exact, it costs what somebody follows and not what there is, and nothing is written for anybody when a
//! thought is: a table with a row for each follower would make writing cost what somebody is followed by, and every follow, block and
//! deletion would have to keep it right.
//!
//! It is one statement for thoughts and one for boosts. SQLite's recursive queries take rows in an order, which is just that merge. PostgreSQL's
//! do not, but it can look into an index for each row of another table: it reads `limit` entries of each of the `limit` accounts
//! with the first heads, and nothing beyond the last of these heads, because there are enough before it.

use store::{Conn, Engine, v};

use super::source::merge;
use super::{Entry, Span};
use crate::{Error, Id};

/// One of the two kinds of entries. Parameters are the ends of the span and the reader, `$3`.
pub(super) struct Kind {
    table: &'static str,
    /// What is shown, of a row `e` of the table.
    thought: &'static str,
    /// Accounts whose entries are in it.
    accounts: &'static str,
    /// Which of their entries are.
    condition: &'static str,
}

/// Private ones are there for whoever wrote them and whoever is mentioned in them.
pub(super) const WRITTEN: Kind = Kind {
    table: "social_thoughts",
    thought: "e.id",
    accounts: "SELECT followed FROM social_follows WHERE follower = $3 AND state = 'accepted'
               UNION ALL SELECT CAST($3 AS BIGINT)",
    condition: "(e.visibility <> 'private' OR e.user_id = $3 OR EXISTS
                (SELECT 1 FROM social_thought_mentions m WHERE m.user_id = $3 AND m.thought_id = e.id))",
};

pub(super) const BOOSTED: Kind = Kind {
    table: "social_boosts",
    thought: "e.thought_id",
    accounts: "SELECT followed FROM social_follows WHERE follower = $3 AND state = 'accepted' AND show_boosts = 1",
    condition: "e.id > 0",
};

pub(super) fn home(conn: &mut Conn<'_>, viewer: Id, span: Span, limit: usize) -> Result<Vec<Entry>, Error> {
    let [below, above] = span.ends();
    let params = [below, above, v(viewer.0)];
    let written = WRITTEN.statement(conn.engine(), span, limit);
    let written = conn.query(&written, &params, |row| {
        Ok::<_, Error>(Entry { at: Id(row.int(0)?), thought: Id(row.int(1)?), boosted_by: None })
    })?;
    let boosted = BOOSTED.statement(conn.engine(), span, limit);
    let boosted = conn.query(&boosted, &params, |row| {
        let boosted_by = Some(Id(row.int(2)?));
        Ok::<_, Error>(Entry { at: Id(row.int(0)?), thought: Id(row.int(1)?), boosted_by })
    })?;
    Ok(merge(span, limit, [written, boosted]))
}

impl Kind {
    /// The first `limit` entries: place, thought, account.
    pub(super) fn statement(&self, engine: Engine, span: Span, limit: usize) -> String {
        match engine {
            Engine::Sqlite => self.sqlite(span, limit),
            Engine::Postgres => self.postgres(span, limit),
        }
    }

    fn sqlite(&self, span: Span, limit: usize) -> String {
        let Self { table, thought, accounts, condition } = self;
        // A list that has ended is at the end of the span, which is no entry and comes after all of them.
        let (first, end, rest) = if span.upwards {
            ("min", "$1", "e.id > f.id AND e.id < $1")
        } else {
            ("max", "$2", "e.id < f.id AND e.id > $2")
        };
        let direction = span.direction();
        let head = |account: &str, span: &str| {
            format!(
                "coalesce((SELECT {first}(e.id) FROM {table} e WHERE e.user_id = {account} AND {span} AND {condition}), {end})"
            )
        };
        let (head, next) = (head("a.followed", "e.id < $1 AND e.id > $2"), head("f.account", rest));
        // Places of thoughts are thoughts: their rows are not read here.
        let (thought, join) = match *thought {
            "e.id" => ("f.id", String::new()),
            thought => (thought, format!("JOIN {table} e ON e.id = f.id")),
        };
        format!(
            "WITH RECURSIVE feed (account, id) AS (
                 SELECT a.followed, {head} FROM ({accounts}) a
                 UNION ALL SELECT f.account, {next} FROM feed f WHERE f.id < $1 AND f.id > $2
                 ORDER BY 2 {direction} LIMIT {limit})
             SELECT f.id, {thought}, f.account FROM feed f {join} WHERE f.id < $1 AND f.id > $2"
        )
    }

    fn postgres(&self, span: Span, limit: usize) -> String {
        let Self { table, thought, accounts, condition } = self;
        let direction = span.direction();
        let (last, all) = if span.upwards {
            ("e.id <= (SELECT CASE count(*) WHEN", "THEN max(id) ELSE $1 END FROM heads)")
        } else {
            ("e.id >= (SELECT CASE count(*) WHEN", "THEN min(id) ELSE $2 END FROM heads)")
        };
        format!(
            "WITH heads AS MATERIALIZED (
                 SELECT a.followed AS account, h.id FROM ({accounts}) a CROSS JOIN LATERAL
                     (SELECT e.id FROM {table} e WHERE e.user_id = a.followed AND e.id < $1 AND e.id > $2 AND {condition}
                      ORDER BY e.id {direction} LIMIT 1) h
                 ORDER BY h.id {direction} LIMIT {limit})
             SELECT l.id, l.thought, h.account FROM heads h CROSS JOIN LATERAL
                 (SELECT e.id, {thought} AS thought FROM {table} e
                  WHERE e.user_id = h.account AND e.id < $1 AND e.id > $2 AND {last} {limit} {all} AND {condition}
                  ORDER BY e.id {direction} LIMIT {limit}) l
             ORDER BY l.id {direction} LIMIT {limit}"
        )
    }
}
