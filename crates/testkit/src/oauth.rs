//! How an app signs its users in with their PDS (<https://atproto.com/specs/oauth>). The server under test has no part in
//! it, except that it may have made the key.

use crate::{Account, Answer, HttpClient, Network};
use atproto::jose::PrivateJwk;
use atproto::oauth::dpop::{self, Proof};
use atproto::oauth::{AuthorizationServer, Callback, PushedRequest, TokenResponse, pkce};
use serde_json::{Value, json};
use time::OffsetDateTime;
use url::Url;
use url::form_urlencoded::byte_serialize;
use uuid::Uuid;

/// An app in development: its client id says all that a PDS must know of it.
#[derive(Clone, Debug)]
pub struct OAuthClient {
    /// `http://localhost?…`
    pub id: String,
    /// Separated by spaces.
    pub scopes: String,
    redirect_uri: String,
}

impl OAuthClient {
    /// An app that asks for these scopes, separated by spaces. Apps with other names have other client ids.
    #[must_use]
    pub fn new(name: &str, scopes: &str) -> Self {
        let encode = |text: &str| byte_serialize(text.as_bytes()).collect::<String>();
        let redirect_uri = format!("http://127.0.0.1:7777/{name}");
        let id = format!("http://localhost?redirect_uri={}&scope={}", encode(&redirect_uri), encode(scopes));
        Self { id, scopes: scopes.to_owned(), redirect_uri }
    }

    /// Signs somebody in; the tokens are bound to the key.
    pub async fn sign_in(&self, network: &Network, account: &Account, key: &PrivateJwk) -> TokenResponse {
        let server = server_of(account).await;
        let verifier = pkce::verifier(&seed());
        let request = json!({
            "client_id": self.id, "response_type": "code", "redirect_uri": self.redirect_uri,
            "scope": self.scopes, "state": "a-state", "code_challenge": pkce::challenge(&verifier),
            "code_challenge_method": "S256", "login_hint": account.handle,
        });
        let pushed = post(&server.pushed_authorization_request_endpoint, key, &request).await.expect(201);
        let pushed = PushedRequest::parse(pushed.to_string().as_bytes());
        let request_uri = pushed.unwrap_or_else(|error| panic!("PAR answered {error}")).request_uri;
        let mut page = url(&server.authorization_endpoint);
        page.query_pairs_mut().append_pair("client_id", &self.id).append_pair("request_uri", &request_uri);
        let back = network.approve_oauth(page.as_str(), &account.handle, &account.password).await;
        let callback = Callback::parse(back.split_once('?').map_or("", |(_, query)| query));
        let code = callback.unwrap_or_else(|error| panic!("{back}: {error}")).code;
        let grant = json!({
            "grant_type": "authorization_code", "redirect_uri": self.redirect_uri,
            "code": code.unwrap_or_else(|error| panic!("{back}: {error}")),
            "code_verifier": verifier, "client_id": self.id,
        });
        let tokens = post(&server.token_endpoint, key, &grant).await.expect(200);
        TokenResponse::parse(tokens.to_string().as_bytes()).unwrap_or_else(|error| panic!("{error}"))
    }

    /// What the authorization server says to a refresh token.
    pub async fn refresh(&self, account: &Account, key: &PrivateJwk, token: &str) -> Answer {
        let server = server_of(account).await;
        let grant = json!({ "grant_type": "refresh_token", "refresh_token": token, "client_id": self.id });
        post(&server.token_endpoint, key, &grant).await
    }

    /// Ends a session at the authorization server, as its user can in their settings there.
    pub async fn revoke(&self, account: &Account, key: &PrivateJwk, token: &str) {
        let endpoint = server_of(account).await.revocation_endpoint;
        let endpoint = endpoint.unwrap_or_else(|| panic!("{} revokes nothing", account.pds));
        let answer = post(&endpoint, key, &json!({ "token": token, "client_id": self.id })).await;
        assert_eq!(answer.status, 200, "{answer:?}");
    }
}

async fn server_of(account: &Account) -> AuthorizationServer {
    let metadata = HttpClient::new(&account.pds).get(AuthorizationServer::PATH).await;
    AuthorizationServer::parse(metadata.text.as_bytes(), &account.pds)
        .unwrap_or_else(|error| panic!("{}: {error}", account.pds))
}

/// Twice, if the server wants its nonce in the proof.
async fn post(endpoint: &str, key: &PrivateJwk, body: &Value) -> Answer {
    let url = url(endpoint);
    let http = HttpClient::new(&url.origin().ascii_serialization());
    let send = async |nonce: Option<&str>| {
        let jti = Uuid::new_v4().to_string();
        let iat = OffsetDateTime::now_utc().unix_timestamp();
        let proof = Proof { method: "POST", url: &url, nonce, access_token: None, jti: &jti, iat };
        http.with_header("dpop", &dpop::sign(key, &proof)).post(url.path(), body).await
    };
    let answer = send(None).await;
    if answer.status == 400 && answer.json()["error"] == "use_dpop_nonce" {
        return send(Some(answer.header("dpop-nonce"))).await;
    }
    answer
}

fn url(text: &str) -> Url {
    Url::parse(text).unwrap_or_else(|error| panic!("{text}: {error}"))
}

/// 32 bytes that were not used before.
fn seed() -> [u8; 32] {
    let mut seed = [0; 32];
    seed[..16].copy_from_slice(Uuid::new_v4().as_bytes());
    seed
}
