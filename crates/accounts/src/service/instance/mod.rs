//! Who this server is to the network, and the keys behind that (spec/appview.md §8.10).

mod choose;
mod mode;
mod rotation_key;
mod row;
mod setup;

pub use choose::Choice;
pub use mode::Mode;
pub use row::{Published, ServiceIdentity};
pub use setup::SetupStatus;

pub(crate) use row::note_published;

/// The row that the signing key is sealed for.
pub(crate) const SIGNING_KEY: &str = "service_identity.signing_key";

/// The row that the rotation key is sealed for.
pub(crate) const ROTATION_KEY: &str = "service_identity.rotation_key";
