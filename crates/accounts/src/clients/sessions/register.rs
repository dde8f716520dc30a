//! Beginning a session.

use atproto::Did;
use events::{Event, Severity, kinds};
use serde_json::json;
use store::v;
use time::OffsetDateTime;

use crate::{
    clients::{ClientError, ClientType, Clients, dpop_keys::ProvisionedKey, find::UsableClient},
    pds::{Holder, NewPdsSession, PdsError},
};

/// What an app says it got for one of its users.
pub(in crate::clients) struct Registration {
    pub(in crate::clients) provision_id: String,
    /// Of a public client.
    pub(in crate::clients) pkce_verifier: Option<String>,
    pub(in crate::clients) did: Did,
    pub(in crate::clients) access_token: String,
    pub(in crate::clients) refresh_token: Option<String>,
    pub(in crate::clients) expires_at: Option<OffsetDateTime>,
    /// Separated by spaces.
    pub(in crate::clients) scopes: String,
}

/// A session that was just registered.
pub(in crate::clients) struct Registered {
    pub(in crate::clients) session_id: String,
    pub(in crate::clients) did: Did,
    pub(in crate::clients) scopes: String,
}

impl Clients {
    /// Registers a session for a client that proved itself as far as it can without its user. What the app says of the
    /// user is not believed: the token must work, with this key, at the PDS that the user's DID document names.
    pub(in crate::clients) async fn register(
        &self,
        client: &UsableClient,
        new: Registration,
    ) -> Result<Registered, ClientError> {
        let provisioned = self.provisioned(&new.provision_id).await?;
        check_key(client, &provisioned, new.pkce_verifier.as_deref())?;
        self.check_scopes(&new.scopes, &client.scopes).await?;
        let key = self.open(&provisioned)?;
        let owner =
            self.parts.pds.verify_token(&new.did, &new.access_token, &key).await.map_err(not_theirs)?;
        self.bind(&provisioned, &new.did).await?;
        let session = NewPdsSession {
            did: new.did.clone(),
            holder: Holder::Device { api_client_id: client.id.clone(), dpop_key_id: provisioned.id },
            client_id: client.client_id_url.clone(),
            issuer: owner.issuer,
            pds: owner.pds,
            scopes: new.scopes.clone(),
            key,
            access_token: new.access_token,
            refresh_token: new.refresh_token,
            expires_at: new.expires_at,
        };
        let lasts = session.refresh_token.is_some();
        let session_id = self.parts.pds.save(session).await?;
        self.changes.note();
        self.parts.events.record(
            Event::new(kinds::DPOP_SESSION_CREATED)
                // It works until its access token expires, and then nothing tells why it stopped.
                .severity(if lasts { Severity::Info } else { Severity::Warn })
                .actor(new.did.as_str())
                .subject(&client.client_key)
                .detail(json!({ "scopes": new.scopes, "refreshable": lasts })),
        );
        Ok(Registered { session_id, did: new.did, scopes: new.scopes })
    }

    /// Ties a key to whoever signed in with it first: a key shared by two people would let one act as the other.
    async fn bind(&self, key: &ProvisionedKey, did: &Did) -> Result<(), ClientError> {
        let (id, did) = (key.id.clone(), did.to_string());
        let bound = self.parts.state.write(move |conn| {
            let sql = "UPDATE dpop_keys SET did = $2 WHERE id = $1 AND (did IS NULL OR did = $2)";
            conn.execute(sql, &[v(&id), v(&did)])
        });
        if bound.await? == 0 {
            return Err(ClientError::Conflict("this key belongs to another account; ask for a new one"));
        }
        Ok(())
    }
}

/// Whether the client may register a session with this key.
fn check_key(client: &UsableClient, key: &ProvisionedKey, verifier: Option<&str>) -> Result<(), ClientError> {
    if client.client_type == ClientType::Public {
        let verifier =
            verifier.ok_or_else(|| ClientError::bad_request("public clients must provide pkce_verifier"))?;
        if !key.is_bound_to(verifier) && !faults::mutant!("accounts-pkce-not-checked") {
            return Err(ClientError::unauthenticated("PKCE verification failed"));
        }
    }
    if key.client_id != client.id {
        return Err(ClientError::unauthenticated("provision_id does not belong to this client"));
    }
    Ok(())
}

/// A token that its PDS does not take is a credential that does not verify.
fn not_theirs(error: PdsError) -> ClientError {
    match error {
        PdsError::BadRequest(_) => {
            ClientError::unauthenticated("access token does not belong to the claimed DID")
        }
        error => error.into(),
    }
}
