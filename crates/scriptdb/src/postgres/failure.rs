//! What a failure of the server means for a script.

use tokio_postgres::error::SqlState;

use crate::{Error, Limit};

/// The states that `run.sql` raises.
const ROWS: &str = "BV001";
const BYTES: &str = "BV002";

/// Classifies what PostgreSQL said.
pub(super) fn classify(error: &tokio_postgres::Error) -> Error {
    let Some(code) = error.code() else {
        let lost = error.is_closed() || is_io(error);
        return if lost { Error::Unavailable(words(error)) } else { Error::Sql(words(error)) };
    };
    match code.code() {
        ROWS => Error::Limit(Limit::Rows),
        BYTES => Error::Limit(Limit::Bytes),
        _ if *code == SqlState::QUERY_CANCELED => Error::Limit(Limit::Time),
        _ if *code == SqlState::PROGRAM_LIMIT_EXCEEDED || *code == SqlState::STATEMENT_TOO_COMPLEX => {
            Error::Limit(Limit::Statement)
        }
        // Its own memory, not the machine's: a value that was too much.
        _ if *code == SqlState::OUT_OF_MEMORY => Error::Limit(Limit::Value),
        _ if *code == SqlState::DISK_FULL => Error::Limit(Limit::Database),
        _ if *code == SqlState::INSUFFICIENT_PRIVILEGE => Error::Refused(format!("this: {}", words(error))),
        _ if *code == SqlState::T_R_SERIALIZATION_FAILURE || *code == SqlState::T_R_DEADLOCK_DETECTED => {
            Error::Unavailable(words(error))
        }
        // Classes: 08 connection, 53 insufficient resources, 57 operator intervention.
        code => match code.get(..2) {
            Some("08" | "53" | "57") => Error::Unavailable(words(error)),
            _ => Error::Sql(words(error)),
        },
    }
}

fn is_io(error: &tokio_postgres::Error) -> bool {
    std::error::Error::source(error).is_some_and(<dyn std::error::Error>::is::<std::io::Error>)
}

/// The most specific words about a failure.
pub(super) fn words(error: &tokio_postgres::Error) -> String {
    match (error.as_db_error(), std::error::Error::source(error)) {
        (Some(server), _) => server.message().to_owned(),
        (None, Some(cause)) => format!("{error}: {cause}"),
        (None, None) => error.to_string(),
    }
}
