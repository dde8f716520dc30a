//! A server of the social app, and people on it.

use std::path::Path;

use serde_json::{Value, json};
use tempfile::TempDir;
use testkit::{Belvedere, BelvedereOptions, HttpClient, TestDatabase};

/// Where codes are shown.
pub(super) const OUT_OF_BAND: &str = "urn:ietf:wg:oauth:2.0:oob";

/// A running server and where its data is.
pub(super) struct Instance {
    pub(super) server: Belvedere,
    _database: TestDatabase,
    _data_dir: Option<TempDir>,
}

impl Instance {
    pub(super) async fn start(database: TestDatabase) -> Self {
        let (options, data_dir) = match database.dir() {
            Some(dir) => (BelvedereOptions::new(dir), None),
            None => {
                let dir = tempfile::tempdir().unwrap();
                (BelvedereOptions::new(dir.path()).with("DATABASE_URL", &database.url()), Some(dir))
            }
        };
        let options =
            options.with("APPS", "social").with("MASTER_SECRET", "the master secret of these tests");
        Self { server: Belvedere::start(&options).await, _database: database, _data_dir: data_dir }
    }

    pub(super) fn http(&self) -> &HttpClient {
        &self.server.client
    }

    pub(super) fn url(&self) -> &str {
        self.server.url()
    }

    /// Somebody new, whose password is their name twice.
    pub(super) async fn register(&self, name: &str) {
        let body =
            json!({ "username": name, "email": format!("{name}@example.com"), "password": password(name) });
        self.http().post("/social/auth/register", &body).await.expect(201);
    }

    /// A client that may ask for these scopes.
    pub(super) async fn app(&self, scopes: &str) -> Value {
        let body = json!({ "client_name": "A test", "redirect_uris": OUT_OF_BAND, "scopes": scopes });
        self.http().post("/api/v1/apps", &body).await.expect(200)
    }
}

pub(super) fn password(name: &str) -> String {
    format!("the password of {name}")
}

/// Whether the client is installed; if not, says so loudly, so that a test may return.
pub(super) fn is_installed() -> bool {
    let installed = folder().join("node_modules/.installed").is_file();
    if !installed {
        eprintln!("SKIPPED: this test needs the client in peers/mastodon-client: run 'make setup'");
    }
    installed
}

pub(super) fn folder() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../peers/mastodon-client"))
}
