//! A real PDS signs for its users and proxies to this server.

use serde_json::json;
use testkit::{HttpClient, Network, NetworkOptions};

use super::{Site, answers, site::Shared, token::METHOD};
use crate::support::on_each_engine;

async fn network() -> Network {
    Network::start(NetworkOptions { accounts: 1, ..NetworkOptions::default() }).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pds_proxies_to_a_did_web_on_behalf_of_its_user() {
    if !Network::is_installed() {
        return;
    }
    let network = network().await;
    let account = network.accounts().await.remove(0);
    on_each_engine(async |store| {
        let site = Site::instance(&Shared::new(&store).network(&network)).await;
        site.expose().await;
        let user = network.create_session(&account).await.client;
        let through = |service: &str| user.with_header("atproto-proxy", &format!("{}{service}", site.did()));
        let path = format!("/xrpc/{METHOD}");
        for _ in 0..2 {
            let answer = through("#demo").get(&path).await.expect(200);
            assert_eq!(answer, json!({ "issuer": account.did }), "each request has a token of its own");
        }
        assert_eq!(through("#nothing").get(&path).await.status, 400, "the PDS finds no such service");

        let change = json!({ "access_mode": "specific" });
        answers(204, &site.admin.put("/admin/service-entries/1", &change).await);
        let refused = through("#demo").get(&path).await;
        assert_eq!(refused.expect(401)["error"], "the service does not admit the method");
        let listed = json!({ "lexicon_ids": [METHOD] });
        answers(204, &site.admin.post("/admin/service-entries/1/xrpcs", &listed).await);
        answers(200, &through("#demo").get(&path).await);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_that_a_pds_hands_out_is_good_for_one_call_of_one_method() {
    if !Network::is_installed() {
        return;
    }
    let network = network().await;
    let account = network.accounts().await.remove(0);
    on_each_engine(async |store| {
        let site = Site::instance(&Shared::new(&store).network(&network)).await;
        site.expose().await;
        let user = network.create_session(&account).await.client;
        let accepted = (200, account.did.clone());
        let token = service_auth(&user, &site.did(), Some(METHOD)).await;
        assert_eq!(site.call("com.example.demo.other", &token).await.0, 401);
        assert_eq!(site.get("/private", &token).await.0, 401);
        assert_eq!(site.call(METHOD, &token).await, accepted);
        let spent = (401, "the service token was used before".to_owned());
        assert_eq!(site.call(METHOD, &token).await, spent);
        let elsewhere = service_auth(&user, "did:web:elsewhere.example.com", Some(METHOD)).await;
        assert_eq!(site.call(METHOD, &elsewhere).await.0, 401);
        let unbound = service_auth(&user, &site.did(), None).await;
        assert_eq!(site.call(METHOD, &unbound).await.0, 401);
        // Whoever may have such tokens of a PDS, an app of its user, say, may not do here what its user may.
        assert_eq!(site.get("/private", &unbound).await.0, 401);
    })
    .await;
}

/// A token from the user's PDS.
async fn service_auth(user: &HttpClient, audience: &str, method: Option<&str>) -> String {
    let mut query = vec![("aud", audience)];
    query.extend(method.map(|method| ("lxm", method)));
    let answer = user.get_with("/xrpc/com.atproto.server.getServiceAuth", &query).await.expect(200);
    answer["token"].as_str().unwrap().to_owned()
}
