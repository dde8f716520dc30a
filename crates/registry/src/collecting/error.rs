//! Why a collection did not come to its end.

/// What was removed by then stays removed; the next one goes on.
#[derive(Debug, thiserror::Error)]
pub enum CollectError {
    /// The hold or its database failed.
    #[error(transparent)]
    Hold(#[from] hold::Error),
    /// It was not kept for so long that another may be at it.
    #[error("the database did not answer for so long that somebody else may be collecting")]
    Lost,
    /// The server ends.
    #[error("the server was stopped")]
    Stopped,
}
