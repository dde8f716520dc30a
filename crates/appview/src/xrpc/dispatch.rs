//! From a method's name to what answers it.

use std::sync::Arc;

use atproto::Nsid;
use atproto::lexicon::LexiconType;
use axum::extract::{RawQuery, State};
use axum::response::Response;
use server::{Path, Problem};

use super::arguments::Arguments;
use super::{Xrpc, list, record, reply};
use crate::catalogue::{Catalogue, LoadedLexicon};

/// `GET /xrpc/{nsid}`.
pub(super) async fn query(
    State(xrpc): State<Xrpc>,
    Path(nsid): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<Response, Problem> {
    let Some(lexicon) = find(&xrpc.catalogue, &nsid)? else { return Ok(unknown(&nsid)) };
    if lexicon.kind() != LexiconType::Query {
        return Err(Problem::bad_request(format!("{nsid} is not a query endpoint")));
    }
    lexicon.calls.increment(1);
    let arguments = Arguments::read(lexicon.lexicon(), query.as_deref())?;
    match arguments.text("uri")? {
        Some(uri) => record::answer(&xrpc, &uri).await,
        None => list::answer(&xrpc, &lexicon, &arguments).await,
    }
}

/// `POST /xrpc/{nsid}`.
pub(super) async fn procedure(
    State(xrpc): State<Xrpc>,
    Path(nsid): Path<String>,
) -> Result<Response, Problem> {
    let Some(lexicon) = find(&xrpc.catalogue, &nsid)? else { return Ok(unknown(&nsid)) };
    if lexicon.kind() != LexiconType::Procedure {
        return Err(Problem::bad_request(format!("{nsid} is not a procedure endpoint")));
    }
    lexicon.calls.increment(1);
    Ok(reply::not_implemented(&format!(
        "{nsid} is a procedure, and this version of the server does not write to repositories yet"
    )))
}

/// The lexicon of a method; 400 if that is no NSID.
fn find(catalogue: &Catalogue, nsid: &str) -> Result<Option<Arc<LoadedLexicon>>, Problem> {
    if let Some(lexicon) = catalogue.get(nsid) {
        return Ok(Some(lexicon));
    }
    // In another case the authority is the same.
    let nsid = Nsid::parse(nsid).map_err(|error| Problem::bad_request(error.to_string()))?;
    Ok(catalogue.get(nsid.as_str()))
}

fn unknown(nsid: &str) -> Response {
    reply::not_implemented(&format!(
        "no lexicon for {nsid} is loaded; an operator can add it with `belvedere lexicon add` or POST /admin/lexicons"
    ))
}
