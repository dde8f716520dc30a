//! What a record script is told.

use std::borrow::Cow;
use std::collections::HashMap;
use std::fmt::Write;
use std::sync::{Arc, Mutex, PoisonError};

use atproto::{Cid, Did, Nsid, RecordKey};
use lua::{Global, Held, Limits, Run};
use serde::{Deserialize, Serialize};
use serde_json::value::{RawValue, to_raw_value};

use crate::On;

/// One event of a record, as its script sees it (spec/appview.md §5.2).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordInput {
    /// What happens to the record.
    pub action: On,
    /// Whose it is.
    pub did: Did,
    /// Where it is.
    pub collection: Nsid,
    /// What it is called.
    pub rkey: RecordKey,
    /// The event's name, the same whenever it is offered again: for those who do something once.
    pub event_id: String,
    /// Of the version, if it is known.
    pub cid: Option<Cid>,
    /// The record, a JSON object; of a deletion the one that goes, if it is here.
    pub record: Option<String>,
}

/// What the functions of a script of records or labels work for: it acts for this server, never for whoever wrote the
/// record or the label.
#[derive(Debug)]
pub struct RecordContext {
    /// [`RecordInput::event_id`], [`LabelInput::event_id`](crate::LabelInput::event_id).
    pub event_id: String,
    /// The script's trigger.
    pub trigger: String,
    /// Which try of the event it is, from 1.
    pub attempt: u32,
    effects: Mutex<HashMap<String, u32>>,
    /// What the host keeps for the run.
    pub held: Held,
}

impl RecordContext {
    pub(crate) fn new(event_id: &str, trigger: &str, attempt: u32) -> Self {
        Self {
            event_id: event_id.to_owned(),
            trigger: trigger.to_owned(),
            attempt,
            effects: Mutex::default(),
            held: Held::default(),
        }
    }

    /// How often this run has asked for `effect` before: with [`event_id`](Self::event_id) the name of one that is to happen
    /// once, however often the script runs.
    pub fn repetition(&self, effect: String) -> u32 {
        let mut effects = self.effects.lock().unwrap_or_else(PoisonError::into_inner);
        let count = effects.entry(effect).or_default();
        *count += 1;
        *count - 1
    }
}

impl RecordInput {
    /// `at://did/collection/rkey`.
    #[must_use]
    pub fn uri(&self) -> String {
        format!("at://{}/{}/{}", self.did, self.collection, self.rkey)
    }

    /// A run of the script of this trigger: the try of this number, from 1.
    #[must_use]
    pub fn run(&self, trigger: &str, variables: Arc<RawValue>, limits: Limits, attempt: u32) -> Run {
        let context = RecordContext::new(&self.event_id, trigger, attempt);
        let for_record = Arc::new(self.clone());
        let for_event = Arc::clone(&for_record);
        let globals = vec![
            ("action", Global::text(self.action.as_str())),
            ("uri", Global::Text(self.uri().into())),
            ("did", Global::text(self.did.as_str())),
            ("collection", Global::text(self.collection.as_str())),
            ("rkey", Global::text(self.rkey.as_str())),
            ("record", Global::lazy(move || for_record.record())),
            ("event", Global::lazy(move || for_event.event())),
            ("env", variables.into()),
        ];
        Run { globals, limits, context: Arc::new(context), depth: 0 }
    }

    fn record(&self) -> Box<RawValue> {
        let record = self.record.clone().and_then(|json| RawValue::from_string(json).ok());
        record.unwrap_or_else(|| RawValue::NULL.to_owned())
    }

    /// All of it in one table.
    fn event(&self) -> Box<RawValue> {
        object(&[
            ("id", raw(&self.event_id)),
            ("action", raw(self.action.as_str())),
            ("uri", raw(&self.uri())),
            ("did", raw(self.did.as_str())),
            ("collection", raw(self.collection.as_str())),
            ("rkey", raw(self.rkey.as_str())),
            ("record", self.record()),
        ])
    }

    /// As it is kept with a failure.
    pub(crate) fn payload(&self, trigger: &str) -> String {
        let payload = Payload {
            trigger: trigger.into(),
            action: self.action.as_str().into(),
            uri: self.uri().into(),
            did: self.did.clone(),
            collection: self.collection.clone(),
            rkey: self.rkey.clone(),
            record: self.record.clone().and_then(|json| RawValue::from_string(json).ok()),
            cid: self.cid,
            event_id: self.event_id.as_str().into(),
        };
        // Text and numbers: there is nothing that could fail.
        serde_json::to_string(&payload).unwrap_or_default()
    }

    /// Reads what [`payload`](Self::payload) wrote.
    pub(crate) fn from_payload(payload: &str) -> Option<Self> {
        let Payload { action, did, collection, rkey, record, cid, event_id, .. } =
            serde_json::from_str(payload).ok()?;
        let action = [On::Create, On::Update, On::Delete].into_iter().find(|on| on.as_str() == action)?;
        let record = record.map(|record| record.get().to_owned());
        Some(Self { action, did, collection, rkey, event_id: event_id.into_owned(), cid, record })
    }
}

/// The columns of the reference, and what it takes to go on (spec/appview.md §5.4).
#[derive(Serialize, Deserialize)]
struct Payload<'p> {
    trigger: Cow<'p, str>,
    action: Cow<'p, str>,
    uri: Cow<'p, str>,
    did: Did,
    collection: Nsid,
    rkey: RecordKey,
    /// Somebody else's JSON, which is not taken apart.
    record: Option<Box<RawValue>>,
    cid: Option<Cid>,
    event_id: Cow<'p, str>,
}

/// One object of these fields, without taking apart what is JSON already.
pub(crate) fn object(fields: &[(&str, Box<RawValue>)]) -> Box<RawValue> {
    let mut text = String::new();
    for (name, value) in fields {
        text.push(if text.is_empty() { '{' } else { ',' });
        // Fails for no String.
        _ = write!(text, "\"{name}\":{value}");
    }
    text.push('}');
    RawValue::from_string(text).unwrap_or_else(|_| RawValue::NULL.to_owned())
}

/// As JSON.
pub(crate) fn raw(value: &(impl Serialize + ?Sized)) -> Box<RawValue> {
    to_raw_value(value).unwrap_or_else(|_| RawValue::NULL.to_owned())
}
