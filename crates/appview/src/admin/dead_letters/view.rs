//! A dead letter as the admin API shows it.

use ::scripts::DeadLetter;
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
    /// `create`, `update` or `delete`.
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

    /// By itself: with the record.
    pub(super) fn alone(letter: DeadLetter) -> Self {
        let input = letter.record();
        let of = |field: fn(&::scripts::RecordInput) -> String| input.as_ref().map(field).unwrap_or_default();
        Self {
            uri: of(::scripts::RecordInput::uri),
            did: of(|input| input.did.to_string()),
            collection: of(|input| input.collection.to_string()),
            rkey: of(|input| input.rkey.to_string()),
            action: of(|input| input.action.as_str().to_owned()),
            record: input.as_ref().and_then(|input| RawValue::from_string(input.record.clone()?).ok()),
            id: letter.id,
            lexicon_id: letter.script_ref,
            error: letter.error,
            attempts: letter.attempts,
            created_at: letter.created_at,
            resolved_at: letter.resolved_at,
        }
    }
}
