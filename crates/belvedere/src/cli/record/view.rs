//! A record as commands print it.

use anyhow::{Context, Result};
use serde::Serialize;
use serde_json::value::RawValue;

use crate::output::instant;

/// The fields of the admin API, with the record as it is stored.
#[derive(Serialize)]
pub(super) struct RecordView {
    pub(super) uri: String,
    cid: Option<String>,
    pub(super) indexed_at: String,
    pub(super) record: Box<RawValue>,
}

impl RecordView {
    pub(super) fn new(record: records::Record) -> Result<Self> {
        let json = RawValue::from_string(record.json)
            .with_context(|| format!("{} is stored damaged", record.uri))?;
        Ok(Self { uri: record.uri, cid: record.cid, indexed_at: instant(record.indexed_at), record: json })
    }
}
