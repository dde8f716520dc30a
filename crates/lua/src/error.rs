//! How a script fails.

use std::fmt;

use crate::Limit;

/// Why there is no result.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ScriptError {
    /// The source is not Lua.
    #[error("{message}")]
    Syntax {
        /// What Lua says, with the name of the script and the line.
        message: String,
        /// The line, from 1.
        line: Option<u32>,
    },
    /// The source is larger than [`EngineConfig::source_limit`](crate::EngineConfig::source_limit).
    #[error("the script has {bytes} bytes, more than the {limit} a script may have")]
    TooLarge {
        /// What it has.
        bytes: usize,
        /// What it may have.
        limit: usize,
    },
    /// The top level defines no global function `handle`.
    #[error("the script defines no global function `handle`")]
    NoHandle,
    /// The script raised an error, or a host function did and nothing caught it.
    #[error(transparent)]
    Runtime(Box<Failure>),
    /// A [`HostError`](crate::HostError) about authorisation, which nothing caught; or an error whose text began with
    /// `AUTH_ERROR:`. The text after that.
    #[error("{0}")]
    Auth(String),
    /// A limit was reached.
    #[error("the script was stopped: {0}")]
    Limit(Limit),
    /// Scripts call scripts that call scripts, more than [`Engine::MAX_DEPTH`](crate::Engine::MAX_DEPTH) deep.
    #[error("scripts call each other too deeply")]
    TooDeep,
    /// Whoever wanted the result has gone, or the engine has.
    #[error("the run was abandoned")]
    Stopped,
    /// The thread failed: a defect of a host function or of this crate, not of the script.
    #[error("the run was lost to an internal failure, which the server's log tells")]
    Lost,
}

/// An error that a script raised.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// What was raised, as text, with the name of the script and the line where Lua knows them.
    pub message: String,
    /// The line of the script, from 1.
    pub line: Option<u32>,
    /// The calls that led there, as Lua prints them; may be empty.
    pub traceback: String,
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Failure {}

impl ScriptError {
    /// Whether the same run could end otherwise next time: not for what is wrong with the script itself, nor for limits, unless
    /// it is the one on what others took to answer.
    #[must_use]
    pub fn is_transient(&self) -> bool {
        matches!(
            self,
            Self::Runtime(_) | Self::Auth(_) | Self::Lost | Self::Stopped | Self::Limit(Limit::Total)
        )
    }

    /// The line of the script that it is about, from 1, where Lua knows it.
    #[must_use]
    pub fn line(&self) -> Option<u32> {
        match self {
            Self::Syntax { line, .. } => *line,
            Self::Runtime(failure) => failure.line,
            _ => None,
        }
    }

    /// The kind of failure in metrics.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Syntax { .. } => "syntax",
            Self::TooLarge { .. } => "too_large",
            Self::NoHandle => "no_handle",
            Self::Runtime(_) => "runtime",
            Self::Auth(_) => "auth",
            Self::Limit(limit) => limit.name(),
            Self::TooDeep => "depth",
            Self::Stopped => "stopped",
            Self::Lost => "lost",
        }
    }
}
