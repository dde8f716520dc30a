//! The API, put together.

use std::sync::Arc;
use std::time::Duration;

use moka::sync::Cache as Recent;
use server::{App, Cors, Credential, Hosts, Mount, Task};
use social::Social;
use social::media::MediaStore;

use crate::caller::TokenAuthenticator;
use crate::door::Door;
use crate::need::{Needs, Row};
use crate::oauth::{self, Tokens};
use crate::refusal::errors;
use crate::services::{Services, Shared};
use crate::streaming::{self, Streams};
use crate::{accounts, instance, media, notifications, reports, search, statuses, timelines};

/// What the API is built on.
pub struct MastodonParts {
    /// The microblog that it is the API of.
    pub social: Social,
    /// Where pictures are kept.
    pub media: MediaStore,
}

/// Mastodon's client API in front of the microblog.
pub struct Mastodon {
    services: Services,
}

/// How long how many use this server is not counted again.
const COUNTED_FOR: Duration = Duration::from_mins(1);

/// Below these is the API of clients.
const PREFIXES: [&str; 2] = ["/api/v1", "/api/v2"];

impl Mastodon {
    /// Nothing is read or started yet.
    #[must_use]
    pub fn new(parts: MastodonParts) -> Self {
        let MastodonParts { social, media } = parts;
        let (tokens, cache) = (Tokens::new(social.state().clone()), social.cache().clone());
        let numbers = Recent::builder().max_capacity(1).time_to_live(COUNTED_FOR).build();
        let services = Shared { social, tokens, cache, media, streams: Streams::new(), numbers };
        Self { services: Services::new(services) }
    }

    /// What the shell mounts: `/api/v1`, `/api/v2`, `/oauth/{authorize,token,revoke}`, `/.well-known/oauth-authorization-server`, and the
    /// tasks that keep order.
    #[must_use]
    pub fn app(self) -> App {
        let Self { services } = self;
        let rows: Vec<Row> = rows();
        let needs: Needs = rows.iter().map(|row| (row.method.clone(), row.path, row.need)).collect();
        let (tokens, cache) = (services.tokens.clone(), services.cache.clone());
        let door = Arc::new(Door { needs, tokens: tokens.clone(), cache });
        let authenticator = Arc::new(TokenAuthenticator(tokens));
        let mut rows = rows;
        let mut mounts: Vec<Mount> = PREFIXES
            .into_iter()
            .map(|prefix| {
                let own = rows.extract_if(.., |row| row.path.starts_with(prefix)).map(|row| row.route);
                Mount {
                    hosts: Hosts::Any,
                    credentials: &[Credential::AppToken],
                    authenticator: Some(authenticator.clone()),
                    throttle: Some(door.clone()),
                    cors: Some(cors()),
                    ..Mount::new(prefix, errors)
                }
                .routes(&services, own.collect::<Vec<_>>())
            })
            .collect();
        mounts.extend(oauth::mounts(&services, &cors));
        let (state, streams) = (services.state().clone(), services.clone());
        let tasks = vec![
            Task::new("mastodon-oauth", move |stop| oauth::keep(state, stop)),
            Task::new("mastodon-streams", move |stop| streaming::run(streams, stop)),
        ];
        App { mounts, tasks, ..App::new("mastodon") }
    }
}

/// Every route of the API and what it needs.
fn rows() -> Vec<Row> {
    let all = [
        oauth::rows(),
        instance::rows(),
        accounts::rows(),
        statuses::rows(),
        timelines::rows(),
        notifications::rows(),
        media::rows(),
        search::rows(),
        reports::rows(),
        streaming::rows(),
    ];
    all.into_iter().flatten().collect()
}

/// Clients are pages of all origins.
fn cors() -> Cors {
    Cors::any_origin(
        "GET, POST, PUT, PATCH, DELETE",
        "authorization, content-type, idempotency-key",
        "Link, X-Request-Id, Retry-After",
    )
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use social::Id;

    use super::*;
    use crate::need::Need;
    use crate::oauth::{Scopes, Token, all_scopes};

    #[test]
    fn every_route_needs_a_scope_that_there_is_and_is_there_once() {
        let mut seen = HashSet::new();
        for Row { method, path, need, .. } in rows() {
            assert!(seen.insert((method.clone(), path)), "{method} {path} is there twice");
            let scopes = match need {
                Need::Nothing | Need::Token => &[][..],
                Need::IfKnown(scope) | Need::User(scope) => &[scope],
                Need::AnyOf(scopes) => scopes,
            };
            assert!(scopes.iter().all(|scope| all_scopes().contains(scope)), "{method} {path}: {scopes:?}");
            let changes = method != http::Method::GET;
            let reads = scopes.iter().any(|scope| scope.starts_with("read"));
            assert!(!(changes && reads), "{method} {path} changes something with a scope to read");
        }
        assert!(seen.iter().all(|(_, path)| PREFIXES.iter().any(|prefix| path.starts_with(prefix))));
    }

    /// Every route with a token for each scope alone: it is let in with what covers its need, and with nothing else.
    #[test]
    fn no_token_is_good_for_more_than_its_scopes() {
        let mut refused = 0;
        for Row { method, path, need, .. } in rows() {
            let needed = match need {
                Need::Nothing | Need::Token => continue,
                Need::IfKnown(scope) | Need::User(scope) => vec![scope],
                Need::AnyOf(scopes) => scopes.to_vec(),
            };
            for scope in all_scopes() {
                let covers = |need: &&str| {
                    let group = ["blocks", "follows", "mutes"];
                    let is_relation = need.split_once(':').is_some_and(|(_, what)| group.contains(&what));
                    *scope == *need
                        || need.split(':').next() == Some(*scope)
                        || (*scope == "follow" && is_relation)
                };
                let expected = needed.iter().any(covers);
                let token =
                    |user| Token { id: Id(1), app: Id(2), user, scopes: Scopes::parse(scope).unwrap() };
                let outcome = need.admit(&token(Some(Id(3))));
                assert_eq!(outcome.is_ok(), expected, "{method} {path} with {scope}");
                refused += usize::from(!expected);
                if let Err(problem) = outcome {
                    assert_eq!(problem.status, http::StatusCode::FORBIDDEN);
                } else if !matches!(need, Need::IfKnown(_)) {
                    let status = need.admit(&token(None)).unwrap_err().status;
                    assert_eq!(status, 422, "{method} {path} is for people");
                }
            }
        }
        assert!(refused > 1000, "{refused}");
    }
}
