//! `atproto`: what is said of accounts and records (spec/appview.md §5.10).

use std::collections::{BTreeMap, BTreeSet};

use ::labels::{AcceptLabelers, Label, self_labels};
use atproto::AtUri;
use lua::HostError;
use serde::Serialize;
use serde_json::Value;

use super::{Answer, Arguments, ScriptHost, raw};

/// AT URIs or DIDs in one call.
const MAX_URIS: usize = 100;

/// A label as scripts see it.
#[derive(Serialize)]
struct Said {
    src: String,
    uri: String,
    val: String,
    cts: String,
}

impl ScriptHost {
    /// The labels of one AT URI or DID.
    pub(super) async fn get_labels(&self, arguments: &Arguments) -> Answer {
        let uri = arguments.text(0, "uri")?;
        raw(&self.labels_of(BTreeSet::from([uri.to_owned()])).await?.remove(uri).unwrap_or_default())
    }

    /// The same of several, each of which is a key of the answer.
    pub(super) async fn get_labels_batch(&self, arguments: &Arguments) -> Answer {
        let uris = match arguments.at(0) {
            Value::Array(uris) => uris.as_slice(),
            // A table without anything in it.
            Value::Object(fields) if fields.is_empty() => &[],
            _ => return Err(HostError::new("uris must be an array of strings")),
        };
        if uris.len() > MAX_URIS {
            return Err(HostError::new(format!("uris may have {MAX_URIS} at most")));
        }
        let text = |uri: &Value| uri.as_str().map(str::to_owned);
        let uris: Option<BTreeSet<String>> = uris.iter().map(text).collect();
        let uris = uris.ok_or_else(|| HostError::new("uris must be an array of strings"))?;
        raw(&self.labels_of(uris).await?)
    }

    /// What labelers say, and what authors say in the records themselves.
    async fn labels_of(&self, uris: BTreeSet<String>) -> Result<BTreeMap<String, Vec<Said>>, HostError> {
        let failed = |error: &dyn std::error::Error| HostError::new(error.to_string());
        let (of_records, names): (Vec<String>, Vec<_>) =
            uris.iter().filter_map(|uri| Some((uri.clone(), AtUri::record_name(uri)?))).unzip();
        let said = self.labels.of(uris, &AcceptLabelers::All).await;
        let mut said = said.map_err(|error| failed(&error))?;
        let stored = self.records.stored(names).await.map_err(|error| failed(&error))?;
        for (uri, record) in of_records.into_iter().zip(stored) {
            // Of a record that is not here no version is at hand.
            let (Some(record), Some(labels)) = (record, said.get_mut(&uri)) else { continue };
            labels.retain(|label| label.is_about(record.cid.as_deref()));
            labels.extend(self_labels(&uri, &record.json));
        }
        Ok(said
            .into_iter()
            .map(|(uri, labels)| (uri, labels.into_iter().map(Said::from).collect()))
            .collect())
    }
}

impl From<Label> for Said {
    fn from(Label { src, uri, val, cts, .. }: Label) -> Self {
        Self { src, uri, val, cts }
    }
}
