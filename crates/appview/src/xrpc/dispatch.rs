//! From a method's name to what answers it.

use std::sync::Arc;

use accounts::absent::{is_absent_method, spaces_disabled};
use atproto::Nsid;
use atproto::lexicon::LexiconType;
use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{RawQuery, State};
use axum::response::Response;
use http::header::CONTENT_TYPE;
use http::{HeaderMap, HeaderValue};
use server::{Path, Problem};

use super::arguments::Arguments;
use super::miss::Party;
use super::{Xrpc, list, procedure, record, script};
use crate::catalogue::{Catalogue, LoadedLexicon};
use crate::proxy::has_passed_one_of_us;
use crate::scripting::Chain;

/// `GET /xrpc/{nsid}`.
pub(super) async fn query(
    State(xrpc): State<Arc<Xrpc>>,
    Path(nsid): Path<String>,
    RawQuery(query): RawQuery,
    party: Party,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let chain = Chain::outside(has_passed_one_of_us(&headers)).of_query();
    xrpc.query(&nsid, query.as_deref(), &party, &headers, chain).await
}

/// `POST /xrpc/{nsid}`.
pub(super) async fn procedure(
    State(xrpc): State<Arc<Xrpc>>,
    Path(nsid): Path<String>,
    RawQuery(query): RawQuery,
    party: Party,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Result<Response, Problem> {
    let body = body.map_err(|rejection| Problem::new(rejection.status(), rejection.body_text()))?;
    let chain = Chain::outside(has_passed_one_of_us(&headers));
    let body = Body { content_type: headers.get(CONTENT_TYPE), bytes: body };
    xrpc.procedure(&nsid, query.as_deref(), &party, chain, body).await
}

/// What a procedure is given.
pub(super) struct Body<'h> {
    pub(super) content_type: Option<&'h HeaderValue>,
    pub(super) bytes: Bytes,
}

/// Whoever calls, from wherever: other servers, apps, and scripts of this server.
impl Xrpc {
    /// Answers a query. `query` is what follows `?`.
    pub(super) async fn query(
        &self,
        nsid: &str,
        query: Option<&str>,
        party: &Party,
        headers: &HeaderMap,
        chain: Chain,
    ) -> Result<Response, Problem> {
        let lexicon = match find(&self.catalogue, nsid)? {
            Method::Here(lexicon) => lexicon,
            Method::Elsewhere(nsid) => return self.proxy.query(&nsid, query, &chain).await,
        };
        if lexicon.kind() != LexiconType::Query {
            return Err(Problem::bad_request(format!("{nsid} is not a query endpoint")));
        }
        lexicon.calls.increment(1);
        if let Some(script) = script::of_query(self, lexicon.id()) {
            let arguments = Arguments::read(lexicon.lexicon(), query, &[])?;
            return Ok(script::query(self, script, &lexicon, arguments, party, chain).await);
        }
        // As it always was: what lies outside of the range is brought into it.
        let arguments = Arguments::read(lexicon.lexicon(), query, &["limit"])?;
        match arguments.text("uri")? {
            Some(uri) => record::answer(self, &uri, party, headers).await,
            None => list::answer(self, &lexicon, &arguments, party, headers).await,
        }
    }

    /// Carries out a procedure.
    pub(super) async fn procedure(
        &self,
        nsid: &str,
        query: Option<&str>,
        party: &Party,
        chain: Chain,
        body: Body<'_>,
    ) -> Result<Response, Problem> {
        let lexicon = match find(&self.catalogue, nsid)? {
            Method::Here(lexicon) => lexicon,
            Method::Elsewhere(nsid) => {
                return self.proxy.procedure(&nsid, query, &chain, body.content_type, body.bytes).await;
            }
        };
        if lexicon.kind() != LexiconType::Procedure {
            return Err(Problem::bad_request(format!("{nsid} is not a procedure endpoint")));
        }
        lexicon.calls.increment(1);
        if let Some(script) = script::of_procedure(self, lexicon.id()) {
            return script::procedure(self, script, &lexicon, party, chain, query, &body.bytes).await;
        }
        // The default does nothing with them, but a call that is wrong is wrong.
        Arguments::read(lexicon.lexicon(), query, &[])?;
        procedure::answer(self, &lexicon, party, &body.bytes).await
    }
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
