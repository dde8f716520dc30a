//! From a manifest's record to what pages show of it.

use records::Effect;
use store::{Conn, v};

use super::Changed;
use crate::lexicon::{ManifestRecord, PushRecord};

/// What is no manifest has no row.
pub(in crate::index) fn push(
    conn: &mut Conn<'_>,
    effect: &Effect<'_>,
    changed: &mut Changed,
) -> Result<(), store::Error> {
    if let Some(before) = effect.before {
        conn.execute("DELETE FROM registry_pushes WHERE record_id = $1", &[v(effect.record_id)])?;
        changed.note(effect.did, ManifestRecord::parse(before).map(|record| record.repository));
    }
    let Some(json) = effect.after else { return Ok(()) };
    let (Some(manifest), Some(push)) = (ManifestRecord::parse(json), PushRecord::parse(json)) else {
        return Ok(());
    };
    let platforms = serde_json::Value::from(push.platforms).to_string();
    let annotations = serde_json::json!(push.annotations).to_string();
    conn.execute(
        "INSERT INTO registry_pushes (record_id, did, repository, created_at, is_about, kind, size, title,
            description, platforms, annotations)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        &[
            v(effect.record_id),
            v(effect.did),
            v(&manifest.repository),
            v(push.created_at),
            v(i64::from(manifest.subject.is_some())),
            v(push.kind.number()),
            v(push.size.cast_signed()),
            v(push.title.as_deref()),
            v(push.description.as_deref()),
            v(&platforms),
            v(&annotations),
        ],
    )?;
    changed.note(effect.did, Some(manifest.repository));
    Ok(())
}
