//! What comparing some records came to.

use atproto::lexicon::{Invalid, Verdict};
use atproto::{Cid, RecordName};
use records::{Decision, RecordAction, Records};

use crate::Validation;
use crate::catalogue::Known;

/// The outcome for one record.
pub(super) struct Outcome {
    pub(super) name: RecordName,
    /// Why it is not what its lexicon says; `None` if it is, or is not here any more.
    pub(super) invalid: Option<Invalid>,
    /// Whether it means a definition that is not here.
    pub(super) is_unresolved: bool,
}

impl Outcome {
    /// Nothing is to be said of it.
    pub(super) fn none(name: RecordName) -> Self {
        Self { name, invalid: None, is_unresolved: false }
    }

    /// Compares a record as it is kept. One that should not have been indexed is removed from the index, provided that it is
    /// what its author wrote: what a script or an operator put here is only said to be wrong.
    pub(super) async fn of(
        known: &Known,
        records: &Records,
        validation: Validation,
        name: RecordName,
        json: &str,
        cid: Option<&str>,
    ) -> Result<Self, records::Error> {
        let (did, collection, rkey) = &name;
        match known.record(collection.as_str(), Some(rkey.as_str()), json) {
            None => Ok(Self::none(name)),
            Some(Ok(Verdict { unresolved })) => {
                Ok(Self { name, invalid: None, is_unresolved: unresolved > 0 })
            }
            Some(Err(invalid)) => {
                let cid = cid.and_then(|cid| Cid::parse(cid).ok());
                let is_authors = cid.is_none() || RecordAction::put(json.as_bytes(), cid).is_ok();
                if validation == Validation::Reject
                    && is_authors
                    && records.redecide(did, collection, rkey, cid, Decision::Refuse).await?
                {
                    metrics::counter!("ingest_dropped_total", "reason" => "invalid_record").increment(1);
                    return Ok(Self::none(name));
                }
                Ok(Self { name, invalid: Some(invalid), is_unresolved: false })
            }
        }
    }
}
