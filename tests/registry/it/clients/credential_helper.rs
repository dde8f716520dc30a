//! Our program as the place where the container tools look for passwords (spec/registry.md §2.5).

use std::io::Write;
use std::os::unix::fs::symlink;
use std::process::{Command, Stdio};

use serde_json::{Value, json};
use testkit::Belvedere;

use super::layout::Layout;
use super::tools::{Tools, fails, run};
use super::{Site, on_ours, skopeo};

const NAME: &str = "docker-credential-belvedere";

#[tokio::test(flavor = "multi_thread")]
async fn the_container_tools_find_what_it_keeps() {
    on_ours(script, &["skopeo"]).await;
}

fn script(tools: &Tools, site: &Site, layout: &Layout) {
    let folder = tools.folder().join("bin");
    std::fs::create_dir(&folder).unwrap();
    symlink(Belvedere::program(), folder.join(NAME)).unwrap();
    let path = format!("{}:{}", folder.display(), std::env::var("PATH").unwrap());
    let helper = |verb: &str| {
        let mut command = tools.command(folder.join(NAME).to_str().unwrap());
        command.arg(verb);
        command
    };
    let (user, password) = site.login.unwrap();
    assert!(fed(&mut helper("get"), &site.host).1.contains("credentials not found in native keychain"));
    let entry = json!({ "ServerURL": site.host, "Username": user, "Secret": password });
    assert!(fed(&mut helper("store"), &entry.to_string()).0);
    let (found, said) = fed(&mut helper("get"), &site.host);
    assert!(found, "{said}");
    assert_eq!(serde_json::from_str::<Value>(&said).unwrap(), entry);
    assert_eq!(run(&mut helper("list")).trim(), json!({ &site.host: user }).to_string());

    // skopeo asks it, and pushes.
    let config = json!({ "credHelpers": { &site.host: "belvedere" } }).to_string();
    let config = tools.file("helper.json", config.as_bytes());
    let mut copy = tools.command("skopeo");
    copy.env("PATH", &path).env("REGISTRY_AUTH_FILE", &config);
    copy.args(["--insecure-policy", "copy", "--dest-tls-verify=false", &layout.source("single")]);
    run(copy.arg(format!("docker://{}", site.image("helped:v1"))));

    assert!(fed(&mut helper("erase"), &site.host).0);
    let mut again = tools.command("skopeo");
    again.env("PATH", &path).env("REGISTRY_AUTH_FILE", &config);
    again.args(["--insecure-policy", "copy", "--dest-tls-verify=false", &layout.source("single")]);
    fails(again.arg(format!("docker://{}", site.image("helped:v2"))));
    skopeo::logs_in(tools, site);
}

/// Whether it succeeded with something on its standard input, and what it printed.
fn fed(command: &mut Command, input: &str) -> (bool, String) {
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    (output.status.success(), String::from_utf8(output.stdout).unwrap())
}
