//! A device with a key of its own, which signs what its app asks of a server (RFC 9449).

use crate::{Answer, App, HttpClient};
use atproto::jose::PrivateJwk;
use atproto::oauth::dpop::{self, Proof};
use data_encoding::BASE64URL_NOPAD;
use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};
use time::OffsetDateTime;
use url::Url;
use uuid::Uuid;

/// A device on which somebody is signed in through an app.
#[derive(Clone, Debug)]
pub struct Device {
    /// What it signs with.
    pub key: PrivateJwk,
    /// `hvp_…`, the server's name for the key.
    pub provision_id: String,
    /// The server's name for the session.
    pub session_id: String,
    /// The access token that it presents.
    pub token: String,
    /// The refresh token that the app was given with it.
    pub refresh_token: Option<String>,
    pub(crate) http: HttpClient,
    pub(crate) site: String,
}

impl Device {
    /// The device with this app, which may be at another instance of the server.
    #[must_use]
    pub fn with(&self, app: &App) -> Self {
        Self { http: app.named.clone(), ..self.clone() }
    }

    /// GET with a good proof.
    pub async fn get(&self, path: &str) -> Answer {
        self.send(self.signed(Method::GET, path)).await
    }

    /// POST with a good proof and a JSON body.
    pub async fn post(&self, path: &str, body: &Value) -> Answer {
        self.send(self.signed(Method::POST, path).json(body)).await
    }

    /// DELETE with a good proof.
    pub async fn delete(&self, path: &str) -> Answer {
        self.send(self.signed(Method::DELETE, path)).await
    }

    /// A request with a good proof, to shape further.
    pub fn signed(&self, method: Method, path: &str) -> RequestBuilder {
        let proof = self.proof(method.as_str(), path);
        self.with_proof(method, path, &proof)
    }

    /// A request with any proof.
    pub fn with_proof(&self, method: Method, path: &str, proof: &str) -> RequestBuilder {
        self.without_proof(method, path).header("dpop", proof)
    }

    /// A request with the token and no proof.
    pub fn without_proof(&self, method: Method, path: &str) -> RequestBuilder {
        self.http.request(method, path).header("authorization", format!("DPoP {}", self.token))
    }

    /// Sends a request.
    pub async fn send(&self, request: RequestBuilder) -> Answer {
        self.http.send(request).await
    }

    /// A good proof for a request.
    #[must_use]
    pub fn proof(&self, method: &str, path: &str) -> String {
        let url = format!("{}{path}", self.site);
        let url = Url::parse(&url).unwrap_or_else(|error| panic!("{url}: {error}"));
        let jti = Uuid::new_v4().to_string();
        let iat = OffsetDateTime::now_utc().unix_timestamp();
        let access_token = Some(self.token.as_str());
        dpop::sign(&self.key, &Proof { method, url: &url, nonce: None, access_token, jti: &jti, iat })
    }

    /// The claims of a good proof, to be spoilt.
    #[must_use]
    pub fn claims(&self, method: &str, path: &str) -> Value {
        json!({
            "jti": Uuid::new_v4().to_string(),
            "htm": method,
            "htu": format!("{}{path}", self.site),
            "iat": OffsetDateTime::now_utc().unix_timestamp(),
            "ath": dpop::access_token_hash(&self.token),
        })
    }

    /// The header of a good proof, to be spoilt.
    #[must_use]
    pub fn header(&self) -> Value {
        let mut jwk = self.key.to_json();
        if let Some(members) = jwk.as_object_mut() {
            members.remove("d");
        }
        json!({ "typ": "dpop+jwt", "alg": "ES256", "jwk": jwk })
    }

    /// Signs whatever it is given.
    #[must_use]
    pub fn sign(&self, header: &Value, claims: &Value) -> String {
        let part = |json: &Value| BASE64URL_NOPAD.encode(json.to_string().as_bytes());
        let input = format!("{}.{}", part(header), part(claims));
        let signature = self.key.secret().sign(input.as_bytes());
        format!("{input}.{}", BASE64URL_NOPAD.encode(&signature))
    }
}
