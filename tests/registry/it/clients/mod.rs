//! The tools that people use, unmodified: each pushes, lists, reads back and deletes, and every answer is compared.
//!
//! Each goes through its script three times: on a server that lets everybody in, on one that asks for a password, and on ours.

mod buildah;
mod credential_helper;
mod curl;
mod dxf;
mod image;
mod layout;
mod oras;
mod podman;
mod python;
mod skopeo;
mod tools;

use registry_conformance::client::Client;
use registry_conformance::{Credentials, Target};
use testkit::DockerRegistry;

use self::layout::Layout;
use self::tools::Tools;
use crate::ours::{ALICE, Blobs, PASSWORD, Registry};

/// A registry as a tool is told of it.
struct Site {
    /// `127.0.0.1:5000`.
    host: String,
    /// Whoever wants to push there has to show it.
    login: Option<(&'static str, &'static str)>,
    /// Whether it has what the reference server has not.
    is_ours: bool,
}

impl Site {
    fn of(url: &str, login: Option<(&'static str, &'static str)>, is_ours: bool) -> Self {
        Self { host: url.strip_prefix("http://").unwrap().to_owned(), login, is_ours }
    }

    /// An image of Alice's, `127.0.0.1:5000/alice.test/app:v1`.
    fn image(&self, name: &str) -> String {
        format!("{}/{ALICE}/{name}", self.host)
    }

    /// A client of our own, to look at what a tool has done.
    fn client(&self) -> Client {
        Client::new(&self.target()).unwrap()
    }

    fn target(&self) -> Target {
        let login = self.login;
        Target {
            url: format!("http://{}", self.host),
            repositories: ["one", "two"].map(|name| format!("{ALICE}/{name}")),
            credentials: login
                .map(|(user, password)| Credentials { user: user.into(), password: password.into() }),
            draft: self.is_ours,
            sparse: false,
        }
    }
}

/// What one tool does on a site.
type Script = fn(&Tools, &Site, &Layout);

async fn on_an_open_server(script: Script, needs: &[&str]) {
    let Some(tools) = Tools::with(needs) else { return };
    let Some(server) = DockerRegistry::start(tools.folder()).await else { return };
    go(script, &tools, &Site::of(&server.url(), None, false));
}

async fn on_a_guarded_server(script: Script, needs: &[&str]) {
    let Some(tools) = Tools::with(needs) else { return };
    let Some(server) = DockerRegistry::start_guarded(tools.folder()).await else { return };
    go(script, &tools, &Site::of(&server.url(), Some(DockerRegistry::user()), false));
}

async fn on_ours(script: Script, needs: &[&str]) {
    let Some(tools) = Tools::with(needs) else { return };
    let registry = Registry::start(&Blobs::Folder).await;
    go(script, &tools, &Site::of(registry.server.url(), Some((ALICE, PASSWORD)), true));
}

fn go(script: Script, tools: &Tools, site: &Site) {
    let layout = Layout::write(&tools.folder().join("layout"));
    script(tools, site, &layout);
}
