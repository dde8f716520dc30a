//! Methods that nobody loaded a lexicon for, passed on to whoever defines them (spec/appview.md §8.6).
//!
//! Any stranger can name any method, and so has this server ask DNS, a DID directory and a host of the stranger's choice.
//! All of that goes through `outbound`, which refuses private addresses; the authority of a domain and its PDS are
//! remembered by the resolver, found or not; the call carries nothing of the caller's, and what comes back is bounded,
//! stripped of its headers and kept from running in a browser as a page of this server.

mod via;

pub(crate) use via::is_ours as has_passed_one_of_us;

use std::time::Duration;

use accounts::{Domains, Settings};
use atproto::Nsid;
use axum::body::Bytes;
use axum::response::Response;
use http::header::VIA;
use http::{HeaderValue, Method, StatusCode};
use identity::Resolver;
use outbound::{Outbound, Redirects};
use server::Problem;
use url::Url;

use crate::relay::relay;
use crate::scripting::Chain;
use crate::telemetry::PROXIED;

/// The largest answer that is passed on, in bytes after decompression.
const MAX_ANSWER_BYTES: usize = 5 << 20;

/// How long the authority may take; less than a caller waits.
const TIME_LIMIT: Duration = Duration::from_secs(15);

const JSON: &str = "application/json";

/// Passes calls on. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Proxy {
    pub(crate) settings: Settings,
    pub(crate) domains: Domains,
    pub(crate) resolver: Resolver,
    pub(crate) outbound: Outbound,
}

impl Proxy {
    /// Passes a query on: `GET`, with the query string as it came.
    pub(crate) async fn query(
        &self,
        nsid: &Nsid,
        query: Option<&str>,
        chain: &Chain,
    ) -> Result<Response, Problem> {
        self.pass_on(Method::GET, nsid, query, chain, Bytes::new()).await
    }

    /// Passes a procedure on: `POST`, with a JSON body or none.
    pub(crate) async fn procedure(
        &self,
        nsid: &Nsid,
        query: Option<&str>,
        chain: &Chain,
        content_type: Option<&HeaderValue>,
        body: Bytes,
    ) -> Result<Response, Problem> {
        if !body.is_empty() && !is_json(content_type) {
            let message = format!("{nsid} is not served here, and only JSON is passed on to where it is");
            return Err(Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, message));
        }
        self.pass_on(Method::POST, nsid, query, chain, body).await
    }

    async fn pass_on(
        &self,
        method: Method,
        nsid: &Nsid,
        query: Option<&str>,
        chain: &Chain,
        body: Bytes,
    ) -> Result<Response, Problem> {
        if !self.settings.current().proxy_policy.allows(nsid) {
            count("denied");
            return Err(Problem::forbidden("NSID not allowed by proxy policy"));
        }
        if chain.is_passed_on() {
            return Err(looped(nsid));
        }
        let url = self.authority(nsid, query).await?;
        let mut request = self.outbound.request(method, &url);
        if !body.is_empty() {
            request = request.body(JSON, body);
        }
        // XRPC knows no redirects, and where one leads is not the authority's PDS.
        let request = request.redirects(Redirects::None).header(VIA, via::OURS);
        match request.max_bytes(MAX_ANSWER_BYTES).timeout(TIME_LIMIT).send().await {
            Ok(theirs) => {
                let authority = format!("the authority of {nsid}");
                let answer = relay(&authority, theirs.status, &theirs.headers, theirs.body);
                count(if answer.is_ok() { "answered" } else { "misbehaved" });
                answer
            }
            Err(error) => {
                count("unreachable");
                Err(Problem::bad_gateway(error.to_string()).caused_by(error))
            }
        }
    }

    /// The method at the PDS of its authority.
    async fn authority(&self, nsid: &Nsid, query: Option<&str>) -> Result<Url, Problem> {
        let unresolved = |message: String| {
            count("unresolved");
            Problem::bad_gateway(message)
        };
        let found = async {
            let did = self.resolver.lexicon_authority(nsid).await?;
            self.resolver.resolve_did(&did).await
        };
        let authority = found.await.map_err(|error| unresolved(error.to_string()).caused_by(error))?;
        let no_pds = || unresolved(format!("the authority of {nsid}, {}, has no PDS", authority.did));
        let pds = authority.pds.as_ref().ok_or_else(no_pds)?;
        if self.domains.has_origin(&pds.origin().ascii_serialization()) {
            return Err(looped(nsid));
        }
        let mut url = pds.clone();
        url.set_path(&format!("/xrpc/{nsid}"));
        url.set_query(query);
        Ok(url)
    }
}

/// The one to ask would be this server.
fn looped(nsid: &Nsid) -> Problem {
    count("looped");
    Problem::bad_gateway(format!("{nsid} is served neither here nor by its authority"))
}

fn is_json(content_type: Option<&HeaderValue>) -> bool {
    let value = content_type.and_then(|value| value.to_str().ok()).unwrap_or_default();
    value.split(';').next().is_some_and(|essence| essence.trim().eq_ignore_ascii_case(JSON))
}

fn count(outcome: &'static str) {
    metrics::counter!(PROXIED, "outcome" => outcome).increment(1);
}
