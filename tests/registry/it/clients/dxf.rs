//! dxf: blobs under names. With a password it wants HTTPS, so that it is tried where there is none.

use super::layout::Layout;
use super::tools::{Tools, fails};
use super::{Site, on_an_open_server, python, tools};
use crate::ours::ALICE;

#[tokio::test(flavor = "multi_thread")]
async fn works_on_an_open_server() {
    on_an_open_server(script, &[]).await;
}

fn script(tools: &Tools, site: &Site, _: &Layout) {
    let Some(programs) = python::programs() else { return };
    let dxf = |arguments: &[&str]| {
        let mut command = tools.command(programs.join("dxf").to_str().unwrap());
        command.env("DXF_HOST", &site.host).env("DXF_INSECURE", "1").args(arguments);
        command
    };
    let run = |arguments: &[&str]| tools::run(&mut dxf(arguments));
    let (name, content) = (format!("{ALICE}/dxf"), "named by dxf\n".repeat(1_000));
    let file = tools.file("blob", content.as_bytes());
    let pushed = run(&["push-blob", &name, file.to_str().unwrap(), "@label"]);
    let digest = registry_conformance::content::Algorithm::Sha256.digest(content.as_bytes());
    assert_eq!(pushed.trim(), digest);
    assert_eq!(run(&["pull-blob", &name, "@label"]), content);
    assert_eq!(run(&["get-alias", &name, "label"]).trim(), digest);
    assert_eq!(run(&["list-aliases", &name]).trim(), "label");
    assert!(run(&["list-repos"]).lines().any(|line| line == name));
    run(&["del-alias", &name, "label"]);
    fails(&mut dxf(&["get-alias", &name, "label"]));
}
