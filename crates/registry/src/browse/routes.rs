//! Which route answers what.

use http::StatusCode;
use server::{Access, Credential, Mount, Route, standard_errors};

use super::{
    avatar, data, docker_search, home, install, manifest, manifests, named, page, previews, readme,
    referrers, remove, repository, search, session, settings, sign_in, stars, stats, tags, user,
};
use crate::registry::Registry;

/// What the shell mounts.
pub(crate) fn mounts(registry: &Registry) -> Vec<Mount> {
    let cookies = &[Credential::Cookie];
    vec![
        Mount { credentials: cookies, ..Mount::new("/api/registry", standard_errors) }
            .routes(registry, reading())
            .routes(registry, changing())
            .routes(registry, of_oneself()),
        Mount::new("/v1/search", standard_errors).routes(registry, docker()),
        Mount::new("/r", standard_errors).routes(
            registry,
            [Route::get("/r/{owner}/{*name}", Access::Public, "Show a repository", previews::repository)],
        ),
        Mount::new("/u", standard_errors).routes(
            registry,
            [Route::get("/u/{owner}", Access::Public, "Show somebody's repositories", previews::user)],
        ),
        Mount::new("/install", standard_errors).routes(
            registry,
            [Route::get("/install", Access::Public, "Say how to push and pull", install::page)],
        ),
    ]
}

fn docker() -> [Route<Registry>; 1] {
    let summary = "Find repositories, as container clients ask for it";
    [Route::get("/v1/search", Access::Public, summary, docker_search::search)
        .operation_id("dockerSearch")
        .query::<docker_search::Asked>()
        .gives::<docker_search::Answer>(StatusCode::OK)]
}

/// What anybody may read. A cookie adds what is theirs to see.
fn reading() -> Vec<Route<Registry>> {
    let (access, ok) = (Access::Delegated, StatusCode::OK);
    vec![
        Route::get("/api/registry", access, "Show what was pushed last and what people like", home::show)
            .operation_id("registryHome")
            .gives::<home::Home>(ok),
        Route::get("/api/registry/search", access, "Find repositories and people", search::search)
            .operation_id("searchRegistry")
            .query::<search::Asked>()
            .gives::<search::Answer>(ok),
        Route::get("/api/registry/users/{owner}", access, "Show somebody's repositories", user::show)
            .operation_id("getRegistryUser")
            .query::<user::Asked>()
            .gives::<user::User>(ok),
        Route::get("/api/registry/repos", access, "Show a repository", repository::show)
            .operation_id("getRepository")
            .query::<named::Named>()
            .gives::<repository::RepositoryView>(ok),
        Route::get("/api/registry/repos/tags", access, "List the tags of a repository", tags::list)
            .operation_id("listTags")
            .query::<tags::Asked>()
            .gives::<tags::TagPage>(ok),
        Route::get(
            "/api/registry/repos/manifests",
            access,
            "List what was pushed, newest first",
            manifests::list,
        )
        .operation_id("listManifests")
        .query::<manifests::Asked>()
        .gives::<manifests::ManifestPage>(ok),
        Route::get("/api/registry/repos/manifest", access, "Take a manifest apart", manifest::show)
            .operation_id("getManifest")
            .query::<manifest::Asked>()
            .gives::<manifest::ManifestView>(ok),
        Route::get("/api/registry/repos/referrers", access, "List what is about a manifest", referrers::list)
            .operation_id("listReferrers")
            .query::<referrers::Asked>()
            .gives::<referrers::ReferrerPage>(ok),
        Route::get("/api/registry/repos/stats", access, "Count pulls, pushes and stars", stats::show)
            .operation_id("getRepositoryStats")
            .query::<named::Named>()
            .gives::<stats::Answer>(ok),
        Route::get("/api/registry/repos/readme", access, "Read about a repository", readme::show)
            .operation_id("getReadme")
            .query::<named::Named>()
            .gives::<readme::ReadmeView>(ok),
        Route::get("/api/registry/install", Access::Public, "Say how to push and pull", install::data)
            .operation_id("registryInstall")
            .gives::<install::Install>(ok),
    ]
}

/// What whoever is signed in changes of what is theirs: the handlers refuse everybody else.
fn changing() -> Vec<Route<Registry>> {
    let (access, ok, done) = (Access::Authenticated, StatusCode::OK, StatusCode::NO_CONTENT);
    vec![
        Route::get("/api/registry/stars", access, "List what one likes", stars::list)
            .operation_id("listStars")
            .query::<stars::Asked>()
            .gives::<stars::StarPage>(ok),
        Route::post("/api/registry/stars", access, "Like a repository", stars::give)
            .operation_id("giveStar")
            .query::<named::Named>()
            .gives::<stars::StarView>(ok),
        Route::delete("/api/registry/stars", access, "Like a repository no more", stars::take_back)
            .operation_id("takeStarBack")
            .query::<named::Named>()
            .gives::<stars::StarView>(ok),
        Route::put("/api/registry/repos/page", access, "Write about a repository of one's own", page::put)
            .body_limit(page::BODY)
            .operation_id("putRepositoryPage")
            .query::<named::Named>()
            .takes::<page::Edit>()
            .gives_nothing(done),
        Route::put("/api/registry/repos/avatar", access, "Give a repository a picture", avatar::put)
            .body_limit(avatar::MAX_BYTES)
            .operation_id("putRepositoryAvatar")
            .query::<named::Named>()
            .takes_opaque("image/*")
            .gives_nothing(done),
        Route::delete("/api/registry/repos/avatar", access, "Take the picture away", avatar::remove)
            .operation_id("removeRepositoryAvatar")
            .query::<named::Named>()
            .gives_nothing(done),
        Route::delete("/api/registry/repos", access, "Delete a repository of one's own", remove::repository)
            .operation_id("deleteRepository")
            .query::<named::Named>()
            .gives::<remove::Removed>(ok),
        Route::delete("/api/registry/repos/tags", access, "Delete a tag", remove::tag)
            .operation_id("deleteTag")
            .query::<remove::NamedTag>()
            .gives_nothing(done),
        Route::delete(
            "/api/registry/repos/manifest",
            access,
            "Delete a manifest and its tags",
            remove::manifest,
        )
        .operation_id("deleteManifest")
        .query::<named::NamedManifest>()
        .gives_nothing(done),
    ]
}

/// What whoever is signed in has set, and what is kept of them.
fn of_oneself() -> Vec<Route<Registry>> {
    let (access, ok, done) = (Access::Authenticated, StatusCode::OK, StatusCode::NO_CONTENT);
    vec![
        Route::post(
            "/api/registry/session",
            Access::Public,
            "Sign in with an account that is at home here",
            session::begin,
        )
        .body_limit(session::BODY)
        .operation_id("registrySignIn")
        .takes::<session::SignIn>()
        .gives::<session::SignedIn>(ok),
        Route::get(
            "/api/registry/sign-in",
            Access::Public,
            "Sign in with an account of elsewhere",
            sign_in::begin,
        )
        .operation_id("beginRegistrySignIn")
        .query::<sign_in::Asked>()
        .gives_nothing(StatusCode::SEE_OTHER),
        Route::get("/api/registry/settings", access, "Show one's settings and use of room", settings::show)
            .operation_id("getRegistrySettings")
            .gives::<settings::Settings>(ok),
        Route::put("/api/registry/settings", access, "Change one's settings", settings::put)
            .operation_id("putRegistrySettings")
            .takes::<settings::Edit>()
            .gives_nothing(done),
        Route::get("/api/registry/data", access, "Take away what is kept of oneself", data::export)
            .operation_id("exportRegistryData")
            .gives::<data::Data>(ok),
        Route::delete("/api/registry/data", access, "Have it forgotten", data::forget)
            .operation_id("forgetRegistryData")
            .query::<data::Confirmed>()
            .gives_nothing(done),
    ]
}
