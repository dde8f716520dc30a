//! An app and its users' devices, as this server sees them.

use accounts::{
    clients::NewClientCredentials,
    pds::{Holder, NewPdsSession},
};
use atproto::{
    Did,
    jose::PrivateJwk,
    oauth::{
        dpop::{self, Proof},
        pkce,
    },
};
use data_encoding::BASE64URL_NOPAD;
use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};
use store::v;
use testkit::{Answer, HttpClient};
use time::OffsetDateTime;
use uuid::Uuid;

use super::site::{NOWHERE, Site};

/// The access token that devices of tests present. Nobody looks at it.
pub(crate) const TOKEN: &str = "an-access-token";

/// Of every public client's keys.
pub(crate) const VERIFIER: &str = "a-pkce-verifier-of-more-than-forty-three-characters";

/// An app.
#[derive(Clone)]
pub(crate) struct App {
    pub(crate) client: NewClientCredentials,
    pub(crate) origin: String,
    /// Names the app, and shows its secret if it has one.
    pub(crate) http: HttpClient,
    /// Only names it.
    pub(crate) named: HttpClient,
}

/// A device with a key of its own and somebody signed in.
pub(crate) struct Device {
    pub(crate) key: PrivateJwk,
    pub(crate) provision_id: String,
    pub(crate) session_id: String,
    pub(crate) token: String,
    named: HttpClient,
    origin: String,
}

impl App {
    pub(crate) fn new(site: &Site, client: NewClientCredentials) -> Self {
        let named = site.http.with_header("x-client-key", &client.client.client_key);
        let http = match &client.client_secret {
            Some(secret) => named.with_header("x-client-secret", secret),
            None => named.clone(),
        };
        Self { client, origin: site.origin.clone(), http, named }
    }

    /// An app that was just registered with the server.
    pub(crate) async fn start(site: &Site, name: &str, client_type: &str) -> Self {
        Self::new(site, site.client(name, client_type).await)
    }

    /// Asks for a key; its provision id.
    pub(crate) async fn provision(&self) -> (String, PrivateJwk) {
        let body = match &self.client.client_secret {
            Some(_) => json!({}),
            None => json!({ "pkce_challenge": pkce::challenge(VERIFIER) }),
        };
        let answer = self.http.post("/oauth/dpop-keys", &body).await.expect(201);
        let key = PrivateJwk::parse(answer["dpop_key"].to_string().as_bytes()).unwrap();
        (answer["provision_id"].as_str().unwrap().to_owned(), key)
    }

    /// A device of somebody whose PDS is nowhere. What the registration would have checked there is not what the test
    /// is about.
    pub(crate) async fn device(&self, site: &Site, did: &str) -> Device {
        let (provision_id, key) = self.provision().await;
        let bound = "UPDATE dpop_keys SET did = $2 WHERE provision_id = $1";
        assert_eq!(site.sql(bound, &[&provision_id, did]).await, 1);
        let wanted = provision_id.clone();
        let key_id = site.state.read(move |conn| {
            let sql = "SELECT id FROM dpop_keys WHERE provision_id = $1";
            conn.query_one::<_, store::Error>(sql, &[v(&wanted)], |row| row.string(0))
        });
        let session = NewPdsSession {
            did: Did::parse(did).unwrap(),
            holder: Holder::Device {
                api_client_id: self.client.client.id.clone(),
                dpop_key_id: key_id.await.unwrap(),
            },
            client_id: self.client.client.client_id_url.clone(),
            issuer: NOWHERE.to_owned(),
            pds: NOWHERE.parse().unwrap(),
            scopes: "atproto transition:generic".to_owned(),
            key: key.clone(),
            access_token: TOKEN.to_owned(),
            refresh_token: None,
            expires_at: None,
        };
        let session_id = site.accounts.pds_sessions.save(session).await.unwrap();
        self.signed_in(provision_id, key, session_id, TOKEN)
    }

    /// A device whose session is there.
    pub(crate) fn signed_in(
        &self,
        provision_id: String,
        key: PrivateJwk,
        session_id: String,
        token: &str,
    ) -> Device {
        let (named, origin) = (self.named.clone(), self.origin.clone());
        Device { key, provision_id, session_id, token: token.to_owned(), named, origin }
    }
}

impl Device {
    /// The device through another instance.
    pub(crate) fn at(&self, site: &Site, app: &App) -> Self {
        let named = site.http.with_header("x-client-key", &app.client.client.client_key);
        Self {
            key: self.key.clone(),
            provision_id: self.provision_id.clone(),
            session_id: self.session_id.clone(),
            token: self.token.clone(),
            named,
            origin: self.origin.clone(),
        }
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.named.send(self.signed(Method::GET, path)).await
    }

    pub(crate) async fn post(&self, path: &str, body: &Value) -> Answer {
        self.named.send(self.signed(Method::POST, path).json(body)).await
    }

    pub(crate) async fn delete(&self, path: &str) -> Answer {
        self.named.send(self.signed(Method::DELETE, path)).await
    }

    /// A request with a good proof.
    pub(crate) fn signed(&self, method: Method, path: &str) -> RequestBuilder {
        let proof = self.proof(method.as_str(), path);
        self.with_proof(method, path, &proof)
    }

    /// A request with any proof.
    pub(crate) fn with_proof(&self, method: Method, path: &str, proof: &str) -> RequestBuilder {
        let host = self.origin.strip_prefix("http://").unwrap();
        let request = self.named.request(method, path).header("host", host).header("dpop", proof);
        request.header("authorization", format!("DPoP {}", self.token))
    }

    pub(crate) async fn send(&self, request: RequestBuilder) -> Answer {
        self.named.send(request).await
    }

    /// A good proof for a request.
    pub(crate) fn proof(&self, method: &str, path: &str) -> String {
        let url = format!("{}{path}", self.origin).parse().unwrap();
        let jti = Uuid::new_v4().to_string();
        let iat = OffsetDateTime::now_utc().unix_timestamp();
        let access_token = Some(self.token.as_str());
        dpop::sign(&self.key, &Proof { method, url: &url, nonce: None, access_token, jti: &jti, iat })
    }

    /// The claims of a good proof, to be spoilt.
    pub(crate) fn claims(&self, method: &str, path: &str) -> Value {
        json!({
            "jti": Uuid::new_v4().to_string(),
            "htm": method,
            "htu": format!("{}{path}", self.origin),
            "iat": OffsetDateTime::now_utc().unix_timestamp(),
            "ath": dpop::access_token_hash(&self.token),
        })
    }

    /// The header of a good proof, to be spoilt.
    pub(crate) fn header(&self) -> Value {
        let mut jwk = self.key.to_json();
        jwk.as_object_mut().unwrap().remove("d");
        json!({ "typ": "dpop+jwt", "alg": "ES256", "jwk": jwk })
    }

    /// Signs whatever it is given.
    pub(crate) fn sign(&self, header: &Value, claims: &Value) -> String {
        let part = |json: &Value| BASE64URL_NOPAD.encode(json.to_string().as_bytes());
        let input = format!("{}.{}", part(header), part(claims));
        let signature = self.key.secret().sign(input.as_bytes());
        format!("{input}.{}", BASE64URL_NOPAD.encode(&signature))
    }
}
