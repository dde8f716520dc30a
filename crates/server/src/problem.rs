//! A failure as the shell and its handlers describe it, before a mount gives it a wire shape.

use std::{borrow::Cow, error::Error, sync::Arc};

use axum::{
    body::Body,
    extract::rejection::{JsonRejection, PathRejection, QueryRejection},
    response::{IntoResponse, Response},
};
use http::{HeaderName, HeaderValue, Method, StatusCode, Uri};

use crate::{AuthError, ChallengeError, Permission};

/// What went wrong with a request.
///
/// A handler returns it like any response. The shell then renders it in the [`ErrorStyle`](crate::ErrorStyle) of the
/// mount, adds the request id and logs the cause of server errors, which is never shown to the client.
#[derive(Clone, Debug)]
pub struct Problem {
    /// The HTTP status.
    pub status: StatusCode,
    /// A machine-readable name such as `InsufficientPermissions`, where the protocol defines one.
    pub name: Option<&'static str>,
    /// What to tell the client. Nothing internal.
    pub message: Cow<'static, str>,
    challenge_error: Option<ChallengeError>,
    headers: Vec<(HeaderName, HeaderValue)>,
    cause: Option<Arc<dyn Error + Send + Sync>>,
    /// Whether a server error is the fault of another server.
    elsewhere: bool,
    asked: Option<Box<Asked>>,
}

impl Problem {
    /// A problem without a name.
    pub fn new(status: StatusCode, message: impl Into<Cow<'static, str>>) -> Self {
        Self {
            status,
            name: None,
            message: message.into(),
            challenge_error: None,
            headers: Vec::new(),
            cause: None,
            elsewhere: false,
            asked: None,
        }
    }

    /// 400: the request cannot be understood or breaks a rule.
    pub fn bad_request(message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, message)
    }

    /// 401: the credential does not verify.
    pub fn unauthorized(message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(StatusCode::UNAUTHORIZED, message)
    }

    /// 401: there is no credential and the route needs one.
    #[must_use]
    pub fn authentication_required() -> Self {
        Self::unauthorized("Authentication required")
    }

    /// 403: the caller is known and may not.
    pub fn forbidden(message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(StatusCode::FORBIDDEN, message)
    }

    /// 403: the credential is good, but nobody who is a user here has it (spec/appview.md §3.13).
    #[must_use]
    pub fn not_a_user() -> Self {
        Self::forbidden("not a user")
    }

    /// 403: the caller lacks `permission`.
    #[must_use]
    pub fn missing_permission(permission: Permission) -> Self {
        Self::forbidden(format!("Missing permission: {permission}")).named("InsufficientPermissions")
    }

    /// 404.
    pub fn not_found(message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(StatusCode::NOT_FOUND, message)
    }

    /// 409: the request is right but the state it assumes is not there.
    pub fn conflict(message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(StatusCode::CONFLICT, message)
    }

    /// 500: `cause` is logged under the request id; the client learns only the id.
    pub fn internal(cause: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "Internal server error").caused_by(cause)
    }

    /// 502: a server that this one had to ask did not answer, or nothing that makes sense. Not our fault, and often what a
    /// stranger named, so it is no error in the log.
    pub fn bad_gateway(message: impl Into<Cow<'static, str>>) -> Self {
        Self { elsewhere: true, ..Self::new(StatusCode::BAD_GATEWAY, message) }
    }

    /// Gives the problem a machine-readable name.
    #[must_use]
    pub fn named(mut self, name: &'static str) -> Self {
        self.name = Some(name);
        self
    }

    /// Says in the challenges of a 401 what was wrong with the token, for clients that can do something about it.
    #[must_use]
    pub fn challenged(mut self, error: ChallengeError) -> Self {
        self.challenge_error = Some(error);
        self
    }

    /// Adds a header to the response, e.g. `Retry-After`.
    #[must_use]
    pub fn with_header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.headers.push((name, value));
        self
    }

    /// Remembers why, for the log.
    #[must_use]
    pub fn caused_by(mut self, cause: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        self.cause = Some(Arc::from(cause.into()));
        self
    }

    /// Remembers what was asked for, for protocols that say it again when there is nothing.
    #[must_use]
    pub fn asked_for(mut self, method: &Method, uri: &Uri) -> Self {
        let target = uri.path_and_query().map_or("", |target| target.as_str()).to_owned();
        self.asked = Some(Box::new(Asked { method: method.clone(), target }));
        self
    }

    /// Whether something is wrong with this server, as opposed to the request or to another server.
    #[must_use]
    pub fn is_our_fault(&self) -> bool {
        self.status.is_server_error() && !self.elsewhere
    }

    /// What the challenges of a 401 say.
    #[must_use]
    pub fn challenge_error(&self) -> Option<ChallengeError> {
        self.challenge_error
    }

    /// What was asked for, where no route answers it.
    #[must_use]
    pub fn asked(&self) -> Option<&Asked> {
        self.asked.as_deref()
    }

    /// The headers to add to the response.
    #[must_use]
    pub fn headers(&self) -> &[(HeaderName, HeaderValue)] {
        &self.headers
    }

    /// Why, if the log should know.
    #[must_use]
    pub fn cause(&self) -> Option<&(dyn Error + Send + Sync + 'static)> {
        self.cause.as_deref()
    }
}

/// A request that no route answers.
#[derive(Clone, Debug)]
pub struct Asked {
    /// Its method.
    pub method: Method,
    /// Its path with the query, as it came.
    pub target: String,
}

impl IntoResponse for Problem {
    /// Parks the problem in the response's extensions; the shell takes it from there and writes headers and body.
    fn into_response(self) -> Response {
        let mut response = Response::new(Body::empty());
        *response.status_mut() = self.status;
        response.extensions_mut().insert(self);
        response
    }
}

impl From<AuthError> for Problem {
    fn from(error: AuthError) -> Self {
        match error {
            AuthError::Invalid(message) => {
                Self::unauthorized(message).challenged(ChallengeError::InvalidToken)
            }
            AuthError::Unavailable(_) => {
                Self::new(StatusCode::SERVICE_UNAVAILABLE, "Authentication is unavailable").caused_by(error)
            }
        }
    }
}

impl From<JsonRejection> for Problem {
    fn from(rejection: JsonRejection) -> Self {
        Self::new(rejection.status(), rejection.body_text())
    }
}

impl From<QueryRejection> for Problem {
    fn from(rejection: QueryRejection) -> Self {
        Self::new(rejection.status(), rejection.body_text())
    }
}

impl From<PathRejection> for Problem {
    fn from(rejection: PathRejection) -> Self {
        Self::new(rejection.status(), rejection.body_text())
    }
}
