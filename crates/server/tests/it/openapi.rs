//! The OpenAPI document: what it says about a small table of routes, how it is served, what it refuses.

use std::{collections::BTreeSet, sync::Arc};

use futures::future::BoxFuture;
use http::{HeaderMap, HeaderName, StatusCode, request::Parts};
use serde::Deserialize;
use serde_json::{Value, json};
use server::{
    Access, App, Credential, Error, Extension, Mount, Problem, Route, Shell, ShellConfig, Throttle,
    standard_errors,
};
use utoipa::{IntoParams, ToSchema};

use crate::support::{Here, Keys, READ, Server, WRITE, app};

/// Which things.
#[derive(Deserialize, IntoParams)]
#[expect(dead_code, reason = "only described")]
struct Filter {
    /// Only those of this colour.
    colour: Option<String>,
    limit: u32,
}

/// A thing.
#[derive(ToSchema)]
#[expect(dead_code, reason = "only described")]
struct Thing {
    id: i64,
    kind: Kind,
    parts: Vec<Part>,
    #[schema(required)]
    name: Option<String>,
}

#[derive(ToSchema)]
#[schema(rename_all = "lowercase")]
#[expect(dead_code, reason = "only described")]
enum Kind {
    Small,
    Large,
}

#[derive(ToSchema)]
#[expect(dead_code, reason = "only described")]
struct Part {
    weight: f64,
}

#[derive(Debug)]
struct Tolerant;

impl Throttle for Tolerant {
    fn admit<'a>(&'a self, _: &'a mut Parts) -> BoxFuture<'a, Result<HeaderMap, Problem>> {
        Box::pin(std::future::ready(Ok(HeaderMap::new())))
    }
}

async fn nothing() {}

fn things() -> App {
    let one = "/admin/things/{id}";
    let routes = vec![
        Route::get("/admin/things", READ, "List things", nothing)
            .operation_id("listThings")
            .query::<Filter>()
            .gives_list::<Thing>(StatusCode::OK),
        Route::post("/admin/things", Access::AllOf(&[READ, WRITE]), "Make a thing", nothing)
            .takes::<Thing>()
            .gives::<Thing>(StatusCode::CREATED)
            .gives_nothing(StatusCode::ACCEPTED),
        Route::get(one, Access::Authenticated, "Show a thing", nothing)
            .path_parameter::<i64>("id")
            .gives_or_null::<Thing>(StatusCode::OK),
        Route::put(one, Access::Delegated, "Draw a thing", nothing)
            .header(HeaderName::from_static("x-pen"), "How thick.")
            .takes_opaque("image/png")
            .gives_nothing(StatusCode::NO_CONTENT),
        Route::delete("/admin/{kind}/all/{*rest}", WRITE, "Remove things", nothing)
            .gives_nothing(StatusCode::NO_CONTENT),
        Route::patch("/admin/untold", WRITE, "Say nothing of itself", nothing),
    ];
    let credentials = &[Credential::ApiKey, Credential::Cookie];
    let throttle: Option<Arc<dyn Throttle>> = Some(Arc::new(Tolerant));
    app("things", vec![Mount { credentials, throttle, routes, ..Mount::new("/admin", standard_errors) }])
}

fn more() -> App {
    let upload = Route::post("/admin/pictures", WRITE, "Add a picture", nothing)
        .takes_form::<Part>()
        .gives_opaque(StatusCode::OK, "text/event-stream");
    App { extensions: vec![Extension::new("/admin").routes(&(), [upload])], ..App::new("more") }
}

fn shell(apps: Vec<App>) -> Result<Shell, Error> {
    let config = ShellConfig { version: "1.2.3", ..ShellConfig::default() };
    Shell::new(config, Arc::new(Keys::default()), Arc::new(Here), Vec::new(), apps)
}

fn document() -> Value {
    serde_json::from_slice(shell(vec![things(), more()]).unwrap().openapi()).unwrap()
}

/// Every operation of the document with its path and method.
fn operations(document: &Value) -> impl Iterator<Item = (&str, &str, &Value)> {
    let paths = document["paths"].as_object().unwrap().iter();
    paths.flat_map(|(path, item)| {
        item.as_object()
            .unwrap()
            .iter()
            .map(|(method, operation)| (path.as_str(), method.as_str(), operation))
    })
}

#[test]
fn says_what_the_routes_say() {
    insta::assert_json_snapshot!(document());
}

#[test]
fn paths_are_below_what_is_in_front_of_all_of_them() {
    assert_eq!(document()["servers"], json!([{ "url": "/" }]));
    let config = ShellConfig { base_path: "/view".to_owned(), ..ShellConfig::default() };
    let shell =
        Shell::new(config, Arc::new(Keys::default()), Arc::new(Here), Vec::new(), vec![things()]).unwrap();
    let document: Value = serde_json::from_slice(shell.openapi()).unwrap();
    assert_eq!(document["servers"], json!([{ "url": "/view" }]));
}

#[test]
fn a_route_that_says_nothing_is_left_out() {
    assert!(document()["paths"].get("/admin/untold").is_none());
}

#[test]
fn every_operation_has_a_name_of_its_own() {
    let document = document();
    let names: Vec<_> =
        operations(&document).map(|(.., operation)| operation["operationId"].as_str()).collect();
    assert_eq!(names.len(), 7);
    assert_eq!(names.iter().collect::<BTreeSet<_>>().len(), names.len(), "{names:?}");
    assert!(!names.contains(&None));
}

#[test]
fn every_parameter_of_a_path_is_declared() {
    let document = document();
    for (path, method, operation) in operations(&document) {
        let declared: Vec<_> = operation["parameters"].as_array().into_iter().flatten().collect();
        let declared = declared.iter().filter(|parameter| parameter["in"] == "path");
        let declared: Vec<_> = declared.map(|parameter| parameter["name"].as_str().unwrap()).collect();
        let expected: Vec<_> =
            path.split(['{', '}']).enumerate().filter(|(at, _)| at % 2 == 1).map(|(_, name)| name).collect();
        assert_eq!(declared, expected, "{method} {path}");
    }
}

#[test]
fn every_reference_leads_somewhere() {
    let document = document();
    let text = document.to_string();
    let references = text.split("\"$ref\":\"#").skip(1).map(|rest| rest.split('"').next().unwrap());
    let references: BTreeSet<_> = references.collect();
    assert!(references.contains("/components/schemas/Kind"), "{references:?}");
    for reference in references {
        assert!(document.pointer(reference).is_some(), "{reference}");
    }
}

#[test]
fn every_credential_that_is_asked_for_is_explained() {
    let accounts = Route::get("/people", Access::Authenticated, "List people", nothing)
        .gives_nothing(StatusCode::NO_CONTENT);
    let credentials = &[Credential::AppToken, Credential::Cookie, Credential::Dpop, Credential::ServiceJwt];
    let people = Mount { credentials, ..Mount::new("/people", standard_errors) }.routes(&(), [accounts]);
    let shell = shell(vec![things(), app("people", vec![people])]).unwrap();
    let document: Value = serde_json::from_slice(shell.openapi()).unwrap();
    let explained: BTreeSet<_> =
        document["components"]["securitySchemes"].as_object().unwrap().keys().collect();
    let asked_for = operations(&document).filter_map(|(.., operation)| operation["security"].as_array());
    let asked_for = asked_for.flatten().flat_map(|requirement| requirement.as_object().unwrap().keys());
    assert_eq!(asked_for.collect::<BTreeSet<_>>(), explained);
}

#[tokio::test]
async fn is_served_to_anybody_as_it_was_written() {
    let expected = shell(vec![things()]).unwrap().openapi().to_vec();
    let config = ShellConfig { version: "1.2.3", ..ShellConfig::default() };
    let server = Server::start_with(config, Vec::new(), vec![things()]).await;
    for path in ["/admin/openapi.json", "/openapi.json"] {
        let reply = server.get(path).await;
        assert_eq!((reply.status, reply.header("content-type")), (200, Some("application/json")));
        assert_eq!(reply.text().as_bytes(), expected);
    }
    // What is beside it still belongs to the app.
    assert_eq!(server.get("/admin/things").await.status, 401);
    assert_eq!(server.get("/admin/openapi").await.status, 404);
}

fn refusal(routes: [Route; 2]) -> String {
    let mount = Mount::new("/x", standard_errors).routes(&(), routes);
    shell(vec![app("one", vec![mount])]).err().expect("refused").to_string()
}

fn get(path: &'static str) -> Route {
    Route::get(path, Access::Public, "Nothing", nothing).gives_nothing(StatusCode::OK)
}

#[test]
fn two_operations_of_one_name_are_refused() {
    assert_eq!(
        refusal([get("/x/a").operation_id("same"), get("/x/b").operation_id("same")]),
        "the operations of /x/a and /x/b are both named `same`: give one another `operation_id`"
    );
}

#[test]
fn two_types_of_one_name_are_refused() {
    #[derive(ToSchema)]
    #[schema(as = Part)]
    #[expect(dead_code, reason = "only described")]
    struct Other {
        length: f64,
    }
    let refused =
        refusal([get("/x/a").gives::<Part>(StatusCode::OK), get("/x/b").gives::<Other>(StatusCode::OK)]);
    assert!(refused.starts_with("two types of the interface are named `Part`"), "{refused}");
}

#[test]
fn a_parameter_that_the_path_does_not_have_is_refused() {
    let refused = refusal([get("/x/a"), get("/x/{b}").path_parameter::<i64>("c")]);
    assert_eq!(refused, "/x/{b} has no parameter `c`");
}
