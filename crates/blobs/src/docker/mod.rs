//! What a registry of Docker's has in its folder, for who imports it (spec/registry.md §4.6).
//!
//! It is another program's folder: nothing in it is believed. Names are names or are passed over with a word, what refers to content
//! is a short file or is none, what is neither file nor folder is not opened, and content is for its reader to hash. Reading waits for
//! the disk, one name at a time, however much there is.

mod error;
mod layout;
mod link;
mod names;
mod repository;
mod walk;

pub use error::{LayoutError, Odd};
pub use layout::{Content, Layout};
pub use link::open;
pub use repository::Repository;
pub use walk::Repositories;
