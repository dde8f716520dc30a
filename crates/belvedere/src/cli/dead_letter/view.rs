//! A dead letter as commands print it.

use scripts::DeadLetter;
use serde::Serialize;
use serde_json::value::RawValue;

use crate::output::instant;

/// The fields of the admin API.
#[derive(Serialize)]
pub(super) struct LetterView {
    pub(super) id: i64,
    pub(super) lexicon_id: String,
    pub(super) uri: String,
    pub(super) action: String,
    pub(super) collection: Option<String>,
    pub(super) error: String,
    pub(super) attempts: i64,
    pub(super) created_at: String,
    pub(super) resolved_at: Option<String>,
    /// Only where one is shown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) payload: Option<Box<RawValue>>,
}

impl LetterView {
    /// As one of a list.
    pub(super) fn in_list(letter: DeadLetter) -> Self {
        let input = letter.record();
        // One of a label is known by its labeler.
        let action = input.as_ref().map_or("label", |input| input.action.as_str());
        Self {
            action: action.to_owned(),
            uri: input.map_or_else(|| letter.host_id.clone(), |input| input.uri()),
            id: letter.id,
            lexicon_id: letter.script_ref,
            collection: letter.collection,
            error: letter.error,
            attempts: letter.attempts,
            created_at: instant(letter.created_at),
            resolved_at: letter.resolved_at.map(instant),
            payload: None,
        }
    }

    /// With what the script was given.
    pub(super) fn alone(letter: DeadLetter) -> Self {
        let payload = RawValue::from_string(letter.payload.clone()).ok();
        Self { payload, ..Self::in_list(letter) }
    }
}
