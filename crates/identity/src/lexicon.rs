//! From an NSID to the lexicon its authority publishes.

use std::sync::Arc;

use atproto::{Cid, Did, Nsid};
use outbound::Outbound;
use serde::Deserialize;
use serde_json::value::RawValue;
use serde_json::{Map, Value};
use url::Url;

use crate::error::Error;
use crate::txt;

const COLLECTION: &str = "com.atproto.lexicon.schema";

/// A PDS accepts records of up to one mebibyte of CBOR; JSON is somewhat longer.
const MAX_ANSWER: usize = 2 << 20;

/// A lexicon as its authority publishes it.
#[derive(Clone, Debug)]
pub struct NetworkLexicon {
    /// Who publishes it, and may.
    pub authority: Did,
    /// The CID of the record, if the PDS told.
    pub cid: Option<Cid>,
    /// The record, as the PDS has it: a lexicon document with this NSID as its `id`. What else it says is unchecked.
    pub json: String,
}

#[derive(Deserialize)]
struct Answer {
    cid: Option<String>,
    value: Box<RawValue>,
}

#[derive(Deserialize)]
struct Schema {
    #[serde(rename = "$type")]
    kind: String,
    lexicon: u32,
    id: String,
    defs: Map<String, Value>,
}

/// The DID that DNS names as authority for the lexicons of `domain`; domains above it have no say.
pub(crate) async fn authority(outbound: &Outbound, domain: &str) -> Result<Did, Error> {
    let records = outbound
        .txt(&format!("_lexicon.{domain}"))
        .await
        .map_err(|cause| Error::AuthorityUnavailable { domain: domain.to_owned(), cause: Arc::new(cause) })?;
    match txt::did(&records) {
        Ok(Some(did)) => Ok(did),
        Ok(None) => Err(Error::NoAuthority { domain: domain.to_owned() }),
        Err(txt::Ambiguous) => Err(Error::AmbiguousAuthority { domain: domain.to_owned() }),
    }
}

/// Fetches the record from the authority's PDS.
pub(crate) async fn fetch(
    outbound: &Outbound,
    pds: &Url,
    authority: Did,
    nsid: &Nsid,
) -> Result<NetworkLexicon, Error> {
    let unavailable = |cause| Error::LexiconUnavailable {
        nsid: nsid.clone(),
        authority: authority.clone(),
        cause: Arc::new(cause),
    };
    let bad = |problem| Error::BadLexicon { nsid: nsid.clone(), authority: authority.clone(), problem };
    let response = outbound
        .get(&record_url(pds, &authority, nsid))
        .accept("application/json")
        .max_bytes(MAX_ANSWER)
        .send()
        .await
        .map_err(unavailable)?;
    // PDSes say "no such record" and "no such repository" with 400.
    if matches!(response.status.as_u16(), 400 | 404) {
        return Err(Error::LexiconNotFound { nsid: nsid.clone(), authority });
    }
    let answer: Answer = response.success().and_then(|response| response.json()).map_err(unavailable)?;
    check(answer.value.get(), nsid).map_err(bad)?;
    let cid = answer.cid.and_then(|cid| Cid::parse(&cid).ok());
    Ok(NetworkLexicon { authority, cid, json: answer.value.get().to_owned() })
}

fn record_url(pds: &Url, authority: &Did, nsid: &Nsid) -> Url {
    let mut url = pds.clone();
    url.set_path("/xrpc/com.atproto.repo.getRecord");
    url.query_pairs_mut()
        .clear()
        .append_pair("repo", authority.as_str())
        .append_pair("collection", COLLECTION)
        .append_pair("rkey", nsid.as_str());
    url
}

impl NetworkLexicon {
    /// Whether a record is the lexicon of this NSID, as it is published; if not, what is wrong with it.
    pub fn check(json: &str, nsid: &Nsid) -> Result<(), &'static str> {
        check(json, nsid)
    }
}

fn check(json: &str, nsid: &Nsid) -> Result<(), &'static str> {
    let schema: Schema = serde_json::from_str(json).map_err(|_| "it lacks $type, lexicon, id or defs")?;
    if schema.kind != COLLECTION {
        return Err("its $type is not com.atproto.lexicon.schema");
    }
    if schema.lexicon != 1 {
        return Err("its lexicon version is not 1");
    }
    if schema.id != nsid.as_str() {
        return Err("its id is another one");
    }
    if schema.defs.is_empty() {
        return Err("it defines nothing");
    }
    Ok(())
}
