//! The routes. Each is a mount of its own, because beside another app `/xrpc` is that app's, with credentials that mean something else.

use std::sync::Arc;
use std::time::Duration;

use accounts::limits::ByAddress;
use axum::extract::State;
use serde_json::{Value, json};
use server::{Access, Cors, Credential, Hosts, Json, LeftToHandlers, Mount, Problem, Route, standard_errors};

use crate::service::Served;
use crate::{crew, manifest, quota, stats, uploads, user_data};

/// A part may be large, and a line slow; and what all parts come to is read and hashed at the end.
const LONGEST: Duration = Duration::from_hours(24);

impl Served {
    pub(crate) fn mounts(&self, throttle: &Arc<ByAddress>) -> Vec<Mount> {
        let mount = |(path, route)| {
            let mount = Mount {
                hosts: Hosts::Any,
                cors: Some(Cors::xrpc()),
                compression: false,
                credentials: &[Credential::ServiceJwt],
                // A token must be good for the method that it is shown to.
                authenticator: Some(Arc::new(LeftToHandlers)),
                throttle: Some(throttle.clone()),
                ..Mount::new(path, standard_errors)
            };
            mount.routes(self, [route])
        };
        routes().into_iter().map(mount).collect()
    }
}

type Mounted = (&'static str, Route<Served>);

macro_rules! route {
    ($method:ident, $name:literal, $access:ident, $summary:literal, $handler:path) => {{
        let path = concat!("/xrpc/", $name);
        (path, Route::$method(path, Access::$access, $summary, $handler))
    }};
}

/// What is decided by the handler takes a service token for the hold; the rest is for anybody.
fn routes() -> Vec<Mounted> {
    vec![
        route!(get, "_health", Public, "Say that the hold is there", health),
        route!(
            post,
            "io.atcr.hold.initiateUpload",
            Delegated,
            "Begin to send a blob in parts",
            uploads::initiate
        ),
        route!(
            post,
            "io.atcr.hold.getPartUploadUrl",
            Delegated,
            "Get a URL to which a part can be sent",
            uploads::part_url
        ),
        part(),
        complete(),
        route!(post, "io.atcr.hold.abortUpload", Delegated, "Give up a blob in parts", uploads::abort),
        route!(post, "io.atcr.hold.notifyManifest", Delegated, "Tell of a push or a pull", manifest::notify),
        route!(post, "io.atcr.hold.requestCrew", Delegated, "Ask to be taken on", crew::request),
        route!(
            post,
            "io.atcr.hold.updateCrewTier",
            Delegated,
            "Put a member in another tier",
            crew::update_tier
        ),
        route!(get, "io.atcr.hold.getQuota", Public, "Tell how much room somebody has", quota::get),
        route!(get, "io.atcr.hold.listTiers", Public, "List the tiers", quota::list_tiers),
        route!(get, "io.atcr.hold.getStats", Public, "Tell how often a repository is pulled", stats::get),
        route!(
            get,
            "io.atcr.hold.listStats",
            Public,
            "Tell the same of an owner's repositories",
            stats::list
        ),
        route!(post, "io.atcr.hold.setStats", Delegated, "Set the counts of a repository", stats::set),
        route!(
            get,
            "io.atcr.hold.exportUserData",
            Delegated,
            "Export what is kept of the caller",
            user_data::export
        ),
        route!(
            post,
            "io.atcr.hold.deleteUserData",
            Delegated,
            "Delete what is kept of the caller",
            user_data::delete
        ),
    ]
}

fn part() -> Mounted {
    let (path, route) =
        route!(put, "io.atcr.hold.uploadPart", Delegated, "Send a part of a blob", uploads::part);
    (path, route.body_limit(usize::MAX).time_limit(LONGEST))
}

fn complete() -> Mounted {
    let (path, route) =
        route!(post, "io.atcr.hold.completeUpload", Delegated, "Make one blob of parts", uploads::complete);
    (path, route.time_limit(LONGEST))
}

async fn health(State(service): State<Served>) -> Result<Json<Value>, Problem> {
    Ok(Json(json!({ "version": service.version })))
}
