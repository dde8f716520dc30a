//! skopeo: copies between folders and registries, and within one.

use serde_json::Value;

use super::layout::{KIND, Layout};
use super::tools::{Tools, fails, find, run, said};
use super::{Site, on_a_guarded_server, on_an_open_server, on_ours};

const NEEDS: [&str; 1] = ["skopeo"];

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
    logs_in(tools, site);
    pushes(tools, site, layout);
    copies(tools, site, layout);
    pulls(tools, site, layout);
    deletes(tools, site);
    if site.is_ours {
        refers(tools, site, layout);
        goes_nowhere_else(tools, site, layout);
    }
}

/// The password is looked at when one logs in, not when one pushes.
pub(super) fn logs_in(tools: &Tools, site: &Site) {
    let Some((user, password)) = site.login else { return };
    let login = |password: &str| {
        let mut command = tools.command("skopeo");
        command.args(["login", "--tls-verify=false", "-u", user, "-p", password, &site.host]);
        command
    };
    let said = fails(&mut login("wrong"));
    assert!(said.contains("invalid username/password") || said.contains("unauthorized"), "{said}");
    assert!(run(&mut login(password)).contains("Login Succeeded!"));
}

fn pushes(tools: &Tools, site: &Site, layout: &Layout) {
    for (source, to) in [("single", "app:v1"), ("multi", "app:multi")] {
        copy(tools, &layout.source(source), &remote(site, to));
    }
    for (tag, bytes) in [("v1", &layout.single), ("multi", &layout.multi)] {
        let mut inspect = tools.command("skopeo");
        let said = run(inspect.args([
            "inspect",
            "--raw",
            "--tls-verify=false",
            &remote(site, &format!("app:{tag}")),
        ]));
        assert_eq!(said.as_bytes(), bytes, "{tag}");
    }
    let mut inspect = tools.command("skopeo");
    let said = run(inspect.args(["inspect", "--config", "--tls-verify=false", &remote(site, "app:v1")]));
    assert_eq!(serde_json::from_str::<Value>(&said).unwrap()["architecture"], "amd64");
    let mut list = tools.command("skopeo");
    let said = run(list.args(["list-tags", "--tls-verify=false", &remote(site, "app")]));
    let mut tags = serde_json::from_str::<Value>(&said).unwrap()["Tags"].take();
    if !site.is_ours {
        // The reference server lists them in any order.
        tags.as_array_mut().unwrap().sort_by_key(ToString::to_string);
    }
    assert_eq!(tags, serde_json::json!(["multi", "v1"]));
}

/// Within one server, layers are not sent again.
fn copies(tools: &Tools, site: &Site, layout: &Layout) {
    let manifest: Value = serde_json::from_slice(&layout.single).unwrap();
    let layers = manifest["layers"].as_array().unwrap();
    let mut copy = tools.command("skopeo");
    copy.args(["--debug", "--insecure-policy", "copy", "--src-tls-verify=false", "--dest-tls-verify=false"]);
    let (_, log) = said(copy.args([remote(site, "app:v1"), remote(site, "app2:v1")]));
    assert_eq!(log.matches("... mount OK").count(), layers.len(), "{log}");
    // The configuration is small, and always sent.
    assert_eq!(log.matches("msg=\"PATCH ").count(), 1, "{log}");
}

fn pulls(tools: &Tools, site: &Site, layout: &Layout) {
    let folder = tools.folder().join("pulled");
    std::fs::create_dir(&folder).unwrap();
    for (from, tag, blobs) in [("app2:v1", "single", 5), ("app:multi", "multi", 9)] {
        let to = folder.join(tag);
        copy(tools, &remote(site, from), &format!("oci:{}:{tag}", to.display()));
        assert_eq!(layout.has_all_of(&to), blobs, "{from}");
        if find("umoci").is_some() {
            let listed = run(tools.command("umoci").arg("ls").arg("--layout").arg(&to));
            assert_eq!(listed.trim(), tag);
        }
    }
}

fn deletes(tools: &Tools, site: &Site) {
    let it = remote(site, "app2:v1");
    run(tools.command("skopeo").args(["delete", "--tls-verify=false", &it]));
    let said = fails(tools.command("skopeo").args(["inspect", "--tls-verify=false", &it]));
    assert!(said.contains("manifest unknown") || said.contains("name unknown"), "{said}");
    let other = remote(site, "app:v1");
    run(tools.command("skopeo").args(["inspect", "--tls-verify=false", &other]));
}

/// Who asks what there is about an image is told of the artifact.
fn refers(tools: &Tools, site: &Site, layout: &Layout) {
    copy(tools, &layout.source("notes"), &remote(site, "app:notes"));
    let digest = registry_conformance::content::Algorithm::Sha256.digest(&layout.single);
    let client = site.client();
    let path = format!("/v2/{}/app/referrers/{digest}", crate::ours::ALICE);
    let answer = tokio::task::block_in_place(|| {
        let request = registry_conformance::client::Request::get(path);
        tokio::runtime::Handle::current().block_on(async { client.send(&request).await.unwrap() })
    });
    let json = answer.json().unwrap();
    assert_eq!(json["manifests"][0]["artifactType"], KIND, "{json}");
    assert_eq!(json["manifests"][0]["annotations"]["org.example.by"], "somebody", "{json}");
}

/// Another's namespace is closed, and says so to people.
fn goes_nowhere_else(tools: &Tools, site: &Site, layout: &Layout) {
    let mut copy = tools.command("skopeo");
    copy.args(["--insecure-policy", "copy", "--dest-tls-verify=false", &layout.source("single")]);
    let said = fails(copy.arg(format!("docker://{}/{}/app:v1", site.host, crate::ours::BOB)));
    assert!(
        ["denied", "unauthorized", "authentication required"].iter().any(|word| said.contains(word)),
        "{said}"
    );
    // What is public is there for those who are nobody.
    let nobody = tools.file("nobody.json", b"{}");
    let mut inspect = tools.command("skopeo");
    inspect.args(["inspect", "--raw", "--tls-verify=false"]).env("REGISTRY_AUTH_FILE", nobody);
    assert_eq!(run(inspect.arg(remote(site, "app:v1"))).as_bytes(), layout.single);
}

fn remote(site: &Site, image: &str) -> String {
    format!("docker://{}", site.image(image))
}

pub(super) fn copy(tools: &Tools, from: &str, to: &str) {
    let mut command = tools.command("skopeo");
    command.args(["--insecure-policy", "copy", "--all", "--src-tls-verify=false", "--dest-tls-verify=false"]);
    run(command.args([from, to]));
}
