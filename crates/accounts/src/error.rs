//! What can go wrong with accounts.

use server::Permission;

use crate::permissions::PERMISSIONS;

/// A failed operation on users, keys, sessions, settings or domains.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A permission that does not exist.
    #[error("unknown permission `{0}`; there are: {known}", known = known())]
    UnknownPermission(String),
    /// A template that does not exist.
    #[error("unknown template `{0}`; there are: viewer, operator, manager, full_access")]
    UnknownTemplate(String),
    /// Giving away what one does not have.
    #[error("you cannot grant permissions that you do not hold: {}", names(.0))]
    Escalation(Vec<Permission>),
    /// An operation on users that the rules of spec/appview.md §4.3 forbid.
    #[error("{0}")]
    Forbidden(&'static str),
    /// The caller is nobody here.
    #[error("not a user")]
    NotAUser,
    /// A user with this DID is there already.
    #[error("there is already a user with the DID {0}")]
    UserExists(String),
    /// There is no such user.
    #[error("there is no user with the id `{0}`")]
    NoSuchUser(String),
    /// A key name that is empty or too long.
    #[error("the name of an API key has 1 to {max} characters")]
    KeyName {
        /// The longest allowed.
        max: usize,
    },
    /// There is no such key.
    #[error("there is no API key with the id `{0}`")]
    NoSuchKey(String),
    /// A key is known by its hash.
    #[error("the hash of an API key is SHA-256 in hex: 64 digits")]
    KeyHash,
    /// Whose key it is.
    #[error("its owner {0} is not a user here")]
    NoSuchOwner(String),
    /// A row of ours that cannot be read.
    #[error("the permissions of API key {key_id} are not a JSON array of strings")]
    CorruptPermissions {
        /// The row id of the key.
        key_id: String,
        /// Why not.
        #[source]
        source: serde_json::Error,
    },
    /// A setting that does not exist or is not for people to write.
    #[error("there is no setting `{0}`")]
    UnknownSetting(String),
    /// A value that its setting does not take.
    #[error("{key}: {problem}")]
    SettingValue {
        /// The setting.
        key: &'static str,
        /// What is wrong, with what is expected.
        problem: String,
    },
    /// A logo that is no image or too big.
    #[error("the logo {0}")]
    Logo(&'static str),
    /// A pattern that a proxy policy cannot have.
    #[error("{0}")]
    ProxyPattern(String),
    /// A URL that cannot be a domain of this server.
    #[error("{0}")]
    DomainUrl(String),
    /// There is no such domain.
    #[error("there is no domain with the id `{0}`")]
    NoSuchDomain(String),
    /// The primary domain stays.
    #[error("the primary domain cannot be removed; make another one primary first")]
    PrimaryDomain,
    /// The master secret cannot be used.
    #[error("master secret: {0}")]
    MasterSecret(String),
    /// The primitives refused.
    #[error("a secret could not be sealed")]
    Sealing,
    /// A stored secret does not open.
    #[error(
        "the sealed secret ({purpose}) of row {row_id} is damaged or was sealed under another master secret"
    )]
    Sealed {
        /// What it is kept for.
        purpose: &'static str,
        /// The row it belongs to.
        row_id: String,
    },
    /// The operating system gave no random bytes.
    #[error("no randomness for a new secret")]
    Randomness,
    /// The database.
    #[error("accounts database")]
    Store(#[from] store::Error),
}

fn known() -> String {
    PERMISSIONS.iter().map(|info| info.permission.name()).collect::<Vec<_>>().join(", ")
}

fn names(permissions: &[Permission]) -> String {
    permissions.iter().map(|permission| permission.name()).collect::<Vec<_>>().join(", ")
}
