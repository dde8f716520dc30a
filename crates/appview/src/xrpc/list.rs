//! The default query without `uri`: the newest records of the target collection, or those that the parameters ask for.

use std::time::Instant;

use atproto::{Did, Nsid};
use axum::response::Response;
use find::index::Order;
use find::{Arrangement, Direction, Explained, Selection};
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

/// `{"records":[{"uri":…, fields…}, …],"cursor"?:…,"count"?:…}`; each record with `_labels` for a request that wants to hear
/// labelers.
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
    let wanted = Parts::of(lexicon);
    let count = if wanted.count { Some(count(xrpc, lexicon, question.clone()).await?) } else { None };
    let page = match wanted.records {
        false => None,
        true if is_list(&question) => Some(list(xrpc, question).await?),
        true => Some(select(xrpc, lexicon, question).await?),
    };
    let answer = Answer { page, count };
    let Some(hearing) = hearing else {
        return Ok(miss::tell(reply::json(answer.write(None)), how));
    };
    let labels = hearing.labels_of(answer.page.as_ref().map_or(&[], |page| &page.records)).await?;
    Ok(hearing.tell(miss::tell(reply::json(answer.write(Some(&labels))), how)))
}

/// What an answer has: records, unless the query's lexicon declares an output that is only a count, and their number on all pages
/// together if it declares that.
struct Parts {
    records: bool,
    count: bool,
}

impl Parts {
    fn of(lexicon: &LoadedLexicon) -> Self {
        let Some(output) = lexicon.lexicon().output() else { return Self { records: true, count: false } };
        let count = output.get("count").is_some_and(|schema| schema["type"] == "integer");
        Self { records: !count || output.values().any(|schema| schema["type"] == "array"), count }
    }
}

/// What is answered.
struct Answer {
    page: Option<Page>,
    count: Option<u64>,
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
    let selected = noted(xrpc, lexicon, xrpc.find.select(question), |selected| &selected.explained).await?;
    Ok(Page { records: selected.records, cursor: selected.cursor })
}

async fn count(xrpc: &Xrpc, lexicon: &LoadedLexicon, question: Selection) -> Result<u64, Problem> {
    let counting = xrpc.find.count_selected(question);
    Ok(noted(xrpc, lexicon, counting, |counted| &counted.explained).await?.count)
}

/// What was looked for, after noting how long that took.
async fn noted<T>(
    xrpc: &Xrpc,
    lexicon: &LoadedLexicon,
    looking: impl Future<Output = Result<T, find::Error>>,
    explained: impl FnOnce(&T) -> &Explained,
) -> Result<T, Problem> {
    let started = Instant::now();
    let found = looking.await;
    let (nsid, took) = (lexicon.id().as_str(), started.elapsed());
    match &found {
        Ok(found) => xrpc.slow.note(nsid, took, Some(explained(found))),
        Err(find::Error::TimeLimit(_)) => xrpc.slow.note(nsid, took, None),
        // Nothing was looked for.
        Err(_) => {}
    }
    found.map_err(refused)
}

/// Sees to it that the newest records of an author are here.
async fn look(xrpc: &Xrpc, did: &Did, collection: &Nsid, party: &Party) -> Result<How, Problem> {
    let policy = miss::policy(xrpc, collection);
    xrpc.readthrough.list(did, collection, policy, party.asker()).await.map_err(Problem::internal)
}

impl Answer {
    /// `labels` has one place for each record; one without labels is left out.
    fn write(&self, labels: Option<&[Option<Vec<Label>>]>) -> Vec<u8> {
        let records = self.page.iter().flat_map(|page| &page.records);
        // `{"uri":"",` and a comma around each, the frame around all.
        let bytes = records.map(|record| record.uri.len() + record.json.len() + 12).sum::<usize>();
        let mut out = Vec::with_capacity(bytes + 100);
        out.push(b'{');
        if let Some(page) = &self.page {
            page.write(labels, &mut out);
        }
        if let Some(count) = self.count {
            let comma = if self.page.is_some() { "," } else { "" };
            out.extend_from_slice(format!("{comma}\"count\":{count}").as_bytes());
        }
        out.push(b'}');
        out
    }
}

impl Page {
    fn write(&self, labels: Option<&[Option<Vec<Label>>]>, out: &mut Vec<u8>) {
        out.extend_from_slice(b"\"records\":[");
        let mut is_first = true;
        for (number, record) in self.records.iter().enumerate() {
            let labels = match labels.map(|labels| labels[number].as_deref()) {
                None => None,
                Some(Some(labels)) => Some(labels),
                Some(None) => continue,
            };
            if !std::mem::take(&mut is_first) {
                out.push(b',');
            }
            entry::push(out, &record.uri, &record.json, labels);
        }
        out.push(b']');
        if let Some(cursor) = &self.cursor {
            // A cursor is made of letters, digits, `-` and `_`.
            out.extend_from_slice(b",\"cursor\":\"");
            out.extend_from_slice(cursor.as_bytes());
            out.push(b'"');
        }
    }
}
