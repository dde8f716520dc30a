//! From a method's name to what answers it.

use std::sync::Arc;

use accounts::absent::{is_absent_method, spaces_disabled};
use atproto::Nsid;
use atproto::lexicon::LexiconType;
use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{RawQuery, State};
use axum::response::Response;
use http::HeaderMap;
use server::{Caller, Path, Problem};

use super::arguments::Arguments;
use super::miss::Party;
use super::{Xrpc, list, procedure, record, script};
use crate::catalogue::{Catalogue, LoadedLexicon};

/// `GET /xrpc/{nsid}`.
pub(super) async fn query(
    State(xrpc): State<Arc<Xrpc>>,
    Path(nsid): Path<String>,
    RawQuery(query): RawQuery,
    party: Party,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let lexicon = match find(&xrpc.catalogue, &nsid)? {
        Method::Here(lexicon) => lexicon,
        Method::Elsewhere(nsid) => return xrpc.proxy.query(&nsid, query.as_deref(), &headers).await,
    };
    if lexicon.kind() != LexiconType::Query {
        return Err(Problem::bad_request(format!("{nsid} is not a query endpoint")));
    }
    lexicon.calls.increment(1);
    let arguments = Arguments::read(lexicon.lexicon(), query.as_deref())?;
    if let Some(script) = script::of_query(&xrpc, lexicon.id()) {
        return Ok(script::query(&xrpc, script, &lexicon, arguments, &party).await);
    }
    match arguments.text("uri")? {
        Some(uri) => record::answer(&xrpc, &uri, &party, &headers).await,
        None => list::answer(&xrpc, &lexicon, &arguments, &party, &headers).await,
    }
}

/// `POST /xrpc/{nsid}`.
pub(super) async fn procedure(
    State(xrpc): State<Arc<Xrpc>>,
    Path(nsid): Path<String>,
    RawQuery(query): RawQuery,
    caller: Option<Caller>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Result<Response, Problem> {
    let body = body.map_err(|rejection| Problem::new(rejection.status(), rejection.body_text()))?;
    let lexicon = match find(&xrpc.catalogue, &nsid)? {
        Method::Here(lexicon) => lexicon,
        Method::Elsewhere(nsid) => {
            return xrpc.proxy.procedure(&nsid, query.as_deref(), &headers, body).await;
        }
    };
    if lexicon.kind() != LexiconType::Procedure {
        return Err(Problem::bad_request(format!("{nsid} is not a procedure endpoint")));
    }
    lexicon.calls.increment(1);
    if let Some(script) = script::of_procedure(&xrpc, lexicon.id()) {
        return script::procedure(&xrpc, script, &lexicon, caller, query.as_deref(), &body).await;
    }
    procedure::answer(&xrpc, &lexicon, caller, &body).await
}

/// Where a method is served.
enum Method {
    /// By this lexicon.
    Here(Arc<LoadedLexicon>),
    /// No lexicon of this name is loaded.
    Elsewhere(Nsid),
}

/// Looks a method up; 400 if the name is no NSID, 404 if it belongs to what this server does not have.
fn find(catalogue: &Catalogue, nsid: &str) -> Result<Method, Problem> {
    if let Some(lexicon) = catalogue.find(nsid)
        && !is_absent_method(lexicon.id().as_str())
    {
        return Ok(Method::Here(lexicon));
    }
    let nsid = Nsid::parse(nsid).map_err(|error| Problem::bad_request(error.to_string()))?;
    if is_absent_method(nsid.as_str()) { Err(spaces_disabled()) } else { Ok(Method::Elsewhere(nsid)) }
}
