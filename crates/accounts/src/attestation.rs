//! The key that this server attests records with (spec/appview.md §5.10).

use std::collections::HashMap;

use atproto::attestation::{Attestation, AttestationError};
use atproto::crypto::{PrivateKey, PublicKey};
use data_encoding::BASE64;
use serde_json::{Map, Value};
use store::{Conn, Database, v};

use crate::{Domains, Error, Purpose, Vault, clock::now_micros, service::did};

/// The rows of `instance_settings`. They are no settings: nobody lists them, and the admin API does not write them.
const PRIVATE_KEY: &str = "attestation_private_key";
const KEY_ID: &str = "attestation_key_id";
const SIG_TYPE: &str = "attestation_sig_type";

const DEFAULT_SIG_TYPE: &str = "games.gamesgamesgamesgames.attestation";

/// What the operator configured; it counts before what is kept in the database.
#[derive(Clone, Debug, Default)]
pub struct AttestationConfig {
    /// On secp256k1 (`ATTESTATION_PRIVATE_KEY`).
    pub private_key: Option<PrivateKey>,
    /// Where others find its public half (`ATTESTATION_KEY_ID`).
    pub key_id: Option<String>,
    /// The `$type` of attestations (`ATTESTATION_SIG_TYPE`).
    pub sig_type: Option<String>,
}

/// Attests records on behalf of this server.
#[derive(Debug)]
pub struct Attestor {
    key: PrivateKey,
    key_id: String,
    sig_type: String,
}

impl Attestor {
    /// With the configured key, else the one in the database, which is made and sealed the first time. Nothing if that one does
    /// not open.
    pub async fn open(
        state: &Database,
        vault: &Vault,
        domains: &Domains,
        config: AttestationConfig,
    ) -> Result<Option<Self>, Error> {
        let mut stored = state.read(stored).await?;
        let key = match (config.private_key, stored.remove(PRIVATE_KEY)) {
            (Some(key), _) => Some(key),
            (None, Some(sealed)) => unsealed(vault, &sealed),
            (None, None) => {
                let sealed = BASE64.encode(&vault.seal(
                    Purpose::ATTESTATION_KEY,
                    PRIVATE_KEY,
                    &PrivateKey::generate_k256().to_scalar(),
                )?);
                unsealed(vault, &state.write(move |conn| keep(conn, &sealed)).await?)
            }
        };
        let host = domains.primary().as_ref().and_then(did::web);
        let key_id = config.key_id.or_else(|| stored.remove(KEY_ID));
        let key_id = key_id.or_else(|| host.map(|did| format!("{did}#attestation")));
        let sig_type = config.sig_type.or_else(|| stored.remove(SIG_TYPE));
        let sig_type = sig_type.unwrap_or_else(|| DEFAULT_SIG_TYPE.to_owned());
        let attestor = key.zip(key_id).map(|(key, key_id)| Self { key, key_id, sig_type });
        if let Some(Self { key, key_id, .. }) = &attestor {
            // The operator has to publish it, and sees it nowhere else.
            tracing::info!(
                key_id,
                public_key = key.public().multikey(),
                "scripts attest records with this key"
            );
        }
        Ok(attestor)
    }

    /// Attests a record that is to be in a repository, if that is known: its DID, else nothing.
    pub fn sign(
        &self,
        record: Map<String, Value>,
        repository: &str,
    ) -> Result<Attestation, AttestationError> {
        Attestation::sign(record, &self.sig_type, repository, &self.key, &self.key_id)
    }

    /// The key that verifies them, under its id.
    #[must_use]
    pub fn public(&self) -> (&str, &PublicKey) {
        (&self.key_id, self.key.public())
    }
}

fn unsealed(vault: &Vault, sealed: &str) -> Option<PrivateKey> {
    let sealed = BASE64.decode(sealed.as_bytes()).unwrap_or_default();
    let opened = vault.unseal(Purpose::ATTESTATION_KEY, PRIVATE_KEY, &sealed);
    let key = opened.ok().and_then(|scalar| PrivateKey::k256(scalar.as_slice().try_into().ok()?).ok());
    if key.is_none() {
        tracing::error!(
            "the stored attestation key cannot be opened; scripts cannot sign until ATTESTATION_PRIVATE_KEY is set"
        );
    }
    key
}

fn stored(conn: &mut Conn<'_>) -> Result<HashMap<String, String>, Error> {
    let rows = conn.query(
        "SELECT key, value FROM instance_settings WHERE key IN ($1, $2, $3)",
        &[v(PRIVATE_KEY), v(KEY_ID), v(SIG_TYPE)],
        |row| Ok::<_, Error>((row.string(0)?, row.string(1)?)),
    )?;
    Ok(rows.into_iter().collect())
}

/// Keeps a new key, unless another instance was quicker; the one that is kept.
fn keep(conn: &mut Conn<'_>, sealed: &str) -> Result<String, Error> {
    conn.execute(
        "INSERT INTO instance_settings (key, value, updated_at) VALUES ($1, $2, $3) ON CONFLICT (key) DO NOTHING",
        &[v(PRIVATE_KEY), v(sealed), v(now_micros())],
    )?;
    let kept =
        conn.query_one("SELECT value FROM instance_settings WHERE key = $1", &[v(PRIVATE_KEY)], |row| {
            row.string(0)
        })?;
    Ok(kept)
}
