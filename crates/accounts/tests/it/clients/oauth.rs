//! How an app signs a user in with their PDS, with a key that this server made. The server has no part in it.

use atproto::{
    jose::PrivateJwk,
    oauth::{
        AuthorizationServer, Callback, PushedRequest, TokenResponse,
        dpop::{self, Proof},
        pkce,
    },
};
use serde_json::{Value, json};
use testkit::{Account, Answer, HttpClient, Network};
use time::OffsetDateTime;
use url::form_urlencoded::byte_serialize;
use uuid::Uuid;

const REDIRECT: &str = "http://127.0.0.1:7777/callback";

/// The client id of an app in development, which says all that a PDS must know of it.
pub(crate) fn client_id(scopes: &str) -> String {
    let encode = |text: &str| byte_serialize(text.as_bytes()).collect::<String>();
    format!("http://localhost?redirect_uri={}&scope={}", encode(REDIRECT), encode(scopes))
}

/// Signs somebody in; the tokens are bound to the key.
pub(crate) async fn sign_in(
    network: &Network,
    account: &Account,
    key: &PrivateJwk,
    scopes: &str,
) -> TokenResponse {
    let (client_id, verifier) = (client_id(scopes), pkce::verifier(&seed()));
    let server = server_of(account).await;
    let request = json!({
        "client_id": client_id, "response_type": "code", "redirect_uri": REDIRECT, "scope": scopes,
        "state": "a-state", "code_challenge": pkce::challenge(&verifier), "code_challenge_method": "S256",
        "login_hint": account.handle,
    });
    let pushed = post(&server.pushed_authorization_request_endpoint, key, &request).await;
    let pushed = PushedRequest::parse(pushed.expect(201).to_string().as_bytes()).unwrap();
    let mut page: url::Url = server.authorization_endpoint.parse().unwrap();
    page.query_pairs_mut()
        .append_pair("client_id", &client_id)
        .append_pair("request_uri", &pushed.request_uri);
    let back = network.approve_oauth(page.as_str(), &account.handle, &account.password).await;
    let callback = Callback::parse(back.split_once('?').unwrap().1).unwrap();
    let grant = json!({
        "grant_type": "authorization_code", "code": callback.code.unwrap(), "redirect_uri": REDIRECT,
        "code_verifier": verifier, "client_id": client_id,
    });
    let tokens = post(&server.token_endpoint, key, &grant).await;
    TokenResponse::parse(tokens.expect(200).to_string().as_bytes()).unwrap()
}

/// What the authorization server says to a refresh token.
pub(crate) async fn refresh(account: &Account, key: &PrivateJwk, scopes: &str, token: &str) -> Answer {
    let server = server_of(account).await;
    let grant =
        json!({ "grant_type": "refresh_token", "refresh_token": token, "client_id": client_id(scopes) });
    post(&server.token_endpoint, key, &grant).await
}

/// 32 bytes that were not used before.
fn seed() -> [u8; 32] {
    let mut seed = [0; 32];
    seed[..16].copy_from_slice(Uuid::new_v4().as_bytes());
    seed
}

async fn server_of(account: &Account) -> AuthorizationServer {
    let metadata = HttpClient::new(&account.pds).get(AuthorizationServer::PATH).await;
    AuthorizationServer::parse(metadata.text.as_bytes(), &account.pds).unwrap()
}

/// Twice, if the server wants its nonce in the proof.
async fn post(endpoint: &str, key: &PrivateJwk, body: &Value) -> Answer {
    let url: url::Url = endpoint.parse().unwrap();
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
