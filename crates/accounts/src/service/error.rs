//! What can go wrong with the identity of this server.

use std::error::Error as StdError;

use atproto::plc::PlcError;
use http::StatusCode;

use super::{Fragment, Mode};
use crate::pds::PdsError;

/// A failed operation on the service identity, its entries or keys. Texts are for the operator.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ServiceError {
    /// No such mode.
    #[error("unknown mode `{0}`; there are: did_web, did_plc, attach_account, not_exposed")]
    UnknownMode(String),
    /// No such access mode.
    #[error("unknown access mode `{0}`; there are: all, specific")]
    UnknownAccessMode(String),
    /// The mode needs an account and none was named, or one was named without need.
    #[error("{0}")]
    Account(&'static str),
    /// A DID that the mode does not lead to, or a key from elsewhere.
    #[error("{0}")]
    NotChosenHere(&'static str),
    /// Nobody has chosen an identity.
    #[error("choose an identity mode first")]
    NotConfigured,
    /// The operation belongs to another mode.
    #[error("this needs the identity mode {needed}")]
    WrongMode {
        /// The mode it belongs to.
        needed: Mode,
    },
    /// The wizard is done.
    #[error("setup is already complete")]
    SetupComplete,
    /// `did_plc` before its registration.
    #[error("register the DID with the PLC directory first")]
    NotRegistered,
    /// Signing in as the attached account leads back only to whoever began it, in the same browser.
    #[error("sign in as the operator who began to attach this account")]
    NoWayBack,
    /// The rotation key is handed out once.
    #[error("the rotation key has been downloaded already")]
    RotationKeyTaken,
    /// Not a name for a document.
    #[error("a fragment is `#` and 1 to 32 letters, digits or underscores")]
    BadFragment,
    /// A name that means something else.
    #[error("`{0}` is reserved")]
    ReservedFragment(Fragment),
    /// Not a type of a service.
    #[error("a service type has 1 to {max} bytes without spaces")]
    ServiceType {
        /// The longest allowed.
        max: usize,
    },
    /// The name is in use.
    #[error("there is already a service entry `{0}`")]
    EntryExists(Fragment),
    /// There is no such entry.
    #[error("there is no service entry with the id {0}")]
    NoSuchEntry(i64),
    /// The name is in use.
    #[error("there is already a verification method `{0}`")]
    MethodExists(Fragment),
    /// A key of another kind, or not the one that its public half is of.
    #[error("its private key is no P-256 key, or not the one that belongs to its public key")]
    ForeignKey,
    /// A server without its keys is another server.
    #[error("the private keys of the identity mode {mode} are missing")]
    MissingKey {
        /// The mode.
        mode: Mode,
    },
    /// There is no such key.
    #[error("there is no verification method `#{0}`")]
    NoSuchMethod(String),
    /// The document has something under this name that was not put there from here.
    #[error(
        "the DID document already has another `#{0}`; rename the entry or remove that one from the document"
    )]
    Foreign(String),
    /// Another change of the DID is under way.
    #[error("the DID is being changed already; try again in a moment")]
    Busy,
    /// The DID cannot be changed at the directory, and why.
    #[error("{0}")]
    Unchangeable(&'static str),
    /// The DID's operations cannot be believed, or the next one cannot be made.
    #[error(transparent)]
    Plc(#[from] PlcError),
    /// The directory refused the operation.
    #[error("the PLC directory refused the operation: {0}")]
    Refused(String),
    /// The directory gave no usable answer.
    #[error("the PLC directory could not be used: {0}")]
    Directory(#[from] outbound::Error),
    /// The attached account's PDS said no.
    #[error("the PDS of the account refused: {message}")]
    Pds {
        /// With this status.
        status: StatusCode,
        /// In these words.
        message: String,
    },
    /// The attached account's PDS could not be asked.
    #[error(transparent)]
    PdsSession(#[from] PdsError),
    /// A row of ours that cannot be read.
    #[error("a row of {table} is damaged")]
    Corrupt {
        /// The table.
        table: &'static str,
        /// What is wrong with it.
        #[source]
        source: Box<dyn StdError + Send + Sync>,
    },
    /// What was begun can neither be remembered nor looked up.
    #[error("cache")]
    Cache(#[from] cache::Error),
    /// The vault, the users or the domains.
    #[error(transparent)]
    Accounts(#[from] crate::Error),
    /// The database.
    #[error("accounts database")]
    Store(#[from] store::Error),
}
