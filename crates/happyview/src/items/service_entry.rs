//! Services of the DID document.

use time::OffsetDateTime;

use crate::EncryptionKey;
use crate::plan::{Order, Plan, Related};
use crate::row::{Problem, Row};

pub(crate) const PLAN: Plan = Plan {
    related: &[Related {
        name: "xrpcs",
        table: "service_entry_xrpcs",
        columns: &["lexicon_id"],
        by: "service_entry_id",
        of: "id",
    }],
    order: &[Order::By("id")],
    ..Plan::new(
        "service_entries",
        &["fragment_id", "id", "service_type", "access_mode", "created_at", "updated_at"],
    )
};

/// A service, and the methods it stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServiceEntry {
    /// Its name in the document, `#…`.
    pub fragment: String,
    /// Its type in the document.
    pub service_type: String,
    /// `all` or `specific`; none: `all`.
    pub access_mode: Option<String>,
    /// NSIDs of the methods on its list.
    pub xrpcs: Vec<String>,
    /// When it was added.
    pub created_at: Option<OffsetDateTime>,
    /// When it last changed.
    pub updated_at: Option<OffsetDateTime>,
}

impl ServiceEntry {
    pub(crate) fn read(row: &Row, _: Option<&EncryptionKey>) -> Result<Self, Problem> {
        let xrpcs = row.related::<1>("xrpcs")?;
        Ok(Self {
            fragment: row.text("fragment_id")?,
            service_type: row.text("service_type")?,
            access_mode: row.opt_text("access_mode")?,
            xrpcs: xrpcs.into_iter().filter_map(|[nsid]| nsid).collect(),
            created_at: row.moment("created_at"),
            updated_at: row.moment("updated_at"),
        })
    }
}
