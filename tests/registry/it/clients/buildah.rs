//! buildah: makes an image of nothing but a file, pushes it, and pulls it back.

use serde_json::Value;

use super::image::gunzip;
use super::layout::Layout;
use super::tools::{Tools, fails, run};
use super::{Site, on_a_guarded_server, on_an_open_server, on_ours};
use crate::ours::ALICE;

const NEEDS: [&str; 1] = ["buildah"];
const CONTENT: &str = "made by buildah\n";

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

fn script(tools: &Tools, site: &Site, _: &Layout) {
    let policy = format!("--signature-policy={}", tools.folder().join("policy.json").display());
    let image = site.image("built:b1");
    if let Some((user, password)) = site.login {
        let login = |password: &str| {
            let mut command = tools.keeper("buildah");
            command.args(["login", "--tls-verify=false", "-u", user, "-p", password, &site.host]);
            command
        };
        fails(&mut login("wrong"));
        run(&mut login(password));
    }
    let file = tools.file("file", CONTENT.as_bytes());
    let container = run(tools.keeper("buildah").args(["from", "scratch"]));
    let container = container.trim();
    run(tools.keeper("buildah").args(["copy", container]).arg(file).arg("/file"));
    run(tools.keeper("buildah").args(["config", "--cmd", "/file", container]));
    run(tools.keeper("buildah").args(["commit", &policy, container, &image]));
    run(tools.keeper("buildah").args(["push", "--tls-verify=false", &policy, &image]));
    assert!(pushed_file(site).contains(CONTENT));

    run(tools.keeper("buildah").args(["rm", container]));
    run(tools.keeper("buildah").args(["rmi", "--force", &image]));
    run(tools.keeper("buildah").args(["pull", "--tls-verify=false", &policy, &image]));
    let images = run(tools.keeper("buildah").args(["images", "--json"]));
    let images: Value = serde_json::from_str(&images).unwrap();
    assert_eq!(images[0]["names"][0], image.as_str(), "{images}");
}

/// The archive that somebody else finds in the registry.
fn pushed_file(site: &Site) -> String {
    let client = site.client();
    let repository = registry_conformance::Repository { client: &client, name: &format!("{ALICE}/built") };
    let get = |path: String| {
        tokio::task::block_in_place(|| {
            tokio::runtime::Handle::current().block_on(async { repository.get(&path).await.unwrap() })
        })
    };
    let manifest = get("manifests/b1".into()).expect(&[200]).unwrap().json().unwrap();
    let layer = manifest["layers"][0]["digest"].as_str().unwrap_or_else(|| panic!("{manifest}"));
    let layer = get(format!("blobs/{layer}")).expect(&[200]).unwrap();
    String::from_utf8_lossy(&gunzip(&layer.body)).into_owned()
}
