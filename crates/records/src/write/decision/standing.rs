//! What the index has of a record that is decided about.

use atproto::RecordName;
use store::{Conn, Error, v};

use super::{Version, cid};

/// A row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Standing {
    /// What is there stands for this version.
    pub(super) version: Version,
    /// Not a tombstone.
    pub(super) is_present: bool,
    /// It comes from a decision.
    pub(super) is_local: bool,
}

/// The row of this name, if there is one.
pub(super) fn standing(conn: &mut Conn<'_>, name: &RecordName) -> Result<Option<Standing>, Error> {
    const SQL: &str = "
        SELECT r.rev, r.cid, CASE WHEN r.record IS NULL THEN 0 ELSE 1 END, l.only_here, l.cid
        FROM record_rows r
        LEFT JOIN local_rows l
            ON l.ended = 0 AND l.collection_id = r.collection_id AND l.repo_id = r.repo_id AND l.rkey = r.rkey
        WHERE r.collection_id = (SELECT id FROM collections WHERE nsid = $1)
          AND r.repo_id = (SELECT id FROM repos WHERE did = $2)
          AND r.rkey = $3";
    let (did, collection, rkey) = name;
    conn.query_opt(SQL, &[v(collection.as_str()), v(did.as_str()), v(rkey.as_str())], |row| {
        let (rev, is_present, only_here) = (row.int(0)?, row.bool(2)?, row.opt_int(3)?);
        let version = match only_here {
            Some(only_here) => Version { only_here: only_here != 0, rev, cid: cid(row.opt_text(4)?) },
            None => {
                // A tombstone remembers the version that a decision left out.
                Version { only_here: !is_present, rev, cid: cid(row.opt_text(1)?) }
            }
        };
        Ok(Standing { version, is_present, is_local: only_here.is_some() })
    })
}

impl Version {
    /// Whether nothing newer has come than what the decision was about.
    pub(super) fn still_stands(&self, now: &Self) -> bool {
        now.rev <= self.rev || (self.cid.is_some() && self.cid == now.cid)
    }
}
