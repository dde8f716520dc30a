//! A script as the admin API shows it.

use ::scripts::Script;
use serde::Serialize;
use utoipa::ToSchema;

use crate::timestamp;

/// A script.
#[derive(Serialize, ToSchema)]
#[schema(as = Script)]
pub(super) struct ScriptView {
    /// Its trigger, such as `record.index:com.example.note`.
    id: String,
    /// The language: `lua`.
    script_type: String,
    body: String,
    #[schema(required)]
    description: Option<String>,
    /// The name of the file it comes from, in the folder that the server watches; such a script is changed there.
    #[schema(required)]
    file: Option<String>,
    /// NSIDs of methods that it calls, as far as they are literal.
    outbound_xrpcs: Vec<String>,
    #[serde(serialize_with = "timestamp::serialize")]
    #[schema(value_type = String, format = DateTime)]
    created_at: i64,
    #[serde(serialize_with = "timestamp::serialize")]
    #[schema(value_type = String, format = DateTime)]
    updated_at: i64,
}

impl From<Script> for ScriptView {
    fn from(script: Script) -> Self {
        Self {
            id: script.id,
            script_type: script.script_type,
            body: script.body,
            description: script.description,
            file: script.file,
            outbound_xrpcs: script.outbound_xrpcs,
            created_at: script.created_at,
            updated_at: script.updated_at,
        }
    }
}
