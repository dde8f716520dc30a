//! From apps to mounts that serve: everything that can be wrong with the route table is found here, at start-up.

use std::{cmp::Reverse, collections::HashMap, sync::Arc};

use axum::{Router, extract::Request, middleware};
use http::Method;

use crate::{
    App, Authenticator, Error, Extension, Mount, RequestId, Route, RouteInfo, ShellConfig, Sites, body,
    compression::compressed,
    front::covers,
    gate::{self, Gate},
    meters::Meters,
    mounted::Mounted,
    unrouted::Unrouted,
};

/// What all mounts have in common.
pub(crate) struct Assembly<'a> {
    pub(crate) config: &'a ShellConfig,
    pub(crate) authenticator: Arc<dyn Authenticator>,
    pub(crate) sites: Arc<dyn Sites>,
}

/// A route and the app that declares it, which need not be the one that owns the mount.
type Declared = (&'static str, Route);

impl Assembly<'_> {
    /// Builds the mounts, longest prefix first, and the table of their routes.
    pub(crate) fn assemble(&self, apps: &mut [App]) -> Result<(Vec<Mounted>, Vec<RouteInfo>), Error> {
        let prefixes = prefixes(apps)?;
        let table = apps.iter().flat_map(rows).collect();
        let mut extensions = extensions(apps, &prefixes)?;
        let mut mounts = Vec::new();
        for App { name, mounts: owned, .. } in apps {
            for mut mount in owned.drain(..) {
                let mut routes: Vec<Declared> = mount.routes.drain(..).map(|route| (*name, route)).collect();
                routes.extend(extensions.remove(mount.prefix).unwrap_or_default());
                check_routes(mount.prefix, &routes, &prefixes)?;
                mounts.push(self.mounted(name, mount, routes));
            }
        }
        mounts.sort_by_key(|mount| Reverse(mount.prefix.len()));
        Ok((mounts, table))
    }
}

/// The table's rows for one app.
fn rows(app: &App) -> impl Iterator<Item = RouteInfo> {
    let owned = app.mounts.iter().flat_map(|mount| &mount.routes);
    let added = app.extensions.iter().flat_map(|extension| &extension.routes);
    owned.chain(added).map(|route| RouteInfo::new(app.name, route))
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

/// Takes what apps add to mounts, by the prefix of the mount; an error if there is no such mount.
fn extensions(
    apps: &mut [App],
    prefixes: &[&'static str],
) -> Result<HashMap<&'static str, Vec<Declared>>, Error> {
    let mut added: HashMap<&'static str, Vec<Declared>> = HashMap::new();
    for App { name: app, extensions, .. } in apps {
        for Extension { prefix, routes } in extensions.drain(..) {
            if !prefixes.contains(&prefix) {
                return Err(Error::PrefixNotOwned { app, prefix });
            }
            added.entry(prefix).or_default().extend(routes.into_iter().map(|route| (*app, route)));
        }
    }
    Ok(added)
}

/// Every route must be reachable, well-formed and unlike any other.
fn check_routes(prefix: &'static str, routes: &[Declared], prefixes: &[&'static str]) -> Result<(), Error> {
    let mut matcher = matchit::Router::new();
    let mut methods: HashMap<&'static str, Vec<(&Method, &'static str)>> = HashMap::new();
    for (app, Route { method, path, .. }) in routes {
        let owner = prefixes.iter().find(|prefix| covers(prefix, path)).copied().unwrap_or("none");
        if owner != prefix {
            return Err(Error::OutsideMount { app, method: method.clone(), path, prefix, owner });
        }
        let seen = methods.entry(path).or_default();
        if let Some((_, first)) = seen.iter().find(|(declared, _)| *declared == method) {
            return Err(Error::RouteDeclaredTwice { first, second: app, method: method.clone(), path });
        }
        if seen.is_empty() {
            check_path(path)
                .and_then(|()| matcher.insert(*path, ()).map_err(|error| error.to_string()))
                .map_err(|reason| Error::InvalidPath { app, path, reason })?;
        }
        seen.push((method, app));
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

impl Assembly<'_> {
    fn mounted(&self, owner: &'static str, mount: Mount, declared: Vec<Declared>) -> Mounted {
        let Mount {
            prefix,
            errors,
            hosts,
            credentials,
            throttle,
            clients,
            body_limit,
            cors,
            compression,
            ..
        } = mount;
        let authenticator = mount.authenticator.unwrap_or_else(|| self.authenticator.clone());
        let mut router = Router::new();
        for (app, route) in declared {
            let method = route.method.as_str();
            let gate = Gate {
                access: route.access,
                credentials,
                throttle: throttle.clone(),
                errors,
                body_limit: route.body_limit.unwrap_or(body_limit),
                time_limit: route.time_limit.unwrap_or(self.config.request_time_limit),
                authenticator: authenticator.clone(),
                sites: self.sites.clone(),
                meters: match &clients {
                    Some(clients) => Meters::by_client(app, method, route.path, clients.clone()),
                    None => Meters::new(app, method, route.path),
                },
            };
            let gate = middleware::from_fn_with_state(Arc::new(gate), gate::pass);
            router = router.route(route.path, route.handler.route_layer(gate));
        }
        let unrouted = Arc::new(Unrouted { errors, meters: Meters::new(owner, "*", prefix) });
        let router = with_fallbacks(router, &unrouted);
        let compressed = compression.then(|| compressed(router.clone()));
        let (sites, max_uri_bytes) = (self.sites.clone(), self.config.max_uri_bytes);
        Mounted { prefix, hosts, cors, router, compressed, unrouted, sites, max_uri_bytes }
    }
}

fn with_fallbacks(router: Router, unrouted: &Arc<Unrouted>) -> Router {
    let (wrong_method, unknown_path) = (unrouted.clone(), unrouted.clone());
    router
        .method_not_allowed_fallback(async move |id: RequestId, request: Request| {
            let response = wrong_method.wrong_method(request.method(), request.uri(), &id);
            body::discard(request);
            response
        })
        .fallback(async move |id: RequestId, request: Request| {
            let response = unknown_path.unknown_path(request.method(), request.uri(), &id);
            body::discard(request);
            response
        })
}
