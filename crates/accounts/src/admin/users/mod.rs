//! `/admin/users`.

mod change_permissions;
mod create;
mod list;
mod remove;
mod show;
mod subject;
mod transfer_super;
mod view;

use http::StatusCode;
use server::{Access, Route};

use self::view::View;
use crate::{
    Accounts,
    permissions::{USERS_CREATE, USERS_DELETE, USERS_READ, USERS_UPDATE},
};

pub(super) fn routes() -> Vec<Route<Accounts>> {
    vec![
        Route::post("/admin/users", USERS_CREATE, "Add a user", create::create)
            .takes::<create::Create>()
            .gives::<create::Created>(StatusCode::CREATED)
            .operation_id("createUser"),
        Route::get("/admin/users", USERS_READ, "List users", list::list)
            .gives_list::<View>(StatusCode::OK)
            .operation_id("listUsers"),
        Route::get("/admin/users/{id}", USERS_READ, "Show a user", show::show)
            .gives::<View>(StatusCode::OK)
            .operation_id("getUser"),
        Route::patch(
            "/admin/users/{id}/permissions",
            USERS_UPDATE,
            "Grant and revoke permissions",
            change_permissions::change_permissions,
        )
        .takes::<change_permissions::Change>()
        .gives::<View>(StatusCode::OK)
        .operation_id("changeUserPermissions"),
        // Being the super user is no permission: the handler refuses everybody else.
        Route::post(
            "/admin/users/transfer-super",
            Access::Authenticated,
            "Make somebody else the super user",
            transfer_super::transfer_super,
        )
        .takes::<transfer_super::Transfer>()
        .gives::<View>(StatusCode::OK)
        .operation_id("transferSuper"),
        Route::delete("/admin/users/{id}", USERS_DELETE, "Remove a user", remove::remove)
            .gives_nothing(StatusCode::NO_CONTENT)
            .operation_id("removeUser"),
    ]
}
