//! The answers of an archive.

use std::collections::HashMap;

use bytes::Bytes;
use http_body_util::Full;
use hyper::header::{ACCEPT_RANGES, CONTENT_RANGE, CONTENT_TYPE, ETAG, IF_MATCH, RANGE};
use hyper::{HeaderMap, Method, Response, StatusCode};
use serde_json::{Value, json};

use super::ArchiveFault;
use super::plan::{Stored, name, plan};

pub(super) type Answer = Response<Full<Bytes>>;

/// What is asked for.
pub(super) struct Asked<'a> {
    pub(super) http: &'a Method,
    pub(super) method: &'a str,
    pub(super) query: HashMap<String, String>,
    pub(super) headers: &'a HeaderMap,
    pub(super) body: Bytes,
}

pub(super) fn answer(segments: &[Stored], asked: &Asked<'_>, most: usize, fault: ArchiveFault) -> Answer {
    if fault == ArchiveFault::Unavailable {
        return error(StatusCode::SERVICE_UNAVAILABLE, "ServiceUnavailable");
    }
    let text = |key: &str| asked.query.get(key).map_or("", String::as_str);
    let find =
        |wanted: &str| (0..).zip(segments).find(|(index, _)| name(*index) == wanted).map(|(_, found)| found);
    match (asked.http, asked.method) {
        _ if fault == ArchiveFault::NotOffered => error(StatusCode::NOT_FOUND, "NotFound"),
        (&Method::POST, "network.bsky.jetstream.planSnapshot") => match serde_json::from_slice(&asked.body) {
            Ok(question) => json_answer(StatusCode::OK, &plan(segments, &question, most, fault)),
            Err(_) => error(StatusCode::BAD_REQUEST, "InvalidRequest"),
        },
        (&Method::GET, "network.bsky.jetstream.listSegments") => {
            let from: usize = text("cursor").parse().unwrap_or(0);
            let limit: usize = text("limit").parse().unwrap_or(100);
            let listed: Vec<Value> =
                segments.iter().enumerate().skip(from).take(limit).map(|(i, s)| s.listed(i)).collect();
            let mut page = json!({ "segments": listed });
            if from + limit < segments.len() {
                page["cursor"] = (from + limit).to_string().into();
            }
            json_answer(StatusCode::OK, &page)
        }
        (&Method::GET, "network.bsky.jetstream.getSegment") => match find(text("name")) {
            Some(segment) => file(segment, asked.headers, fault),
            None => error(StatusCode::NOT_FOUND, "SegmentNotFound"),
        },
        (&Method::GET, "network.bsky.jetstream.getBlock") => {
            let number = text("blockIndex").parse::<u32>().unwrap_or(u32::MAX);
            match find(text("segment")) {
                None => error(StatusCode::NOT_FOUND, "SegmentNotFound"),
                Some(_) if fault == ArchiveFault::MissingBlock(number) => {
                    error(StatusCode::NOT_FOUND, "BlockNotFound")
                }
                Some(segment) => match segment.frame(number as usize) {
                    Some(frame) => {
                        bytes(StatusCode::OK, damaged(frame, 60, fault == ArchiveFault::DamagedBlocks))
                    }
                    None => error(StatusCode::NOT_FOUND, "BlockNotFound"),
                },
            }
        }
        _ => error(StatusCode::NOT_FOUND, "MethodNotImplemented"),
    }
}

/// A file, or the part of it that is asked for.
fn file(segment: &Stored, headers: &HeaderMap, fault: ArchiveFault) -> Answer {
    let header = |name| headers.get(name).and_then(|value| value.to_str().ok());
    let etag = format!("\"{}\"", segment.checksum);
    if header(IF_MATCH).is_some_and(|wanted| wanted != etag) {
        return error(StatusCode::PRECONDITION_FAILED, "PreconditionFailed");
    }
    let footer = segment.file.len() - 1;
    let file = damaged(segment.file.clone(), 330, fault == ArchiveFault::DamagedBlocks);
    let file = damaged(file, footer, fault == ArchiveFault::DamagedFooter);
    let range = header(RANGE).filter(|_| fault != ArchiveFault::IgnoredRanges);
    let Some((start, end)) = range.and_then(|range| range.strip_prefix("bytes=")?.split_once('-')) else {
        return bytes(StatusCode::OK, file);
    };
    let length = file.len();
    let start: usize = start.parse().unwrap_or(usize::MAX);
    let end = end.parse::<usize>().map_or(length, |last| length.min(last + 1));
    if start >= end {
        return error(StatusCode::RANGE_NOT_SATISFIABLE, "InvalidRange");
    }
    let mut answer = bytes(StatusCode::PARTIAL_CONTENT, file.slice(start..end));
    let range = format!("bytes {start}-{}/{length}", end - 1);
    for (name, value) in [(CONTENT_RANGE, range), (ETAG, etag), (ACCEPT_RANGES, "bytes".to_owned())] {
        answer.headers_mut().insert(name, value.parse().expect("a header of our own"));
    }
    answer
}

/// The same with one bit changed, if it is to be.
fn damaged(content: Bytes, at: usize, damage: bool) -> Bytes {
    if !damage {
        return content;
    }
    let mut content = content.to_vec();
    content[at] ^= 1;
    content.into()
}

fn bytes(status: StatusCode, content: Bytes) -> Answer {
    with_type(status, "application/octet-stream", content)
}

fn json_answer(status: StatusCode, value: &Value) -> Answer {
    with_type(status, "application/json", value.to_string().into())
}

fn error(status: StatusCode, name: &str) -> Answer {
    json_answer(status, &json!({ "error": name, "message": "as planned" }))
}

fn with_type(status: StatusCode, content_type: &'static str, content: Bytes) -> Answer {
    let answer = Response::builder().status(status).header(CONTENT_TYPE, content_type);
    answer.body(Full::new(content)).expect("an answer of our own")
}
