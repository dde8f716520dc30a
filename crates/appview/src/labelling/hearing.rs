//! What a request wants to hear of labelers (`atproto-accept-labelers`), and what its answer carries of it.

use std::collections::{BTreeSet, HashMap};

use axum::response::Response;
use http::{HeaderMap, HeaderName, HeaderValue};
use labels::{AcceptLabelers, Label, self_labels};
use records::Record;
use server::Problem;

use super::Labelling;

const ACCEPT: HeaderName = HeaderName::from_static("atproto-accept-labelers");
const CONTENT: HeaderName = HeaderName::from_static("atproto-content-labelers");

/// Whom a request wants to hear, as far as they are heard here.
pub(crate) struct Hearing<'l> {
    labelling: &'l Labelling,
    accept: AcceptLabelers,
    /// Who is heard, for the answer.
    answered: String,
}

impl<'l> Hearing<'l> {
    /// `None` without the header: such an answer is as it would be without labels, and costs nothing more. Labelers that are
    /// paused are silent.
    pub(crate) async fn of(labelling: &'l Labelling, headers: &HeaderMap) -> Result<Option<Self>, Problem> {
        let values: Vec<&[u8]> = headers.get_all(ACCEPT).iter().map(HeaderValue::as_bytes).collect();
        if values.is_empty() {
            return Ok(None);
        }
        let header = values.join(&b',');
        let accept = AcceptLabelers::parse(&String::from_utf8_lossy(&header))
            .map_err(|error| Problem::bad_request(error.to_string()))?;
        let active = labelling.labelers.active().await.map_err(Problem::internal)?;
        let answered = accept.answered(&active);
        Ok(Some(Self { labelling, accept: accept.among(&active), answered }))
    }

    /// The labels of each of these records, those of its author in the record itself included; `None` for one that is to be
    /// left out, because a labeler that was asked to redact takes it or its author down.
    pub(crate) async fn labels_of(&self, records: &[Record]) -> Result<Vec<Option<Vec<Label>>>, Problem> {
        let names: BTreeSet<String> =
            records.iter().flat_map(|record| [record.uri.clone(), record.did().to_owned()]).collect();
        let said = self.labelling.labels.of(names, &self.accept).await.map_err(Problem::internal)?;
        Ok(records.iter().map(|record| self.labels_in(&said, record)).collect())
    }

    fn labels_in(&self, said: &HashMap<String, Vec<Label>>, record: &Record) -> Option<Vec<Label>> {
        let of = |name: &str| said.get(name).map(Vec::as_slice).unwrap_or_default();
        let about = of(&record.uri).iter().filter(|label| label.is_about(record.cid.as_deref()));
        let mut labels: Vec<Label> = about.cloned().collect();
        if self.accept.redacts(&labels) || self.accept.redacts(of(record.did())) {
            return None;
        }
        labels.extend(self_labels(&record.uri, &record.json));
        Some(labels)
    }

    /// Says whom the answer has heard.
    pub(crate) fn tell(&self, mut response: Response) -> Response {
        // DIDs are ASCII.
        if let Some(value) = HeaderValue::from_str(&self.answered).ok().filter(|value| !value.is_empty()) {
            response.headers_mut().insert(CONTENT, value);
        }
        response
    }
}
