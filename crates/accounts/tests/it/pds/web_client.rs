//! This server as an OAuth client on the web: an authorization server fetches who it is.

use accounts::{
    clients::NewClient,
    service::{Choice, Mode},
};
use atproto::Did;
use serde_json::json;
use testkit::{Browser, Network, NetworkOptions, TestDatabase};

use super::site::{Site, Surroundings, get_session};
use crate::support::on_each_engine;

#[tokio::test(flavor = "multi_thread")]
async fn a_public_domain_is_a_client_that_the_pds_looks_up() {
    if !Network::is_installed() {
        return;
    }
    let network = Network::start(NetworkOptions { accounts: 1, ..NetworkOptions::default() }).await;
    let alice = network.accounts().await.remove(0);
    let database = TestDatabase::sqlite();
    let store = database.open(&crate::support::schemas()).await;
    let public = "https://view.appview.internal";
    let site = Site::start_as(&Surroundings::of(&network), &store, Some(public)).await;
    network.map_host("view.appview.internal", &site.origin).await;
    let http = site.http.with_header("host", "view.appview.internal");
    let metadata = http.get("/oauth-client-metadata.json").await.expect(200);
    let expected = json!({
        "client_id": "https://view.appview.internal/oauth-client-metadata.json",
        "client_name": "Belvedere",
        "client_uri": public,
        "redirect_uris": ["https://view.appview.internal/auth/callback"],
        "grant_types": ["authorization_code", "refresh_token"],
        "response_types": ["code"],
        "scope": "atproto transition:generic identity:*",
        "token_endpoint_auth_method": "none",
        "application_type": "web",
        "dpop_bound_access_tokens": true,
    });
    assert_eq!(metadata, expected);

    let begun = http.get(&Browser::login(&[("handle", &alice.handle)])).await;
    let ticket = begun.header("set-cookie").to_owned();
    assert!(ticket.ends_with("; HttpOnly; SameSite=Lax; Secure"), "{ticket}");
    let back = network
        .approve_oauth(begun.expect(200)["url"].as_str().unwrap(), &alice.handle, &alice.password)
        .await;
    let back = back.strip_prefix(public).unwrap().to_owned();
    let browser = http.with_header("cookie", ticket.split(';').next().unwrap());
    let done = browser.get(&back).await;
    assert_eq!(done.location(), format!("{public}/dashboard/"));
    assert!(done.header("set-cookie").ends_with("; HttpOnly; Secure; SameSite=None"), "{done:?}");
    let session = site.session(&alice.did).await;
    session.refresh().await.unwrap();
    assert_eq!(session.call(&get_session()).await.unwrap().status, 200);

    let writing = Browser::login(&[("handle", &alice.handle), ("scope", "atproto transition:generic")]);
    assert_eq!(http.get(&writing).await.status, 200);
    let beyond = http.get(&Browser::login(&[("handle", &alice.handle), ("scope", "atproto repo:*")])).await;
    let refused = beyond.expect(400)["error"].as_str().unwrap().to_owned();
    assert!(refused.contains("invalid_scope"), "{refused}");
    site.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn others_who_may_sign_in() {
    if !Network::is_installed() {
        return;
    }
    let network = Network::start(NetworkOptions { accounts: 3, ..NetworkOptions::default() }).await;
    let people = network.accounts().await;
    on_each_engine(async |store| {
        let site = Site::start(&Surroundings::of(&network), &store).await;
        of_two_who_are_first_one_is(&network, &site).await;

        let (attached, browser) = (&people[2], site.browser());
        let refused = browser.sign_in(&network, attached, "atproto").await;
        assert_eq!(refused, format!("{}/login?error=not_authorized", site.origin));
        let choice = Choice::new(Mode::AttachAccount, Some(Did::parse(&attached.did).unwrap()));
        site.accounts.service.choose(choice.unwrap(), None).await.unwrap();
        assert_eq!(
            browser.sign_in(&network, attached, "atproto").await,
            format!("{}/dashboard/", site.origin)
        );
        let me = browser.get("/auth/me").await.expect(200);
        assert_eq!(me, json!({ "did": attached.did, "is_admin": false }));

        through_an_app(&network, &site).await;
        site.stop().await;
    })
    .await;
}

/// Both have proved who they are when the first of them arrives.
async fn of_two_who_are_first_one_is(network: &Network, site: &Site) {
    let people = network.accounts().await;
    let (one, two) = (site.browser(), site.browser());
    let first = one.approve(network, &people[0], "atproto").await;
    let second = two.approve(network, &people[1], "atproto").await;
    let (first, second) = tokio::join!(one.get(&first), two.get(&second));
    let mut ends = [first.location(), second.location()];
    ends.sort();
    assert_eq!(
        ends,
        ["/dashboard/", "/login?error=not_authorized"].map(|end| format!("{}{end}", site.origin))
    );
}

async fn through_an_app(network: &Network, site: &Site) {
    let people = network.accounts().await;
    let app = site.accounts.clients.create(
        None,
        NewClient {
            name: "app".into(),
            client_id_url: "https://app.example/client-metadata.json".into(),
            client_uri: "https://app.example/".into(),
            redirect_uris: vec!["com.example.app:/back".into()],
            scopes: None,
            client_type: None,
            allowed_origins: None,
            rate_limit_capacity: None,
            rate_limit_refill_rate: None,
        },
    );
    let app = app.await.unwrap().client;
    for (to, status) in [
        ("com.example.app:/back", 200),
        ("https://app.example/anywhere", 200),
        ("com.example.app:/elsewhere", 400),
        ("https://app.example.evil.example/", 400),
        ("https://app.example@evil.example/", 400),
    ] {
        let query = [("handle", &*people[2].handle), ("redirect_uri", to), ("client_id", &app.client_id_url)];
        assert_eq!(site.http.get(&Browser::login(&query)).await.status, status, "{to}");
        let unnamed = site.http.get(&Browser::login(&query[..2])).await;
        assert_eq!(unnamed.status, 400, "without the app nobody is sent to {to}");
    }
    let to = "com.example.app:/back";
    // An app that anybody could have registered leads nowhere.
    site.sql("UPDATE api_clients SET parent_client_id = id", None).await;
    let query = [("handle", &*people[2].handle), ("redirect_uri", to), ("client_id", &app.client_id_url)];
    assert_eq!(site.http.get(&Browser::login(&query)).await.status, 400);
    site.sql("UPDATE api_clients SET parent_client_id = NULL", None).await;
    let browser = site.browser();
    let query = [("handle", &*people[2].handle), ("redirect_uri", to), ("client_id", &app.client_id_url)];
    let url = browser.begin(&query).await;
    let back = network.approve_oauth(&url, &people[2].handle, &people[2].password).await;
    assert_eq!(browser.get(back.strip_prefix(&site.origin).unwrap()).await.location(), to);
    let carried = site.store.state.read(|conn| {
        let sql = "SELECT client_key FROM browser_sessions ORDER BY created_at DESC LIMIT 1";
        conn.query_one::<_, store::Error>(sql, &[], |row| row.string(0))
    });
    assert_eq!(carried.await.unwrap(), app.client_key);
}
