//! A lexicon as commands print it.

use anyhow::{Context, Result};
use appview::{Action, StoredLexicon};
use serde::Serialize;
use serde_json::value::RawValue;

use crate::output::instant;

/// The fields of the admin API.
#[derive(Serialize)]
pub(super) struct LexiconView {
    pub(super) id: String,
    pub(super) revision: i64,
    pub(super) lexicon_type: String,
    backfill: bool,
    pub(super) action: Option<&'static str>,
    pub(super) target_collection: Option<String>,
    pub(super) token_cost: Option<i64>,
    read_through: Option<String>,
    validation: &'static str,
    pub(super) source: &'static str,
    pub(super) authority_did: Option<String>,
    last_fetched_at: Option<String>,
    created_at: String,
    pub(super) updated_at: String,
    /// Only where one lexicon is shown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) lexicon_json: Option<Box<RawValue>>,
}

impl LexiconView {
    /// Everything but the document.
    pub(super) fn without_document(lexicon: StoredLexicon) -> Self {
        Self {
            id: lexicon.id,
            revision: lexicon.revision,
            lexicon_type: lexicon.kind,
            backfill: lexicon.backfill,
            action: lexicon.action.map(Action::as_str),
            target_collection: lexicon.target_collection,
            token_cost: lexicon.token_cost,
            read_through: lexicon.read_through.map(|policy| policy.to_string()),
            validation: lexicon.validation.as_str(),
            source: lexicon.source.as_str(),
            authority_did: lexicon.authority_did,
            last_fetched_at: lexicon.last_fetched_at.map(instant),
            created_at: instant(lexicon.created_at),
            updated_at: instant(lexicon.updated_at),
            lexicon_json: None,
        }
    }

    /// Everything.
    pub(super) fn with_document(lexicon: StoredLexicon) -> Result<Self> {
        let document = RawValue::from_string(lexicon.json.clone())
            .with_context(|| format!("{} is stored damaged", lexicon.id))?;
        Ok(Self { lexicon_json: Some(document), ..Self::without_document(lexicon) })
    }
}
