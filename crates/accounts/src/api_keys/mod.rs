//! API keys: credentials for scripts and tools, each acting for the user who made it.

mod create;
mod list;
mod revoke;
mod secret;
mod verify;

pub use create::NewKey;
pub use list::ApiKey;
pub(crate) use secret::{KeyHash, PREFIX};
pub(crate) use verify::{Verdict, verify};
