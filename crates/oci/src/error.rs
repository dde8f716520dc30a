//! One reason to refuse a request.

use std::borrow::Cow;

use http::{Method, StatusCode};
use serde_json::Value;

use crate::ErrorCode;

/// A refusal as the protocol words it: one entry of the error body, and the status that goes with it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}: {message}", code.as_str())]
pub struct Error {
    code: ErrorCode,
    status: StatusCode,
    message: Cow<'static, str>,
    detail: Option<Value>,
    methods: &'static [Method],
}

impl Error {
    /// A refusal that says what exactly is wrong. Text of strangers in `message` has to be short.
    pub fn new(code: ErrorCode, message: impl Into<Cow<'static, str>>) -> Self {
        Self { code, status: code.status(), message: message.into(), detail: None, methods: &[] }
    }

    /// The same with a status other than the code's own.
    #[must_use]
    pub fn with_status(self, status: StatusCode) -> Self {
        Self { status, ..self }
    }

    /// The same with something a program can read, such as the digest it is about.
    #[must_use]
    pub fn with_detail(self, detail: Value) -> Self {
        Self { detail: Some(detail), ..self }
    }

    /// A body of more than `limit` bytes: 413 `SIZE_INVALID`.
    #[must_use]
    pub fn too_large(limit: usize) -> Self {
        Self::new(
            ErrorCode::SizeInvalid,
            format!("this is larger than the {limit} bytes that are taken here"),
        )
        .with_status(StatusCode::PAYLOAD_TOO_LARGE)
    }

    /// A method that an endpoint with these `methods` does not have: 405 `UNSUPPORTED`.
    pub(crate) fn not_allowed(methods: &'static [Method]) -> Self {
        let refusal = Self { methods, ..ErrorCode::Unsupported.into() };
        let message = format!("this endpoint knows only {}", refusal.allow().unwrap_or_default());
        Self { message: message.into(), ..refusal }
    }

    /// A piece of an upload that belongs elsewhere: 416 `BLOB_UPLOAD_INVALID`.
    pub fn wrong_range(message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(ErrorCode::BlobUploadInvalid, message).with_status(StatusCode::RANGE_NOT_SATISFIABLE)
    }

    /// Why.
    #[must_use]
    pub fn code(&self) -> ErrorCode {
        self.code
    }

    /// The status it is sent with.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// What people are told.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.message
    }

    /// The value of `Allow`, for a method that the endpoint does not have.
    #[must_use]
    pub fn allow(&self) -> Option<String> {
        let names: Vec<&str> = self.methods.iter().map(Method::as_str).collect();
        (!names.is_empty()).then(|| names.join(", "))
    }

    /// What programs are told beside the code.
    #[must_use]
    pub fn detail(&self) -> Option<&Value> {
        self.detail.as_ref()
    }
}

impl From<ErrorCode> for Error {
    fn from(code: ErrorCode) -> Self {
        Self::new(code, code.message())
    }
}
