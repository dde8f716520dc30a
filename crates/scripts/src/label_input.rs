//! What a label script is told.

use std::sync::Arc;

use atproto::Cid;
use labels::Label;
use lua::{Global, Limits, Run};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::event::{object, raw};
use crate::{RecordContext, Trigger};

/// One label as its script sees it (spec/appview.md §5.2).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LabelInput {
    /// As the labeler said it; perhaps a negation.
    pub label: Label,
    /// The event's name, the same whenever and by whichever way the label comes: for those who do something once.
    pub event_id: String,
}

impl LabelInput {
    /// One that is about to be stored.
    #[must_use]
    pub fn new(label: Label) -> Self {
        let event_id = event_id(&label);
        Self { label, event_id }
    }

    /// The script that is asked about it.
    #[must_use]
    pub fn trigger(&self) -> Trigger {
        self.label.collection().map_or(Trigger::ActorLabel, Trigger::Label)
    }

    /// A run of the script of this trigger: the try of this number, from 1.
    #[must_use]
    pub fn run(&self, trigger: &str, variables: Arc<RawValue>, limits: Limits, attempt: u32) -> Run {
        let context = RecordContext::new(&self.event_id, trigger, attempt);
        let Label { src, uri, val, neg, cts, exp, .. } = &self.label;
        let mut globals = vec![
            ("src", Global::text(src)),
            ("uri", Global::text(uri)),
            ("val", Global::text(val)),
            ("neg", raw(neg).into()),
            ("cts", Global::text(cts)),
        ];
        globals.extend(exp.as_ref().map(|exp| ("exp", Global::text(exp))));
        let for_event = self.clone();
        globals.extend([("event", Global::lazy(move || for_event.event())), ("env", variables.into())]);
        Run { globals, limits, context: Arc::new(context), depth: 0 }
    }

    /// All of it in one table.
    fn event(&self) -> Box<RawValue> {
        let Label { src, uri, val, neg, cts, exp, .. } = &self.label;
        let mut fields = vec![
            ("id", raw(&self.event_id)),
            ("src", raw(src)),
            ("uri", raw(uri)),
            ("val", raw(val)),
            ("neg", raw(neg)),
            ("cts", raw(cts)),
        ];
        fields.extend(exp.as_ref().map(|exp| ("exp", raw(exp))));
        object(&fields)
    }

    /// As it is kept with a failure.
    pub(crate) fn payload(&self) -> String {
        let Label { src, uri, cid, val, neg, cts, exp } = self.label.clone();
        let payload = Payload { src, uri, val, neg, cts, exp, cid };
        // Texts and a truth value: there is nothing that could fail.
        serde_json::to_string(&payload).unwrap_or_default()
    }

    /// Reads what [`payload`](Self::payload) wrote.
    pub(crate) fn from_payload(payload: &str) -> Option<Self> {
        let Payload { src, uri, val, neg, cts, exp, cid } = serde_json::from_str(payload).ok()?;
        Some(Self::new(Label { src, uri, cid, val, neg, cts, exp }))
    }
}

/// The fields of the reference (spec/appview.md §5.4), and the version that the label is about.
#[derive(Serialize, Deserialize)]
struct Payload {
    src: String,
    uri: String,
    val: String,
    neg: bool,
    cts: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    exp: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cid: Option<String>,
}

/// Of everything that is said. A number of the stream would not do: labels that are asked for have none, and a labeler that
/// lost its database begins at 1 again.
fn event_id(label: &Label) -> String {
    let content = serde_json::to_vec(label).unwrap_or_default();
    format!("{}#{}", label.src, Cid::raw_sha256(&content))
}
