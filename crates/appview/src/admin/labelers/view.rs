//! A labeler as the admin API shows it.

use labels::Labeler;
use serde::Serialize;
use utoipa::ToSchema;

use crate::timestamp;

/// A labeler that this server listens to.
#[derive(Serialize, ToSchema)]
#[schema(as = Labeler)]
pub(super) struct LabelerView {
    did: String,
    /// `active` or `paused`.
    status: &'static str,
    /// The number of the last message of its stream whose labels are stored; null before the first.
    #[schema(required)]
    cursor: Option<i64>,
    #[serde(serialize_with = "timestamp::serialize")]
    #[schema(value_type = String, format = DateTime)]
    created_at: i64,
    /// When its status changed last.
    #[serde(serialize_with = "timestamp::serialize")]
    #[schema(value_type = String, format = DateTime)]
    updated_at: i64,
}

impl From<Labeler> for LabelerView {
    fn from(labeler: Labeler) -> Self {
        let Labeler { did, status, cursor, created_at, updated_at } = labeler;
        Self { did, status: status.name(), cursor, created_at, updated_at }
    }
}
