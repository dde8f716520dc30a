//! The rows of uploads and parts.

use atproto::Did;
use clock::{micros, now_micros};
use oci::{Algorithm, Digest};
use std::time::Duration;
use store::{Conn, Database, Row, Value, v};

use super::{LARGEST, PartsError};

/// Open at once, of all and of one sender.
const MOST: (i64, i64) = (10_000, 1_000);

/// A part that was sent.
#[derive(Debug, Clone)]
pub(super) struct Part {
    pub(super) number: u32,
    pub(super) digest: Digest,
    pub(super) size: u64,
    /// Whether the same bytes were here before, so are not this upload's to remove.
    pub(super) was_here: bool,
    /// In microseconds.
    pub(super) sent_at: i64,
}

pub(super) const COLUMNS: &str = "number, digest, size, was_here, sent_at";

impl Part {
    pub(super) fn from_row(row: &Row<'_>) -> Result<Self, store::Error> {
        let digest = Digest::parse(row.text(1)?);
        Ok(Self {
            number: u32::try_from(row.int(0)?).unwrap_or_default(),
            digest: digest.map_err(|error| store::Error::Column { column: 1, message: error.to_string() })?,
            size: row.int(2)?.unsigned_abs(),
            was_here: row.bool(3)?,
            sent_at: row.int(4)?,
        })
    }
}

/// Writes the row of an upload.
pub(super) async fn begin(
    state: &Database,
    id: String,
    owner: Did,
    expected: Option<Digest>,
) -> Result<(), PartsError> {
    let expected = expected.map(|digest| digest.to_string());
    let written = state.write(move |conn| {
        let sql = "SELECT COUNT(*), COUNT(CASE WHEN owner_did = $1 THEN 1 END) FROM hold_uploads";
        let (all, own) = conn
            .query_one(sql, &[v(owner.as_str())], |row| Ok::<_, store::Error>((row.int(0)?, row.int(1)?)))?;
        if all >= MOST.0 || own >= MOST.1 {
            return Err(PartsError::TooMany);
        }
        let sql = "INSERT INTO hold_uploads (id, owner_did, digest, touched_at) VALUES ($1, $2, $3, $4)";
        let expected = expected.as_deref().map_or(Value::Null, v);
        conn.execute(sql, &[v(&id), v(owner.as_str()), expected, v(now_micros())])?;
        Ok(())
    });
    written.await
}

/// What was expected when an upload of `owner` began.
pub(super) async fn expected(state: &Database, id: String, owner: Did) -> Result<Option<Digest>, PartsError> {
    let read = state.read_brief(move |conn| {
        let sql = "SELECT digest FROM hold_uploads WHERE id = $1 AND owner_did = $2";
        conn.query_opt(sql, &[v(&id), v(owner.as_str())], |row| {
            Ok::<_, store::Error>(row.opt_text(0)?.and_then(|digest| Digest::parse(digest).ok()))
        })
    });
    read.await?.ok_or(PartsError::Unknown)
}

/// Notes a part, in place of an earlier one of that number; which it was.
pub(super) async fn note(state: &Database, id: String, part: Part) -> Result<Option<Part>, PartsError> {
    let written = state.write(move |conn| {
        let touched = "UPDATE hold_uploads SET touched_at = $2 WHERE id = $1";
        if conn.execute(touched, &[v(&id), v(now_micros())])? == 0 {
            return Err(PartsError::Unknown);
        }
        let number = i64::from(part.number);
        let sql = format!("DELETE FROM hold_parts WHERE upload = $1 AND number = $2 RETURNING {COLUMNS}");
        let before = conn.query_opt(&sql, &[v(&id), v(number)], Part::from_row)?;
        let sql = "SELECT CAST(COALESCE(SUM(size), 0) AS BIGINT) FROM hold_parts WHERE upload = $1";
        let size: i64 = conn.query_one(sql, &[v(&id)], |row| Ok::<_, store::Error>(row.int(0)?))?;
        if size.unsigned_abs().saturating_add(part.size) > LARGEST {
            return Err(PartsError::TooLarge { limit: LARGEST });
        }
        // What was sent twice under one number is this upload's, although the second time it was here.
        let is_own = before.as_ref().is_some_and(|before| !before.was_here && before.digest == part.digest);
        let was_here = i64::from(part.was_here && !is_own);
        let sql = "INSERT INTO hold_parts (upload, number, digest, size, was_here, sent_at)
            VALUES ($1, $2, $3, $4, $5, $6)";
        let (digest, size) = (part.digest.to_string(), part.size.cast_signed());
        conn.execute(sql, &[v(&id), v(number), v(&digest), v(size), v(was_here), v(part.sent_at)])?;
        Ok(before.filter(|_| !is_own))
    });
    written.await
}

/// All parts of an upload.
pub(super) async fn parts(state: &Database, id: String) -> Result<Vec<Part>, store::Error> {
    let sql = format!("SELECT {COLUMNS} FROM hold_parts WHERE upload = $1 ORDER BY number");
    state.read(move |conn| conn.query(&sql, &[v(&id)], Part::from_row)).await
}

/// Removes an upload of `owner`; the parts that it had.
pub(super) async fn end(state: &Database, id: String, owner: Did) -> Result<Vec<Part>, PartsError> {
    let written = state.write(move |conn| {
        let sql = format!(
            "DELETE FROM hold_parts WHERE upload IN (SELECT id FROM hold_uploads WHERE id = $1 AND owner_did = $2)
            RETURNING {COLUMNS}"
        );
        let parts = conn.query(&sql, &[v(&id), v(owner.as_str())], Part::from_row)?;
        let sql = "DELETE FROM hold_uploads WHERE id = $1 AND owner_did = $2";
        match conn.execute(sql, &[v(&id), v(owner.as_str())])? {
            0 => Err(PartsError::Unknown),
            _ => Ok(parts),
        }
    });
    written.await
}

/// Removes uploads to which nothing came for longer than `idle`; how many.
pub(super) async fn expire(state: &Database, idle: Duration) -> Result<u64, store::Error> {
    let before = now_micros().saturating_sub(micros(idle));
    state
        .write(move |conn| conn.execute("DELETE FROM hold_uploads WHERE touched_at < $1", &[v(before)]))
        .await
}

/// Whether a part of any upload has this digest.
pub(super) fn is_part(conn: &mut Conn<'_>, digest: &str) -> Result<bool, store::Error> {
    let sql = "SELECT 1 FROM hold_parts WHERE digest = $1 LIMIT 1";
    Ok(conn.query_opt(sql, &[v(digest)], |row| row.int(0))?.is_some())
}

/// How parts are hashed: as the whole will be, as far as that is known.
pub(super) fn algorithm(expected: Option<Digest>) -> Algorithm {
    expected.map_or(Algorithm::Sha256, |digest| digest.algorithm())
}
