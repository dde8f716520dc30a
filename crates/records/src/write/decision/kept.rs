//! A decision as it is kept: a row of `local_decisions`.

use atproto::{AtUri, RecordName};
use store::{Conn, Error, Row, v};

use super::{Version, cid, uri};

/// A decision about a record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::write) struct Kept {
    pub(super) name: RecordName,
    pub(super) what: What,
    pub(super) version: Version,
    /// Microseconds; grows with each decision about the same record, and so names it.
    pub(super) decided_at: i64,
}

/// What was decided.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::write) enum What {
    /// The version is left out.
    Deleted,
    /// This JSON is the record.
    Saved(String),
    /// What was saved is not here any more.
    Withdrawn,
}

/// What is to be kept besides: who decided, and of what event it is an effect.
pub(super) struct Reason<'r> {
    pub(super) by: &'r str,
    pub(super) origin: Option<&'r str>,
}

const COLUMNS: &str = "SELECT uri, decision, rev, cid, record, decided_at FROM local_decisions";

impl Kept {
    /// That nothing is decided.
    pub(super) fn nothing(name: RecordName) -> Self {
        let version = Version { only_here: true, rev: 0, cid: None };
        Self { name, what: What::Withdrawn, version, decided_at: 0 }
    }

    pub(super) fn is_nothing(&self) -> bool {
        self.decided_at == 0
    }

    fn decision(&self) -> &'static str {
        match &self.what {
            What::Deleted => "deleted",
            What::Saved(_) if self.version.only_here => "saved",
            What::Saved(_) => "replaced",
            What::Withdrawn => "withdrawn",
        }
    }

    /// `None` if the row's URI is none, which never happens: it was checked when it was written.
    fn from_row(row: &Row<'_>) -> Result<Option<Self>, Error> {
        let Some(name) = AtUri::record_name(row.text(0)?) else { return Ok(None) };
        let decision = row.text(1)?;
        let what = match (decision, row.opt_text(4)?) {
            ("saved" | "replaced", Some(json)) => What::Saved(json.to_owned()),
            ("deleted", _) => What::Deleted,
            _ => What::Withdrawn,
        };
        let version =
            Version { only_here: decision != "replaced", rev: row.int(2)?, cid: cid(row.opt_text(3)?) };
        Ok(Some(Self { name, what, version, decided_at: row.int(5)? }))
    }
}

/// What is decided about a record.
pub(super) fn find(conn: &mut Conn<'_>, name: &RecordName) -> Result<Option<Kept>, Error> {
    let sql = format!("{COLUMNS} WHERE uri = $1");
    Ok(conn.query_opt(&sql, &[v(&uri(name))], Kept::from_row)?.flatten())
}

/// The decisions since a moment in their order, those after the given one.
pub(super) fn since(
    conn: &mut Conn<'_>,
    (moment, after): (i64, &str),
    limit: u32,
) -> Result<Vec<Kept>, Error> {
    let sql = format!(
        "{COLUMNS} WHERE decided_at >= $1 AND (decided_at, uri) > ($1, $2) ORDER BY decided_at, uri LIMIT $3"
    );
    let rows = conn.query(&sql, &[v(moment), v(after), v(limit)], Kept::from_row)?;
    Ok(rows.into_iter().flatten().collect())
}

/// Keeps a decision in place of whatever was decided about the record before.
pub(super) fn keep(conn: &mut Conn<'_>, kept: &Kept, reason: &Reason<'_>) -> Result<(), Error> {
    const SQL: &str = "
        INSERT INTO local_decisions
            (uri, decision, rev, cid, record, collection, origin, decided_at, decided_by)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
        ON CONFLICT (uri) DO UPDATE
        SET decision = excluded.decision, rev = excluded.rev, cid = excluded.cid, record = excluded.record,
            collection = excluded.collection, origin = coalesce(excluded.origin, local_decisions.origin),
            decided_at = excluded.decided_at, decided_by = excluded.decided_by";
    let cid = kept.version.cid.map(|cid| cid.to_string());
    let json = match &kept.what {
        What::Saved(json) => Some(json.as_str()),
        What::Deleted | What::Withdrawn => None,
    };
    let uri = uri(&kept.name);
    let row = [
        v(&uri),
        v(kept.decision()),
        v(kept.version.rev),
        v(cid.as_deref()),
        v(json),
        v(json.map(|_| kept.name.1.as_str())),
        v(reason.origin),
        v(kept.decided_at),
        v(reason.by),
    ];
    conn.execute(SQL, &row).map(drop)
}

/// Now, but after the decision that was there before.
pub(super) fn moment(before: Option<&Kept>, now: i64) -> i64 {
    before.map_or(now, |before| now.max(before.decided_at + 1))
}
