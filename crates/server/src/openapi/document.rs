//! The document as a whole.

use std::collections::HashMap;

use axum::body::Bytes;
use utoipa::openapi::{Components, Info, OpenApiBuilder, Paths};

use super::{operation::Described, paths, problems, schemas::Schemas, security, serve};
use crate::{App, Error, Mount};

/// Describes every route of `apps` that says what it answers, and the one that serves this document. Fails where two
/// names are the same.
pub(crate) fn document(version: &str, apps: &[App]) -> Result<String, Error> {
    let mut paths = Paths::new();
    let mut schemas = Schemas::new();
    let mut names: HashMap<String, &'static str> = HashMap::new();
    let own = serve::mount(&Bytes::new());
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
    info.description = Some("Administration, sign-in and set-up of this server.".to_owned());
    let document = OpenApiBuilder::new().info(info).paths(paths).components(Some(components)).build();
    Ok(document.to_pretty_json().map_err(Error::Document)? + "\n")
}

fn described<'a>(apps: &'a [App], own: &'a Mount) -> impl Iterator<Item = Described<'a>> {
    let mounts: Vec<&Mount> = apps.iter().flat_map(|app| &app.mounts).chain([own]).collect();
    let owners: HashMap<_, _> = mounts.iter().map(|mount| (mount.prefix, *mount)).collect();
    let mounted = mounts.into_iter().map(|mount| (mount.prefix, &mount.routes));
    let added = apps.iter().flat_map(|app| &app.extensions).map(|more| (more.prefix, &more.routes));
    let routes =
        mounted.chain(added).filter_map(move |(prefix, routes)| Some((*owners.get(prefix)?, routes)));
    let routes =
        routes.flat_map(|(mount, routes)| routes.iter().map(move |route| Described { route, mount }));
    routes.filter(|described| !described.route.contract.answers.is_empty())
}
