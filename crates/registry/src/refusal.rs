//! Why a request of the protocol is not answered as it was meant.

use axum::response::{IntoResponse, Response};
use blobs::{StorageError, UploadError};
use http::header::{ALLOW, CONTENT_TYPE, RETRY_AFTER};
use http::{HeaderName, HeaderValue, StatusCode};
use oci::{Error, ErrorCode, Errors};
use server::{Problem, RequestId};

use crate::auth;

/// A refusal in the words of the protocol, or a fault that is ours.
#[derive(Debug)]
pub(crate) enum Refusal {
    /// What the client did.
    Errors(Box<Refused>),
    /// What is told as everywhere else: the shell logs why, and gives it the protocol's form.
    Problem(Box<Problem>),
}

/// What is wrong, and what clients go by besides: a challenge, where to go on.
#[derive(Debug)]
pub(crate) struct Refused {
    errors: Errors,
    headers: Vec<(HeaderName, HeaderValue)>,
}

impl Refusal {
    pub(crate) fn with_header(mut self, name: HeaderName, value: &str) -> Self {
        if let (Self::Errors(refused), Ok(value)) = (&mut self, HeaderValue::from_str(value)) {
            refused.headers.push((name, value));
        }
        self
    }

    /// Whether another login would help.
    pub(crate) fn is_unauthorized(&self) -> bool {
        matches!(self, Self::Errors(refused) if refused.errors.status() == StatusCode::UNAUTHORIZED)
    }

    /// Whether it is known that what was asked for was not done. Of a fault, or of a server that did not answer, it is not.
    pub(crate) fn is_final(&self) -> bool {
        matches!(self, Self::Errors(_))
    }

    /// Something that this server needs does not answer.
    pub(crate) fn unavailable(cause: impl std::error::Error + Send + Sync + 'static) -> Self {
        let problem = Problem::new(StatusCode::SERVICE_UNAVAILABLE, "try again in a moment");
        let problem = problem.with_header(RETRY_AFTER, HeaderValue::from_static("5"));
        problem.caused_by(Box::new(cause) as Box<dyn std::error::Error + Send + Sync>).into()
    }

    fn internal(cause: impl std::error::Error + Send + Sync + 'static) -> Self {
        Problem::internal(Box::new(cause) as Box<dyn std::error::Error + Send + Sync>).into()
    }
}

impl From<Problem> for Refusal {
    fn from(problem: Problem) -> Self {
        Self::Problem(Box::new(problem))
    }
}

impl From<Error> for Refusal {
    fn from(error: Error) -> Self {
        let allow = error.allow();
        let refusal = Self::from(Errors::from(error));
        allow.into_iter().fold(refusal, |refusal, allow| refusal.with_header(ALLOW, &allow))
    }
}

impl From<ErrorCode> for Refusal {
    fn from(code: ErrorCode) -> Self {
        Error::from(code).into()
    }
}

impl From<Errors> for Refusal {
    fn from(errors: Errors) -> Self {
        Self::Errors(Box::new(Refused { errors, headers: Vec::new() }))
    }
}

impl From<store::Error> for Refusal {
    fn from(error: store::Error) -> Self {
        if error.is_transient() { Self::unavailable(error) } else { Self::internal(error) }
    }
}

impl From<records::Error> for Refusal {
    fn from(error: records::Error) -> Self {
        if error.is_transient() { Self::unavailable(error) } else { Self::internal(error) }
    }
}

impl From<readthrough::Error> for Refusal {
    fn from(error: readthrough::Error) -> Self {
        Self::internal(error)
    }
}

impl From<auth::Error> for Refusal {
    fn from(error: auth::Error) -> Self {
        Self::internal(error)
    }
}

impl From<auth::LoginError> for Refusal {
    fn from(error: auth::LoginError) -> Self {
        Problem::from(error).into()
    }
}

impl From<StorageError> for Refusal {
    fn from(error: StorageError) -> Self {
        Self::internal(error)
    }
}

impl From<UploadError> for Refusal {
    fn from(error: UploadError) -> Self {
        let text = error.to_string();
        match error {
            UploadError::Unknown => ErrorCode::BlobUploadUnknown.into(),
            UploadError::Busy | UploadError::Body(_) => Error::new(ErrorCode::BlobUploadInvalid, text).into(),
            UploadError::Offset { .. } => Error::wrong_range(text).into(),
            UploadError::TooLarge { .. } => {
                Error::new(ErrorCode::SizeInvalid, text).with_status(StatusCode::PAYLOAD_TOO_LARGE).into()
            }
            UploadError::TooMany => {
                Self::from(Error::new(ErrorCode::TooManyRequests, text)).with_header(RETRY_AFTER, "60")
            }
            UploadError::Digest { .. } => Error::new(ErrorCode::DigestInvalid, text).into(),
            UploadError::Storage(error) => error.into(),
        }
    }
}

impl From<hold::Error> for Refusal {
    fn from(error: hold::Error) -> Self {
        let text = error.to_string();
        match error {
            hold::Error::Denied { .. } | hold::Error::Quota { .. } => {
                Error::new(ErrorCode::Denied, text).into()
            }
            hold::Error::Missing(digest) => {
                let detail = serde_json::json!({ "digest": digest.to_string() });
                Error::from(ErrorCode::ManifestBlobUnknown).with_detail(detail).into()
            }
            hold::Error::Storage(error) => error.into(),
            hold::Error::Store(error) => error.into(),
        }
    }
}

impl From<Refusal> for Problem {
    /// For whoever asks in another form than that of the protocol.
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::Problem(problem) => *problem,
            Refusal::Errors(refused) => {
                let message = refused.errors.iter().next().map(|error| error.message().to_owned());
                Self::new(refused.errors.status(), message.unwrap_or_default())
            }
        }
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        match self {
            Self::Problem(problem) => problem.into_response(),
            Self::Errors(refused) => {
                let mut response = body(&refused.errors);
                for (name, value) in refused.headers {
                    response.headers_mut().append(name, value);
                }
                response
            }
        }
    }
}

fn body(errors: &Errors) -> Response {
    let json = HeaderValue::from_static("application/json");
    (errors.status(), [(CONTENT_TYPE, json)], errors.to_json()).into_response()
}

/// The shape of what the shell itself refuses below `/v2`.
pub(crate) fn style(problem: &Problem, _: &RequestId) -> Response {
    let code = match problem.status {
        StatusCode::UNAUTHORIZED => ErrorCode::Unauthorized,
        StatusCode::FORBIDDEN => ErrorCode::Denied,
        StatusCode::NOT_FOUND => ErrorCode::NameUnknown,
        StatusCode::METHOD_NOT_ALLOWED => ErrorCode::Unsupported,
        StatusCode::PAYLOAD_TOO_LARGE => ErrorCode::SizeInvalid,
        StatusCode::TOO_MANY_REQUESTS => ErrorCode::TooManyRequests,
        _ => ErrorCode::Unknown,
    };
    body(&Errors::from(Error::new(code, problem.message.clone()).with_status(problem.status)))
}
