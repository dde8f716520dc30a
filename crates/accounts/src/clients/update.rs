//! Changing a client.

use events::{Event, kinds};
use serde_json::json;
use store::{Conn, v};

use super::{ApiClient, ClientError, ClientRegistry, fields};
use crate::clock::now_micros;

/// A field that can be left, emptied or set.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Change<T> {
    /// As it is.
    #[default]
    Keep,
    /// Back to the server's default.
    Clear,
    /// To this value.
    Set(T),
}

/// What to change about a client; what is `None` stays.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ClientChange {
    /// For people.
    pub name: Option<String>,
    /// Where the app is.
    pub client_uri: Option<String>,
    /// Where its users may be sent.
    pub redirect_uris: Option<Vec<String>>,
    /// The most that its sessions may have. Sessions that are there keep what they have.
    pub scopes: Option<String>,
    /// Origins of pages that may use it.
    pub allowed_origins: Change<Vec<String>>,
    /// Tokens of its rate limit.
    pub rate_limit_capacity: Change<i64>,
    /// Tokens per second.
    pub rate_limit_refill_rate: Change<f64>,
    /// Whether it can be used.
    pub is_active: Option<bool>,
}

impl ClientRegistry {
    /// Changes a client, on this instance at once and on others within seconds. `by` is the DID of whoever does it.
    pub async fn update(
        &self,
        by: Option<&str>,
        id: &str,
        change: ClientChange,
    ) -> Result<ApiClient, ClientError> {
        let (client_id, now) = (id.to_owned(), now_micros());
        let client = self
            .state
            .write(move |conn| {
                let sql = format!("SELECT {} FROM api_clients c WHERE c.id = $1", ApiClient::COLUMNS);
                let found = conn.query_opt(&sql, &[v(&client_id)], ApiClient::read)?;
                let mut client = found.ok_or(ClientError::NoSuchClient)?;
                change.clone().apply(&mut client)?;
                client.store(conn, now)?;
                Ok::<_, ClientError>(client)
            })
            .await?;
        self.changes.note();
        self.events.record(
            Event::new(kinds::API_CLIENT_UPDATED)
                .actor(by)
                .subject(&client.id)
                .detail(json!({ "name": client.name })),
        );
        Ok(client)
    }
}

impl ClientChange {
    fn apply(self, client: &mut ApiClient) -> Result<(), ClientError> {
        if let Some(name) = self.name {
            client.name = fields::name(name)?;
        }
        if let Some(uri) = self.client_uri {
            client.client_uri = fields::client_uri(uri)?;
        }
        if let Some(uris) = self.redirect_uris {
            client.redirect_uris = fields::redirect_uris(uris)?;
        }
        if let Some(scopes) = self.scopes {
            client.scopes = fields::scopes(&scopes)?;
        }
        if let Some(active) = self.is_active {
            client.is_active = active;
        }
        self.allowed_origins.apply(&mut client.allowed_origins, |list| fields::allowed_origins(&list))?;
        self.rate_limit_capacity.apply(&mut client.rate_limit_capacity, fields::rate_limit_capacity)?;
        self.rate_limit_refill_rate.apply(&mut client.rate_limit_refill_rate, fields::rate_limit_refill_rate)
    }
}

impl<T> Change<T> {
    fn apply<U>(
        self,
        field: &mut Option<U>,
        check: impl FnOnce(T) -> Result<U, ClientError>,
    ) -> Result<(), ClientError> {
        match self {
            Self::Keep => {}
            Self::Clear => *field = None,
            Self::Set(value) => *field = Some(check(value)?),
        }
        Ok(())
    }
}

impl ApiClient {
    pub(super) fn store(&self, conn: &mut Conn<'_>, now: i64) -> Result<(), store::Error> {
        let redirect_uris = json!(self.redirect_uris).to_string();
        let allowed_origins = self.allowed_origins.as_ref().map(|origins| json!(origins).to_string());
        conn.execute(
            "UPDATE api_clients SET name = $2, client_uri = $3, redirect_uris = $4, scopes = $5, \
               allowed_origins = $6, rate_limit_capacity = $7, rate_limit_refill_rate = $8, is_active = $9, \
               updated_at = $10 \
             WHERE id = $1",
            &[
                v(&self.id),
                v(&self.name),
                v(&self.client_uri),
                v(&redirect_uris),
                v(&self.scopes),
                v(allowed_origins.as_deref()),
                v(self.rate_limit_capacity),
                v(self.rate_limit_refill_rate),
                v(self.is_active),
                v(now),
            ],
        )?;
        Ok(())
    }
}
