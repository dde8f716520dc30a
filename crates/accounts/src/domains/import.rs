//! Taking over domains of another server.

use ::url::Url;
use events::{Event, EventLog, kinds};
use serde_json::json;
use store::{Conn, Database, v};
use time::OffsetDateTime;
use uuid::Uuid;

use super::{Domain, is_loopback, url};
use crate::{Error, Imported, clock::micros_of, imported::at};

/// A domain as another server kept it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImportedDomain {
    /// Its URL.
    pub url: String,
    /// Whether it stood for that server. It does for this one if none does.
    pub is_primary: bool,
    /// When it was added.
    pub created_at: Option<OffsetDateTime>,
    /// When it last changed.
    pub updated_at: Option<OffsetDateTime>,
}

impl Domain {
    /// Takes over a domain into a database that need not be the one of a running server; one that is here already stays.
    pub async fn import(state: &Database, events: &EventLog, new: ImportedDomain) -> Result<Imported, Error> {
        let loopback = Url::parse(&new.url).is_ok_and(|url| is_loopback(&url));
        let origin = url::parse(&new.url, loopback)?;
        let created_at = at(new.created_at);
        let updated_at = new.updated_at.map_or(created_at, micros_of);
        let (id, row_url) = (Uuid::now_v7().to_string(), origin.clone());
        let insert = move |conn: &mut Conn<'_>| {
            let primary = "SELECT 1 FROM domains WHERE is_primary = 1";
            let vacant = conn.query_opt::<_, store::Error>(primary, &[], |row| row.int(0))?.is_none();
            conn.execute(
                "INSERT INTO domains (id, url, is_primary, created_at, updated_at) \
                 VALUES ($1, $2, $3, $4, $5) ON CONFLICT (url) DO NOTHING",
                &[v(&id), v(&row_url), v(new.is_primary && vacant), v(created_at), v(updated_at)],
            )
        };
        if state.write(insert).await? == 0 {
            return Ok(Imported::Kept);
        }
        let detail = json!({ "imported": true, "url": origin });
        events.record(Event::new(kinds::DOMAIN_CREATED).subject(&origin).detail(detail));
        Ok(Imported::Added)
    }
}
