//! The door of the API: whether a token is good for what is asked, and how often somebody may ask.

use std::fmt;

use accounts::limits::{address, draw};
use axum::extract::MatchedPath;
use cache::Cache;
use futures::future::BoxFuture;
use http::request::Parts;
use http::{HeaderMap, Method};
use server::{Problem, Throttle};

use crate::caller::{Known, presented};
use crate::need::{Need, Needs};
use crate::oauth::Tokens;

/// Calls at once and per second of somebody with a token.
const KNOWN: (u32, f64) = (600, 5.0);

/// The same of one address without one: many may share it.
const STRANGERS: (u32, f64) = (600, 5.0);

/// Clients that one address may register.
const REGISTRATIONS: (u32, f64) = (60, 0.1);

/// What needs a token is asked of it here, and nowhere else.
pub(crate) struct Door {
    pub(crate) needs: Needs,
    pub(crate) tokens: Tokens,
    pub(crate) cache: Cache,
}

impl fmt::Debug for Door {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Door")
    }
}

impl Door {
    /// What the route that was matched needs. A route that says nothing is nobody's.
    fn need(&self, parts: &Parts) -> Result<Need, Problem> {
        let path = parts.extensions.get::<MatchedPath>().map_or("", MatchedPath::as_str);
        let method = if parts.method == Method::HEAD { Method::GET } else { parts.method.clone() };
        let found = self.needs.iter().find(|row| row.0 == method && row.1 == path);
        found.map(|row| row.2).ok_or_else(Need::out_of_scope)
    }

    /// Who holds the token, if it is good for what the route needs.
    async fn admitted(&self, parts: &Parts) -> Result<Option<Known>, Problem> {
        let need = self.need(parts)?;
        if need == Need::Nothing {
            return Ok(None);
        }
        let token = match presented(parts) {
            // It was verified just now, and this remembers it.
            Some(token) => self.tokens.find(&token).await.map_err(Problem::internal)?,
            None => None,
        };
        let Some(token) = token else {
            return if matches!(need, Need::IfKnown(_)) {
                Ok(None)
            } else {
                Err(Problem::authentication_required())
            };
        };
        need.admit(&token)?;
        Ok(Some(Known { token }))
    }
}

impl Throttle for Door {
    fn admit<'a>(&'a self, parts: &'a mut Parts) -> BoxFuture<'a, Result<HeaderMap, Problem>> {
        Box::pin(async move {
            let known = self.admitted(parts).await?;
            let (key, bounds) = match &known {
                Some(Known { token }) => (format!("mastodon:calls:{}", token.id), KNOWN),
                None if parts.method == Method::POST && parts.uri.path() == "/api/v1/apps" => {
                    (format!("mastodon:apps:{}", address(parts)), REGISTRATIONS)
                }
                None => (format!("mastodon:calls:{}", address(parts)), STRANGERS),
            };
            if let Some(known) = known {
                parts.extensions.insert(known);
            }
            draw(&self.cache, &key, bounds).await
        })
    }
}
