//! A dead letter as the admin API and commands show it.

use ::scripts::{DeadLetter, LabelInput};
use serde::Serialize;
use serde_json::value::RawValue;
use utoipa::ToSchema;

use crate::timestamp;

/// An event whose script failed for good. `record` is there where one is shown by itself.
#[derive(Serialize, ToSchema)]
#[schema(as = DeadLetter)]
pub struct DeadLetterView {
    /// Its number, in the order of time.
    pub id: i64,
    /// The trigger of the script.
    pub lexicon_id: String,
    /// What the event is about.
    pub uri: String,
    /// Whose the record is.
    pub did: String,
    /// Where it is.
    pub collection: String,
    /// Its key.
    pub rkey: String,
    /// `create`, `update` or `delete`; `label` for a label, whose `did` is the labeler, `uri` what it is about, `rkey` its value
    /// and `collection` what comes after the colon of the trigger.
    pub action: String,
    /// What went wrong at the last try.
    pub error: String,
    /// Tries.
    pub attempts: i64,
    /// When it failed for good.
    #[serde(serialize_with = "timestamp::serialize")]
    #[schema(value_type = String, format = DateTime)]
    pub created_at: i64,
    /// When it was tried with success, or dismissed.
    #[serde(serialize_with = "timestamp::serialize_opt", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = String, format = DateTime, nullable = false, required = false)]
    pub resolved_at: Option<i64>,
    /// What the script was given: the record, or the label.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Object, nullable = false)]
    pub record: Option<Box<RawValue>>,
}

impl DeadLetterView {
    /// As one of a list.
    #[must_use]
    pub fn in_list(letter: DeadLetter) -> Self {
        Self { record: None, ..Self::alone(letter) }
    }

    /// By itself: with the record or the label.
    #[must_use]
    pub fn alone(letter: DeadLetter) -> Self {
        let About { uri, did, collection, rkey, action, record } =
            about(&letter).unwrap_or_else(|| About::unread(&letter));
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

impl About {
    /// Of one whose event is not of the form in which it is kept today.
    fn unread(letter: &DeadLetter) -> Self {
        Self {
            did: letter.host_id.clone(),
            collection: letter.collection.clone().unwrap_or_default(),
            action: letter.host_kind.clone(),
            record: Some(letter.payload.clone()),
            ..Self::default()
        }
    }
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
