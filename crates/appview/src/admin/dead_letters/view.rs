//! A dead letter as the admin API shows it.

use ::scripts::{DeadLetter, LabelInput};
use serde::Serialize;
use serde_json::value::RawValue;
use utoipa::ToSchema;

use crate::timestamp;

/// An event whose script failed for good. `record` is there where one is shown by itself.
#[derive(Serialize, ToSchema)]
#[schema(as = DeadLetter)]
pub(super) struct DeadLetterView {
    id: i64,
    /// The trigger of the script.
    lexicon_id: String,
    uri: String,
    did: String,
    collection: String,
    rkey: String,
    /// `create`, `update` or `delete`; `label` for a label, whose `did` is the labeler, `uri` what it is about, `rkey` its value
    /// and `collection` what comes after the colon of the trigger.
    action: String,
    error: String,
    attempts: i64,
    #[serde(serialize_with = "timestamp::serialize")]
    #[schema(value_type = String, format = DateTime)]
    created_at: i64,
    #[serde(serialize_with = "timestamp::serialize_opt", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = String, format = DateTime, nullable = false, required = false)]
    resolved_at: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Object, nullable = false)]
    record: Option<Box<RawValue>>,
}

impl DeadLetterView {
    /// As one of a list.
    pub(super) fn in_list(letter: DeadLetter) -> Self {
        Self { record: None, ..Self::alone(letter) }
    }

    /// By itself: with the record or the label.
    pub(super) fn alone(letter: DeadLetter) -> Self {
        let About { uri, did, collection, rkey, action, record } = about(&letter).unwrap_or_default();
        Self {
            uri,
            did,
            collection,
            rkey,
            action,
            record: record.and_then(|record| RawValue::from_string(record).ok()),
            id: letter.id,
            lexicon_id: letter.script_ref,
            error: letter.error,
            attempts: letter.attempts,
            created_at: letter.created_at,
            resolved_at: letter.resolved_at,
        }
    }
}

/// What the event is about.
#[derive(Default)]
struct About {
    uri: String,
    did: String,
    collection: String,
    rkey: String,
    action: String,
    record: Option<String>,
}

fn about(letter: &DeadLetter) -> Option<About> {
    if let Some(LabelInput { label, .. }) = letter.label() {
        return Some(About {
            collection: letter.collection.clone().unwrap_or_default(),
            record: serde_json::to_string(&label).ok(),
            uri: label.uri,
            did: label.src,
            rkey: label.val,
            action: "label".to_owned(),
        });
    }
    let input = letter.record()?;
    Some(About {
        uri: input.uri(),
        did: input.did.to_string(),
        collection: input.collection.to_string(),
        rkey: input.rkey.to_string(),
        action: input.action.as_str().to_owned(),
        record: input.record,
    })
}
