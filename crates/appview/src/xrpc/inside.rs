//! Methods as scripts of this server call them: the same handlers, without a socket in between (spec/appview.md §5.9).

use axum::body::{Bytes, to_bytes};
use axum::response::Response;
use http::{HeaderMap, HeaderValue};
use lua::HostError;
use serde_json::Value;
use server::{Principal, Problem, rendered, standard_errors};

use super::dispatch::Body;
use super::{Party, Xrpc, profile, upload};
use crate::scripting::Chain;

/// The largest answer that a script is given, in bytes.
const MAX_BYTES: usize = 10 << 20;

/// Methods that API clients manage themselves with. They are for what signs its requests.
const OF_CLIENTS: &str = "dev.happyview.";

/// What a method answered.
pub(crate) struct Answered {
    pub(crate) status: u16,
    /// JSON, as far as the method keeps to its lexicon.
    pub(crate) body: String,
}

impl Xrpc {
    /// A query of a script. Whoever came with a token for one method is nobody to others.
    pub(crate) async fn query_inside(
        &self,
        nsid: &str,
        query: &str,
        party: &Party,
        chain: &Chain,
    ) -> Result<Answered, HostError> {
        let party = if party.is_service() { party.clone().anonymous() } else { party.clone() };
        let chain = chain.call()?;
        // Boxed, because it is as large as everything that a method may do.
        let answer = Box::pin(async {
            match nsid {
                "app.bsky.actor.getProfile" => profile::answer(self, &party).await,
                _ if nsid.starts_with(OF_CLIENTS) => Err(not_for_scripts(nsid)),
                _ => self.query(nsid, Some(query), &party, &HeaderMap::new(), chain.clone()).await,
            }
        });
        read(nsid, chain.bounded(answer).await?).await
    }

    /// A procedure of a script, on behalf of whoever called it or had it made.
    pub(crate) async fn procedure_inside(
        &self,
        nsid: &str,
        query: &str,
        input: &Value,
        party: &Party,
        chain: &Chain,
    ) -> Result<Answered, HostError> {
        if party.did().is_none() {
            return Err(HostError::auth(
                "xrpc.procedure acts for whoever called the script, or for the creator of a job that was made with auth = true; here there is nobody",
            ));
        }
        // A browser sends its cookie with any page's queries, and only with our own pages' procedures.
        if chain.is_query() && is_cookie(party) {
            return Err(HostError::auth("a browser's session changes nothing by a query: call a procedure"));
        }
        if party.is_service() {
            return Err(HostError::auth("the caller's token is for one method, and does not reach others"));
        }
        let chain = chain.call()?;
        let bytes = if input.is_null() { Bytes::new() } else { input.to_string().into() };
        let json = HeaderValue::from_static("application/json");
        let body = Body { content_type: Some(&json), bytes };
        let answer = Box::pin(async {
            if nsid.starts_with(OF_CLIENTS) || nsid == upload::method().as_str() {
                return Err(not_for_scripts(nsid));
            }
            self.procedure(nsid, Some(query), party, chain.clone(), body).await
        });
        read(nsid, chain.bounded(answer).await?).await
    }
}

fn is_cookie(party: &Party) -> bool {
    party.caller().is_some_and(|caller| matches!(caller.principal, Principal::BrowserSession { .. }))
}

fn not_for_scripts(nsid: &str) -> Problem {
    Problem::bad_request(format!("{nsid} is not for scripts"))
}

async fn read(nsid: &str, answer: Result<Response, Problem>) -> Result<Answered, HostError> {
    let response = answer.unwrap_or_else(|problem| rendered(&problem, standard_errors));
    let status = response.status().as_u16();
    let body = to_bytes(response.into_body(), MAX_BYTES)
        .await
        .map_err(|_| HostError::new(format!("what {nsid} answers is larger than {} MiB", MAX_BYTES >> 20)))?;
    Ok(Answered { status, body: String::from_utf8_lossy(&body).into_owned() })
}
