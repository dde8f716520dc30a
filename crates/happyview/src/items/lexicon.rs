//! Lexicons.

use time::OffsetDateTime;

use crate::EncryptionKey;
use crate::plan::{Order, Plan};
use crate::row::{Problem, Row};

pub(crate) const PLAN: Plan = Plan {
    order: &[Order::By("id")],
    ..Plan::new(
        "lexicons",
        &[
            "id",
            "revision",
            "lexicon_json",
            "backfill",
            "target_collection",
            "action",
            "token_cost",
            "source",
            "authority_did",
            "last_fetched_at",
            "created_at",
            "updated_at",
        ],
    )
};

/// A lexicon with the attributes that are not part of its JSON.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lexicon {
    /// Its NSID.
    pub id: String,
    /// 1 when it was added, one more with each replacement.
    pub revision: Option<i64>,
    /// The document.
    pub json: String,
    /// Whether a record collection's history is wanted.
    pub backfill: bool,
    /// The collection that a query reads or a procedure writes.
    pub target_collection: Option<String>,
    /// What a procedure does.
    pub action: Option<String>,
    /// Rate-limit tokens per call.
    pub token_cost: Option<i64>,
    /// Whether it is kept in step with its publisher.
    pub is_network: bool,
    /// Whose repository it is published in.
    pub authority_did: Option<String>,
    /// When its publisher was last heard.
    pub last_fetched_at: Option<OffsetDateTime>,
    /// When it was added.
    pub created_at: Option<OffsetDateTime>,
    /// When it last changed.
    pub updated_at: Option<OffsetDateTime>,
}

impl Lexicon {
    pub(crate) fn read(row: &Row, _: Option<&EncryptionKey>) -> Result<Self, Problem> {
        // An attribute that says nothing was left empty in forms of the dashboard.
        let said = |name| Ok(row.opt_text(name)?.filter(|text| !text.is_empty()));
        Ok(Self {
            id: row.text("id")?,
            revision: row.opt_int("revision")?,
            json: row.text("lexicon_json")?,
            backfill: row.bool("backfill", true)?,
            target_collection: said("target_collection")?,
            action: said("action")?,
            token_cost: row.opt_int("token_cost")?,
            is_network: row.opt_text("source")?.as_deref() == Some("network"),
            authority_did: said("authority_did")?,
            last_fetched_at: row.moment("last_fetched_at"),
            created_at: row.moment("created_at"),
            updated_at: row.moment("updated_at"),
        })
    }
}
