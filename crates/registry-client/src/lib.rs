//! Container registries from the side of a client: what others have is read, and given to one (spec/registry.md §5.8).
//!
//! What is read is somebody else's: nothing of it is believed. Lists end somewhere, manifests have a size, tokens go where the registry
//! that wants them is reached safely, and every byte is hashed on its way. It knows nothing of this server but the protocol.
//!
//! - [`Registry`] is one that is reached over HTTP; [`Source`] is one of these, or a folder.
//! - [`Copier`] copies repositories: what is there already is passed over, so that a copy that broke off is gone on with by beginning it
//!   again.

mod copy;
mod error;
mod fetched;
#[doc(hidden)]
pub mod fuzzing;
mod layout;
mod limits;
mod registry;
mod source;
mod stream;

pub use copy::{Copier, Summary, Trouble};
pub use error::Error;
pub use layout::OciLayout;
pub use registry::{Challenge, Credentials, Registry};
pub use source::Source;
