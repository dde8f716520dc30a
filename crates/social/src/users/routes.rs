//! The routes about people themselves.

use http::StatusCode;
use server::{Access, Route};

use super::{Changes, UserView, list, me, pictures, show};
use crate::media::{FileForm, MAX_FORM};
use crate::services::Services;
use crate::wire::{Page, Paging};

pub(crate) fn routes() -> Vec<Route<Services>> {
    let (known, open) = (Access::Authenticated, Access::Delegated);
    vec![
        Route::get("/social/users", open, "Who is at home here", list::list)
            .query::<Paging>()
            .query::<list::Wanted>()
            .gives::<Page<UserView>>(StatusCode::OK),
        Route::get("/social/users/count", Access::Public, "How many are at home here", list::count)
            .gives::<list::Count>(StatusCode::OK),
        Route::get("/social/users/lookup", known, "Find somebody elsewhere by their handle", show::look_up)
            .query::<show::Lookup>()
            .gives::<show::ActorView>(StatusCode::OK),
        Route::get("/social/users/me", known, "One's own profile", me::show)
            .gives::<UserView>(StatusCode::OK),
        Route::patch("/social/users/me", known, "Change one's profile", me::change)
            .takes::<Changes>()
            .gives::<UserView>(StatusCode::OK),
        Route::delete("/social/users/me", known, "Leave; everything goes", me::delete)
            .takes::<me::Farewell>()
            .gives_nothing(StatusCode::NO_CONTENT),
        Route::put("/social/users/me/avatar", known, "Show another picture", pictures::avatar)
            .body_limit(MAX_FORM)
            .takes_form::<FileForm>()
            .gives::<UserView>(StatusCode::OK),
        Route::put("/social/users/me/banner", known, "Show another banner", pictures::banner)
            .body_limit(MAX_FORM)
            .takes_form::<FileForm>()
            .gives::<UserView>(StatusCode::OK),
        Route::get("/social/users/{username}", open, "Somebody, by name, handle or id", show::show)
            .gives::<UserView>(StatusCode::OK),
    ]
}
