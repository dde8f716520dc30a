//! Who may define a lexicon, and whether something is what they publish.

use std::sync::Arc;

use atproto::{Did, Nsid};
use outbound::Outbound;
use serde::Deserialize;
use serde_json::{Map, Value};

use crate::error::Error;
use crate::txt;

const COLLECTION: &str = "com.atproto.lexicon.schema";

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

/// Whether a record is the lexicon of this NSID, as its authority publishes it; if not, what is wrong with it.
pub fn check_published(json: &str, nsid: &Nsid) -> Result<(), &'static str> {
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
