//! Dead letters of index hooks, as versions before 2.9 kept them: a column for each field of the event.

use serde_json::{Value, json};

use crate::plan::{Order, Plan};
use crate::row::{Problem, Row};
use crate::{DeadLetter, EncryptionKey};

pub(crate) const PLAN: Plan = Plan {
    order: &[Order::By("created_at"), Order::By("id")],
    ..Plan::new(
        "dead_letter_hooks",
        &[
            "uri",
            "id",
            "lexicon_id",
            "did",
            "collection",
            "rkey",
            "action",
            "record",
            "error",
            "attempts",
            "created_at",
            "resolved_at",
        ],
    )
};

/// Reads one as the dead letter of the script that the hook has become.
pub(crate) fn read(row: &Row, _: Option<&EncryptionKey>) -> Result<DeadLetter, Problem> {
    let trigger = format!("record.index:{}", row.text("lexicon_id")?);
    let (collection, action) = (row.text("collection")?, row.text("action")?);
    let record = row.opt_text("record")?;
    let record: Value = record
        .map(|json| serde_json::from_str(&json))
        .transpose()
        .map_err(|_| Problem("its record is no JSON".to_owned()))?
        .unwrap_or_default();
    let payload = json!({
        "trigger": trigger,
        "action": action,
        "uri": row.text("uri")?,
        "did": row.text("did")?,
        "collection": collection,
        "rkey": row.text("rkey")?,
        "record": record,
    });
    Ok(DeadLetter {
        id: format!("dead_letter_hooks/{}", row.text("id")?),
        script_ref: trigger,
        host_kind: "record".to_owned(),
        host_id: format!("{collection}:{action}"),
        payload: payload.to_string(),
        error: row.opt_text("error")?.unwrap_or_default(),
        attempts: row.opt_int("attempts")?.unwrap_or_default(),
        created_at: row.moment("created_at"),
        resolved_at: row.happened("resolved_at"),
    })
}
