//! Adding, removing and promoting domains.

use events::{Event, Kind, kinds};
use serde_json::json;
use store::{Conn, v};
use uuid::Uuid;

use super::{Domain, Domains, primary, url};
use crate::{Actor, Error, clock::now_micros};

impl Domains {
    /// Adds a domain, e.g. `https://app.example.com`.
    pub async fn add(&self, actor: &Actor, url: &str) -> Result<Domain, Error> {
        let origin = url::parse(url, self.loopback)?;
        let (id, row_url, now) = (Uuid::now_v7().to_string(), origin.clone(), now_micros());
        let row_id = id.clone();
        let inserted = self
            .state
            .write(move |conn| {
                conn.execute(
                    "INSERT INTO domains (id, url, is_primary, created_at, updated_at) \
                     VALUES ($1, $2, 0, $3, $3) ON CONFLICT (url) DO NOTHING",
                    &[v(&row_id), v(&row_url), v(now)],
                )
            })
            .await?;
        if inserted == 0 {
            return Err(Error::DomainUrl(format!("{origin} is already a domain of this server")));
        }
        self.refresh().await?;
        self.note(kinds::DOMAIN_CREATED, actor, &origin);
        self.with_id(&id)
    }

    /// Removes a domain that is not the primary one.
    pub async fn remove(&self, actor: &Actor, id: &str) -> Result<(), Error> {
        let row_id = id.to_owned();
        let url = self
            .state
            .write(move |conn| {
                let (url, is_primary) = get(conn, &row_id)?;
                if is_primary {
                    return Err(Error::PrimaryDomain);
                }
                conn.execute("DELETE FROM domains WHERE id = $1", &[v(&row_id)])?;
                Ok(url)
            })
            .await?;
        self.refresh().await?;
        self.note(kinds::DOMAIN_DELETED, actor, &url);
        Ok(())
    }

    /// Makes a domain the primary one in place of the one that was.
    pub async fn promote(&self, actor: &Actor, id: &str) -> Result<(), Error> {
        let (row_id, now) = (id.to_owned(), now_micros());
        let url = self
            .state
            .write(move |conn| {
                let (url, _) = get(conn, &row_id)?;
                primary::promote(conn, &url, now)?;
                Ok::<_, Error>(url)
            })
            .await?;
        self.refresh().await?;
        self.note(kinds::DOMAIN_PRIMARY_CHANGED, actor, &url);
        Ok(())
    }

    fn with_id(&self, id: &str) -> Result<Domain, Error> {
        let found = self.list().iter().find(|domain| domain.id == id).cloned();
        found.ok_or_else(|| Error::NoSuchDomain(id.to_owned()))
    }

    fn note(&self, kind: Kind, actor: &Actor, url: &str) {
        self.events.record(Event::new(kind).actor(actor.did()).subject(url).detail(json!({ "url": url })));
    }
}

fn get(conn: &mut Conn<'_>, id: &str) -> Result<(String, bool), Error> {
    let find = "SELECT url, is_primary FROM domains WHERE id = $1";
    conn.query_opt(find, &[v(id)], |row| Ok::<_, Error>((row.string(0)?, row.bool(1)?)))?
        .ok_or_else(|| Error::NoSuchDomain(id.to_owned()))
}
