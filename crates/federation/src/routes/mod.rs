//! What others ask of this server (spec/social.md §4.2–§4.5).

mod activities;
mod actors;
mod answer;
mod collections;
mod discovery;
mod documents;
mod inbox;
mod notes;
mod reader;

use server::{Extension, Hosts, Mount, Route, standard_errors};

pub(crate) use self::documents::Documents;
use crate::services::Services;

/// Everything below prefixes of its own.
pub(crate) fn mounts(services: &Services) -> Vec<Mount> {
    let mount = |prefix, routes: Vec<Route<Services>>| {
        let mount = Mount { hosts: Hosts::Any, ..Mount::new(prefix, standard_errors) };
        mount.routes(services, routes)
    };
    vec![
        mount("/.well-known/webfinger", discovery::webfinger_routes()),
        mount("/.well-known/host-meta", discovery::host_meta_routes()),
        mount("/.well-known/nodeinfo", discovery::nodeinfo_links()),
        mount("/nodeinfo", discovery::nodeinfo_routes()),
        mount("/inbox", inbox::shared(services.config.inbox_max_bytes)),
        mount(
            "/users",
            [actors::routes(), collections::routes(), inbox::personal(services.config.inbox_max_bytes)]
                .into_iter()
                .flatten()
                .collect(),
        ),
        mount("/thoughts", notes::routes()),
        mount("/tags", notes::tag_routes()),
        mount("/activities", activities::routes()),
    ]
}

/// Profiles, where the root is somebody else's.
pub(crate) fn extensions(services: &Services) -> Vec<Extension> {
    vec![Extension::new("/").routes(services, actors::profile_routes())]
}
