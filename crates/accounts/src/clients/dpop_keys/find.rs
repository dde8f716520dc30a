//! Finding a key that somebody has signed in with.

use atproto::{jose::PrivateJwk, oauth::pkce};
use store::v;

use super::UNUSED_LIFETIME;
use crate::{
    Purpose,
    clients::{ClientError, Clients},
    clock::now_micros,
};

/// A key as it was provisioned.
pub(in crate::clients) struct ProvisionedKey {
    /// The row id.
    pub(in crate::clients) id: String,
    /// The row id of the client it was made for.
    pub(in crate::clients) client_id: String,
    sealed: Vec<u8>,
    challenge: Option<String>,
}

impl Clients {
    /// The key with this provision id, if its time is not over.
    pub(in crate::clients) async fn provisioned(
        &self,
        provision_id: &str,
    ) -> Result<ProvisionedKey, ClientError> {
        let lifetime = i64::try_from(UNUSED_LIFETIME.as_micros()).unwrap_or(i64::MAX);
        let (provision_id, born_after) = (provision_id.to_owned(), now_micros() - lifetime);
        let found = self.parts.state.read(move |conn| {
            conn.query_opt(
                "SELECT id, api_client_id, private_key_enc, pkce_challenge FROM dpop_keys \
                 WHERE provision_id = $1 AND (did IS NOT NULL OR created_at > $2)",
                &[v(&provision_id), v(born_after)],
                |row| {
                    Ok::<_, ClientError>(ProvisionedKey {
                        id: row.string(0)?,
                        client_id: row.string(1)?,
                        sealed: row.blob(2)?.to_vec(),
                        challenge: row.opt_text(3)?.map(str::to_owned),
                    })
                },
            )
        });
        found
            .await?
            .ok_or_else(|| ClientError::bad_request("unknown or expired provision_id; ask for a new key"))
    }

    /// The private key itself.
    pub(in crate::clients) fn open(&self, key: &ProvisionedKey) -> Result<PrivateJwk, ClientError> {
        let json = self.parts.vault.unseal(Purpose::DPOP_KEYS, &key.id, &key.sealed)?;
        PrivateJwk::parse(&json)
            .map_err(|_| crate::Error::Sealed { purpose: "dpop keys", row_id: key.id.clone() }.into())
    }
}

impl ProvisionedKey {
    /// Whether `verifier` is what the key was bound to when it was asked for.
    pub(in crate::clients) fn is_bound_to(&self, verifier: &str) -> bool {
        self.challenge.as_deref().is_some_and(|challenge| pkce::verify(verifier, challenge))
    }
}
