//! What the shell refuses to start with, and the table it makes of what it accepts.

use std::sync::Arc;

use server::{Access, App, Error, Mount, Route, Shell, ShellConfig, standard_errors};

use crate::support::{Keys, READ, WRITE, app};

async fn nothing() {}

fn get(path: &'static str) -> Route {
    Route::get(path, Access::Public, "Nothing", nothing)
}

fn mount(prefix: &'static str, routes: Vec<Route>) -> Mount {
    Mount { routes, ..Mount::new(prefix, standard_errors) }
}

fn shell(apps: Vec<App>) -> Result<Shell, Error> {
    Shell::new(ShellConfig::default(), Arc::new(Keys), Vec::new(), apps)
}

fn refusal(apps: Vec<App>) -> String {
    shell(apps).err().expect("refused").to_string()
}

#[test]
fn a_prefix_has_one_owner() {
    let apps = vec![app("one", vec![mount("/x", vec![])]), app("two", vec![mount("/x", vec![])])];
    assert_eq!(
        refusal(apps),
        "apps `one` and `two` both claim the path prefix `/x`: mount only one of them there"
    );
    let apps = vec![app("one", vec![mount("/health", vec![])])];
    assert!(refusal(apps).contains("`shell` and `one` both claim"));
    let apps = vec![app("one", vec![mount("/x", vec![]), mount("/x", vec![])])];
    assert!(refusal(apps).contains("`one` and `one`"));
}

#[test]
fn a_prefix_is_a_path_without_a_final_slash() {
    for prefix in ["", "x", "/x/", "//"] {
        assert!(
            refusal(vec![app("one", vec![mount(prefix, vec![])])]).contains("must start with `/`"),
            "{prefix}"
        );
    }
    assert!(shell(vec![app("one", vec![mount("/", vec![get("/"), get("/{*rest}")])])]).is_ok());
}

#[test]
fn a_route_is_declared_once() {
    let apps = vec![app("one", vec![mount("/x", vec![get("/x/a"), get("/x/a")])])];
    assert_eq!(refusal(apps), "app `one` declares GET /x/a twice");
    let post = Route::post("/x/a", Access::Public, "Nothing", nothing);
    assert!(shell(vec![app("one", vec![mount("/x", vec![get("/x/a"), post])])]).is_ok());
}

#[test]
fn paths_that_cannot_be_told_apart_are_refused() {
    let post = Route::post("/x/{b}", Access::Public, "Nothing", nothing);
    let apps = vec![app("one", vec![mount("/x", vec![get("/x/{a}"), post])])];
    assert!(refusal(apps).starts_with("app `one`: /x/{b}: "));
}

#[test]
fn malformed_paths_are_refused() {
    for path in ["/x/{", "/x/{}", "/x/{*rest}/more", "/x/:id", "/x/*rest"] {
        let text = refusal(vec![app("one", vec![mount("/x", vec![get(path)])])]);
        assert!(text.starts_with(&format!("app `one`: {path}: ")), "{text}");
    }
}

#[test]
fn a_route_lies_under_its_own_mount() {
    let apps = vec![app("one", vec![mount("/x", vec![get("/y")])])];
    assert_eq!(refusal(apps), "app `one`: GET /y is under the prefix `none`, not under its mount `/x`");
    let apps =
        vec![app("one", vec![mount("/x", vec![get("/x/y/z")])]), app("two", vec![mount("/x/y", vec![])])];
    assert!(refusal(apps).contains("under the prefix `/x/y`"));
}

#[test]
fn the_table_lists_every_route_with_its_access() {
    let things = mount(
        "/things",
        vec![
            Route::get("/things/{id}", READ, "Read a thing", nothing),
            Route::delete("/things/{id}", Access::AllOf(&[READ, WRITE]), "Delete a thing", nothing),
            Route::put("/things/{id}", Access::Authenticated, "Replace a thing", nothing),
            Route::patch("/things/{id}", Access::Delegated, "Change a thing", nothing),
        ],
    );
    let shell = shell(vec![app("things", vec![things])]).unwrap();
    let rows: Vec<_> = shell.routes().iter().map(|row| (row.app, row.method.as_str(), row.path)).collect();
    assert_eq!(
        rows,
        [
            ("shell", "GET", "/health"),
            ("shell", "GET", "/ready"),
            ("things", "GET", "/things/{id}"),
            ("things", "DELETE", "/things/{id}"),
            ("things", "PUT", "/things/{id}"),
            ("things", "PATCH", "/things/{id}"),
        ]
    );
    let expected = "\
# Routes

Generated from the route table. `GET` also answers `HEAD`.

## shell

| Method | Path | Access | What it does |
|---|---|---|---|
| GET | `/health` | public | Liveness and version |
| GET | `/ready` | public | Readiness, check by check |

## things

| Method | Path | Access | What it does |
|---|---|---|---|
| DELETE | `/things/{id}` | things:read and things:write | Delete a thing |
| GET | `/things/{id}` | things:read | Read a thing |
| PATCH | `/things/{id}` | decided by the handler | Change a thing |
| PUT | `/things/{id}` | authenticated | Replace a thing |
";
    assert_eq!(shell.routes_markdown(), expected);
}
