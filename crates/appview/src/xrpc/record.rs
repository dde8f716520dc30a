//! The default query with `uri`: one record.

use std::borrow::Cow;
use std::time::Duration;

use atproto::Did;
use axum::response::Response;
use http::HeaderMap;
use readthrough::Answer;
use records::Record;
use server::Problem;
use tracing::debug;

use super::miss::{self, Party};
use super::{Xrpc, blobs, entry, reply};
use crate::labelling::Hearing;
use crate::subject;

/// How long an answer may wait for the author's PDS to become known. Usually it is: in a cache.
const PDS_TIME_LIMIT: Duration = Duration::from_secs(1);

/// `{"record":{"uri":…, fields…}}`, blobs with the `url` of their bytes; with `_labels` for a request that wants to hear
/// labelers.
pub(super) async fn answer(
    xrpc: &Xrpc,
    uri: &str,
    party: &Party,
    headers: &HeaderMap,
) -> Result<Response, Problem> {
    let (did, collection, rkey) = subject::named(&xrpc.resolver, uri).await?;
    let policy = || miss::policy(xrpc, &collection);
    let found = xrpc.readthrough.record(&did, &collection, &rkey, policy, party.asker()).await;
    let Answer { record, how } = found.map_err(Problem::internal)?;
    let record = record.ok_or_else(|| miss::not_found(how))?;
    let hearing = Hearing::of(&xrpc.labelling, headers).await?;
    let labels = match &hearing {
        Some(hearing) => hearing.labels_of(std::slice::from_ref(&record)).await?.remove(0),
        None => None,
    };
    // Redacted, and nothing is said of why.
    if hearing.is_some() && labels.is_none() {
        return Err(miss::not_found(how));
    }
    let json = with_blob_urls(xrpc, &did, &record).await;
    let mut out = Vec::with_capacity(record.uri.len() + json.len() + 32);
    out.extend_from_slice(b"{\"record\":");
    entry::push(&mut out, &record.uri, &json, labels.as_deref());
    out.push(b'}');
    let response = miss::tell(reply::json(out), how);
    Ok(match hearing {
        Some(hearing) => hearing.tell(response),
        None => response,
    })
}

/// The record's JSON, parsed only if there is a blob in it. While the PDS is unknown, blobs stay as they are: the record
/// is worth more than their links.
async fn with_blob_urls<'r>(xrpc: &Xrpc, did: &Did, record: &'r Record) -> Cow<'r, str> {
    let stored = Cow::Borrowed(&*record.json);
    if !blobs::may_have_blobs(&record.json) {
        return stored;
    }
    match tokio::time::timeout(PDS_TIME_LIMIT, xrpc.resolver.resolve_did(did)).await {
        Ok(Ok(author)) => {
            let linked = author.pds.as_ref().and_then(|pds| blobs::with_urls(&record.json, did, pds));
            linked.map_or(stored, Cow::Owned)
        }
        Ok(Err(error)) => {
            debug!(%did, %error, "blobs without links: author unknown");
            stored
        }
        Err(_) => {
            debug!(%did, "blobs without links: author not known in time");
            stored
        }
    }
}
