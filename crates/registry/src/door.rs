//! Everything below `/v2/`: from a request to the handler that answers it. Access is checked here, and nowhere behind.

use std::time::Duration;

use axum::body::Body;
use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};
use http::{HeaderValue, Method};
use oci::header::{API_VERSION, API_VERSION_VALUE};
use oci::{Actions, ErrorCode, RepositoryName, Route, Scope};

use crate::answer::Answer;
use crate::asked::Asked;
use crate::auth::Presented;
use crate::refusal::Refusal;
use crate::registry::Registry;
use crate::uploads::{self, Upload};
use crate::{Repository, UnknownOwner, blobs, lists, manifests};

/// A blob may be large, and a line slow. What matters is that something comes: a body that pauses is given up.
pub(crate) const LONGEST: Duration = Duration::from_hours(24);

/// Answers a request of the protocol. What is left of its body after a refusal is read for a moment, or the client would not read why.
pub(crate) async fn serve(State(registry): State<Registry>, request: Request) -> Response {
    let (parts, mut body) = request.into_parts();
    let has_body = !http_body::Body::is_end_stream(&body);
    let (headers, answer) = match Route::parse(&parts.method, parts.uri.path()) {
        Err(error) => (parts.headers, Err(Refusal::from(error))),
        Ok(route) => {
            let asked = Asked { parts, route, has_body };
            let answer = answer(&registry, &asked, &mut body).await;
            (asked.parts.headers, answer)
        }
    };
    let mut response = match answer {
        Ok(answer) => answer.into_response(),
        Err(refusal) => {
            server::discard_body(&headers, body);
            refusal.into_response()
        }
    };
    response.headers_mut().insert(API_VERSION, HeaderValue::from_static(API_VERSION_VALUE));
    response
}

async fn answer(registry: &Registry, asked: &Asked, body: &mut Body) -> Result<Answer, Refusal> {
    let scopes = scopes(asked);
    let presented = registry.auth.presented(asked.headers(), asked.address()).await?;
    if let Presented::Refused(problem) = presented {
        return Err(registry.challenge(&scopes, Some(problem)));
    }
    let Some(name) = asked.route.name().cloned() else {
        return general(registry, &presented, asked).await;
    };
    let repository = match registry.owners.find(&name).await {
        Ok(repository) => repository,
        // Whatever is asked for, there is a list.
        Err(UnknownOwner::Nobody) if matches!(asked.route, Route::Referrers { .. }) => {
            return lists::no_referrers(asked);
        }
        // Whether there is somebody of that name is no secret.
        Err(UnknownOwner::Nobody) => {
            let message = format!("nobody is called {}", name.owner());
            return Err(oci::Error::new(ErrorCode::NameUnknown, message).into());
        }
        Err(UnknownOwner::Unavailable(error)) => return Err(Refusal::unavailable(error)),
    };
    let needed = Actions::of_method(asked.method());
    registry.admit(&presented, &repository, needed, &scopes).await?;
    let answered = of_repository(registry, &presented, (asked, body), (&name, &repository)).await;
    answered.map_err(|refusal| registry.challenged(refusal, &scopes))
}

/// What a token has to be good for: to mount a blob, also for the repository that it is in.
fn scopes(asked: &Asked) -> Vec<Scope> {
    let from = asked.parameter("from").filter(|_| matches!(asked.route, Route::Uploads { .. }));
    let from = from.and_then(|from| RepositoryName::parse(&from).ok());
    let from = from.map(|from| Scope::repository(&from, Actions::PULL));
    asked.route.scope(asked.method()).into_iter().chain(from).collect()
}

/// Whether what is shown is good for a list of all repositories: a token that says so, or a name with a secret.
fn is_for_catalog(presented: &Presented) -> bool {
    match presented {
        Presented::Token(token) => token.catalog,
        Presented::Login(_) => true,
        Presented::Nobody | Presented::Refused(_) => false,
    }
}

/// What is about no repository.
async fn general(registry: &Registry, presented: &Presented, asked: &Asked) -> Result<Answer, Refusal> {
    match asked.route {
        // A client that is let in without a token would never learn where to get one.
        Route::Ping if matches!(presented, Presented::Nobody) => Err(registry.challenge(&[], None)),
        Route::Catalog if !is_for_catalog(presented) => Err(registry.challenge(&[Scope::catalog()], None)),
        Route::Catalog => lists::catalog(registry, presented, asked).await,
        Route::Extensions(_) => Ok(Answer::json("application/json", oci::lists::extensions())),
        _ => Ok(Answer::json("application/json", "{}".to_owned())),
    }
}

async fn of_repository(
    registry: &Registry,
    presented: &Presented,
    (asked, body): (&Asked, &mut Body),
    (name, repository): (&RepositoryName, &Repository),
) -> Result<Answer, Refusal> {
    let method = asked.method().clone();
    if method == Method::DELETE && !registry.bounds.delete && !matches!(asked.route, Route::Upload { .. }) {
        let message = "nothing is deleted here";
        return Err(oci::Error::new(ErrorCode::Unsupported, message).into());
    }
    match (asked.route.clone(), method) {
        (Route::Blob { digest, .. }, Method::DELETE) => blobs::delete(registry, repository, &digest).await,
        (Route::Blob { digest, .. }, _) => blobs::get(registry, presented, asked, repository, &digest).await,
        (Route::Uploads { .. }, _) => {
            uploads::start(registry, presented, (asked, body), (name, repository)).await
        }
        (Route::Upload { id, .. }, method) => {
            let upload = Upload::open(registry, asked, (name, repository), id)?;
            match method {
                Method::GET => uploads::status(&upload).await,
                Method::PATCH => uploads::append(&upload, asked, body).await,
                Method::PUT => uploads::finish(&upload, asked, body).await,
                _ => uploads::cancel(&upload).await,
            }
        }
        (Route::Manifest { reference, .. }, Method::PUT) => {
            manifests::put(registry, presented, (asked, body), (name, repository), &reference).await
        }
        (Route::Manifest { reference, .. }, Method::DELETE) => {
            manifests::delete(registry, presented, asked, repository, &reference).await
        }
        (Route::Manifest { reference, .. }, _) => {
            manifests::get(registry, presented, asked, repository, &reference).await
        }
        (Route::Tags { .. }, _) => lists::tags(registry, asked, (name, repository)).await,
        (Route::Referrers { digest, .. }, _) => lists::referrers(registry, asked, repository, &digest).await,
        (Route::Extensions(_) | Route::Ping | Route::Catalog, _) => {
            Ok(Answer::json("application/json", oci::lists::extensions()))
        }
    }
}
