//! What can go wrong with accounts.

use crate::permissions::PERMISSIONS;

/// A failed operation on users or keys.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A permission that does not exist.
    #[error("unknown permission `{0}`; there are: {known}", known = known())]
    UnknownPermission(String),
    /// A key name that is empty or too long.
    #[error("the name of an API key has 1 to {max} characters")]
    KeyName {
        /// The longest allowed.
        max: usize,
    },
    /// There is no such key.
    #[error("there is no API key with the id `{0}`")]
    NoSuchKey(String),
    /// A row of ours that cannot be read.
    #[error("the permissions of API key {key_id} are not a JSON array of strings")]
    CorruptPermissions {
        /// The row id of the key.
        key_id: String,
        /// Why not.
        #[source]
        source: serde_json::Error,
    },
    /// The operating system gave no random bytes.
    #[error("no randomness for a new API key")]
    Randomness,
    /// The database.
    #[error("accounts database")]
    Store(#[from] store::Error),
}

fn known() -> String {
    PERMISSIONS.iter().map(|info| info.permission.name()).collect::<Vec<_>>().join(", ")
}
