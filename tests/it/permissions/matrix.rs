//! Every route that needs a permission, called with and without it.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::sync::Arc;

use reqwest::Method;
use serde_json::{Value, json};
use testkit::relay::log_in;
use testkit::{Answer, HttpClient, TestDatabase};

use super::routes::{Access, Route};
use crate::scene::{Place, Scene};

/// Apps with people of their own, who may do what they may by what they are there; their own tests show that.
const OF_THEIR_OWN: [&str; 3] = ["registry", "social", "mastodon"];

/// Who may see it is shown beside what it says, in `appview/tests/it/live.rs`: its answer has no end that could be waited for.
const ENDLESS: &str = "/admin/live";

#[tokio::test(flavor = "multi_thread")]
async fn every_route_asks_for_exactly_its_permissions() {
    let Some(scene) = Scene::set(TestDatabase::sqlite()).await else { return };
    let mut routes = Route::all(&scene.place);
    // What ends the setup comes last, because it closes other routes.
    routes.sort_by_key(|route| route.template == "/api/setup/complete");
    let everything = [("APPS", "appview,sync,registry,social")];
    let place = Place::with(&scene.network, Arc::clone(&scene.place.database), &everything);
    let server = place.start().await;
    let keys = Keys::make(&scene, &server.client, &routes).await;
    assert!(routes.iter().filter(|route| route.app == "sync").count() > 50);
    for route in routes.iter().filter(|route| route.template != ENDLESS) {
        match &route.access {
            Access::Authenticated if route.app == "sync" => keys.accounts_of_the_relay(route).await,
            Access::Authenticated | Access::Permissions(_) if is_of_its_own(route) => {
                keys.people_of_the_app(route).await;
            }
            Access::Public => keys.anybody(route).await,
            Access::Delegated => keys.nobody_with_a_bad_key(route).await,
            Access::Authenticated => keys.anybody_known(route).await,
            Access::Permissions(needed) => keys.whoever_may(route, needed).await,
        }
    }
    the_document_says_the_same(&server.client, &routes).await;
    insta::assert_snapshot!("open_routes", open_routes(&routes));
}

/// Whether it is for the app's own people; what an app adds to the admin API is for users of the server.
fn is_of_its_own(route: &Route) -> bool {
    OF_THEIR_OWN.contains(&&*route.app) && !route.template.starts_with("/admin/")
}

/// What `/admin/openapi.json` describes asks for the permissions that it says.
async fn the_document_says_the_same(server: &HttpClient, routes: &[Route]) {
    let document = server.get("/admin/openapi.json").await.expect(200);
    let mut described = 0;
    for (path, operations) in document["paths"].as_object().unwrap() {
        for (method, operation) in operations.as_object().unwrap() {
            let is_it = |route: &&Route| {
                // The document has no word for parameters that go on over slashes.
                route.template.replace("{*", "{") == *path
                    && route.method.as_str().eq_ignore_ascii_case(method)
            };
            let route = routes.iter().find(is_it).unwrap_or_else(|| panic!("no route {method} {path}"));
            let said = operation.get("x-permissions").map_or(json!([]), Value::clone);
            assert_eq!(
                said,
                json!(route.permissions().into_iter().flatten().collect::<Vec<_>>()),
                "{route:?}"
            );
            described += 1;
        }
    }
    assert!(described > 50, "{described} of {}", routes.len());
}

/// The routes that ask for no permission: a new one shall be noticed.
fn open_routes(routes: &[Route]) -> String {
    let mut list: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    for route in routes {
        let kind = match &route.access {
            Access::Public => "public",
            Access::Delegated => "decided by the handler",
            Access::Authenticated => "authenticated",
            Access::Permissions(_) => continue,
        };
        list.entry(kind).or_default().insert(format!("{} {}", route.template, route.method));
    }
    let mut text = String::new();
    for (kind, routes) in list {
        writeln!(text, "{kind}").unwrap();
        for route in routes {
            writeln!(text, "  {route}").unwrap();
        }
    }
    text
}

/// A client for each key that is needed.
struct Keys {
    none: HttpClient,
    wrong: HttpClient,
    /// A token of the relay, which has accounts of its own.
    relay: HttpClient,
    /// With nothing but these.
    exactly: BTreeMap<Vec<String>, HttpClient>,
    /// With all but this.
    lacking: BTreeMap<String, HttpClient>,
}

impl Keys {
    async fn make(scene: &Scene, server: &HttpClient, routes: &[Route]) -> Self {
        // One that is not given less holds everything.
        let full = scene.place.json(&["key", "create", "--name", "full"]);
        let all: Vec<&str> =
            full["permissions"].as_array().unwrap().iter().map(|it| it.as_str().unwrap()).collect();
        assert_eq!(all.len(), 46);
        let owner = server.with_bearer(full["key"].as_str().unwrap());
        let key = async |permissions: &[&str]| {
            let request = json!({ "name": "test", "permissions": permissions });
            let made = owner.post("/admin/api-keys", &request).await.expect(201);
            server.with_bearer(made["key"].as_str().unwrap())
        };
        let (mut exactly, mut lacking) = (BTreeMap::new(), BTreeMap::new());
        let ours = routes.iter().filter(|route| !is_of_its_own(route));
        let needed: BTreeSet<&Vec<String>> = ours.filter_map(Route::permissions).collect();
        for needed in needed {
            exactly.insert(needed.clone(), key(&needed.iter().map(String::as_str).collect::<Vec<_>>()).await);
            for permission in needed {
                let rest: Vec<&str> = all.iter().copied().filter(|other| other != permission).collect();
                assert_eq!(rest.len(), 45, "{permission} is a permission");
                lacking.insert(permission.clone(), key(&rest).await);
            }
        }
        let wrong = server.with_bearer("hv_00000000000000000000000000000000");
        let relay = server.with_bearer(&log_in(server).await);
        Self { none: server.clone(), wrong, relay, exactly, lacking }
    }

    async fn anybody(&self, route: &Route) {
        for client in [&self.none, &self.wrong] {
            let answer = call(client, route).await;
            // Some check for themselves who calls, and then it is an app that they miss, not a key.
            assert!(!is_missing_permission(&answer), "{route:?}: {answer:?}");
        }
    }

    async fn nobody_with_a_bad_key(&self, route: &Route) {
        assert_eq!(call(&self.wrong, route).await.status, 401, "{route:?}");
    }

    async fn anybody_known(&self, route: &Route) {
        self.nobody_unknown(route).await;
        let any = self.exactly.values().next().unwrap();
        let answer = call(any, route).await;
        if route.template.starts_with("/xrpc/") {
            assert_eq!(answer.expect(401)["error"], "API keys are not accepted here", "{route:?}");
        } else {
            assert!(answer.status != 401 && !is_missing_permission(&answer), "{route:?}: {answer:?}");
        }
    }

    /// The keys of the admin API are strangers there, whatever they may do here.
    async fn accounts_of_the_relay(&self, route: &Route) {
        self.nobody_unknown(route).await;
        for (_, key) in self.exactly.iter().take(1) {
            assert_eq!(call(key, route).await.status, 401, "{route:?}");
        }
        // What ends the token itself is another test's.
        if route.method != Method::DELETE {
            let answer = call(&self.relay, route).await;
            assert!(!matches!(answer.status, 401 | 403), "{route:?}: {answer:?}");
        }
    }

    /// A key of the admin API is nobody who could be one of the app's own people.
    async fn people_of_the_app(&self, route: &Route) {
        self.nobody_unknown(route).await;
        let any = self.exactly.values().next().unwrap();
        assert_eq!(call(any, route).await.status, 401, "{route:?}");
    }

    async fn whoever_may(&self, route: &Route, needed: &Vec<String>) {
        self.nobody_unknown(route).await;
        for permission in needed {
            let answer = call(&self.lacking[permission], route).await;
            let expected = json!({
                "error": "InsufficientPermissions", "message": format!("Missing permission: {permission}"),
            });
            assert_eq!((answer.status, parsed(&answer)), (403, expected), "{route:?}");
        }
        let answer = call(&self.exactly[needed], route).await;
        assert!(!matches!(answer.status, 401 | 403), "{route:?}: {answer:?}");
        assert!(answer.status < 500 || answer.status == 502, "{route:?}: {answer:?}");
    }

    async fn nobody_unknown(&self, route: &Route) {
        let others = (route.app != "sync").then_some(&self.relay);
        for client in [&self.none, &self.wrong].into_iter().chain(others) {
            let answer = call(client, route).await;
            assert_eq!(answer.status, 401, "{route:?}: {answer:?}");
            assert!(parsed(&answer)["error"].is_string(), "{answer:?}");
        }
    }
}

/// Calls a route with an empty body, where it takes one.
async fn call(client: &HttpClient, route: &Route) -> Answer {
    let request = client.request(route.method.clone(), &route.path);
    let request = if route.method == Method::GET { request } else { request.json(&json!({})) };
    client.send(request).await
}

fn parsed(answer: &Answer) -> Value {
    serde_json::from_str(&answer.text).unwrap_or_default()
}

fn is_missing_permission(answer: &Answer) -> bool {
    parsed(answer)["error"] == "InsufficientPermissions"
}
