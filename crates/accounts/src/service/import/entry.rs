//! One service of the other server's document.

use atproto::Nsid;
use events::{Event, kinds};
use serde_json::json;
use store::{Conn, v};
use time::OffsetDateTime;

use super::ServiceImport;
use crate::{
    Existing, Imported,
    clock::micros_of,
    imported::at,
    service::{AccessMode, Fragment, ServiceError, entries::check_type},
};

/// A service as another server kept it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImportedEntry {
    /// Its name in the document.
    pub fragment: Fragment,
    /// Its type in the document.
    pub service_type: String,
    /// Whether all methods may be called through it or those listed.
    pub access: AccessMode,
    /// The listed methods.
    pub xrpcs: Vec<Nsid>,
    /// When it was added.
    pub created_at: Option<OffsetDateTime>,
    /// When it last changed.
    pub updated_at: Option<OffsetDateTime>,
}

impl ServiceImport<'_> {
    /// Takes over a service with its list of methods.
    pub async fn entry(&self, new: ImportedEntry, existing: Existing) -> Result<Imported, ServiceError> {
        check_type(&new.service_type)?;
        let told = new.clone();
        let imported = self.state.write(move |conn| new.put(conn, existing)).await?;
        let kind = match imported {
            Imported::Kept => return Ok(imported),
            Imported::Added => kinds::SERVICE_ENTRY_CREATED,
            Imported::Replaced => kinds::SERVICE_ENTRY_UPDATED,
        };
        let detail = json!({ "imported": true, "service_type": told.service_type });
        self.events.record(Event::new(kind).subject(told.fragment.as_str()).detail(detail));
        Ok(imported)
    }
}

impl ImportedEntry {
    fn put(&self, conn: &mut Conn<'_>, existing: Existing) -> Result<Imported, ServiceError> {
        let find = "SELECT id FROM service_entries WHERE fragment_id = $1";
        let here = conn.query_opt::<_, store::Error>(find, &[v(self.fragment.as_str())], |row| row.int(0))?;
        if here.is_some() && existing == Existing::Keep {
            return Ok(Imported::Kept);
        }
        let created_at = at(self.created_at);
        let id: i64 = conn.query_one(
            "INSERT INTO service_entries (fragment_id, service_type, access_mode, created_at, updated_at) \
             VALUES ($1, $2, $3, $4, $5) ON CONFLICT (fragment_id) DO UPDATE SET \
               service_type = excluded.service_type, access_mode = excluded.access_mode, \
               updated_at = excluded.updated_at \
             RETURNING id",
            &[
                v(self.fragment.as_str()),
                v(&self.service_type),
                v(self.access.name()),
                v(created_at),
                v(self.updated_at.map_or(created_at, micros_of)),
            ],
            |row| row.int(0).map_err(ServiceError::from),
        )?;
        conn.execute("DELETE FROM service_entry_xrpcs WHERE service_entry_id = $1", &[v(id)])?;
        for nsid in &self.xrpcs {
            conn.execute(
                "INSERT INTO service_entry_xrpcs (service_entry_id, lexicon_id) VALUES ($1, $2) \
                 ON CONFLICT DO NOTHING",
                &[v(id), v(nsid.as_str())],
            )?;
        }
        Ok(if here.is_some() { Imported::Replaced } else { Imported::Added })
    }
}
