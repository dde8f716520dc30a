//! DID documents: where an account lives, what it is called, and which key signs for it.

mod document;
mod error;
mod service;

pub use document::{DidDocument, MAX_BYTES};
pub use error::DidDocError;
pub use service::Service;
