//! An event in the log.

use store::{Conn, Error, Row, v};
use uuid::Uuid;

use crate::Event;

/// An entry of the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredEvent {
    /// `UUIDv7`.
    pub id: String,
    /// `category.action`.
    pub event_type: String,
    /// `info`, `warn` or `error`.
    pub severity: String,
    /// Whoever did it; `None` for the server itself and for the command line.
    pub actor_did: Option<String>,
    /// What it was done to.
    pub subject: Option<String>,
    /// More about it: a JSON object as text.
    pub detail: String,
    /// When, in microseconds since the epoch.
    pub created_at: i64,
}

impl StoredEvent {
    pub(crate) const COLUMNS: &str = "id, event_type, severity, actor_did, subject, detail, created_at";

    pub(crate) fn new(event: Event, created_at: i64) -> Self {
        Self {
            id: Uuid::now_v7().to_string(),
            event_type: event.kind.name.to_owned(),
            severity: event.severity.name().to_owned(),
            detail: event.detail_json(),
            actor_did: event.actor,
            subject: event.subject,
            created_at,
        }
    }

    /// Inserting it again changes nothing: an insert whose answer was lost may be repeated.
    pub(crate) fn insert(&self, conn: &mut Conn<'_>) -> Result<(), Error> {
        conn.execute(
            "INSERT INTO event_logs (id, event_type, severity, actor_did, subject, detail, created_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (id) DO NOTHING",
            &[
                v(&self.id),
                v(&self.event_type),
                v(&self.severity),
                v(self.actor_did.as_deref()),
                v(self.subject.as_deref()),
                v(&self.detail),
                v(self.created_at),
            ],
        )?;
        Ok(())
    }

    pub(crate) fn read(row: &Row<'_>) -> Result<Self, Error> {
        Ok(Self {
            id: row.string(0)?,
            event_type: row.string(1)?,
            severity: row.string(2)?,
            actor_did: row.opt_text(3)?.map(str::to_owned),
            subject: row.opt_text(4)?.map(str::to_owned),
            detail: row.string(5)?,
            created_at: row.int(6)?,
        })
    }
}
