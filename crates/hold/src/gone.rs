//! Rows that are gone, and whose records go next.

use clock::now_micros;
use store::{Conn, v};

use crate::keep::layers_in;
use crate::keys::Collection;

/// Notes in the transaction that removes rows that their records are to go, whether they were published yet or not.
pub(crate) fn note(
    conn: &mut Conn<'_>,
    collection: Collection,
    rkeys: &[String],
) -> Result<(), store::Error> {
    if rkeys.is_empty() {
        return Ok(());
    }
    let sql = format!(
        "INSERT INTO hold_gone (collection, rkey, gone_at) SELECT $1, value->>'k', $2 FROM {}
        WHERE TRUE ON CONFLICT (collection, rkey) DO UPDATE SET gone_at = excluded.gone_at",
        layers_in(conn.engine(), 3)
    );
    let rkeys: Vec<_> = rkeys.iter().map(|rkey| serde_json::json!({ "k": rkey })).collect();
    let rkeys = serde_json::Value::from(rkeys).to_string();
    conn.execute(&sql, &[v(collection.nsid()), v(now_micros()), v(&rkeys)]).map(drop)
}
