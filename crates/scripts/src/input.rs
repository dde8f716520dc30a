//! What the script of an event is told, whatever the event is about.

use std::sync::Arc;

use lua::{Limits, Run};
use serde_json::value::RawValue;

use crate::{LabelInput, RecordInput, Trigger};

/// An event that a script decides about before it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Input {
    /// Of a record.
    Record(RecordInput),
    /// A label, or its negation.
    Label(LabelInput),
}

/// Where an event belongs: the columns of the reference (spec/appview.md §2.4).
pub(crate) struct Host {
    pub(crate) kind: &'static str,
    pub(crate) id: String,
    pub(crate) collection: String,
}

impl Input {
    /// Reads what [`payload`](Self::payload) wrote for a script of this trigger.
    pub(crate) fn read(trigger: &Trigger, payload: &str) -> Option<Self> {
        match trigger {
            Trigger::Record(..) => RecordInput::from_payload(payload).map(Self::Record),
            Trigger::Label(_) | Trigger::ActorLabel => LabelInput::from_payload(payload).map(Self::Label),
            Trigger::Query(_) | Trigger::Procedure(_) | Trigger::Job(_) => None,
        }
    }

    /// As it is kept with a failure.
    pub(crate) fn payload(&self, trigger: &str) -> String {
        match self {
            Self::Record(input) => input.payload(trigger),
            Self::Label(input) => input.payload(),
        }
    }

    /// A run of the script of this trigger: the try of this number.
    pub(crate) fn run(&self, trigger: &str, variables: Arc<RawValue>, limits: Limits, attempt: u32) -> Run {
        match self {
            Self::Record(input) => input.run(trigger, variables, limits, attempt),
            Self::Label(input) => input.run(trigger, variables, limits, attempt),
        }
    }

    /// The same whenever the event is offered again.
    pub(crate) fn event_id(&self) -> &str {
        match self {
            Self::Record(input) => &input.event_id,
            Self::Label(input) => &input.event_id,
        }
    }

    /// What it is about.
    pub(crate) fn uri(&self) -> String {
        match self {
            Self::Record(input) => input.uri(),
            Self::Label(input) => input.label.uri.clone(),
        }
    }

    pub(crate) fn host(&self) -> Host {
        match self {
            Self::Record(RecordInput { collection, action, .. }) => Host {
                kind: "record",
                id: format!("{collection}:{}", action.as_str()),
                collection: collection.to_string(),
            },
            Self::Label(input) => Host {
                kind: "label",
                id: input.label.src.clone(),
                collection: input.trigger().suffix().to_owned(),
            },
        }
    }
}
