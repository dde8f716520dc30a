//! A hold as others see it (spec/registry.md §3.2, §3.3, §4): registries elsewhere keep layers here and fetch them, and everybody reads
//! what it says of itself.
//!
//! It is a crate of its own because a [`hold`] is a store with rules, which commands, tests and the registry of the same server use
//! without HTTP, without tokens and without a repository.
//!
//! - [`HoldService`] is put together for one server; `caller` says who asks, and `methods` answer it.
//! - `blob` answers `com.atproto.sync.getBlob` for layers; `signed` are the URLs that need no token.
//! - `publish` writes `records` of what the hold's rows say, soon afterwards: nobody who pushes waits for it.

mod blob;
mod body;
mod caller;
mod content;
mod crew;
#[doc(hidden)]
pub mod fuzzing;
mod input;
mod manifest;
mod mounts;
mod publish;
mod quota;
mod recent;
mod records;
mod refusal;
mod room;
mod service;
mod signed;
mod stats;
mod time;
mod uploads;
mod user_data;

pub use service::{HoldService, HoldServiceParts};
pub use signed::SigningKey;
