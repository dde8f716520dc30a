//! Everything that a session consists of, in somebody else's hands.

use accounts::Purpose;
use atproto::{
    jose::PrivateJwk,
    oauth::dpop::{self, Proof},
};
use reqwest::Method;
use store::v;
use testkit::{Account, Answer, HttpClient};
use url::{Url, form_urlencoded::Serializer};

use super::site::Site;

pub(crate) struct Stolen {
    pds: HttpClient,
    client_id: String,
    key: PrivateJwk,
    pub(crate) refresh_token: String,
}

impl Stolen {
    /// Takes what the row holds; that needs the vault.
    pub(crate) async fn from(site: &Site, account: &Account) -> Self {
        let did = account.did.clone();
        let row = site.store.state.read(move |conn| {
            let sql =
                "SELECT id, client_id, dpop_key_enc, refresh_token_enc FROM pds_sessions WHERE did = $1";
            conn.query_one::<_, store::Error>(sql, &[v(&did)], |row| {
                Ok((row.string(0)?, row.string(1)?, row.blob(2)?.to_vec(), row.blob(3)?.to_vec()))
            })
        });
        let (id, client_id, key, refresh_token) = row.await.unwrap();
        let key = site.vault.unseal(Purpose::DPOP_KEYS, &id, &key).unwrap();
        let refresh_token =
            site.vault.unseal_text(Purpose::PDS_TOKENS, &format!("{id}/refresh"), &refresh_token);
        Self {
            pds: HttpClient::new(&account.pds),
            client_id,
            key: PrivateJwk::from_scalar(&key.try_into().unwrap()).unwrap(),
            refresh_token: refresh_token.unwrap(),
        }
    }

    /// Ends the session, as the user can in the settings of their PDS.
    pub(crate) async fn revoke(&self) {
        let answer = self.post("/oauth/revoke", &[("token", &self.refresh_token)]).await;
        assert_eq!(answer.status, 200, "{answer:?}");
    }

    /// Exchanges the refresh token.
    pub(crate) async fn refresh(&self) -> Answer {
        let grant = [("grant_type", "refresh_token"), ("refresh_token", self.refresh_token.as_str())];
        self.post("/oauth/token", &grant).await
    }

    async fn post(&self, path: &str, form: &[(&str, &str)]) -> Answer {
        let first = self.post_with(path, form, None).await;
        if !first.text.contains("use_dpop_nonce") {
            return first;
        }
        self.post_with(path, form, Some(first.header("dpop-nonce"))).await
    }

    async fn post_with(&self, path: &str, form: &[(&str, &str)], nonce: Option<&str>) -> Answer {
        let url = Url::parse(self.pds.base()).unwrap().join(path).unwrap();
        let jti = uuid::Uuid::new_v4().to_string();
        let iat = time::OffsetDateTime::now_utc().unix_timestamp();
        let proof = Proof { method: "POST", url: &url, nonce, access_token: None, jti: &jti, iat };
        let mut body = Serializer::new(String::new());
        let body = body.extend_pairs(form).append_pair("client_id", &self.client_id).finish();
        let request =
            self.pds.request(Method::POST, path).header("dpop", dpop::sign(&self.key, &proof)).body(body);
        self.pds.send(request.header("content-type", "application/x-www-form-urlencoded")).await
    }
}
