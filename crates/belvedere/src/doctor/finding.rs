//! What a check has found.

use serde::Serialize;

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Status {
    /// As it should be.
    Ok,
    /// Works, but somebody should look.
    Warn,
    /// Does not work.
    Fail,
}

impl Status {
    /// As it is printed.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Warn => "warn",
            Self::Fail => "FAIL",
        }
    }
}

/// One fact, and what to do if it is not a good one.
#[derive(Debug, Serialize)]
pub(crate) struct Finding {
    pub(crate) status: Status,
    /// What is the case.
    pub(crate) detail: String,
    /// What to do next.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) advice: Option<String>,
}

impl Finding {
    pub(crate) fn ok(detail: impl Into<String>) -> Self {
        Self { status: Status::Ok, detail: detail.into(), advice: None }
    }

    pub(crate) fn warn(detail: impl Into<String>, advice: impl Into<String>) -> Self {
        Self { status: Status::Warn, detail: detail.into(), advice: Some(advice.into()) }
    }

    pub(crate) fn fail(detail: impl Into<String>, advice: impl Into<String>) -> Self {
        Self { status: Status::Fail, detail: detail.into(), advice: Some(advice.into()) }
    }
}
