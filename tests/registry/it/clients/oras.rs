//! oras: artifacts of any kind, from Python.

use super::layout::Layout;
use super::tools::{Tools, run};
use super::{Site, on_a_guarded_server, on_an_open_server, on_ours, python};

#[tokio::test(flavor = "multi_thread")]
async fn works_on_an_open_server() {
    on_an_open_server(script, &[]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn works_on_a_guarded_server() {
    on_a_guarded_server(script, &[]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn works_on_ours() {
    on_ours(script, &[]).await;
}

fn script(tools: &Tools, site: &Site, _: &Layout) {
    let Some(programs) = python::programs() else { return };
    let program = tools.file("artifact.py", include_bytes!("artifact.py"));
    let (user, password) = site.login.unwrap_or_default();
    let kind = if site.is_ours { "token" } else { "basic" };
    let mut command = tools.command(programs.join("python").to_str().unwrap());
    let said = run(command.arg(program).args([&site.host, &site.image("artifact"), kind, user, password]));
    assert_eq!(said.lines().last(), Some("all as it should be"), "{said}");
}
