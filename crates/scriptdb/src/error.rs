//! Why a statement did not run.

/// A failed statement, or a database that cannot be opened. The texts are shown to whoever wrote the script.
#[derive(Clone, Debug, thiserror::Error)]
pub enum Error {
    /// The database cannot be opened or reached.
    #[error("cannot open the scripts' database {what}: {message}")]
    Open {
        /// File, or host and database, without a password.
        what: String,
        /// What is wrong, and what to do.
        message: String,
    },
    /// A name that is not for scripts.
    #[error("db.raw cannot reference the protected internal HappyView table '{0}'")]
    Protected(String),
    /// SQL of a kind that is not for scripts.
    #[error("db.raw refuses {0}")]
    Refused(String),
    /// Fewer values than placeholders.
    #[error("the statement has {expected} parameters, but {given} were given")]
    Parameters {
        /// The greatest placeholder.
        expected: usize,
        /// How many there are.
        given: usize,
    },
    /// More of something than [`Limits`](crate::Limits) allow.
    #[error("db.raw: more than {0}")]
    Limit(Limit),
    /// What the engine says about the statement.
    #[error("{0}")]
    Sql(String),
    /// The database cannot be reached or is busy just now: the same may succeed later.
    #[error("the scripts' database is not available: {0}")]
    Unavailable(String),
}

/// What there was too much of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Limit {
    /// How long it runs.
    #[error("the time a statement may take")]
    Time,
    /// Rows of the answer.
    #[error("the rows an answer may have: add a LIMIT")]
    Rows,
    /// Bytes of the answer.
    #[error("the bytes an answer may have: ask for fewer columns, or add a LIMIT")]
    Bytes,
    /// Bytes of one value.
    #[error("the bytes a value may have")]
    Value,
    /// Length or complexity of the text.
    #[error("what a statement may contain")]
    Statement,
    /// Number of parameters.
    #[error("the parameters a statement may have")]
    Params,
    /// Bytes of the database, or of the disk.
    #[error("the scripts' database may hold: delete something first")]
    Database,
}

impl Error {
    /// Whether the same call may succeed later without any change to it.
    #[must_use]
    pub fn is_transient(&self) -> bool {
        matches!(self, Self::Unavailable(_))
    }

    /// One word for metrics.
    pub(crate) fn label(&self) -> &'static str {
        match self {
            Self::Open { .. } | Self::Unavailable(_) => "unavailable",
            Self::Protected(_) | Self::Refused(_) => "refused",
            Self::Limit(_) => "limit",
            Self::Parameters { .. } | Self::Sql(_) => "error",
        }
    }
}
