//! Telling projections what changed.

use std::sync::Arc;

use store::{Conn, Error};

use super::plan::{Plan, RowChange};
use crate::{Effect, Projection};

/// Runs every projection over the part of the plan that concerns its collections.
pub(super) fn project(
    conn: &mut Conn<'_>,
    plan: &Plan<'_>,
    projections: &[Arc<dyn Projection>],
) -> Result<(), Error> {
    for projection in projections {
        let effects: Vec<Effect<'_>> = plan
            .rows
            .iter()
            .filter(|row| projection.concerns(row.first.event.collection.as_str()))
            .map(effect)
            .filter(|effect| effect.before.is_some() || effect.after.is_some())
            .collect();
        if !effects.is_empty() {
            projection.apply(conn, &effects)?;
        }
    }
    Ok(())
}

fn effect<'p>(row: &'p RowChange<'p>) -> Effect<'p> {
    Effect {
        did: row.first.event.did.as_str(),
        collection: row.first.event.collection.as_str(),
        rkey: row.first.event.rkey.as_str(),
        record_id: row.id,
        before: row.before.as_ref().and_then(|before| before.json.as_deref()),
        after: row.content.map(|content| content.json),
        made_before: row.before.as_ref().map_or(row.created_at, |before| before.created_at),
        made_after: row.created_at,
    }
}
