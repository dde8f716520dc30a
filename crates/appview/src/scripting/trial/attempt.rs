//! What a script is tried on.

use serde::Deserialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;

use super::TrialError;

/// What a script is to be tried on. Nothing is stored, sent or written by it.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[schema(as = ScriptTest)]
pub struct Attempt {
    /// Of record scripts: the AT URI of a record. Default: the newest of the collection that is here.
    pub uri: Option<String>,
    /// Of record scripts: `create`, `update` or `delete`. Default: what the trigger says, or else `update`.
    pub action: Option<String>,
    /// The source to try. Default: the one that is stored.
    pub body: Option<String>,
    /// What else the script is told. Of record scripts `record`, in place of the one that is here; of queries `params` and
    /// `caller_did`, of procedures `input` and `delegate_did` besides; of label scripts `src`, `uri`, `val`, `neg`, `cts`, `exp`; of
    /// jobs `input`, `progress`, `caller_did`.
    #[serde(default)]
    #[schema(value_type = Object)]
    pub event: Map<String, Value>,
}

impl Attempt {
    /// A field of the event, if it is text.
    pub(super) fn text(&self, name: &str) -> Result<Option<&str>, TrialError> {
        match self.event.get(name) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::String(text)) => Ok(Some(text)),
            Some(_) => Err(TrialError::Invalid(format!("{name} must be a string"))),
        }
    }

    /// A field of the event, or an empty object.
    pub(super) fn object(&self, name: &str) -> Value {
        self.event.get(name).cloned().unwrap_or_else(|| Map::new().into())
    }

    /// A field of the event, or null.
    pub(super) fn value(&self, name: &str) -> Value {
        self.event.get(name).cloned().unwrap_or_default()
    }
}
