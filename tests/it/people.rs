//! What people use a server with: apps that its operator has registered, and keys.

use serde_json::json;
use testkit::network::Account;
use testkit::{App, Device, HttpClient, Network, OAuthClient};

/// What users allow their apps.
pub(crate) const SCOPES: &str = "atproto transition:generic";

/// An app, as the server knows it.
pub(crate) struct Client {
    /// The server's name for it.
    pub(crate) id: String,
    pub(crate) app: App,
    /// How it signs its users in.
    pub(crate) oauth: OAuthClient,
}

impl Client {
    /// Registers an app, `confidential` or `public`, with the server that is `site` to the outside.
    pub(crate) async fn register(admin: &HttpClient, site: &str, name: &str, kind: &str) -> Self {
        let oauth = OAuthClient::new(name, SCOPES);
        let request = json!({
            "name": name, "client_id_url": oauth.id, "client_uri": format!("https://{name}.example.com"),
            "redirect_uris": [format!("https://{name}.example.com/callback")], "scopes": SCOPES,
            "client_type": kind,
        });
        let made = admin.post("/admin/api-clients", &request).await.expect(201);
        assert_eq!((&made["client_type"], &made["name"]), (&json!(kind), &json!(name)));
        let (key, secret) = (made["client_key"].as_str().unwrap(), made["client_secret"].as_str());
        let app = App::new(site, &HttpClient::new(admin.base()), key, secret);
        Self { id: made["id"].as_str().unwrap().to_owned(), app, oauth }
    }

    /// Somebody signs in on a device of theirs.
    pub(crate) async fn sign_in(&self, network: &Network, account: &Account) -> Device {
        self.app.sign_in(network, account, &self.oauth).await
    }
}
