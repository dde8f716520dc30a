//! Private thoughts in which somebody is mentioned.

use store::Conn;

use super::source::entries;
use super::{Entry, Span};
use crate::{Error, Id};

/// Under a condition on the thought `t`.
pub(super) fn mentions(
    conn: &mut Conn<'_>,
    user: Id,
    span: Span,
    limit: usize,
    condition: &str,
) -> Result<Vec<Entry>, Error> {
    let walk = span.of("m.thought_id");
    let sql = format!(
        "SELECT m.thought_id, m.thought_id FROM social_thought_mentions m JOIN social_thoughts t ON t.id = m.thought_id
         WHERE m.user_id = {user} AND {} AND t.visibility = 'private' AND {condition} ORDER BY {} LIMIT {limit}",
        walk.condition, walk.order
    );
    entries(conn, &sql, None)
}
