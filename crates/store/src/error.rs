//! What can go wrong between a caller and its database.

/// A failed open, migration or statement.
///
/// It is `Clone` because writes that are committed together also fail together.
#[derive(Clone, Debug, thiserror::Error)]
pub enum Error {
    /// `DATABASE_URL` names nothing we can open.
    #[error("database URL {url:?}: {problem}; use sqlite://FOLDER or postgres://USER:PASSWORD@HOST/DATABASE")]
    Url {
        /// The URL, without its password.
        url: String,
        /// What is wrong with it.
        problem: String,
    },
    /// The database cannot be opened or reached.
    #[error("cannot open {what}: {message}")]
    Open {
        /// File path, or host and database name.
        what: String,
        /// The engine's words.
        message: String,
    },
    /// The tables are not what this version expects.
    #[error("schema {schema}: {message}")]
    Schema {
        /// [`Schema::name`](crate::Schema::name).
        schema: &'static str,
        /// What differs, and what to do.
        message: String,
    },
    /// A statement or a commit failed.
    #[error("{message} (in: {sql})")]
    Sql {
        /// What the caller can do about it.
        kind: ErrorKind,
        /// The engine's words.
        message: String,
        /// The beginning of the statement.
        sql: String,
    },
    /// A query that promises one row found none.
    #[error("no row (in: {sql})")]
    NoRow {
        /// The beginning of the statement.
        sql: String,
    },
    /// A column was not of the type it was read as.
    #[error("column {column}: {message}")]
    Column {
        /// Position, from 0.
        column: usize,
        /// The engine's words.
        message: String,
    },
    /// The database has been closed, or the closure panicked.
    #[error("the database task ended before it answered")]
    Ended,
}

/// What a failed statement means for its caller.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ErrorKind {
    /// A unique or primary key is taken.
    UniqueViolation,
    /// The disk is full or read-only, or reading or writing it failed: wait, then try again.
    Storage,
    /// Another transaction was in the way: try again.
    Conflict,
    /// The server cannot be reached: try again later.
    Connection,
    /// A text has what PostgreSQL cannot keep (U+0000): a request that makes no sense.
    Text,
    /// Anything else: a defect or bad data; repeating will not help.
    Other,
}

impl Error {
    /// The kind of a failed statement; [`ErrorKind::Other`] for every other error.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        match self {
            Self::Sql { kind, .. } => *kind,
            _ => ErrorKind::Other,
        }
    }

    /// Whether the same call may succeed later without any change to it.
    #[must_use]
    pub fn is_transient(&self) -> bool {
        matches!(self.kind(), ErrorKind::Storage | ErrorKind::Conflict | ErrorKind::Connection)
    }

    /// Whether a unique or primary key was already taken.
    #[must_use]
    pub fn is_unique_violation(&self) -> bool {
        self.kind() == ErrorKind::UniqueViolation
    }
}

/// The beginning of a statement on one line: enough to find it, short enough for a log.
pub(crate) fn excerpt(sql: &str) -> String {
    let mut line: String = sql.split_whitespace().collect::<Vec<_>>().join(" ");
    if let Some((end, _)) = line.char_indices().nth(160) {
        line.truncate(end);
        line.push('…');
    }
    line
}
