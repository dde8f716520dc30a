//! The default query without `uri`: the newest records of the target collection, or those that the parameters ask for.

use std::time::Instant;

use atproto::{Did, Nsid};
use axum::response::Response;
use find::index::Order;
use find::{Arrangement, Direction, Selection};
use http::HeaderMap;
use labels::Label;
use readthrough::How;
use records::{ListQuery, Record};
use server::Problem;

use super::arguments::Arguments;
use super::miss::{self, Party};
use super::{Xrpc, entry, reply};
use crate::catalogue::LoadedLexicon;
use crate::labelling::Hearing;
use crate::paging;
use crate::queries::{Asked, Shape, refused};

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
    let asked = Asked::of(arguments)?;
    let is_first = asked.cursor.is_none();
    let question = match xrpc.catalogue.shape(lexicon.id()) {
        Some(shape) => shape.selection(arguments.all(), asked)?,
        None => Shape::none(collection).selection(arguments.all(), asked)?,
    };
    let hearing = Hearing::of(&xrpc.labelling, headers).await?;
    let how = match &question.did {
        Some(did) if is_first => look(xrpc, did, collection, party).await?,
        // Nobody is asked for the records of everybody, and later pages are what is here by then.
        _ => How::NotAsked,
    };
    let page = if is_list(&question) {
        list(xrpc, question).await?
    } else {
        select(xrpc, lexicon, question).await?
    };
    let Some(hearing) = hearing else {
        return Ok(miss::tell(reply::json(write(&page, None)), how));
    };
    let labels = hearing.labels_of(&page.records).await?;
    Ok(hearing.tell(miss::tell(reply::json(write(&page, Some(&labels))), how)))
}

/// A page of an answer.
struct Page {
    records: Vec<Record>,
    cursor: Option<String>,
}

/// Whether all that is asked for is the newest records.
fn is_list(question: &Selection) -> bool {
    question.conditions.is_empty()
        && question.words.is_none()
        && question.order == Arrangement::By(Order::Seen, Direction::Descending)
}

async fn list(xrpc: &Xrpc, question: Selection) -> Result<Page, Problem> {
    let Selection { collection, did, limit, cursor, .. } = question;
    let query = ListQuery { collection, did, limit, after: paging::cursor(cursor.as_deref())? };
    let page = xrpc.records.list(query).await.map_err(Problem::internal)?;
    Ok(Page { records: page.records, cursor: page.next.map(|next| next.to_string()) })
}

async fn select(xrpc: &Xrpc, lexicon: &LoadedLexicon, question: Selection) -> Result<Page, Problem> {
    let started = Instant::now();
    let selected = xrpc.find.select(question).await;
    match &selected {
        Ok(selected) => xrpc.slow.note(lexicon.id().as_str(), started.elapsed(), Some(&selected.explained)),
        Err(find::Error::TimeLimit(_)) => xrpc.slow.note(lexicon.id().as_str(), started.elapsed(), None),
        // Nothing was looked for.
        Err(_) => {}
    }
    let selected = selected.map_err(refused)?;
    Ok(Page { records: selected.records, cursor: selected.cursor })
}

/// Sees to it that the newest records of an author are here.
async fn look(xrpc: &Xrpc, did: &Did, collection: &Nsid, party: &Party) -> Result<How, Problem> {
    let policy = miss::policy(xrpc, collection);
    xrpc.readthrough.list(did, collection, policy, party.asker()).await.map_err(Problem::internal)
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
    if let Some(cursor) = &page.cursor {
        // A cursor is made of letters, digits, `-` and `_`.
        out.extend_from_slice(b",\"cursor\":\"");
        out.extend_from_slice(cursor.as_bytes());
        out.push(b'"');
    }
    out.push(b'}');
    out
}
