//! With a real PDS: app passwords, and signing in to approve a device.

use atproto::{Did, Nsid, RecordKey};
use cache::{Cache, MemoryConfig};
use http::HeaderValue;
use records::{RepoWrite, RepoWriter};
use serde_json::{Map, json};
use testkit::{Browser, Network, NetworkOptions};

use super::site::{Site, Surroundings, schemas, text};

#[tokio::test(flavor = "multi_thread")]
async fn people_of_a_real_pds_log_in_and_let_devices_in() {
    if !Network::is_installed() {
        return;
    }
    let network = Network::start(NetworkOptions { accounts: 2, ..NetworkOptions::default() }).await;
    let people = network.accounts().await;
    testkit::on_each_engine(&schemas(), async |store| {
        let cache = Cache::memory(MemoryConfig::default());
        let site = Site::start(&Surroundings::network(&network), &store, cache).await;
        let alice = &people[0];
        let login = Some((&*alice.handle, &*alice.password));
        let scope = format!("repository:{}/app:pull,push", alice.handle);
        let answer = site.token(login, &[("scope", &scope)]).await.expect(200);
        assert_eq!(site.auth.tokens().verify(&text(&answer, "token")).unwrap().access.len(), 1);
        site.token(Some((&alice.handle, "wrong")), &[]).await.expect(401);
        let did = Did::parse(&alice.did).unwrap();
        let session = site.auth.passwords().session(&did).await.unwrap().unwrap();
        let kind = HeaderValue::from_static("application/json");
        let body = futures::stream::iter([Ok::<_, std::io::Error>("{}".into())]);
        let blob = session.upload_blob(kind, 2, body).await.unwrap();
        assert_eq!(blob.status, 200, "{:?}", blob.body);
        let put = RepoWrite::Put {
            collection: Nsid::parse("io.atcr.tag").unwrap(),
            rkey: RecordKey::parse("app_v1").unwrap(),
            record: Map::from_iter([
                ("$type".to_owned(), json!("io.atcr.tag")),
                ("tag".to_owned(), json!("v1")),
            ]),
        };
        let answer = session.write(&put).await.unwrap();
        assert_eq!(answer.status, 200, "{:?}", answer.body);
        a_stranger_to_the_server_approves(&network, &site, &people[1]).await;
    })
    .await;
}

/// Nobody made them a user of this server.
async fn a_stranger_to_the_server_approves(network: &Network, site: &Site, bob: &testkit::Account) {
    let (device_code, user_code) = site.ask("laptop").await;
    let browser = Browser::new(&site.http);
    let path = format!("/device/sign-in?user_code={user_code}&handle={}", bob.handle);
    let away = browser.get(&path).await.location();
    let back = network.approve_oauth(&away, &bob.handle, &bob.password).await;
    let end = browser.get(back.strip_prefix(&site.origin).unwrap()).await.location();
    assert_eq!(end, format!("{}/device?user_code={user_code}", site.origin));
    let page = browser.get(end.strip_prefix(&site.origin).unwrap()).await;
    assert!(page.text.contains(&bob.did) && page.text.contains("Approve"), "{}", page.text);
    let http = browser.http();
    assert_eq!(http.get("/auth/me").await.expect(200), json!({ "did": bob.did, "is_admin": false }));
    http.post("/device/approve", &json!({ "user_code": user_code, "approve": true })).await.expect(200);
    let device = site.poll(&device_code).await.expect(200);
    assert_eq!((text(&device, "did"), text(&device, "handle")), (bob.did.clone(), bob.handle.clone()));
    site.token(Some((&bob.handle, &text(&device, "device_secret"))), &[]).await.expect(200);
    // What the device pushes is written with the session that its owner began.
    let did = Did::parse(&bob.did).unwrap();
    assert_eq!(site.accounts.pds_sessions.of_account(&did).await.unwrap().did(), did);
}
