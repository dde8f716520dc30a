//! Where a profile comes from: the index, if it has profiles, or else the owner's PDS and what is remembered of it.

use std::sync::{Arc, LazyLock};
use std::time::Duration;

use atproto::data::{self, Limits};
use atproto::{Did, Nsid, RecordKey};
use axum::response::Response;
use bytes::Bytes;
use http::{HeaderMap, StatusCode};
use outbound::Outbound;
use readthrough::{Answer, How, Reason};
use serde_json::Value;
use server::Problem;
use url::Url;

use crate::relay::relay;
use crate::xrpc::Xrpc;
use crate::xrpc::miss::{self, Party};

#[expect(clippy::expect_used, reason = "a constant of the right form")]
static COLLECTION: LazyLock<Nsid> = LazyLock::new(|| Nsid::parse("app.bsky.actor.profile").expect("an NSID"));

#[expect(clippy::expect_used, reason = "a constant of the right form")]
static KEY: LazyLock<RecordKey> = LazyLock::new(|| RecordKey::parse("self").expect("a record key"));

/// A profile's fields, and what to say about where they are from.
pub(super) struct Found {
    /// Null if there is no profile.
    pub(super) fields: Value,
    pub(super) told: Told,
}

/// What a client is told about where an answer is from.
pub(super) enum Told {
    How(How),
    /// It is this old, because no newer one could be had.
    Stale(Duration),
}

/// Why there is no answer. Cheap to clone: all who wait for the same get the same.
#[derive(Clone)]
pub(crate) enum Refusal {
    /// Our own index failed.
    Internal(readthrough::Error),
    /// The profile should be in the index, and its source was of no help.
    Unavailable(Reason),
    /// The PDS could not be asked.
    Unreachable(Arc<outbound::Error>),
    /// What it said is no record.
    Malformed(Arc<str>),
    /// It said this instead.
    Answered(Arc<(StatusCode, HeaderMap, Bytes)>),
}

/// The caller's profile.
pub(super) async fn find(xrpc: &Xrpc, did: &Did, pds: &Url, party: &Party) -> Result<Found, Refusal> {
    if !xrpc.catalogue.is_collection(COLLECTION.as_str()) {
        return remembered(xrpc, did, pds).await;
    }
    let policy = || miss::policy(xrpc, &COLLECTION);
    let answer = xrpc.readthrough.record(did, &COLLECTION, &KEY, policy, party.asker()).await;
    let Answer { record, how } = answer.map_err(Refusal::Internal)?;
    match how {
        How::Here | How::Fetched | How::Absent | How::KnownAbsent => {
            let fields = record.and_then(|record| serde_json::from_str(&record.json).ok());
            Ok(Found { fields: fields.unwrap_or_default(), told: Told::How(how) })
        }
        How::Unavailable { reason, .. } => Err(Refusal::Unavailable(reason)),
        // It is the caller's own: they may know what is in it, and have another way to ask.
        How::NotAsked | How::OverBudget => remembered(xrpc, did, pds).await,
    }
}

/// What the PDS says, or said a moment ago.
async fn remembered(xrpc: &Xrpc, did: &Did, pds: &Url) -> Result<Found, Refusal> {
    let ask = || {
        let (outbound, url) = (xrpc.outbound.clone(), get_record(pds, did));
        async move { ask(&outbound, &url).await }
    };
    let remembered = xrpc.profiles.get(&format!("profile:{did}"), Refusal::is_outage, ask).await?;
    let fields = match &remembered.value {
        Some(json) => serde_json::from_slice(json).unwrap_or_default(),
        None => Value::Null,
    };
    let told = remembered.stale.map_or(Told::How(How::Here), Told::Stale);
    Ok(Found { fields, told })
}

/// The record as JSON, if there is one, on the word of its owner's PDS.
async fn ask(outbound: &Outbound, url: &Url) -> Result<Option<Bytes>, Refusal> {
    let answer = outbound.get(url).max_bytes(Limits::default().bytes).send().await;
    let answer = answer.map_err(|error| Refusal::Unreachable(Arc::new(error)))?;
    match (answer.status, data::parse(&answer.body, &Limits::default())) {
        (StatusCode::OK, Ok(mut body)) => Ok(Some(body["value"].take().to_string().into())),
        (StatusCode::OK, Err(error)) => Err(Refusal::Malformed(error.to_string().into())),
        (StatusCode::BAD_REQUEST, Ok(body)) if body["error"] == "RecordNotFound" => Ok(None),
        _ => Err(Refusal::Answered(Arc::new((answer.status, answer.headers, answer.body)))),
    }
}

fn get_record(pds: &Url, did: &Did) -> Url {
    let mut url = pds.clone();
    url.set_path("/xrpc/com.atproto.repo.getRecord");
    let query = [("repo", did.as_str()), ("collection", COLLECTION.as_str()), ("rkey", KEY.as_str())];
    url.query_pairs_mut().clear().extend_pairs(query);
    url
}

impl Refusal {
    /// Whether the PDS may well say something of use later.
    fn is_outage(&self) -> bool {
        match self {
            Self::Unreachable(_) | Self::Malformed(_) => true,
            Self::Internal(_) | Self::Unavailable(_) => false,
            Self::Answered(answer) => answer.0.is_server_error() || answer.0 == StatusCode::TOO_MANY_REQUESTS,
        }
    }

    /// What the caller hears of it.
    pub(super) fn into_answer(self) -> Result<Response, Problem> {
        match self {
            Self::Internal(error) => Err(Problem::internal(error)),
            Self::Unavailable(reason) => Err(Problem::bad_gateway(format!("your PDS: {}", reason.as_str()))),
            Self::Unreachable(error) => Err(Problem::bad_gateway(error.to_string()).caused_by(error)),
            Self::Malformed(error) => Err(Problem::bad_gateway(format!("your PDS: {error}"))),
            Self::Answered(answer) => relay(&"your PDS", answer.0, &answer.1, answer.2.clone()),
        }
    }
}

impl Told {
    /// The answer with its headers.
    pub(super) fn of(&self, response: Response) -> Response {
        match *self {
            Self::How(how) => miss::tell(response, how),
            Self::Stale(age) => miss::tell_stale(response, age),
        }
    }
}
