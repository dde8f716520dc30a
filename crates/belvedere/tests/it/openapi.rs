//! The OpenAPI document against the server that it describes.

use std::path::Path;

use jsonschema::Validator;
use serde_json::{Map, Value, json};
use testkit::{Answer, Belvedere, BelvedereOptions, HttpClient, TestDatabase};

use crate::place::Place;

/// What is described; the rest is XRPC, documents of other protocols, and pages.
const DESCRIBED: [&str; 5] = ["/admin/", "/config", "/auth/", "/oauth/", "/api/setup/"];

/// Below those, what is laid down by protocols that have descriptions of their own.
const OF_OTHERS: [&str; 5] =
    ["/auth/token", "/auth/device", "/oauth/authorize", "/oauth/token", "/oauth/revoke"];

/// A server, an operator, and what the server says of itself.
struct Fixture {
    server: Belvedere,
    operator: HttpClient,
    document: Value,
    place: Place,
}

impl Fixture {
    async fn start() -> Self {
        let place = Place::on(TestDatabase::sqlite());
        // The relay's accounts and the registry's hold are a part of the admin API, where there are such.
        let options = options(place.path(), &place.database.url()).with("APPS", "appview,registry,sync");
        let server = Belvedere::start(&options).await;
        let key = place.json(&["key", "create", "--template", "full_access"]);
        let operator = server.client.with_bearer(key["key"].as_str().unwrap());
        let document = server.client.get("/admin/openapi.json").await.expect(200);
        Self { server, operator, document, place }
    }

    fn operations(&self) -> impl Iterator<Item = Operation<'_>> {
        let items = self.document["paths"].as_object().unwrap().iter();
        items.flat_map(|(path, item)| {
            item.as_object().unwrap().iter().map(|(method, says)| Operation { method, path, says })
        })
    }

    fn operation(&self, method: &str, path: &str) -> Option<Operation<'_>> {
        self.operations().find(|operation| operation.method == method && operation.path == path)
    }

    /// Checks an answer against what the document says about it, and returns its body.
    fn check(&self, method: &str, path: &str, answer: &Answer) -> Value {
        let operation = self.operation(method, path).unwrap_or_else(|| panic!("{method} {path}"));
        let responses = &operation.says["responses"];
        let response = responses.get(answer.status.to_string()).unwrap_or(&responses["default"]);
        let response = match response["$ref"].as_str() {
            Some(reference) => self.document.pointer(&reference[1..]).unwrap(),
            None => response,
        };
        let Some(content) = response.get("content") else {
            assert_eq!(answer.text, "", "{method} {path} says more than it is described to");
            return Value::Null;
        };
        let schema = &content["application/json"]["schema"];
        let body = answer.json();
        let errors: Vec<_> =
            self.validator(schema).iter_errors(&body).map(|error| error.to_string()).collect();
        assert!(errors.is_empty(), "{method} {path} answered {body}: {errors:?}");
        body
    }

    /// Strict: members that are not described are not allowed.
    fn validator(&self, schema: &Value) -> Validator {
        let mut components = self.document["components"].clone();
        for schema in components["schemas"].as_object_mut().unwrap().values_mut() {
            if schema.get("properties").is_some() {
                schema["additionalProperties"] = json!(false);
            }
        }
        let mut whole: Map<String, Value> = schema.as_object().unwrap().clone();
        whole.insert("components".into(), components);
        jsonschema::draft202012::options().should_validate_formats(true).build(&whole.into()).unwrap()
    }
}

/// A server that finds nobody in the network, and need not.
fn options(dir: &Path, database: &str) -> BelvedereOptions {
    let nowhere = "http://127.0.0.1:1";
    let options = BelvedereOptions::new(dir).with("DATABASE_URL", database);
    let mut options =
        options.with("PLC_URL", nowhere).with("RELAY_URL", nowhere).with("JETSTREAM_URL", "ws://127.0.0.1:1");
    options.arguments.push("--dev".into());
    options
}

struct Operation<'a> {
    method: &'a str,
    path: &'a str,
    says: &'a Value,
}

impl Operation<'_> {
    /// The path with something in the place of its parameters.
    fn example(&self) -> String {
        let mut path = self.path.to_owned();
        for parameter in self.says["parameters"].as_array().into_iter().flatten() {
            let value = if parameter["schema"]["type"] == "integer" { "1" } else { "x" };
            path = path.replace(&format!("{{{}}}", parameter["name"].as_str().unwrap()), value);
        }
        path
    }

    fn takes_json(&self) -> bool {
        self.says["requestBody"]["content"].get("application/json").is_some()
    }

    /// The responses that are no problems, by status.
    fn successes(&self) -> impl Iterator<Item = (&String, &Value)> {
        let responses = self.says["responses"].as_object().unwrap().iter();
        responses.filter(|(status, _)| status.starts_with(['2', '3']))
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_route_is_described() {
    let fixture = Fixture::start().await;
    let table = fixture.place.text(&["routes"]);
    let mut seen = 0;
    for row in table.lines().filter(|line| line.contains("| `/")) {
        let cells: Vec<_> = row.split('|').map(|cell| cell.trim().trim_matches('`')).collect();
        let (method, path) = (cells[1], cells[2]);
        let is_below = |prefixes: &[&str]| prefixes.iter().any(|prefix| path.starts_with(prefix));
        if !is_below(&DESCRIBED) || is_below(&OF_OTHERS) {
            continue;
        }
        seen += 1;
        if let Some(operation) = fixture.operation(&method.to_lowercase(), path) {
            assert_eq!(operation.says["summary"], cells[4]);
            continue;
        }
        // Only what this server does not have needs no description.
        let request = fixture.operator.request(method.parse().unwrap(), &path.replace("{id}", "x"));
        let answer = fixture.operator.send(request).await;
        assert_eq!(
            answer.expect(404)["error"],
            "FeatureDisabled",
            "{method} {path} does not say what it gives"
        );
    }
    assert!(seen > 50, "the table is read");
}

#[tokio::test(flavor = "multi_thread")]
async fn every_operation_says_what_a_success_looks_like() {
    let fixture = Fixture::start().await;
    for operation in fixture.operations() {
        let Operation { method, path, .. } = operation;
        assert!(operation.successes().next().is_some(), "{method} {path}");
        for (status, response) in operation.successes() {
            let json = response["content"].get("application/json");
            let is_described = json.is_none_or(|json| json.get("schema").is_some());
            assert!(is_described || path == "/admin/openapi.json", "{method} {path} {status}");
            assert!(status != "204" || response.get("content").is_none(), "{method} {path}");
        }
    }
}

/// A handler that reads JSON refuses every other media type, and one that does not read a body does not look.
#[tokio::test(flavor = "multi_thread")]
async fn every_body_that_is_read_is_described() {
    let fixture = Fixture::start().await;
    let (mut with, mut without) = (0, 0);
    for operation in fixture.operations() {
        let Operation { method, path, .. } = operation;
        if !path.starts_with("/admin/") && !path.starts_with("/api/setup/") || method == "get" {
            continue;
        }
        let request = fixture.operator.request(method.to_uppercase().parse().unwrap(), &operation.example());
        let answer = fixture.operator.send(request.header("content-type", "text/plain").body("x")).await;
        assert!(!matches!(answer.status, 401 | 405), "{answer:?}");
        assert_eq!(answer.status == 415, operation.takes_json(), "{method} {path}: {answer:?}");
        *if operation.takes_json() { &mut with } else { &mut without } += 1;
    }
    assert!(with > 10 && without > 10, "{with} with a body, {without} without");
}

fn lexicon() -> Value {
    let record = json!({"type": "record", "key": "tid", "record": {"type": "object", "properties": {}}});
    json!({"lexicon": 1, "id": "com.example.thing", "defs": {"main": record}})
}

#[tokio::test(flavor = "multi_thread")]
async fn answers_are_as_described() {
    let fixture = Fixture::start().await;
    let operator = &fixture.operator;
    for path in [
        "/config",
        "/admin/lexicons",
        "/admin/network-lexicons",
        "/admin/records/collections",
        "/admin/stats",
        "/admin/users",
        "/admin/permissions",
        "/admin/api-keys",
        "/admin/api-clients",
        "/admin/events",
        "/admin/events/count",
        "/admin/settings",
        "/admin/settings/db-info",
        "/admin/settings/xrpc-proxy",
        "/admin/domains",
        "/admin/feature-flags",
        "/admin/service-identity",
        "/admin/service-entries",
        "/admin/verification-methods",
        "/api/setup/status",
    ] {
        let answer = operator.get(path).await;
        assert_eq!(answer.status, 200, "{answer:?}");
        fixture.check("get", path, &answer);
    }

    let new = json!({"lexicon_json": lexicon()});
    for status in [201, 200] {
        let answer = operator.post("/admin/lexicons", &new).await;
        assert_eq!(answer.status, status, "{answer:?}");
        fixture.check("post", "/admin/lexicons", &answer);
    }
    fixture.check("get", "/admin/lexicons", &operator.get("/admin/lexicons").await);
    let one = operator.get("/admin/lexicons/com.example.thing").await;
    assert_eq!(fixture.check("get", "/admin/lexicons/{id}", &one)["lexicon_json"], lexicon());
    let page = operator.get("/admin/records?collection=com.example.thing&limit=1").await;
    assert_eq!(fixture.check("get", "/admin/records", &page)["records"], json!([]));

    let client = json!({
        "name": "App", "client_id_url": "https://app.example/metadata.json", "client_uri": "https://app.example",
        "redirect_uris": ["https://app.example/callback"],
    });
    let made = operator.post("/admin/api-clients", &client).await;
    assert_eq!(made.status, 201, "{made:?}");
    let id = fixture.check("post", "/admin/api-clients", &made)["id"].as_str().unwrap().to_owned();
    let path = format!("/admin/api-clients/{id}");
    let changed = operator.put(&path, &json!({"rate_limit_capacity": null, "name": "Other"})).await;
    assert_eq!(changed.status, 204, "{changed:?}");
    fixture.check("put", "/admin/api-clients/{id}", &changed);
    assert_eq!(fixture.check("get", "/admin/api-clients/{id}", &operator.get(&path).await)["name"], "Other");
    fixture.check("delete", "/admin/api-clients/{id}", &operator.delete(&path).await);

    let user =
        operator.post("/admin/users", &json!({"did": "did:web:user.example", "template": "viewer"})).await;
    assert_eq!(user.status, 201, "{user:?}");
    fixture.check("post", "/admin/users", &user);
    fixture.check("get", "/admin/users", &operator.get("/admin/users").await);
    fixture.check("get", "/admin/events", &operator.get("/admin/events").await);
}

#[tokio::test(flavor = "multi_thread")]
async fn problems_are_as_described() {
    let fixture = Fixture::start().await;
    let (operator, stranger) = (&fixture.operator, &fixture.server.client);
    let lexicons = "/admin/lexicons";
    for (status, method, path, answer) in [
        (401, "get", lexicons, stranger.get(lexicons).await),
        (404, "get", "/admin/lexicons/{id}", operator.get("/admin/lexicons/a.b.c").await),
        (400, "post", lexicons, operator.post(lexicons, &json!({"lexicon_json": {}})).await),
        (422, "post", lexicons, operator.post(lexicons, &json!({})).await),
        (401, "get", "/auth/me", stranger.get("/auth/me").await),
        (401, "get", "/oauth/sessions/{did}", stranger.get("/oauth/sessions/did:web:a.example").await),
    ] {
        assert_eq!(answer.status, status, "{answer:?}");
        fixture.check(method, path, &answer);
    }
}
