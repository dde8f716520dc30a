//! A server that is a service of somebody's account: their PDS signs, and mails the token for it.

use accounts::{Actor, permissions::SETTINGS_MANAGE};
use reqwest::{Method, header::COOKIE};
use rusqlite::{Connection, OpenFlags};
use serde_json::{Value, json};
use testkit::{Account, Answer, Browser, HttpClient, Network, NetworkOptions};

use super::{Site, answers, site::Shared, token::METHOD};
use crate::support::on_each_engine;

const SCOPE: &str = "atproto identity:*";

/// A network with an operator and an account to attach.
async fn network() -> (Network, Account, Account) {
    let network = Network::start(NetworkOptions { accounts: 2, ..NetworkOptions::default() }).await;
    let mut accounts = network.accounts().await;
    let account = accounts.pop().unwrap();
    (network, accounts.pop().unwrap(), account)
}

/// A JSON request of a browser, with one more cookie.
async fn post(site: &Site, browser: &Browser, extra: &str, path: &str, body: &Value) -> Answer {
    let cookies = format!("{}; {extra}", browser.cookies());
    let request = site.anyone.request(Method::POST, path).header("origin", &site.origin);
    site.anyone.send(request.header(COOKIE, cookies).json(body)).await
}

/// The cookie of an answer, as it is sent back.
fn cookie(answer: &Answer) -> String {
    answer.header("set-cookie").split(';').next().unwrap().to_owned()
}

/// What the PDS mailed, from its database: it has no mail server here.
async fn mailed(network: &Network, account: &Account) -> String {
    let info = HttpClient::new(&network.endpoints.control).get("/info").await.expect(200);
    let file = format!("{}/pds0/account.sqlite", info["dataDir"].as_str().unwrap());
    let database = Connection::open_with_flags(file, OpenFlags::SQLITE_OPEN_READ_ONLY).unwrap();
    let sql = "SELECT token FROM email_token WHERE purpose = 'plc_operation' AND did = ?1";
    database.query_row(sql, [&account.did], |row| row.get(0)).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_operator_attaches_an_account_and_returns() {
    if !Network::is_installed() {
        return;
    }
    let (network, operator, account) = network().await;
    on_each_engine(async |store| {
        let site = Site::instance(&Shared::new(&store).network(&network).at_address()).await;
        let entry = json!({ "fragment_id": "#demo", "service_type": "DemoService" });
        answers(201, &site.admin.post("/admin/service-entries", &entry).await);
        let browser = Browser::new(&site.anyone);
        browser.sign_in(&network, &operator, "atproto").await;
        let choice = json!({ "mode": "attach_account", "attached_account_did": account.did });
        let chosen = post(&site, &browser, "", "/api/setup/identity", &choice).await;
        assert_eq!(chosen.status, 204, "{}", chosen.text);
        let way_back = cookie(&chosen);

        // As the account: no user, so nothing but what signing in is for.
        browser.sign_in(&network, &account, SCOPE).await;
        answers(403, &post(&site, &browser, &way_back, "/api/setup/plc/request", &json!({})).await);
        let confirm = json!({ "original_did": operator.did });
        let path = "/api/setup/attach-auth/confirm";
        answers(403, &post(&site, &browser, "", path, &confirm).await);
        let returned = post(&site, &browser, &way_back, path, &confirm).await;
        assert_eq!(returned.status, 204, "{}", returned.text);
        answers(401, &post(&site, &browser, &way_back, path, &confirm).await);

        // As the operator again.
        let session = site.anyone.with_header("cookie", &cookie(&returned));
        let session = session.with_header("origin", &site.origin);
        assert_eq!(session.get("/auth/me").await.expect(200)["did"], json!(operator.did));
        answers(204, &session.post("/api/setup/plc/request", &json!({})).await);
        let wrong = session.post("/api/setup/plc/submit", &json!({ "token": "AAAAA-AAAAA" })).await;
        assert!(wrong.expect(400)["error"].as_str().unwrap().contains("Token is invalid"), "{}", wrong.text);
        let token = json!({ "token": mailed(&network, &account).await });
        answers(204, &session.post("/api/setup/plc/submit", &token).await);
        let status = session.get("/api/setup/status").await.expect(200);
        assert_eq!(
            (&status["identity_mode"], &status["plc_verified"]),
            (&json!("attach_account"), &json!(true))
        );
        answers(204, &session.post("/api/setup/complete", &json!({})).await);
        check_document(&network, &account, &[("atproto_pds", &account.pds), ("demo", &site.origin)]).await;

        // The account's own key signs for it as before, and the PDS proxies to the service.
        let user = network.create_session(&operator).await.client;
        let through = user.with_header("atproto-proxy", &format!("{}#demo", account.did));
        let answer = through.get(&format!("/xrpc/{METHOD}")).await.expect(200);
        assert_eq!(answer, json!({ "issuer": operator.did }));

        // Later, over the admin API, the entry goes.
        answers(204, &session.delete("/admin/service-entries/1").await);
        answers(204, &session.post("/admin/service-entries/sync-plc/request", &json!({})).await);
        let token = json!({ "token": mailed(&network, &account).await });
        answers(204, &session.post("/admin/service-entries/sync-plc/submit", &token).await);
        check_document(&network, &account, &[("atproto_pds", &account.pds)]).await;
        answers(400, &session.post("/admin/service-entries/sync-plc", &json!({})).await);
    })
    .await;
}

async fn check_document(network: &Network, account: &Account, services: &[(&str, &String)]) {
    let plc = HttpClient::new(&network.endpoints.plc);
    let data = plc.get(&format!("/{}/data", account.did)).await.expect(200);
    let found = data["services"].as_object().unwrap();
    let found: Vec<_> =
        found.iter().map(|(name, service)| (name.as_str(), service["endpoint"].as_str().unwrap())).collect();
    let expected: Vec<_> = services.iter().map(|(name, endpoint)| (*name, endpoint.as_str())).collect();
    assert_eq!(found, expected);
    assert_eq!(data["alsoKnownAs"], json!([format!("at://{}", account.handle)]));
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_becomes_the_operator_without_having_been_it_in_this_browser() {
    if !Network::is_installed() {
        return;
    }
    let (network, operator, account) = network().await;
    on_each_engine(async |store| {
        let site = Site::instance(&Shared::new(&store).network(&network).at_address()).await;
        let (desk, attacker) = (Browser::new(&site.anyone), Browser::new(&site.anyone));
        desk.sign_in(&network, &operator, "atproto").await;
        let choice = json!({ "mode": "attach_account", "attached_account_did": account.did });
        let way_back = cookie(&post(&site, &desk, "", "/api/setup/identity", &choice).await);
        let path = "/api/setup/attach-auth/confirm";
        let confirm = json!({ "original_did": operator.did });
        // The owner of the account, in a browser of their own.
        attacker.sign_in(&network, &account, SCOPE).await;
        for cookie in ["", "belvedere_setup=", "belvedere_setup=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"]
        {
            answers(403, &post(&site, &attacker, cookie, path, &confirm).await);
        }
        let mine = json!({ "original_did": account.did });
        answers(403, &post(&site, &attacker, &way_back, path, &mine).await);
        // That was the one use of it, even with everything else right.
        answers(403, &post(&site, &attacker, &way_back, path, &confirm).await);
        // A key of the operator is not the operator.
        let person = Actor::User { did: operator.did.as_str().into() };
        let key = site.accounts.keys.create(&person, "script", &[SETTINGS_MANAGE.name()]).await.unwrap().key;
        let by_key = site.anyone.with_bearer(&key).post("/api/setup/identity", &choice).await;
        assert_eq!((by_key.status, by_key.header("set-cookie")), (204, ""));
        // The operator is where they were.
        assert_eq!(desk.get("/auth/me").await.expect(200)["did"], json!(operator.did));
        // An operator who is no longer one does not come back as one.
        let again = cookie(&post(&site, &desk, "", "/api/setup/identity", &choice).await);
        let demoted = store.state.write(|conn| {
            conn.execute("DELETE FROM user_permissions", &[])?;
            conn.execute("UPDATE users SET is_super = 0", &[])
        });
        assert!(demoted.await.unwrap() > 0);
        // Behind the server's back, as if by another instance: within seconds it is noticed.
        tokio::time::sleep(std::time::Duration::from_millis(2100)).await;
        answers(403, &post(&site, &attacker, &again, path, &confirm).await);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_session_of_the_account_its_pds_cannot_be_asked() {
    if !Network::is_installed() {
        return;
    }
    let (network, _, account) = network().await;
    on_each_engine(async |store| {
        let site = Site::instance(&Shared::new(&store).network(&network)).await;
        let request = "/admin/service-entries/sync-plc/request";
        answers(400, &site.admin.post(request, &json!({})).await);
        let choice = json!({ "mode": "attach_account", "attached_account_did": account.did });
        answers(204, &site.admin.put("/admin/service-identity", &choice).await);
        answers(401, &site.admin.post(request, &json!({})).await);
        let submit = "/admin/service-entries/sync-plc/submit";
        answers(401, &site.admin.post(submit, &json!({ "token": "AAAAA-AAAAA" })).await);
    })
    .await;
}
