//! An API client as lists show it.

use std::{fmt, str::FromStr};

use serde::Serialize;
use store::Row;
use time::OffsetDateTime;
use utoipa::ToSchema;

use super::ClientError;
use crate::clock::from_micros;

/// An app that acts for its users through this server.
#[derive(Clone, Debug, PartialEq)]
pub struct ApiClient {
    /// The row id.
    pub id: String,
    /// `hvc_` and 32 hex digits: names the client to everybody.
    pub client_key: String,
    /// For people.
    pub name: String,
    /// The app's OAuth client id: what its users' PDSes know it as. Never changes.
    pub client_id_url: String,
    /// Where the app is; pages of this origin may use the client.
    pub client_uri: String,
    /// Where the app's users may be sent after signing in.
    pub redirect_uris: Vec<String>,
    /// The most that its sessions may have, separated by spaces.
    pub scopes: String,
    /// How it proves itself.
    pub client_type: ClientType,
    /// Pages of these origins may use the client, too; `None`: not restricted.
    pub allowed_origins: Option<Vec<String>>,
    /// Tokens of its rate limit; `None`: the server's default.
    pub rate_limit_capacity: Option<u32>,
    /// Tokens per second it gets back; `None`: the server's default.
    pub rate_limit_refill_rate: Option<f64>,
    /// An inactive client, or one whose parent is, cannot be used.
    pub is_active: bool,
    /// The DID of whoever made it; `None`: made on the command line.
    pub created_by: Option<String>,
    /// When it was made.
    pub created_at: OffsetDateTime,
    /// When it was last changed.
    pub updated_at: OffsetDateTime,
    /// The row id of the client through which it was made.
    pub parent_client_id: Option<String>,
    /// The DID whose it is, if it has a parent.
    pub owner_did: Option<String>,
}

/// How a client proves itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum ClientType {
    /// With a secret: a server, a command line, a bot.
    Confidential,
    /// It cannot keep a secret: a browser, a phone. With PKCE, its origin, and the keys made for it.
    Public,
}

impl ClientType {
    /// As stored and sent.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Confidential => "confidential",
            Self::Public => "public",
        }
    }
}

impl FromStr for ClientType {
    type Err = ClientError;

    fn from_str(name: &str) -> Result<Self, ClientError> {
        let all = [Self::Confidential, Self::Public];
        all.into_iter().find(|one| one.name() == name).ok_or(ClientError::ClientType)
    }
}

impl fmt::Display for ClientType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl ApiClient {
    /// What [`ApiClient::read`] reads, of a table called `c`.
    pub(super) const COLUMNS: &str = "c.id, c.client_key, c.name, c.client_id_url, c.client_uri, \
         c.redirect_uris, c.scopes, c.client_type, c.allowed_origins, c.rate_limit_capacity, \
         c.rate_limit_refill_rate, c.is_active, c.created_by, c.created_at, c.updated_at, c.parent_client_id, \
         c.owner_did";

    /// The number of these columns: further ones of a statement follow.
    pub(super) const COLUMN_COUNT: usize = 17;

    pub(super) fn read(row: &Row<'_>) -> Result<Self, ClientError> {
        let id = row.string(0)?;
        let list = |column: &'static str, json: &str| {
            serde_json::from_str(json).map_err(|source| ClientError::Corrupt {
                client_id: id.clone(),
                column,
                source,
            })
        };
        Ok(Self {
            client_key: row.string(1)?,
            name: row.string(2)?,
            client_id_url: row.string(3)?,
            client_uri: row.string(4)?,
            redirect_uris: list("redirect_uris", row.text(5)?)?,
            scopes: row.string(6)?,
            client_type: if row.text(7)? == "public" { ClientType::Public } else { ClientType::Confidential },
            allowed_origins: row.opt_text(8)?.map(|json| list("allowed_origins", json)).transpose()?,
            rate_limit_capacity: row.opt_int(9)?.and_then(|capacity| u32::try_from(capacity).ok()),
            rate_limit_refill_rate: row.opt_real(10)?,
            is_active: row.bool(11)?,
            created_by: row.opt_text(12)?.map(str::to_owned),
            created_at: from_micros(row.int(13)?),
            updated_at: from_micros(row.int(14)?),
            parent_client_id: row.opt_text(15)?.map(str::to_owned),
            owner_did: row.opt_text(16)?.map(str::to_owned),
            id,
        })
    }
}
