//! A request for consent, from the page that shows it to the form that answers it.

use std::time::Duration;

use bytes::Bytes;
use cache::Cache;
use serde::{Deserialize, Serialize};
use social::Id;
use store::Database;

use super::client::{Client, OUT_OF_BAND};
use super::scope::Scopes;
use super::secret;
use crate::fields::Fields;
use crate::refusal::Refusal;

/// How long somebody may take to answer.
const GOOD_FOR: Duration = Duration::from_mins(15);

/// Longer ones are not needed by anybody.
const MAX_STATE: usize = 2000;

/// What a client asks somebody for, as it waits in the cache for the answer.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Request {
    pub(super) app: i64,
    pub(super) name: String,
    pub(super) website: Option<String>,
    pub(super) scopes: String,
    pub(super) redirect_uri: String,
    pub(super) state: Option<String>,
    pub(super) challenge: Option<String>,
    /// Of the cookie of the browser that was shown the page.
    pub(super) browser: String,
}

/// Why a request is not put to anybody.
pub(super) enum Wrong {
    /// Whoever asks is not known, or not there: nobody is sent anywhere.
    Stranger(&'static str),
    /// The client learns it where it waits: the request, the code of RFC 6749 §4.1.2.1, and what to tell people.
    Client(Box<Request>, &'static str, &'static str),
    /// The database failed.
    Failed(Refusal),
}

impl Request {
    /// Reads the query of the page.
    pub(super) async fn read(state: &Database, asked: &Fields) -> Result<Self, Wrong> {
        let client_id = asked.filled("client_id").unwrap_or_default().to_owned();
        let client = state.read_brief(move |conn| Client::find(conn, &client_id)).await;
        let client = client.map_err(|error| Wrong::Failed(error.into()))?;
        let client = client.ok_or(Wrong::Stranger("The app is not registered on this server."))?;
        let redirect_uri = asked.filled("redirect_uri").unwrap_or_default();
        if !client.redirect_uris.iter().any(|uri| uri == redirect_uri) {
            return Err(Wrong::Stranger(
                "The app has not registered the address where it waits for the answer.",
            ));
        }
        let challenge = asked.filled("code_challenge").map(str::to_owned);
        let request = Self {
            app: client.id.0,
            name: client.name,
            website: client.website,
            scopes: String::new(),
            redirect_uri: redirect_uri.to_owned(),
            state: asked.text("state").filter(|state| state.len() <= MAX_STATE).map(str::to_owned),
            challenge,
            browser: String::new(),
        };
        let wrong = |request, code, why| Err(Wrong::Client(Box::new(request), code, why));
        if asked.filled("response_type") != Some("code") {
            return wrong(request, "unsupported_response_type", "response_type must be code");
        }
        let method = asked.filled("code_challenge_method");
        if request.challenge.as_ref().is_some_and(|it| it.len() != 43 || method != Some("S256")) {
            return wrong(request, "invalid_request", "code_challenge must be one of the method S256");
        }
        match Scopes::parse(asked.text("scope").unwrap_or_default()) {
            Some(scopes) if client.scopes.cover_all(&scopes) => {
                Ok(Self { scopes: scopes.to_string(), ..request })
            }
            _ => wrong(request, "invalid_scope", "the app has not registered these scopes"),
        }
    }

    /// Keeps it for the answer; what the form names it by.
    pub(super) async fn keep(&self, cache: &Cache) -> Result<String, Refusal> {
        let ticket = secret::random();
        let value = serde_json::to_vec(self).map_err(social::Error::from)?;
        cache.set(&key(&ticket), Bytes::from(value), GOOD_FOR).await?;
        Ok(ticket)
    }

    /// The request that a form answers, if it comes from the browser that was shown it.
    pub(super) async fn find(cache: &Cache, ticket: &str, browser: &str) -> Result<Option<Self>, Refusal> {
        let kept = cache.get(&key(ticket)).await?;
        let request: Option<Self> = kept.and_then(|value| serde_json::from_slice(&value).ok());
        Ok(request.filter(|request| secret::is(browser, &request.browser)))
    }

    /// Takes it out, so that it is answered once; whether it was there.
    pub(super) async fn answered(cache: &Cache, ticket: &str) -> Result<bool, Refusal> {
        Ok(cache.take(&key(ticket)).await?.is_some())
    }

    pub(super) fn app(&self) -> Id {
        Id(self.app)
    }

    pub(super) fn is_out_of_band(&self) -> bool {
        self.redirect_uri == OUT_OF_BAND
    }
}

fn key(ticket: &str) -> String {
    format!("mastodon:consent:{}", secret::hash(ticket))
}
