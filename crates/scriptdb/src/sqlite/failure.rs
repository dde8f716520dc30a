//! What an engine's failure means for a script.

use rusqlite::ErrorCode;

use crate::{Error, Limit};

/// Classifies what SQLite said.
pub(super) fn classify(error: &rusqlite::Error) -> Error {
    let message = match error {
        rusqlite::Error::SqliteFailure(_, Some(message)) => message.clone(),
        rusqlite::Error::SqlInputError { msg, .. } => msg.clone(),
        other => other.to_string(),
    };
    match error.sqlite_error_code() {
        Some(ErrorCode::OperationInterrupted) => Error::Limit(Limit::Time),
        Some(ErrorCode::TooBig) => Error::Limit(Limit::Value),
        Some(ErrorCode::DiskFull) => Error::Limit(Limit::Database),
        Some(ErrorCode::AuthorizationForStatementDenied) => Error::Refused(format!("this: {message}")),
        Some(
            ErrorCode::DatabaseBusy
            | ErrorCode::DatabaseLocked
            | ErrorCode::SystemIoFailure
            | ErrorCode::CannotOpen,
        ) => Error::Unavailable(message),
        _ => Error::Sql(message),
    }
}
