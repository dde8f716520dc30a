//! What the shell refuses to start with, and the table it makes of what it accepts.

use std::sync::Arc;

use server::{Access, App, Error, Extension, Mount, Route, Shell, ShellConfig, standard_errors};

use crate::support::{Here, Keys, READ, WRITE, app};

async fn nothing() {}

fn get(path: &'static str) -> Route {
    Route::get(path, Access::Public, "Nothing", nothing)
}

fn mount(prefix: &'static str, routes: Vec<Route>) -> Mount {
    Mount { routes, ..Mount::new(prefix, standard_errors) }
}

fn shell(apps: Vec<App>) -> Result<Shell, Error> {
    shell_at("", apps)
}

fn shell_at(base_path: &str, apps: Vec<App>) -> Result<Shell, Error> {
    let config = ShellConfig { base_path: base_path.to_owned(), ..ShellConfig::default() };
    Shell::new(config, Arc::new(Keys::default()), Arc::new(Here), Vec::new(), apps)
}

fn extension(name: &'static str, prefix: &'static str, routes: Vec<Route>) -> App {
    App { extensions: vec![Extension { prefix, routes }], ..App::new(name) }
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
    assert_eq!(refusal(apps), "GET /x/a is declared twice: by app `one` and by app `one`");
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
fn an_extension_needs_an_owner() {
    let apps = vec![app("one", vec![mount("/x", vec![])]), extension("two", "/y", vec![get("/y/a")])];
    assert_eq!(
        refusal(apps),
        "app `two` extends the path prefix `/y`, which no app owns: mount the one that does, or own it"
    );
    // A mount above it is another mount, with other rules.
    let apps = vec![app("one", vec![mount("/x", vec![])]), extension("two", "/x/y", vec![get("/x/y/a")])];
    assert!(refusal(apps).contains("`/x/y`, which no app owns"));
}

#[test]
fn the_routes_of_an_extension_are_checked_with_those_of_the_mount() {
    let owner = || app("one", vec![mount("/x", vec![get("/x/a"), get("/x/b/{c}")]), mount("/x/m", vec![])]);
    for (path, reason) in [
        ("/x/a", "GET /x/a is declared twice: by app `one` and by app `two`"),
        ("/x/b/{d}", "app `two`: /x/b/{d}: "),
        ("/y", "app `two`: GET /y is under the prefix `none`, not under its mount `/x`"),
        ("/x/m/a", "app `two`: GET /x/m/a is under the prefix `/x/m`, not under its mount `/x`"),
    ] {
        // In either order: the owner need not come first.
        for apps in [
            vec![owner(), extension("two", "/x", vec![get(path)])],
            vec![extension("two", "/x", vec![get(path)]), owner()],
        ] {
            let text = refusal(apps);
            assert!(text.starts_with(reason), "{path}: {text}");
        }
    }
    let apps = [extension("two", "/x", vec![get("/x/c")]), extension("three", "/x", vec![get("/x/c")])];
    let text = refusal(apps.into_iter().chain([owner()]).collect());
    assert!(text.ends_with("by app `two` and by app `three`"), "{text}");
}

#[test]
fn the_table_names_the_app_that_adds_a_route() {
    let post = Route::post("/x/a", WRITE, "Nothing", nothing);
    let apps = vec![app("one", vec![mount("/x", vec![get("/x/a")])]), extension("two", "/x", vec![post])];
    let shell = shell(apps).unwrap();
    let row = |method: &str| shell.routes().iter().find(|row| row.path == "/x/a" && row.method == method);
    assert_eq!(row("GET").unwrap().app, "one");
    assert_eq!(row("POST").unwrap().app, "two");
}

#[test]
fn a_base_path_is_a_path_without_a_final_slash() {
    for bad in ["/", "hv", "/hv/", "/health"] {
        let text = shell_at(bad, Vec::new()).err().expect("refused").to_string();
        assert!(text.starts_with(&format!("base path `{bad}`: ")), "{text}");
    }
    assert!(shell_at("/apps/hv", Vec::new()).is_ok());
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
            ("shell", "GET", "/health/ready"),
            ("shell", "GET", "/healthz"),
            ("shell", "GET", "/ready"),
            ("shell", "GET", "/readyz"),
            ("shell", "GET", "/admin/openapi.json"),
            ("shell", "GET", "/openapi.json"),
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
| GET | `/admin/openapi.json` | public | Describe this interface |
| GET | `/health` | public | Liveness and version |
| GET | `/health/ready` | public | Readiness, check by check |
| GET | `/healthz` | public | Liveness and version |
| GET | `/openapi.json` | public | Describe this interface |
| GET | `/ready` | public | Readiness, check by check |
| GET | `/readyz` | public | Readiness, check by check |

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
