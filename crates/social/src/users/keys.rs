//! What somebody at home here signs with.

use accounts::{Purpose, Vault};
use activitypub::signature::{KeyError, KeyType, PrivateKey};
use data_encoding::BASE64;
use store::{Conn, v};
use uuid::Uuid;

use crate::{Error, Id};

/// A pair, the private one sealed.
#[derive(Clone, Debug)]
pub struct Keys {
    /// PEM.
    pub public: String,
    /// Sealed, in Base64.
    sealed: String,
}

impl Keys {
    /// A new pair for whoever has that uuid. Takes tens of milliseconds: not where others wait.
    pub fn generate(vault: &Vault, uuid: &Uuid) -> Result<Self, Error> {
        let key = PrivateKey::generate(KeyType::Rsa)?;
        Self::seal(vault, &uuid.to_string(), &key)
    }

    /// A pair that was somewhere else before.
    pub fn seal(vault: &Vault, uuid: &str, key: &PrivateKey) -> Result<Self, Error> {
        let sealed = vault.seal(Purpose::SOCIAL_KEYS, uuid, key.to_pem()?.as_bytes())?;
        Ok(Self { public: key.public_key()?.to_pem()?, sealed: BASE64.encode(&sealed) })
    }

    /// The private key of whoever has that uuid.
    pub fn open(&self, vault: &Vault, uuid: &str) -> Result<PrivateKey, Error> {
        let sealed = BASE64.decode(self.sealed.as_bytes()).map_err(|_| KeyError::Malformed)?;
        Ok(PrivateKey::from_pem(&vault.unseal_text(Purpose::SOCIAL_KEYS, uuid, &sealed)?)?)
    }
}

/// The pair of somebody, and their uuid; of those elsewhere there is none.
pub fn keys(conn: &mut Conn<'_>, user: Id) -> Result<Option<(String, Keys)>, Error> {
    let sql = "SELECT u.uuid, k.public_key, k.private_key FROM social_keys k JOIN social_users u ON u.id = k.user_id
               WHERE k.user_id = $1";
    conn.query_opt(sql, &[user.into()], |row| {
        Ok((row.string(0)?, Keys { public: row.string(1)?, sealed: row.string(2)? }))
    })
}

/// Gives somebody a pair, if they have none. Two who do so at once end with the same one.
pub fn put_keys(conn: &mut Conn<'_>, now: i64, user: Id, keys: &Keys) -> Result<(), Error> {
    conn.execute(
        "INSERT INTO social_keys (user_id, public_key, private_key, created_at) VALUES ($1, $2, $3, $4)
         ON CONFLICT (user_id) DO NOTHING",
        &[user.into(), v(&keys.public), v(&keys.sealed), v(now)],
    )?;
    Ok(())
}
