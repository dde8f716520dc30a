//! The document as a whole.

use std::collections::HashMap;

use axum::body::Bytes;
use utoipa::openapi::{Components, Info, OpenApiBuilder, Paths, Server};

use super::{operation::Described, paths, problems, schemas::Schemas, security, serve};
use crate::{App, Error, Mount, shell::SHELL};

/// What the document is about, and where the rest is described.
const ABOUT: &str = "Administration, sign-in and set-up of this server, the pages of its registry, and its microblog. XRPC methods \
                     are described by their lexicons; OCI, ActivityPub and the relay's protocol have specifications of their own.";

/// Describes every route of `apps` that says what it answers, and the one that serves this document; `base_path` is in front of
/// all paths. Fails where two names are the same.
pub(crate) fn document(version: &str, base_path: &str, apps: &[App]) -> Result<String, Error> {
    let mut paths = Paths::new();
    let mut schemas = Schemas::new();
    let mut names: HashMap<String, &'static str> = HashMap::new();
    let own = serve::mounts(&Bytes::new());
    for described in described(apps, &own) {
        let path = described.route.path;
        let operation = described.operation(&mut schemas)?;
        let id = operation.operation_id.clone().unwrap_or_default();
        if let Some(first) = names.insert(id.clone(), path) {
            return Err(Error::OperationNamedTwice { id, first, second: path });
        }
        paths.add_path_operation(paths::template(path), vec![described.method()], operation);
    }
    let mut components = Components::new();
    components.schemas = schemas.into_map();
    components.responses = problems::responses();
    components.security_schemes = security::schemes();
    let mut info = Info::new("Belvedere", version);
    info.description = Some(ABOUT.to_owned());
    let here = Server::new(if base_path.is_empty() { "/" } else { base_path });
    let document = OpenApiBuilder::new().info(info).servers(Some([here]));
    let document = document.paths(paths).components(Some(components)).build();
    Ok(document.to_pretty_json().map_err(Error::Document)? + "\n")
}

fn described<'a>(apps: &'a [App], own: &'a [Mount]) -> impl Iterator<Item = Described<'a>> {
    let mounts = apps.iter().flat_map(|app| app.mounts.iter().map(|mount| (app.name, mount)));
    let mounts: Vec<(&'static str, &Mount)> = mounts.chain(own.iter().map(|mount| (SHELL, mount))).collect();
    let owners: HashMap<_, _> = mounts.iter().map(|(_, mount)| (mount.prefix, *mount)).collect();
    let mounted = mounts.into_iter().map(|(app, mount)| (app, mount.prefix, &mount.routes));
    let extensions = apps.iter().flat_map(|app| app.extensions.iter().map(|more| (app.name, more)));
    let added = extensions.map(|(app, more)| (app, more.prefix, &more.routes));
    let all = mounted.chain(added).flat_map(move |(app, prefix, routes)| {
        let mount = owners.get(prefix).copied();
        mount
            .into_iter()
            .flat_map(move |mount| routes.iter().map(move |route| Described { app, route, mount }))
    });
    all.filter(|described| !described.route.contract.answers.is_empty())
}
