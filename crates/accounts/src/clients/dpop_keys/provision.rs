//! Making a key.

use std::fmt;

use atproto::{jose::PrivateJwk, oauth::pkce};
use events::{Event, kinds};
use serde_json::json;
use store::v;
use uuid::Uuid;

use crate::{
    Purpose,
    clients::{ApiClient, ClientError, ClientType, Clients, secret},
    clock::now_micros,
};

/// A key that was just made. The only time it leaves the server.
pub(in crate::clients) struct Provision {
    /// `hvp_` and 32 hex digits: names the key when its user has signed in.
    pub(in crate::clients) provision_id: String,
    /// The private key.
    pub(in crate::clients) key: PrivateJwk,
}

impl fmt::Debug for Provision {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Provision").field("provision_id", &self.provision_id).finish_non_exhaustive()
    }
}

impl Clients {
    /// Makes a key for a client that proved itself. A public client binds the key to a PKCE challenge, because whoever
    /// learns the provision id could otherwise register a session with it.
    pub(in crate::clients) async fn provision(
        &self,
        client: &ApiClient,
        pkce_challenge: Option<&str>,
    ) -> Result<Provision, ClientError> {
        let challenge = match (client.client_type, pkce_challenge) {
            (ClientType::Confidential, _) => None,
            (ClientType::Public, None) => {
                return Err(ClientError::bad_request("public clients must provide pkce_challenge"));
            }
            (ClientType::Public, Some(challenge)) if pkce::is_challenge(challenge) => {
                Some(challenge.to_owned())
            }
            (ClientType::Public, Some(_)) => {
                return Err(ClientError::field(
                    "pkce_challenge",
                    "must be the base64url of a SHA-256 (S256)",
                ));
            }
        };
        self.limit_keys(client).await?;
        let (id, key) = (Uuid::now_v7().to_string(), PrivateJwk::generate());
        let provision = Provision { provision_id: secret::provision_id()?, key };
        let thumbprint = provision.key.public().thumbprint();
        let sealed =
            self.parts.vault.seal(Purpose::DPOP_KEYS, &id, provision.key.to_json().to_string().as_bytes())?;
        let (provision_id, client_id) = (provision.provision_id.clone(), client.id.clone());
        let (row_thumbprint, now) = (thumbprint.clone(), now_micros());
        self.parts.state
            .write(move |conn| {
                conn.execute(
                    "INSERT INTO dpop_keys (id, provision_id, api_client_id, private_key_enc, jwk_thumbprint, \
                       pkce_challenge, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7)",
                    &[
                        v(&id),
                        v(&provision_id),
                        v(&client_id),
                        v(&sealed),
                        v(&row_thumbprint),
                        v(challenge.as_deref()),
                        v(now),
                    ],
                )
            })
            .await?;
        self.parts.events.record(
            Event::new(kinds::DPOP_KEY_PROVISIONED)
                .subject(&provision.provision_id)
                .detail(json!({ "client_key": client.client_key, "thumbprint": thumbprint })),
        );
        Ok(provision)
    }
}
