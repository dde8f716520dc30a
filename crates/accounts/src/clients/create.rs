//! Making a client.

use std::fmt;

use events::{Event, kinds};
use serde_json::json;
use store::{Conn, v};
use uuid::Uuid;

use super::{ApiClient, ClientError, ClientRegistry, ClientType, fields, secret};
use crate::{
    clock::{from_micros, micros_of, now_micros},
    secret_hash::SecretHash,
};

/// How many clients somebody can make through one app: anybody with an account can, so this bounds the table.
const MAX_OWNED: i64 = 100;

/// A client to make; the values as somebody sent them.
#[derive(Clone, Debug, PartialEq)]
pub struct NewClient {
    /// For people.
    pub name: String,
    /// The app's OAuth client id.
    pub client_id_url: String,
    /// Where the app is.
    pub client_uri: String,
    /// Where its users may be sent.
    pub redirect_uris: Vec<String>,
    /// The most that its sessions may have; `None`: `atproto`.
    pub scopes: Option<String>,
    /// `confidential` or `public`; `None`: `confidential`.
    pub client_type: Option<String>,
    /// Origins of pages that may use it; `None`: not restricted.
    pub allowed_origins: Option<Vec<String>>,
    /// Tokens of its rate limit; `None`: the server's default.
    pub rate_limit_capacity: Option<i64>,
    /// Tokens per second; `None`: the server's default.
    pub rate_limit_refill_rate: Option<f64>,
}

/// A client that was just made, with its secret. The only time the secret can be seen.
#[derive(Clone)]
pub struct NewClientCredentials {
    /// The client.
    pub client: ApiClient,
    /// `hvs_` and 64 hex digits; a public client has none. Show it once and forget it.
    pub client_secret: Option<String>,
}

impl fmt::Debug for NewClientCredentials {
    // Written by hand so that no log ever shows the secret.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NewClientCredentials").field("client", &self.client).finish_non_exhaustive()
    }
}

/// For whom a client is made.
pub(super) enum Maker<'a> {
    /// An operator of this server; `None`: on the command line.
    Operator(Option<&'a str>),
    /// A user of another client, through it.
    Through { parent: &'a ApiClient, owner: &'a str },
}

impl ClientRegistry {
    /// Makes a client on behalf of an operator: their DID, or `None` on the command line.
    pub async fn create(
        &self,
        by: Option<&str>,
        new: NewClient,
    ) -> Result<NewClientCredentials, ClientError> {
        self.create_for(&Maker::Operator(by), new).await
    }

    pub(super) async fn create_for(
        &self,
        maker: &Maker<'_>,
        new: NewClient,
    ) -> Result<NewClientCredentials, ClientError> {
        let (client, client_secret) = new.into_client(maker)?;
        let secret_hash = client_secret.as_deref().map(|secret| SecretHash::of(secret).to_hex());
        let row = client.clone();
        self.state.write(move |conn| row.insert(conn, secret_hash.as_deref())).await?;
        self.changes.note();
        self.events.record(
            Event::new(kinds::API_CLIENT_CREATED)
                .actor(client.created_by.as_deref())
                .subject(&client.id)
                .detail(json!({ "name": client.name })),
        );
        Ok(NewClientCredentials { client, client_secret })
    }
}

impl NewClient {
    pub(super) fn into_client(self, maker: &Maker<'_>) -> Result<(ApiClient, Option<String>), ClientError> {
        let client_type = self.client_type.as_deref().map_or(Ok(ClientType::Confidential), str::parse)?;
        let now = from_micros(now_micros());
        let (created_by, parent, owner) = match maker {
            Maker::Operator(by) => (*by, None, None),
            Maker::Through { parent, owner } => (Some(*owner), Some(&parent.id), Some(*owner)),
        };
        let client = ApiClient {
            id: Uuid::now_v7().to_string(),
            client_key: secret::client_key()?,
            name: fields::name(self.name)?,
            client_id_url: fields::client_id_url(self.client_id_url)?,
            client_uri: fields::client_uri(self.client_uri)?,
            redirect_uris: fields::redirect_uris(self.redirect_uris)?,
            scopes: fields::scopes(self.scopes.as_deref().unwrap_or("atproto"))?,
            client_type,
            allowed_origins: self.allowed_origins.as_deref().map(fields::allowed_origins).transpose()?,
            rate_limit_capacity: self.rate_limit_capacity.map(fields::rate_limit_capacity).transpose()?,
            rate_limit_refill_rate: self
                .rate_limit_refill_rate
                .map(fields::rate_limit_refill_rate)
                .transpose()?,
            is_active: true,
            created_by: created_by.map(str::to_owned),
            created_at: now,
            updated_at: now,
            parent_client_id: parent.cloned(),
            owner_did: owner.map(str::to_owned),
        };
        let client_secret = match client_type {
            ClientType::Confidential => Some(secret::client_secret()?),
            ClientType::Public => None,
        };
        Ok((client, client_secret))
    }
}

impl ApiClient {
    pub(super) fn insert(&self, conn: &mut Conn<'_>, secret_hash: Option<&str>) -> Result<(), ClientError> {
        let redirect_uris = json!(self.redirect_uris).to_string();
        let allowed_origins = self.allowed_origins.as_ref().map(|origins| json!(origins).to_string());
        self.check_number(conn)?;
        let inserted = conn.execute(
            "INSERT INTO api_clients (id, client_key, client_secret_hash, name, client_id_url, client_uri, \
               redirect_uris, scopes, client_type, allowed_origins, rate_limit_capacity, rate_limit_refill_rate, \
               is_active, created_by, parent_client_id, owner_did, created_at, updated_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18) \
             ON CONFLICT (client_id_url) DO NOTHING",
            &[
                v(&self.id),
                v(&self.client_key),
                v(secret_hash),
                v(&self.name),
                v(&self.client_id_url),
                v(&self.client_uri),
                v(&redirect_uris),
                v(&self.scopes),
                v(self.client_type.name()),
                v(allowed_origins.as_deref()),
                v(self.rate_limit_capacity),
                v(self.rate_limit_refill_rate),
                v(self.is_active),
                v(self.created_by.as_deref()),
                v(self.parent_client_id.as_deref()),
                v(self.owner_did.as_deref()),
                v(micros_of(self.created_at)),
                v(micros_of(self.updated_at)),
            ],
        )?;
        if inserted == 0 { Err(ClientError::Duplicate) } else { Ok(()) }
    }

    /// Checks that its owner has room for it.
    fn check_number(&self, conn: &mut Conn<'_>) -> Result<(), ClientError> {
        let (Some(parent), Some(owner)) = (&self.parent_client_id, &self.owner_did) else { return Ok(()) };
        let sql = "SELECT count(*) FROM api_clients WHERE parent_client_id = $1 AND owner_did = $2";
        let count = conn.query_one::<_, store::Error>(sql, &[v(parent), v(owner)], |row| row.int(0))?;
        if count < MAX_OWNED {
            Ok(())
        } else {
            Err(ClientError::Forbidden("too many API clients; delete some"))
        }
    }
}
