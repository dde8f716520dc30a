//! Taking over clients of another server: they go on working, with the keys and secrets that they have.

use atproto::Did;
use data_encoding::HEXLOWER_PERMISSIVE;
use events::{Event, kinds};
use serde_json::json;
use store::{Conn, v};
use time::OffsetDateTime;

use super::{
    ApiClient, ClientError, ClientRegistry, ClientType, NewClient, create::Maker, find::MAX_KEY_BYTES,
};
use crate::{
    Existing, Imported,
    clock::{from_micros, micros_of},
    imported::at,
};

/// A client as another server kept it.
#[derive(Clone, Debug, PartialEq)]
pub struct ImportedClient {
    /// The row id there; kept, unless it is taken here.
    pub id: String,
    /// Its public name.
    pub client_key: String,
    /// SHA-256 of its secret, 64 hex digits; none for a client that cannot prove itself that way.
    pub client_secret_hash: Option<String>,
    /// What clients are made of.
    pub new: NewClient,
    /// Whether it can be used.
    pub is_active: bool,
    /// Who made it.
    pub created_by: Option<Did>,
    /// The key of the client through which it was made, which must be here.
    pub parent_client_key: Option<String>,
    /// Whose it is, if it has a parent.
    pub owner: Option<Did>,
    /// When it was made.
    pub created_at: Option<OffsetDateTime>,
    /// When it last changed.
    pub updated_at: Option<OffsetDateTime>,
}

impl ClientRegistry {
    /// Takes over a client; the same checks as for a new one.
    pub async fn import(&self, new: ImportedClient, existing: Existing) -> Result<Imported, ClientError> {
        let parent_key = new.parent_client_key.clone();
        let (client, secret_hash) = new.into_client()?;
        let told = client.clone();
        let (imported, id) = self
            .state
            .write(move |conn| {
                let parent = parent_key.as_deref().map(|key| id_of(conn, key)).transpose()?.flatten();
                if parent_key.is_some() && parent.is_none() {
                    return Err(ClientError::bad_request("the client through which it was made is not here"));
                }
                let client = ApiClient { parent_client_id: parent, ..client.clone() };
                client.take_over(conn, secret_hash.as_deref(), existing)
            })
            .await?;
        let kind = match imported {
            Imported::Kept => return Ok(imported),
            Imported::Added => kinds::API_CLIENT_CREATED,
            Imported::Replaced => kinds::API_CLIENT_UPDATED,
        };
        self.changes.note();
        let detail = json!({ "imported": true, "name": told.name });
        self.events.record(Event::new(kind).subject(&id).detail(detail));
        Ok(imported)
    }
}

impl ImportedClient {
    /// The client without its parent, and the hash of its secret.
    fn into_client(self) -> Result<(ApiClient, Option<String>), ClientError> {
        let plain = self.client_key.bytes().all(|byte| byte.is_ascii_graphic());
        if !plain || !(1..=MAX_KEY_BYTES).contains(&self.client_key.len()) {
            let problem = format!("must be 1 to {MAX_KEY_BYTES} visible ASCII characters");
            return Err(ClientError::field("client_key", problem));
        }
        let (made, _) = self.new.into_client(&Maker::Operator(self.created_by.as_ref().map(Did::as_str)))?;
        let secret_hash = match made.client_type {
            ClientType::Public => None,
            ClientType::Confidential => self.client_secret_hash.as_deref().map(hash).transpose()?,
        };
        let created_at = from_micros(at(self.created_at));
        let client = ApiClient {
            id: self.id,
            client_key: self.client_key,
            is_active: self.is_active,
            owner_did: self.owner.map(|owner| owner.to_string()),
            created_at,
            updated_at: self.updated_at.unwrap_or(created_at),
            ..made
        };
        Ok((client, secret_hash))
    }
}

fn hash(hex: &str) -> Result<String, ClientError> {
    let hash = hex.to_ascii_lowercase();
    match HEXLOWER_PERMISSIVE.decode(hash.as_bytes()) {
        Ok(bytes) if bytes.len() == 32 => Ok(hash),
        _ => Err(ClientError::field("client_secret_hash", "must be SHA-256 in hex: 64 digits")),
    }
}

fn id_of(conn: &mut Conn<'_>, client_key: &str) -> Result<Option<String>, store::Error> {
    conn.query_opt("SELECT id FROM api_clients WHERE client_key = $1", &[v(client_key)], |row| row.string(0))
}

impl ApiClient {
    /// What became of it, and its row id.
    fn take_over(
        mut self,
        conn: &mut Conn<'_>,
        secret_hash: Option<&str>,
        existing: Existing,
    ) -> Result<(Imported, String), ClientError> {
        if let Some(id) = id_of(conn, &self.client_key)? {
            if existing == Existing::Keep {
                return Ok((Imported::Kept, id));
            }
            self.id = id;
            self.replace(conn, secret_hash)?;
            return Ok((Imported::Replaced, self.id));
        }
        let find = "SELECT 1 FROM api_clients WHERE id = $1";
        if conn.query_opt::<_, store::Error>(find, &[v(&self.id)], |row| row.int(0))?.is_some() {
            self.id = uuid::Uuid::now_v7().to_string();
        }
        self.insert(conn, secret_hash)?;
        Ok((Imported::Added, self.id))
    }

    /// Everything but whose it is and who made it.
    fn replace(&self, conn: &mut Conn<'_>, secret_hash: Option<&str>) -> Result<(), ClientError> {
        let taken = "SELECT 1 FROM api_clients WHERE client_id_url = $1 AND id <> $2";
        let values = [v(&self.client_id_url), v(&self.id)];
        if conn.query_opt::<_, store::Error>(taken, &values, |row| row.int(0))?.is_some() {
            return Err(ClientError::Duplicate);
        }
        conn.execute(
            "UPDATE api_clients SET client_secret_hash = $2, client_id_url = $3, client_type = $4 WHERE id = $1",
            &[v(&self.id), v(secret_hash), v(&self.client_id_url), v(self.client_type.name())],
        )?;
        Ok(self.store(conn, micros_of(self.updated_at))?)
    }
}
