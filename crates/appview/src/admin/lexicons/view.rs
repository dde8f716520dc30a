//! A lexicon as the admin API shows it.

use readthrough::Policy;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use utoipa::ToSchema;

use crate::lexicons::{Action, StoredLexicon};
use crate::timestamp;

/// A lexicon. `record_schema` is there in lists, of record lexicons; `lexicon_json` where one is shown by itself.
#[derive(Serialize, ToSchema)]
#[schema(as = Lexicon)]
pub(super) struct LexiconView<'a> {
    id: &'a str,
    revision: i64,
    /// `record`, `query`, `procedure` or `definitions`.
    lexicon_type: &'a str,
    backfill: bool,
    #[schema(required)]
    action: Option<&'static str>,
    #[schema(required)]
    target_collection: Option<&'a str>,
    source: &'static str,
    #[schema(required)]
    authority_did: Option<&'a str>,
    #[serde(serialize_with = "timestamp::serialize_opt")]
    #[schema(value_type = Option<String>, format = DateTime, required)]
    last_fetched_at: Option<i64>,
    #[serde(serialize_with = "timestamp::serialize")]
    #[schema(value_type = String, format = DateTime)]
    created_at: i64,
    #[serde(serialize_with = "timestamp::serialize")]
    #[schema(value_type = String, format = DateTime)]
    updated_at: i64,
    #[schema(required)]
    token_cost: Option<i64>,
    /// `off`, `get` or `get+list`; null: the setting of the server.
    #[schema(required)]
    read_through: Option<&'static str>,
    /// `off`, `flag` or `reject`: what becomes of records that are not what the lexicon says.
    validation: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Object, nullable = false)]
    record_schema: Option<&'a RawValue>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Object, nullable = false)]
    lexicon_json: Option<&'a RawValue>,
}

impl<'a> LexiconView<'a> {
    /// As one of a list: with the schema of a record's fields.
    pub(super) fn in_list(lexicon: &'a StoredLexicon) -> Self {
        Self { record_schema: record_schema(&lexicon.json), ..Self::plain(lexicon) }
    }

    /// By itself: with the whole document.
    pub(super) fn alone(lexicon: &'a StoredLexicon) -> Self {
        Self { lexicon_json: serde_json::from_str(&lexicon.json).ok(), ..Self::plain(lexicon) }
    }

    fn plain(lexicon: &'a StoredLexicon) -> Self {
        Self {
            id: &lexicon.id,
            revision: lexicon.revision,
            lexicon_type: &lexicon.kind,
            backfill: lexicon.backfill,
            action: lexicon.action.map(Action::as_str),
            target_collection: lexicon.target_collection.as_deref(),
            source: lexicon.source.as_str(),
            authority_did: lexicon.authority_did.as_deref(),
            last_fetched_at: lexicon.last_fetched_at,
            created_at: lexicon.created_at,
            updated_at: lexicon.updated_at,
            token_cost: lexicon.token_cost,
            read_through: lexicon.read_through.map(Policy::as_str),
            validation: lexicon.validation.as_str(),
            record_schema: None,
            lexicon_json: None,
        }
    }
}

/// `defs.main.record.properties`, cut out of the text; `None` where one of these is absent or no object.
fn record_schema(json: &str) -> Option<&RawValue> {
    #[derive(Deserialize)]
    struct Document<'a> {
        #[serde(borrow)]
        defs: Definitions<'a>,
    }
    #[derive(Deserialize)]
    struct Definitions<'a> {
        #[serde(borrow)]
        main: Main<'a>,
    }
    #[derive(Deserialize)]
    struct Main<'a> {
        #[serde(borrow)]
        record: Record<'a>,
    }
    #[derive(Deserialize)]
    struct Record<'a> {
        #[serde(borrow)]
        properties: &'a RawValue,
    }
    Some(serde_json::from_str::<Document<'_>>(json).ok()?.defs.main.record.properties)
}
