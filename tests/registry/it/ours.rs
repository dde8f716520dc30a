//! The server under test as a registry: where its records and its blobs are, and who may push.

use registry_conformance::{Credentials, Target};
use tempfile::TempDir;
use testkit::{Belvedere, BelvedereOptions, Network};

/// Who there is.
pub(crate) const ALICE: &str = "alice.test";
/// Somebody else.
pub(crate) const BOB: &str = "bob.test";
/// What both know.
pub(crate) const PASSWORD: &str = "correct horse";

/// Where the server keeps blobs.
#[derive(Clone, Debug)]
pub(crate) enum Blobs {
    /// In its own folder.
    Folder,
    /// In a bucket at this address.
    Bucket(String),
}

/// A registry of our own; gone with its data when dropped.
pub(crate) struct Registry {
    /// How it is started again.
    pub(crate) options: BelvedereOptions,
    /// The process.
    pub(crate) server: Belvedere,
    _folder: TempDir,
}

impl Registry {
    /// Starts one with embedded records and two accounts.
    pub(crate) async fn start(blobs: &Blobs) -> Self {
        Self::start_with(blobs, &[]).await
    }

    /// Starts one with more settings.
    pub(crate) async fn start_with(blobs: &Blobs, settings: &[(&str, &str)]) -> Self {
        let accounts = format!("{ALICE}:{PASSWORD},{BOB}:{PASSWORD}");
        Self::run(|mut options| {
            options = options.with("REGISTRY_LOCAL_ACCOUNTS", &accounts);
            if let Blobs::Bucket(url) = blobs {
                options = options.with("REGISTRY_S3_URL", url);
            }
            settings.iter().fold(options, |options, (name, value)| options.with(name, value))
        })
        .await
    }

    /// Starts one with nobody on it, for the people of a network, each of whom may push.
    pub(crate) async fn start_in(network: &Network) -> Self {
        Self::run(|options| options.in_network(network).with("HOLD_ALLOW_ALL_CREW", "true")).await
    }

    /// Starts one in a network with accounts of its own besides, and more settings.
    pub(crate) async fn start_in_with(network: &Network, settings: &[(&str, &str)]) -> Self {
        Self::run(|options| {
            let options = options.in_network(network);
            settings.iter().fold(options, |options, (name, value)| options.with(name, value))
        })
        .await
    }

    /// Starts one in a network that others find by its DID, with more settings.
    pub(crate) async fn start_named(network: &Network, settings: &[(&str, &str)]) -> Self {
        Self::run(|options| {
            let url = format!("http://localhost:{}", options.port.unwrap_or_default());
            let options = options.in_network(network).with("PUBLIC_URL", &url);
            settings.iter().fold(options, |options, (name, value)| options.with(name, value))
        })
        .await
    }

    /// What the hold of one that others find is called.
    pub(crate) fn hold(&self) -> String {
        format!("did:web:localhost%3A{}", self.options.port.unwrap_or_default())
    }

    async fn run(set: impl FnOnce(BelvedereOptions) -> BelvedereOptions) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let options = set(BelvedereOptions::new(folder.path()).at_a_port().with("APPS", "registry"));
        let server = Belvedere::start(&options).await;
        Self { options, server, _folder: folder }
    }

    /// The registry for somebody, with two repositories of that name's own.
    pub(crate) fn target(&self, user: &str) -> Target {
        self.target_with(user, PASSWORD)
    }

    /// The same with another password.
    pub(crate) fn target_with(&self, user: &str, password: &str) -> Target {
        let credentials = Credentials { user: user.to_owned(), password: password.to_owned() };
        Target { credentials: Some(credentials), ..self.public_target(user) }
    }

    /// The same for whoever comes by.
    pub(crate) fn public_target(&self, owner: &str) -> Target {
        Target {
            url: self.server.url().to_owned(),
            repositories: ["one", "two"].map(|name| format!("{owner}/{name}")),
            credentials: None,
            draft: true,
            sparse: false,
        }
    }
}

/// A registry that listens there, for somebody who signs in with the password that all have.
pub(crate) fn target_at(url: &str, user: &str) -> Target {
    Target {
        url: url.to_owned(),
        repositories: ["one", "two"].map(|name| format!("{user}/{name}")),
        credentials: Some(Credentials { user: user.to_owned(), password: PASSWORD.to_owned() }),
        draft: true,
        sparse: false,
    }
}
