//! What can go wrong here, as opposed to elsewhere.

use std::sync::Arc;

/// Our own index failed. That others fail is an [`Answer`](crate::Answer).
#[derive(Clone, Debug, thiserror::Error)]
pub enum Error {
    /// The index could not be read or written. Shared by all who waited for the same.
    #[error(transparent)]
    Records(Arc<records::Error>),
}

impl From<records::Error> for Error {
    fn from(error: records::Error) -> Self {
        Self::Records(Arc::new(error))
    }
}
