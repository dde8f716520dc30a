//! `GET /admin/permissions`: what can be granted.

use http::StatusCode;
use serde::Serialize;
use server::{Json, Permission, Route};
use utoipa::ToSchema;

use crate::{
    Accounts,
    permissions::{PERMISSIONS, PermissionInfo, USERS_READ},
    templates::{Template, templates},
};

/// The category of a feature that is not here; its permissions exist, but nothing asks for them.
const HIDDEN: &str = "Spaces";

/// All permissions and the usual sets of them.
#[derive(Serialize, ToSchema)]
#[schema(as = PermissionCatalogue)]
pub(crate) struct Catalogue {
    permissions: Vec<PermissionView>,
    templates: Vec<TemplateView>,
}

/// One permission.
#[derive(Serialize, ToSchema)]
#[schema(as = Permission)]
pub(crate) struct PermissionView {
    /// The name in grants, e.g. `lexicons:read`.
    key: &'static str,
    name: &'static str,
    description: &'static str,
    /// The heading it belongs under.
    category: &'static str,
}

/// A set of permissions for a common role.
#[derive(Serialize, ToSchema)]
#[schema(as = PermissionTemplate)]
pub(crate) struct TemplateView {
    key: &'static str,
    label: &'static str,
    permissions: Vec<&'static str>,
}

pub(super) fn routes() -> Vec<Route<Accounts>> {
    vec![
        Route::get("/admin/permissions", USERS_READ, "List permissions and templates", list)
            .gives::<Catalogue>(StatusCode::OK)
            .operation_id("listPermissions"),
    ]
}

async fn list() -> Json<Catalogue> {
    let permissions = PERMISSIONS.iter().filter(|info| info.category != HIDDEN).map(PermissionView::of);
    Json(Catalogue {
        permissions: permissions.collect(),
        templates: templates().iter().map(TemplateView::of).collect(),
    })
}

impl PermissionView {
    const fn of(info: &PermissionInfo) -> Self {
        Self {
            key: info.permission.name(),
            name: info.name,
            description: info.description,
            category: info.category,
        }
    }
}

impl TemplateView {
    fn of(template: &Template) -> Self {
        let shown = template.permissions.iter().copied().filter(|permission| !is_hidden(*permission));
        Self { key: template.key, label: template.label, permissions: shown.map(Permission::name).collect() }
    }
}

fn is_hidden(permission: Permission) -> bool {
    PERMISSIONS.iter().any(|info| info.category == HIDDEN && info.permission == permission)
}
