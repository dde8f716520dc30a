//! The list of methods of an entry.

use atproto::Nsid;
use events::{Event, kinds};
use serde_json::json;
use store::v;

use super::ServiceEntry;
use crate::service::{Service, ServiceError};

impl Service {
    /// The methods on an entry's list, whether or not the list is in effect.
    pub async fn entry_xrpcs(&self, id: i64) -> Result<Vec<String>, ServiceError> {
        let entry = self.parts.state.read(move |conn| ServiceEntry::get(conn, id)).await?;
        Ok(entry.xrpcs.into_iter().collect())
    }

    /// Adds methods to an entry's list; those on it already stay.
    pub async fn list_xrpcs(
        &self,
        id: i64,
        nsids: Vec<Nsid>,
        actor: Option<&str>,
    ) -> Result<(), ServiceError> {
        self.change_list(
            id,
            nsids,
            "INSERT INTO service_entry_xrpcs (service_entry_id, lexicon_id) VALUES ($1, $2) \
             ON CONFLICT DO NOTHING",
            ("added", actor),
        )
        .await
    }

    /// Takes methods off an entry's list; those not on it do not matter.
    pub async fn unlist_xrpcs(
        &self,
        id: i64,
        nsids: Vec<Nsid>,
        actor: Option<&str>,
    ) -> Result<(), ServiceError> {
        self.change_list(
            id,
            nsids,
            "DELETE FROM service_entry_xrpcs WHERE service_entry_id = $1 AND lexicon_id = $2",
            ("removed", actor),
        )
        .await
    }

    /// Runs one statement for each method. `done` and the actor are for the event log.
    async fn change_list(
        &self,
        id: i64,
        nsids: Vec<Nsid>,
        sql: &'static str,
        (done, actor): (&'static str, Option<&str>),
    ) -> Result<(), ServiceError> {
        let detail = json!({ done: nsids.iter().map(Nsid::as_str).collect::<Vec<_>>() });
        self.changed(move |conn| {
            ServiceEntry::must_exist(conn, id)?;
            for nsid in &nsids {
                conn.execute(sql, &[v(id), v(nsid.as_str())])?;
            }
            Ok(())
        })
        .await?;
        let event = Event::new(kinds::SERVICE_ENTRY_UPDATED).actor(actor).subject(&id.to_string());
        self.parts.events.record(event.detail(detail));
        Ok(())
    }
}
