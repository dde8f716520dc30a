//! Telling what is wrong with one item from what is wrong with the database.

use accounts::clients::ClientError;
use accounts::service::ServiceError;

/// An error of a function that takes something over.
pub(super) trait Refusal: std::error::Error + Send + Sync + Sized + 'static {
    /// What the database said, if it was the database.
    fn of_store(&self) -> Option<&store::Error>;

    /// Whether all further items would fail, too: nothing is wrong with this one.
    fn ends_everything(&self) -> bool {
        self.of_store().is_some_and(|error| match error {
            store::Error::Sql { .. } => error.is_transient(),
            _ => true,
        })
    }
}

impl Refusal for accounts::Error {
    fn of_store(&self) -> Option<&store::Error> {
        if let Self::Store(error) = self { Some(error) } else { None }
    }
}

impl Refusal for ClientError {
    fn of_store(&self) -> Option<&store::Error> {
        match self {
            Self::Store(error) => Some(error),
            Self::Accounts(error) => error.of_store(),
            _ => None,
        }
    }
}

impl Refusal for ServiceError {
    fn of_store(&self) -> Option<&store::Error> {
        match self {
            Self::Store(error) => Some(error),
            Self::Accounts(error) => error.of_store(),
            _ => None,
        }
    }
}

impl Refusal for scripts::Error {
    fn of_store(&self) -> Option<&store::Error> {
        match self {
            Self::Store(error) => Some(error),
            Self::Vault(error) => error.of_store(),
            _ => None,
        }
    }
}

impl Refusal for appview::Error {
    fn of_store(&self) -> Option<&store::Error> {
        if let Self::Store(error) = self { Some(error) } else { None }
    }
}

impl Refusal for labels::Error {
    fn of_store(&self) -> Option<&store::Error> {
        if let Self::Store(error) = self { Some(error) } else { None }
    }
}

impl Refusal for records::Error {
    fn of_store(&self) -> Option<&store::Error> {
        if let Self::Store(error) = self { Some(error) } else { None }
    }
}
