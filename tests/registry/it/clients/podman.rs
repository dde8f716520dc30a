//! podman: pulls, pushes, searches, and makes a list of images.

use registry_conformance::content::{DOCKER_LIST, INDEX};
use serde_json::Value;

use super::layout::Layout;
use super::skopeo::copy;
use super::tools::{Tools, run};
use super::{Site, on_a_guarded_server, on_an_open_server, on_ours};
use crate::ours::ALICE;

const NEEDS: [&str; 2] = ["podman", "skopeo"];

#[tokio::test(flavor = "multi_thread")]
async fn works_on_an_open_server() {
    on_an_open_server(script, &NEEDS).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn works_on_a_guarded_server() {
    on_a_guarded_server(script, &NEEDS).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn works_on_ours() {
    on_ours(script, &NEEDS).await;
}

fn script(tools: &Tools, site: &Site, layout: &Layout) {
    if let Some((user, password)) = site.login {
        run(tools.podman().args(["login", "--tls-verify=false", "-u", user, "-p", password, &site.host]));
    }
    let (first, second) = (site.image("app:v1"), site.image("again:v2"));
    copy(tools, &layout.source("single"), &format!("docker://{first}"));
    run(tools.podman().args(["pull", "--tls-verify=false", &first]));
    run(tools.podman().args(["tag", &first, &second]));
    run(tools.podman().args(["push", "--tls-verify=false", &second]));
    run(tools.podman().args(["rmi", "--all", "--force"]));
    run(tools.podman().args(["pull", "--tls-verify=false", &second]));
    let inspected = run(tools.podman().args(["image", "inspect", &second]));
    let inspected: Value = serde_json::from_str(&inspected).unwrap();
    let config: Value = serde_json::from_slice(&layout.single).unwrap();
    let config = config["config"]["digest"].as_str().unwrap().to_owned();
    assert_eq!(format!("sha256:{}", inspected[0]["Id"].as_str().unwrap()), config);

    let asked = format!("{}/{ALICE}", site.host);
    let found = run(tools.podman().args(["search", "--tls-verify=false", "--limit", "9", &asked]));
    for name in ["app", "again"] {
        assert!(found.contains(&format!("{ALICE}/{name}")), "{found}");
    }
    let found =
        run(tools.podman().args(["search", "--list-tags", "--tls-verify=false", &site.image("again")]));
    assert!(found.lines().any(|line| line.ends_with("v2")), "{found}");

    let list = site.image("list:1");
    run(tools.podman().args(["manifest", "create", "list"]));
    run(tools.podman().args([
        "manifest",
        "add",
        "--tls-verify=false",
        "list",
        &format!("docker://{second}"),
    ]));
    run(tools.podman().args(["manifest", "push", "--all", "--tls-verify=false", "list", &list]));
    let mut inspect = tools.command("skopeo");
    let index = run(inspect.args(["inspect", "--raw", "--tls-verify=false", &format!("docker://{list}")]));
    let index: Value = serde_json::from_str(&index).unwrap();
    let media_type = index["mediaType"].as_str().unwrap_or(INDEX);
    assert!([INDEX, DOCKER_LIST].contains(&media_type), "{index}");
    assert_eq!(index["manifests"].as_array().unwrap().len(), 1, "{index}");
}
