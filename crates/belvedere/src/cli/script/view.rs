//! A script as commands print it.

use serde::Serialize;

use crate::output::instant;

/// The fields of the admin API.
#[derive(Serialize)]
pub(super) struct ScriptView {
    pub(super) id: String,
    pub(super) script_type: String,
    pub(super) revision: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) body: Option<String>,
    pub(super) description: Option<String>,
    /// The file it comes from, in the folder that a server watches.
    pub(super) file: Option<String>,
    pub(super) outbound_xrpcs: Vec<String>,
    pub(super) created_at: String,
    pub(super) updated_at: String,
}

impl ScriptView {
    /// With the source.
    pub(super) fn whole(script: scripts::Script) -> Self {
        Self {
            id: script.id,
            script_type: script.script_type,
            revision: script.revision,
            body: Some(script.body),
            description: script.description,
            file: script.file,
            outbound_xrpcs: script.outbound_xrpcs,
            created_at: instant(script.created_at),
            updated_at: instant(script.updated_at),
        }
    }

    /// As one of a list.
    pub(super) fn without_body(script: scripts::Script) -> Self {
        Self { body: None, ..Self::whole(script) }
    }
}
