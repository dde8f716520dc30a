//! An event on its way into the log.

use serde_json::Value;

use crate::{Kind, Severity};

/// Longest text kept of an actor or a subject, in bytes.
const MAX_TEXT_BYTES: usize = 2048;

/// Longest detail kept, as JSON, in bytes. What comes from strangers may end up here.
const MAX_DETAIL_BYTES: usize = 16 << 10;

/// Something that happened. Record it when it is done, not before: a transaction may run again.
#[derive(Clone, Debug, PartialEq)]
#[must_use = "an event is in the log only after `EventLog::record`"]
pub struct Event {
    pub(crate) kind: Kind,
    pub(crate) severity: Severity,
    pub(crate) actor: Option<String>,
    pub(crate) subject: Option<String>,
    pub(crate) detail: Value,
}

impl Event {
    /// An event of a kind, with the severity the kind has.
    pub fn new(kind: Kind) -> Self {
        Self { kind, severity: kind.severity, actor: None, subject: None, detail: Value::Null }
    }

    /// How much this one matters, when it matters more or less than its kind.
    pub fn severity(self, severity: Severity) -> Self {
        Self { severity, ..self }
    }

    /// The DID of whoever did it.
    pub fn actor<'a>(self, did: impl Into<Option<&'a str>>) -> Self {
        Self { actor: did.into().map(bounded), ..self }
    }

    /// What it was done to: an id, a URI, a path.
    pub fn subject(self, subject: &str) -> Self {
        Self { subject: Some(bounded(subject)), ..self }
    }

    /// More about it: a JSON object, never with anything secret. One beyond 16 KiB is replaced by a note of its size.
    pub fn detail(self, detail: Value) -> Self {
        Self { detail, ..self }
    }

    /// The detail as it is stored.
    pub(crate) fn detail_json(&self) -> String {
        let json = match &self.detail {
            Value::Null => "{}".to_owned(),
            detail => detail.to_string(),
        };
        if json.len() > MAX_DETAIL_BYTES {
            return serde_json::json!({ "omitted_bytes": json.len() }).to_string();
        }
        json
    }
}

/// Text that both engines store, of a size that hurts nobody: PostgreSQL has no place for NUL.
fn bounded(text: &str) -> String {
    text[..text.floor_char_boundary(MAX_TEXT_BYTES)].replace('\0', "\u{fffd}")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::kinds;

    #[test]
    fn what_strangers_wrote_is_cut() {
        let event = Event::new(kinds::RECORD_SKIPPED).subject(&"é".repeat(MAX_TEXT_BYTES)).actor("a\0b");
        assert_eq!(event.subject.as_deref().map(str::len), Some(MAX_TEXT_BYTES));
        assert_eq!(event.actor.as_deref(), Some("a\u{fffd}b"));
        assert_eq!(event.detail_json(), "{}");
        let long = event.detail(json!({ "text": "x".repeat(MAX_DETAIL_BYTES) }));
        assert_eq!(long.detail_json(), format!(r#"{{"omitted_bytes":{}}}"#, MAX_DETAIL_BYTES + 11));
    }

    #[test]
    fn the_severity_is_that_of_the_kind_until_it_is_set() {
        let event = Event::new(kinds::AUTH_PERMISSION_DENIED);
        assert_eq!(event.severity, Severity::Error);
        assert_eq!(event.severity(Severity::Warn).severity, Severity::Warn);
    }
}
