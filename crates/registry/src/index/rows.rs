//! From records to rows.

use records::Effect;
use serde_json::json;
use store::{Conn, Engine, Value, v};

use crate::lexicon::{ManifestRecord, Part, TagRecord};

/// What is not a manifest, or not one that makes sense, has no rows.
pub(super) fn manifest(conn: &mut Conn<'_>, effect: &Effect<'_>) -> Result<(), store::Error> {
    if effect.before.is_some() {
        for sql in [
            "DELETE FROM registry_manifests WHERE record_id = $1",
            "DELETE FROM registry_parts WHERE record_id = $1",
        ] {
            conn.execute(sql, &[v(effect.record_id)])?;
        }
    }
    let Some(record) = effect.after.and_then(ManifestRecord::parse) else { return Ok(()) };
    let (cid, size) = record.blob.map_or((None, 0), |(cid, size)| (Some(cid.to_string()), size));
    let hold = record.hold.as_ref().map(ToString::to_string);
    let subject = record.subject.map(|digest| digest.to_string());
    conn.execute(
        "INSERT INTO registry_manifests
            (record_id, did, repository, digest, rkey, media_type, blob, size, hold, subject, cut)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        &[
            v(effect.record_id),
            v(effect.did),
            v(&record.repository),
            v(&record.digest.to_string()),
            v(effect.rkey),
            v(record.media_type.as_str()),
            text(cid.as_ref()),
            v(size.cast_signed()),
            text(hold.as_ref()),
            text(subject.as_ref()),
            v(i64::from(record.is_cut)),
        ],
    )?;
    parts(conn, (effect.record_id, effect.did, &record.repository), &record.parts)
}

/// Writes what the manifest of a record names.
pub(super) fn parts(
    conn: &mut Conn<'_>,
    (record_id, did, repository): (i64, &str, &str),
    parts: &[Part],
) -> Result<(), store::Error> {
    if parts.is_empty() {
        return Ok(());
    }
    let written: Vec<_> = parts
        .iter()
        .enumerate()
        .map(|(position, part)| {
            let digest = part.digest.to_string();
            json!([position, part.kind.number(), digest, part.size, part.media_type])
        })
        .collect();
    let sql = match conn.engine() {
        Engine::Sqlite => {
            "INSERT INTO registry_parts
                (record_id, did, repository, position, kind, digest, size, media_type)
            SELECT $1, $2, $3, value->>0, value->>1, value->>2, value->>3, value->>4 FROM json_each($4)"
        }
        Engine::Postgres => {
            "INSERT INTO registry_parts
                (record_id, did, repository, position, kind, digest, size, media_type)
            SELECT $1, $2, $3, (value->>0)::bigint, (value->>1)::bigint, value->>2, (value->>3)::bigint, value->>4
            FROM jsonb_array_elements($4::text::jsonb) AS part (value)"
        }
    };
    let written = serde_json::Value::from(written).to_string();
    conn.execute(sql, &[v(record_id), v(did), v(repository), v(&written)])?;
    Ok(())
}

/// What is not a tag has no row.
pub(super) fn tag(conn: &mut Conn<'_>, effect: &Effect<'_>) -> Result<(), store::Error> {
    if effect.before.is_some() {
        conn.execute("DELETE FROM registry_tags WHERE record_id = $1", &[v(effect.record_id)])?;
    }
    let Some(record) = effect.after.and_then(TagRecord::parse) else { return Ok(()) };
    conn.execute(
        "INSERT INTO registry_tags (record_id, did, repository, tag, digest, rkey) VALUES ($1, $2, $3, $4, $5, $6)",
        &[
            v(effect.record_id),
            v(effect.did),
            v(&record.repository),
            v(record.tag.as_str()),
            v(&record.digest.to_string()),
            v(effect.rkey),
        ],
    )?;
    Ok(())
}

fn text(text: Option<&String>) -> Value<'_> {
    text.map_or(Value::Null, v)
}
