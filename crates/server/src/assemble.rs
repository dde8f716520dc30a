//! From apps to mounts that serve: everything that can be wrong with the route table is found here, at start-up.

use std::{cmp::Reverse, collections::HashMap, sync::Arc};

use axum::{Router, extract::Request, middleware};
use http::Method;

use crate::{
    App, Authenticator, Error, Mount, RequestId, Route, RouteInfo, ShellConfig, body,
    compression::compressed,
    front::covers,
    gate::{self, Gate},
    meters::Meters,
    mounted::Mounted,
    unrouted::Unrouted,
};

/// Builds the mounts, longest prefix first, and the table of their routes.
pub(crate) fn assemble(
    config: &ShellConfig,
    authenticator: Arc<dyn Authenticator>,
    apps: &mut [App],
) -> Result<(Vec<Mounted>, Vec<RouteInfo>), Error> {
    let prefixes = prefixes(apps)?;
    let assembly = Assembly { config, authenticator };
    let mut mounts = Vec::new();
    let mut table = Vec::new();
    for app in apps {
        for mount in app.mounts.drain(..) {
            check_routes(app.name, &mount, &prefixes)?;
            table.extend(mount.routes.iter().map(|route| RouteInfo::new(app.name, route)));
            mounts.push(assembly.mounted(app.name, mount));
        }
    }
    mounts.sort_by_key(|mount| Reverse(mount.prefix.len()));
    Ok((mounts, table))
}

/// All prefixes, longest first; an error if one is malformed or claimed twice.
fn prefixes(apps: &[App]) -> Result<Vec<&'static str>, Error> {
    let mut owners: HashMap<&'static str, &'static str> = HashMap::new();
    for app in apps {
        for Mount { prefix, .. } in &app.mounts {
            if !prefix.starts_with('/') || (prefix.ends_with('/') && *prefix != "/") {
                return Err(Error::InvalidPrefix { app: app.name, prefix });
            }
            if let Some(first) = owners.insert(prefix, app.name) {
                return Err(Error::PrefixClaimedTwice { prefix, first, second: app.name });
            }
        }
    }
    let mut prefixes: Vec<_> = owners.into_keys().collect();
    prefixes.sort_by_key(|prefix| Reverse(prefix.len()));
    Ok(prefixes)
}

/// Every route must be reachable, well-formed and unlike any other.
fn check_routes(app: &'static str, mount: &Mount, prefixes: &[&'static str]) -> Result<(), Error> {
    let mut matcher = matchit::Router::new();
    let mut methods: HashMap<&'static str, Vec<&Method>> = HashMap::new();
    for Route { method, path, .. } in &mount.routes {
        let owner = prefixes.iter().find(|prefix| covers(prefix, path)).copied().unwrap_or("none");
        if owner != mount.prefix {
            let (method, prefix) = (method.clone(), mount.prefix);
            return Err(Error::OutsideMount { app, method, path, prefix, owner });
        }
        let seen = methods.entry(path).or_default();
        if seen.contains(&method) {
            return Err(Error::RouteDeclaredTwice { app, method: method.clone(), path });
        }
        if seen.is_empty() {
            check_path(path)
                .and_then(|()| matcher.insert(*path, ()).map_err(|error| error.to_string()))
                .map_err(|reason| Error::InvalidPath { app, path, reason })?;
        }
        seen.push(method);
    }
    Ok(())
}

/// The older parameter syntax would match literally, or not at all.
fn check_path(path: &str) -> Result<(), String> {
    match path.split('/').find(|segment| segment.starts_with([':', '*'])) {
        Some(segment) => Err(format!("write the parameter `{segment}` as {{name}} or {{*name}}")),
        None => Ok(()),
    }
}

/// What all mounts have in common.
struct Assembly<'a> {
    config: &'a ShellConfig,
    authenticator: Arc<dyn Authenticator>,
}

impl Assembly<'_> {
    fn mounted(&self, app: &'static str, mount: Mount) -> Mounted {
        let Mount { prefix, errors, credentials, body_limit, cors, compression, routes } = mount;
        let mut router = Router::new();
        for route in routes {
            let gate = Gate {
                access: route.access,
                credentials,
                errors,
                body_limit: route.body_limit.unwrap_or(body_limit),
                time_limit: route.time_limit.unwrap_or(self.config.request_time_limit),
                authenticator: self.authenticator.clone(),
                meters: Meters::new(app, route.method.as_str(), route.path),
            };
            let gate = middleware::from_fn_with_state(Arc::new(gate), gate::pass);
            router = router.route(route.path, route.handler.route_layer(gate));
        }
        let unrouted = Arc::new(Unrouted { errors, meters: Meters::new(app, "*", prefix) });
        let router = with_fallbacks(router, &unrouted);
        let compressed = compression.then(|| compressed(router.clone()));
        Mounted { prefix, cors, router, compressed, unrouted, max_uri_bytes: self.config.max_uri_bytes }
    }
}

fn with_fallbacks(router: Router, unrouted: &Arc<Unrouted>) -> Router {
    let (wrong_method, unknown_path) = (unrouted.clone(), unrouted.clone());
    router
        .method_not_allowed_fallback(async move |id: RequestId, request: Request| {
            let response = wrong_method.wrong_method(request.method(), &id);
            body::discard(request);
            response
        })
        .fallback(async move |id: RequestId, request: Request| {
            body::discard(request);
            unknown_path.unknown_path(&id)
        })
}
