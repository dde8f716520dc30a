//! An entry: one service of this server, as its document lists it.

use std::collections::BTreeSet;

use store::{Conn, Row, v};
use time::OffsetDateTime;

use super::AccessMode;
use crate::{
    clock::from_micros,
    service::{Fragment, ServiceError},
};

/// A service that the DID document lists, and the methods it stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServiceEntry {
    /// The row id.
    pub id: i64,
    /// Its name in the document.
    pub fragment: Fragment,
    /// Its type in the document, such as `BskyAppView`.
    pub service_type: String,
    /// Whether all methods may be called through it or those listed.
    pub access: AccessMode,
    /// The listed methods; kept, but without effect, while all are admitted.
    pub xrpcs: BTreeSet<String>,
    /// When it was added.
    pub created_at: OffsetDateTime,
    /// When it last changed.
    pub updated_at: OffsetDateTime,
}

impl ServiceEntry {
    /// Whether a method may be called through this entry.
    #[must_use]
    pub fn admits(&self, nsid: &str) -> bool {
        match self.access {
            AccessMode::All => true,
            AccessMode::Specific => self.xrpcs.contains(nsid),
        }
    }

    /// All entries in the order in which they were added.
    pub(crate) fn load(conn: &mut Conn<'_>) -> Result<Vec<Self>, ServiceError> {
        // One row per listed method, so that one statement sees all lists at the same moment.
        let mut entries: Vec<Self> = Vec::new();
        conn.for_each(
            "SELECT e.id, e.fragment_id, e.service_type, e.access_mode, e.created_at, e.updated_at, x.lexicon_id \
             FROM service_entries e LEFT JOIN service_entry_xrpcs x ON x.service_entry_id = e.id \
             ORDER BY e.id",
            &[],
            |row| {
                let id = row.int(0)?;
                if entries.last().is_none_or(|entry| entry.id != id) {
                    entries.push(entry(row)?);
                }
                if let (Some(entry), Some(nsid)) = (entries.last_mut(), row.opt_text(6)?) {
                    entry.xrpcs.insert(nsid.to_owned());
                }
                Ok::<(), ServiceError>(())
            },
        )?;
        Ok(entries)
    }

    /// The entry with this row id.
    pub(crate) fn get(conn: &mut Conn<'_>, id: i64) -> Result<Self, ServiceError> {
        let found = Self::load(conn)?.into_iter().find(|entry| entry.id == id);
        found.ok_or(ServiceError::NoSuchEntry(id))
    }

    /// Whether the row is there; an error if not.
    pub(super) fn must_exist(conn: &mut Conn<'_>, id: i64) -> Result<(), ServiceError> {
        let sql = "SELECT 1 FROM service_entries WHERE id = $1";
        let found = conn.query_opt::<_, ServiceError>(sql, &[v(id)], |_| Ok(()))?;
        found.ok_or(ServiceError::NoSuchEntry(id))
    }
}

fn entry(row: &Row<'_>) -> Result<ServiceEntry, ServiceError> {
    Ok(ServiceEntry {
        id: row.int(0)?,
        fragment: Fragment::stored(row.string(1)?),
        service_type: row.string(2)?,
        access: row.text(3)?.parse()?,
        xrpcs: BTreeSet::new(),
        created_at: from_micros(row.int(4)?),
        updated_at: from_micros(row.int(5)?),
    })
}
