//! The default query without `uri`: the newest records of the target collection.

use atproto::Did;
use axum::response::Response;
use http::HeaderMap;
use labels::Label;
use readthrough::How;
use records::{ListQuery, Page};
use server::Problem;

use super::arguments::Arguments;
use super::miss::{self, Party};
use super::{Xrpc, entry, reply};
use crate::catalogue::LoadedLexicon;
use crate::labelling::Hearing;
use crate::paging;

/// `{"records":[{"uri":…, fields…}, …],"cursor"?:…}`; each with `_labels` for a request that wants to hear labelers.
pub(super) async fn answer(
    xrpc: &Xrpc,
    lexicon: &LoadedLexicon,
    arguments: &Arguments,
    party: &Party,
    headers: &HeaderMap,
) -> Result<Response, Problem> {
    let Some(collection) = lexicon.target_collection() else {
        let message = format!("{} has no target_collection configured for list queries", lexicon.id());
        return Err(Problem::bad_request(message));
    };
    let query = ListQuery {
        collection: collection.clone(),
        did: author(arguments)?,
        limit: paging::limit(arguments.text("limit")?.as_deref())?,
        after: paging::cursor(arguments.text("cursor")?.as_deref())?,
    };
    let hearing = Hearing::of(&xrpc.labelling, headers).await?;
    let how = look(xrpc, &query, party).await?;
    let page = xrpc.records.list(query).await.map_err(Problem::internal)?;
    let Some(hearing) = hearing else {
        return Ok(miss::tell(reply::json(write(&page, None)), how));
    };
    let labels = hearing.labels_of(&page.records).await?;
    Ok(hearing.tell(miss::tell(reply::json(write(&page, Some(&labels))), how)))
}

/// Sees to it that the newest records of an author are here. Nobody is asked for those of everybody, and later pages are
/// what is here by then.
async fn look(xrpc: &Xrpc, query: &ListQuery, party: &Party) -> Result<How, Problem> {
    let ListQuery { collection, did: Some(did), after: None, .. } = query else { return Ok(How::NotAsked) };
    let policy = miss::policy(xrpc, collection);
    xrpc.readthrough.list(did, collection, policy, party.asker()).await.map_err(Problem::internal)
}

fn author(arguments: &Arguments) -> Result<Option<Did>, Problem> {
    let did = arguments.text("did")?;
    did.map(|did| Did::parse(&did)).transpose().map_err(|error| Problem::bad_request(format!("did: {error}")))
}

/// `labels` has one place for each record; one without labels is left out.
fn write(page: &Page, labels: Option<&[Option<Vec<Label>>]>) -> Vec<u8> {
    // `{"uri":"",` and a comma around each, the frame around all.
    let bytes = page.records.iter().map(|record| record.uri.len() + record.json.len() + 12).sum::<usize>();
    let mut out = Vec::with_capacity(bytes + 80);
    out.extend_from_slice(b"{\"records\":[");
    let mut is_first = true;
    for (number, record) in page.records.iter().enumerate() {
        let labels = match labels.map(|labels| labels[number].as_deref()) {
            None => None,
            Some(Some(labels)) => Some(labels),
            Some(None) => continue,
        };
        if !std::mem::take(&mut is_first) {
            out.push(b',');
        }
        entry::push(&mut out, &record.uri, &record.json, labels);
    }
    out.push(b']');
    if let Some(next) = &page.next {
        // A position is made of letters, digits, `-` and `_`.
        out.extend_from_slice(b",\"cursor\":\"");
        out.extend_from_slice(next.to_string().as_bytes());
        out.push(b'"');
    }
    out.push(b'}');
    out
}
