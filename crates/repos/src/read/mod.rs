//! What anybody may ask of a repository.

mod archive;
mod head;
mod proof;
mod record;

pub use head::{Description, Head, RepoPage, RepoStatus};
pub use record::{ListRecords, Listed, Record};
