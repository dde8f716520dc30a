//! An app that uses a server's API for its users.

use crate::{Account, Device, HttpClient, Network, OAuthClient};
use atproto::jose::PrivateJwk;
use atproto::oauth::{TokenResponse, pkce};
use serde_json::{Value, json};

/// An API client of a server (spec/appview.md §7.2).
#[derive(Clone, Debug)]
pub struct App {
    /// `hvc_…`
    pub client_key: String,
    /// `hvs_…`; a public client has none.
    pub client_secret: Option<String>,
    /// Names the app, and shows its secret if it has one.
    pub http: HttpClient,
    /// Only names it.
    pub named: HttpClient,
    site: String,
}

impl App {
    /// What public clients prove with when they register a session that they are who asked for the key.
    pub const VERIFIER: &str = "a-pkce-verifier-of-more-than-forty-three-characters";

    /// An app that the operator of a server has registered. The server is `site` to the outside, with the path in front
    /// of all others if there is one, and is reached through `http`.
    #[must_use]
    pub fn new(site: &str, http: &HttpClient, client_key: &str, client_secret: Option<&str>) -> Self {
        let named = http.with_host_of(site).with_header("x-client-key", client_key);
        Self {
            http: client_secret.map_or_else(|| named.clone(), |it| named.with_header("x-client-secret", it)),
            named,
            client_key: client_key.to_owned(),
            client_secret: client_secret.map(str::to_owned),
            site: site.to_owned(),
        }
    }

    /// Asks the server for a key; its provision id and itself.
    pub async fn provision(&self) -> (String, PrivateJwk) {
        let body = match &self.client_secret {
            Some(_) => json!({}),
            None => json!({ "pkce_challenge": pkce::challenge(Self::VERIFIER) }),
        };
        let answer = self.http.post("/oauth/dpop-keys", &body).await.expect(201);
        let key = PrivateJwk::parse(answer["dpop_key"].to_string().as_bytes());
        (text(&answer, "provision_id"), key.unwrap_or_else(|error| panic!("{answer}: {error}")))
    }

    /// What the app sends to `POST /oauth/sessions` when somebody has signed in with a key.
    #[must_use]
    pub fn registration(provision_id: &str, did: &str, tokens: &TokenResponse) -> Value {
        json!({
            "provision_id": provision_id, "pkce_verifier": Self::VERIFIER, "did": did,
            "access_token": tokens.access_token, "refresh_token": tokens.refresh_token, "scopes": tokens.scope,
        })
    }

    /// Somebody signs in on a device of theirs: the app gets a key from the server and tokens from the PDS, and
    /// registers the session with the server.
    pub async fn sign_in(&self, network: &Network, account: &Account, oauth: &OAuthClient) -> Device {
        let (provision_id, key) = self.provision().await;
        let tokens = oauth.sign_in(network, account, &key).await;
        let registration = Self::registration(&provision_id, &account.did, &tokens);
        let answer = self.http.post("/oauth/sessions", &registration).await.expect(201);
        let device = self.device(&provision_id, key, &text(&answer, "session_id"), &tokens.access_token);
        Device { refresh_token: tokens.refresh_token, ..device }
    }

    /// A device whose session is there.
    #[must_use]
    pub fn device(&self, provision_id: &str, key: PrivateJwk, session_id: &str, token: &str) -> Device {
        Device {
            key,
            provision_id: provision_id.to_owned(),
            session_id: session_id.to_owned(),
            token: token.to_owned(),
            refresh_token: None,
            http: self.named.clone(),
            site: self.site.clone(),
        }
    }
}

fn text(answer: &Value, field: &str) -> String {
    answer[field].as_str().unwrap_or_else(|| panic!("no {field} in {answer}")).to_owned()
}
