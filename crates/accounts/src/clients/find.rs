//! Looking a client up by what a request names it with.

use std::{ops::Deref, sync::Arc};

use store::v;

use super::{ApiClient, ClientError, Clients, secret};

/// A client that is in use, with what proves it.
#[derive(Clone, Debug)]
pub(crate) struct UsableClient {
    client: Arc<ApiClient>,
    secret_hash: Option<Arc<str>>,
}

/// A client key and its prefix have 36 characters. Imported ones may have more.
pub(super) const MAX_KEY_BYTES: usize = 128;

impl Clients {
    /// The client with this key, if it and its parent are active. A change is seen at once on this instance and within
    /// seconds on others.
    pub(crate) async fn usable(&self, client_key: &str) -> Result<UsableClient, ClientError> {
        let invalid = || ClientError::unauthenticated("Invalid client");
        if client_key.len() > MAX_KEY_BYTES {
            return Err(invalid());
        }
        let key = client_key.to_owned();
        if let Some(client) = self.known.get(&key) {
            return Ok(client);
        }
        let began = self.known.begin();
        let client = self.look_up(client_key).await?.ok_or_else(invalid)?;
        // Only keys of clients are kept, so strangers cannot fill the memory.
        self.known.keep(key, client.clone(), began);
        Ok(client)
    }

    async fn look_up(&self, client_key: &str) -> Result<Option<UsableClient>, ClientError> {
        let key = client_key.to_owned();
        self.parts
            .state
            .read(move |conn| {
                let sql = format!(
                    "SELECT {}, c.client_secret_hash FROM api_clients c \
                     LEFT JOIN api_clients p ON p.id = c.parent_client_id \
                     WHERE c.client_key = $1 AND c.is_active = 1 AND COALESCE(p.is_active, 1) = 1",
                    ApiClient::COLUMNS
                );
                conn.query_opt(&sql, &[v(&key)], |row| {
                    Ok(UsableClient {
                        client: Arc::new(ApiClient::read(row)?),
                        secret_hash: row.opt_text(ApiClient::COLUMN_COUNT)?.map(Into::into),
                    })
                })
            })
            .await
    }
}

impl UsableClient {
    /// Whether this is the client's secret. A public client has none.
    pub(super) fn has_secret(&self, presented: &str) -> bool {
        self.secret_hash.as_deref().is_some_and(|hash| secret::is_secret(presented, hash))
    }

    /// Whether a page of this origin may use the client: the app's own pages, and those it allows.
    pub(super) fn has_origin(&self, origin: &str) -> bool {
        let own =
            url::Url::parse(&self.client_uri).is_ok_and(|url| url.origin().ascii_serialization() == origin);
        own || self.allowed_origins.as_ref().is_some_and(|list| list.iter().any(|allowed| allowed == origin))
    }

    /// The client itself, to keep.
    pub(super) fn to_client(&self) -> Arc<ApiClient> {
        Arc::clone(&self.client)
    }
}

impl Deref for UsableClient {
    type Target = ApiClient;

    fn deref(&self) -> &ApiClient {
        &self.client
    }
}
