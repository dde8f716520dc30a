//! The way from a name in a request to the repository that is meant.

use std::fmt;
use std::sync::Arc;

use atproto::{AtIdentifier, SyntaxError};
use axum::extract::{Query, Request};
use axum::response::Response;
use futures::future::BoxFuture;
use http::StatusCode;
use serde::de::DeserializeOwned;
use server::Problem;

use crate::directory::Entry;
use crate::{Error, Repos};

/// Whoever answers what is not for a repository of this crate: the appview for everybody else's, a hold for its blobs.
pub trait Elsewhere: Send + Sync + 'static {
    /// The answer to a request as it came; the request itself if it is not theirs either.
    fn answer(&self, request: Request) -> Result<BoxFuture<'static, Response>, Box<Request>>;
}

/// What is read from outside, as the state of its routes. Cheap to clone.
#[derive(Clone)]
pub struct Surface {
    pub(super) repos: Repos,
    others: Option<Arc<dyn Elsewhere>>,
    blobs: Option<Arc<dyn Elsewhere>>,
}

impl Surface {
    /// Of these repositories and of no other.
    #[must_use]
    pub fn new(repos: &Repos) -> Self {
        Self { repos: repos.clone(), others: None, blobs: None }
    }

    /// Who is asked about repositories that are not at home here.
    #[must_use]
    pub fn with_others(self, others: Arc<dyn Elsewhere>) -> Self {
        Self { others: Some(others), ..self }
    }

    /// Who is asked first for blobs (`com.atproto.sync.getBlob`): a hold knows them under other names, and where they are.
    #[must_use]
    pub fn with_blobs(self, blobs: Arc<dyn Elsewhere>) -> Self {
        Self { blobs: Some(blobs), ..self }
    }

    /// The repository of this name, if it is at home here.
    pub(super) fn home(&self, name: &str) -> Result<Option<Arc<Entry>>, Problem> {
        let name = AtIdentifier::parse(name).map_err(|error| invalid(&error))?;
        Ok(self.repos.shared.directory.find_named(&name))
    }

    /// Lets others answer about the repository of this name.
    pub(super) async fn elsewhere(&self, name: &str, request: Request) -> Result<Response, Problem> {
        match self.others.as_deref().map(|others| others.answer(request)) {
            Some(Ok(answer)) => Ok(answer.await),
            _ => Err(not_here(name)),
        }
    }

    pub(super) fn asks_for_blobs(&self) -> bool {
        self.blobs.is_some()
    }

    /// The answer of who is asked first for blobs, or the request again.
    pub(super) async fn other_blob(&self, request: Request) -> Result<Response, Box<Request>> {
        match self.blobs.as_deref() {
            Some(blobs) => Ok(blobs.answer(request)?.await),
            None => Err(Box::new(request)),
        }
    }
}

/// The parameters of a request.
pub(super) fn parameters<T: DeserializeOwned>(request: &Request) -> Result<T, Problem> {
    let query = Query::try_from_uri(request.uri());
    query.map(|Query(parameters)| parameters).map_err(|rejection| Problem::from(rejection).named(INVALID))
}

const INVALID: &str = "InvalidRequest";

pub(super) fn invalid(error: &SyntaxError) -> Problem {
    Problem::bad_request(error.to_string()).named(INVALID)
}

pub(super) fn not_here(name: &str) -> Problem {
    // Names that were parsed are short enough to be said again.
    Problem::bad_request(format!("Could not find repo: {name}")).named("RepoNotFound")
}

/// What went wrong, in the protocol's names.
pub(super) fn problem(error: Error) -> Problem {
    match error {
        Error::NotHosted(name) => not_here(&name),
        Error::Deactivated(_) => Problem::bad_request(error.to_string()).named("RepoDeactivated"),
        Error::TooLarge { .. } => Problem::bad_request(error.to_string()).named(INVALID),
        Error::Busy(_) => {
            let retry = http::HeaderValue::from_static("5");
            Problem::new(StatusCode::SERVICE_UNAVAILABLE, error.to_string())
                .named("NotEnoughResources")
                .with_header(http::header::RETRY_AFTER, retry)
        }
        other => Problem::internal(other),
    }
}

impl fmt::Debug for Surface {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Surface").field("repos", &self.repos).finish_non_exhaustive()
    }
}
