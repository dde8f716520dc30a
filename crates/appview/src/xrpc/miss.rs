//! What is not here is asked for: by whose policy, at whose cost, and what the client is told of it.

use std::convert::Infallible;

use atproto::{Did, Nsid};
use axum::extract::FromRequestParts;
use axum::response::Response;
use http::request::Parts;
use http::{HeaderName, HeaderValue};
use readthrough::{Asker, How, Policy, Reason};
use server::{Caller, ClientAddress, Principal, Problem};

use super::Xrpc;
use crate::scripting::Creator;

const CACHE_STATUS: HeaderName = HeaderName::from_static("cache-status");

/// Who calls, as far as it matters for who pays. Names are made of it when something is missing, not before.
#[derive(Clone)]
pub(crate) struct Party {
    who: Who,
    address: Option<ClientAddress>,
}

#[derive(Clone)]
enum Who {
    /// Nobody who has proven anything.
    Nobody,
    /// Whoever sent a credential.
    Caller(Caller),
    /// Whoever had the job made that calls.
    Creator(Creator),
}

impl Party {
    /// An account that has proven who it is, else the address. Jobs are this server's own.
    pub(super) fn asker(&self) -> Asker<'_> {
        let account = self.caller().and_then(|caller| caller.principal.did()).map(Asker::Account);
        let address = || self.address.map(|ClientAddress(address)| Asker::Address(address));
        account.or_else(address).unwrap_or(Asker::Local)
    }
}

impl Party {
    /// Nobody, from nowhere.
    pub(crate) fn nobody() -> Self {
        Self { who: Who::Nobody, address: None }
    }

    /// Whoever had a job made that acts for them.
    pub(crate) fn behind(creator: Creator) -> Self {
        Self { who: Who::Creator(creator), address: None }
    }

    /// The same as somebody who has proven nothing.
    pub(crate) fn anonymous(self) -> Self {
        Self { who: Who::Nobody, ..self }
    }

    /// The credential, if there is one.
    pub(crate) fn caller(&self) -> Option<&Caller> {
        if let Who::Caller(caller) = &self.who { Some(caller) } else { None }
    }

    /// Whoever had the job made that calls, if it acts for them.
    pub(crate) fn creator(&self) -> Option<&Creator> {
        if let Who::Creator(creator) = &self.who { Some(creator) } else { None }
    }

    /// Whether another server calls, with a token for one method.
    pub(super) fn is_service(&self) -> bool {
        self.caller().is_some_and(|caller| matches!(caller.principal, Principal::Service { .. }))
    }

    /// Whether it has proven nothing.
    pub(crate) fn is_nobody(&self) -> bool {
        matches!(self.who, Who::Nobody)
    }

    /// The account that calls, if it has proven who it is, or had its job proven it.
    pub(crate) fn did(&self) -> Option<Did> {
        match &self.who {
            Who::Nobody => None,
            Who::Caller(caller) => caller.principal.did().and_then(|did| Did::parse(did).ok()),
            Who::Creator(creator) => Some(creator.did.clone()),
        }
    }
}

impl<S: Sync> FromRequestParts<S> for Party {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let who = parts.extensions.get::<Caller>().cloned().map_or(Who::Nobody, Who::Caller);
        Ok(Self { who, address: parts.extensions.get::<ClientAddress>().copied() })
    }
}

/// What of a collection may be asked for: nothing without a record lexicon.
pub(super) fn policy(xrpc: &Xrpc, collection: &Nsid) -> Policy {
    let lexicon = xrpc.catalogue.get(collection.as_str()).filter(|lexicon| lexicon.is_record());
    let Some(lexicon) = lexicon else { return Policy::Off };
    let general = || xrpc.accounts.settings.current().read_through.parse().unwrap_or_default();
    lexicon.read_through().unwrap_or_else(general)
}

/// 404, with what came of asking.
pub(super) fn not_found(how: How) -> Problem {
    let problem = Problem::not_found("record not found");
    match cache_status(how) {
        Some(status) => problem.with_header(CACHE_STATUS, HeaderValue::from_static(status)),
        None => problem,
    }
}

/// The answer, with what came of asking.
pub(super) fn tell(mut response: Response, how: How) -> Response {
    if let Some(status) = cache_status(how) {
        response.headers_mut().insert(CACHE_STATUS, HeaderValue::from_static(status));
    }
    response
}

/// `Cache-Status` (RFC 9211). There is none where the answer is as good as one of the source. `fwd` is there if the source
/// was asked just now; `detail` alone says why an answer that may lack something is nothing but what is here.
fn cache_status(how: How) -> Option<&'static str> {
    match how {
        How::Here | How::KnownAbsent | How::NotAsked => None,
        How::Fetched => Some("belvedere; fwd=miss; stored"),
        How::Absent => Some("belvedere; fwd=miss; fwd-status=404"),
        How::OverBudget => Some("belvedere; detail=\"over-budget\""),
        How::Unavailable { reason, asked: true } => Some(match reason {
            Reason::PdsUnreachable => "belvedere; fwd=miss; fwd-status=504; detail=\"pds-unreachable\"",
            Reason::DirectoryUnreachable => {
                "belvedere; fwd=miss; fwd-status=504; detail=\"directory-unreachable\""
            }
            Reason::Untrusted => "belvedere; fwd=miss; fwd-status=502; detail=\"untrusted\"",
            Reason::Slow => "belvedere; fwd=miss; fwd-status=504; detail=\"slow\"",
        }),
        How::Unavailable { reason, asked: false } => Some(match reason {
            Reason::PdsUnreachable => "belvedere; detail=\"pds-unreachable\"",
            Reason::DirectoryUnreachable => "belvedere; detail=\"directory-unreachable\"",
            Reason::Untrusted => "belvedere; detail=\"untrusted\"",
            Reason::Slow => "belvedere; detail=\"slow\"",
        }),
    }
}

/// `Cache-Status` of an answer that stands in for one that did not come, with its age in seconds (RFC 9111 §5.1).
pub(super) fn tell_stale(mut response: Response, age: std::time::Duration) -> Response {
    let status = HeaderValue::from_static("belvedere; fwd=stale; fwd-status=504; detail=\"pds-unreachable\"");
    response.headers_mut().insert(CACHE_STATUS, status);
    response.headers_mut().insert(http::header::AGE, age.as_secs().into());
    response
}
