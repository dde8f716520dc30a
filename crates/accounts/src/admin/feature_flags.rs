//! `GET /admin/feature-flags` (spec/appview.md §8.7).

use http::StatusCode;
use serde::Serialize;
use server::{Json, Route};
use utoipa::ToSchema;

use crate::{Accounts, permissions::SETTINGS_MANAGE, settings::SPACES_FLAG};

/// A feature that can be off.
#[derive(Serialize, ToSchema)]
pub(crate) struct FeatureFlag {
    /// The setting.
    key: &'static str,
    name: &'static str,
    description: &'static str,
    enabled: bool,
}

pub(super) fn routes() -> Vec<Route<Accounts>> {
    vec![
        Route::get("/admin/feature-flags", SETTINGS_MANAGE, "List features that can be off", list)
            .gives_list::<FeatureFlag>(StatusCode::OK)
            .operation_id("listFeatureFlags"),
    ]
}

/// The one there is cannot be switched on: its feature is missing here.
async fn list() -> Json<[FeatureFlag; 1]> {
    Json([FeatureFlag {
        key: SPACES_FLAG,
        name: "Permissioned Spaces",
        description: "Records that only the members of a space can read. Not part of this server.",
        enabled: false,
    }])
}
