//! Adding, changing and removing entries.

use events::{Event, kinds};
use serde_json::json;
use store::{Conn, v};

use super::{AccessMode, ServiceEntry};
use crate::{
    clock::now_micros,
    service::{Fragment, Service, ServiceError},
};

/// The directory takes no longer types.
const MAX_TYPE_BYTES: usize = 256;

/// What is to be different about an entry.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EntryChange {
    /// Another name in the document.
    pub fragment: Option<Fragment>,
    /// Another type in the document.
    pub service_type: Option<String>,
    /// Other methods.
    pub access: Option<AccessMode>,
}

impl Service {
    /// All entries, in the order in which they were added.
    pub async fn entries(&self) -> Result<Vec<ServiceEntry>, ServiceError> {
        self.parts.state.read(ServiceEntry::load).await
    }

    /// The entries through which a method may be called.
    pub async fn entries_admitting(&self, nsid: &str) -> Result<Vec<ServiceEntry>, ServiceError> {
        let mut entries = self.entries().await?;
        entries.retain(|entry| entry.admits(nsid));
        Ok(entries)
    }

    /// Adds an entry that admits all methods. `actor` is the DID that the event log names.
    pub async fn add_entry(
        &self,
        fragment: Fragment,
        service_type: &str,
        actor: Option<&str>,
    ) -> Result<ServiceEntry, ServiceError> {
        check_type(service_type)?;
        let (name, kind, now) = (fragment.clone(), service_type.to_owned(), now_micros());
        let entry = self.changed(move |conn| {
            let id = conn.query_one(
                "INSERT INTO service_entries (fragment_id, service_type, access_mode, created_at, updated_at) \
                 VALUES ($1, $2, 'all', $3, $3) RETURNING id",
                &[v(name.as_str()), v(&kind), v(now)],
                |row| row.int(0),
            )?;
            ServiceEntry::get(conn, id)
        });
        let entry = entry.await.map_err(|error| taken(error, &fragment))?;
        let event = Event::new(kinds::SERVICE_ENTRY_CREATED).actor(actor).subject(fragment.as_str());
        self.parts.events.record(event.detail(json!({ "service_type": service_type })));
        Ok(entry)
    }

    /// Changes an entry. What the directory says follows with the next synchronisation.
    pub async fn change_entry(
        &self,
        id: i64,
        change: EntryChange,
        actor: Option<&str>,
    ) -> Result<(), ServiceError> {
        if let Some(service_type) = &change.service_type {
            check_type(service_type)?;
        }
        let (wanted, now) = (change.clone(), now_micros());
        let changed = self.changed(move |conn| wanted.apply(conn, id, now)).await;
        let entry = match (changed, &change.fragment) {
            (Err(error), Some(fragment)) => return Err(taken(error, fragment)),
            (changed, _) => changed?,
        };
        let event = Event::new(kinds::SERVICE_ENTRY_UPDATED).actor(actor).subject(entry.fragment.as_str());
        self.parts.events.record(event.detail(json!({ "access_mode": entry.access.name() })));
        Ok(())
    }

    /// Removes an entry: nothing is admitted through it from now on.
    pub async fn remove_entry(&self, id: i64, actor: Option<&str>) -> Result<(), ServiceError> {
        let fragment = self.changed(move |conn| {
            let removed = conn.query_opt(
                "DELETE FROM service_entries WHERE id = $1 RETURNING fragment_id",
                &[v(id)],
                |row| row.string(0).map_err(ServiceError::from),
            )?;
            removed.ok_or(ServiceError::NoSuchEntry(id))
        });
        let event = Event::new(kinds::SERVICE_ENTRY_DELETED).actor(actor).subject(&fragment.await?);
        self.parts.events.record(event);
        Ok(())
    }
}

impl EntryChange {
    fn apply(&self, conn: &mut Conn<'_>, id: i64, now: i64) -> Result<ServiceEntry, ServiceError> {
        conn.execute(
            "UPDATE service_entries SET fragment_id = COALESCE($2, fragment_id), \
             service_type = COALESCE($3, service_type), access_mode = COALESCE($4, access_mode), \
             updated_at = $5 WHERE id = $1",
            &[
                v(id),
                v(self.fragment.as_ref().map(Fragment::as_str)),
                v(self.service_type.as_deref()),
                v(self.access.map(AccessMode::name)),
                v(now),
            ],
        )?;
        ServiceEntry::get(conn, id)
    }
}

pub(in crate::service) fn check_type(service_type: &str) -> Result<(), ServiceError> {
    let plain = service_type.chars().all(|c| !c.is_control() && !c.is_whitespace());
    if plain && (1..=MAX_TYPE_BYTES).contains(&service_type.len()) {
        Ok(())
    } else {
        Err(ServiceError::ServiceType { max: MAX_TYPE_BYTES })
    }
}

fn taken(error: ServiceError, fragment: &Fragment) -> ServiceError {
    match error {
        ServiceError::Store(error) if error.is_unique_violation() => {
            ServiceError::EntryExists(fragment.clone())
        }
        other => other,
    }
}
