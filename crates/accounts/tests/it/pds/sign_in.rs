//! Signing in and out of the dashboard, with the reference authorization server.

use serde_json::json;
use testkit::{Account, Browser, HttpClient, Network, NetworkOptions};

use super::{
    site::{Site, Surroundings, get_session},
    stolen::Stolen,
};
use crate::support::on_each_engine;

#[tokio::test(flavor = "multi_thread")]
async fn people_sign_in_and_out() {
    if !Network::is_installed() {
        return;
    }
    let network = Network::start(NetworkOptions { accounts: 2, ..NetworkOptions::default() }).await;
    let people = network.accounts().await;
    let (alice, bob) = (&people[0], &people[1]);
    on_each_engine(async |store| {
        let site = Site::start(&Surroundings::of(&network), &store).await;
        the_first_is_the_super_user(&network, &site, alice).await;
        strangers_are_turned_away(&network, &site, bob).await;
        a_callback_is_good_for_one_use_and_one_browser(&network, &site, alice).await;
        whoever_declines_is_told_so(&network, &site, alice).await;
        one_browser_has_one_session(&network, &site, alice).await;
        signing_out_ends_it_at_the_pds(&network, &site, alice).await;
        what_is_asked_for_must_make_sense(&site, alice).await;
        site.stop().await;
    })
    .await;
}

async fn the_first_is_the_super_user(network: &Network, site: &Site, alice: &Account) {
    let browser = site.browser();
    assert_eq!(browser.get("/auth/me").await.expect(401), json!({ "error": "not authenticated" }));
    assert_eq!(browser.sign_in(network, alice, "atproto").await, format!("{}/dashboard/", site.origin));
    let me = browser.get("/auth/me").await;
    assert_eq!(me.expect(200), json!({ "did": alice.did, "is_admin": true }));
    assert_eq!(me.header("cache-control"), "no-store");
    let session = site.session(&alice.did).await;
    assert_eq!((session.did().as_str(), session.scopes().as_str()), (&*alice.did, "atproto"));
    assert_eq!(session.call(&get_session()).await.unwrap().status, 200);
}

async fn strangers_are_turned_away(network: &Network, site: &Site, bob: &Account) {
    let browser = site.browser();
    let end = browser.sign_in(network, bob, "atproto").await;
    assert_eq!(end, format!("{}/login?error=not_authorized", site.origin));
    assert_eq!(browser.get("/auth/me").await.status, 401);
    assert_eq!(site.version(&bob.did).await, None);
}

async fn a_callback_is_good_for_one_use_and_one_browser(network: &Network, site: &Site, alice: &Account) {
    let (browser, other) = (site.browser(), site.browser());
    let back = browser.approve(network, alice, "atproto").await;
    let elsewhere = other.get(&back).await.expect(400);
    assert_eq!(elsewhere["error"], "this sign-in was begun in another browser; start again");
    assert_eq!(browser.get(&back).await.status, 400, "whoever tried has used it up");

    let back = browser.approve(network, alice, "atproto").await;
    let forged = back.replace("iss=http%3A%2F%2F", "iss=http%3A%2F%2Fevil.");
    assert_ne!(forged, back);
    let refused = browser.get(&forged).await.expect(400);
    assert_eq!(refused["error"], "this answer is not from the authorization server that was asked");

    let back = browser.approve(network, alice, "atproto").await;
    assert_eq!(browser.get(&back).await.status, 303);
    assert_eq!(browser.get(&back).await.status, 400);
    for query in ["", "?code=a&state=b", "?code=a&state=b&iss=c", "?error=x&code=a&state=b&iss=c"] {
        assert_eq!(browser.get(&format!("/auth/callback{query}")).await.status, 400, "{query}");
    }
}

async fn whoever_declines_is_told_so(network: &Network, site: &Site, alice: &Account) {
    let browser = site.browser();
    let url = browser.begin(&[("handle", &alice.handle)]).await;
    let deny = json!({ "url": url, "identifier": alice.handle, "password": alice.password, "deny": true });
    let control = HttpClient::new(&network.endpoints.control);
    let denied = control.post("/oauth/approve", &deny).await.expect(200);
    let back = denied["redirect"].as_str().unwrap().strip_prefix(&site.origin).unwrap();
    assert_eq!(browser.get(back).await.location(), format!("{}/login?error=access_denied", site.origin));
    assert_eq!(browser.get("/auth/me").await.status, 401);
}

async fn one_browser_has_one_session(network: &Network, site: &Site, alice: &Account) {
    let (browser, other) = (site.browser(), site.browser());
    browser.sign_in(network, alice, "atproto").await;
    let first = browser.cookies();
    other.sign_in(network, alice, "atproto").await;
    let session = site.session(&alice.did).await;
    browser.sign_in(network, alice, "atproto").await;
    assert_ne!(browser.cookies(), first);
    assert_eq!(browser.get("/auth/me").await.status, 200);
    assert_eq!(other.get("/auth/me").await.status, 200, "the other browser is not disturbed");
    assert_eq!(session.call(&get_session()).await.unwrap().status, 200);
    assert_ne!(site.session(&alice.did).await.id(), session.id());
    assert_eq!(site.http.with_header("cookie", &first).get("/auth/me").await.status, 401);
}

async fn signing_out_ends_it_at_the_pds(network: &Network, site: &Site, alice: &Account) {
    site.sql("DELETE FROM pds_sessions", None).await;
    let browser = site.browser();
    browser.sign_in(network, alice, "atproto").await;
    let (session, cookies) = (site.session(&alice.did).await, browser.cookies());
    assert_eq!(session.call(&get_session()).await.unwrap().status, 200);
    let stolen_tokens = Stolen::from(site, alice).await;
    let out = browser.post("/auth/logout").await;
    assert_eq!((out.status, out.text.as_str()), (200, ""));
    assert!(!browser.cookies().contains("happyview_session"));
    assert_eq!(browser.get("/auth/me").await.status, 401);
    let stolen = site.http.with_header("cookie", &cookies);
    assert_eq!(stolen.get("/auth/me").await.status, 401);
    assert_eq!(site.version(&alice.did).await, None);
    assert_eq!(stolen_tokens.refresh().await.expect(400)["error"], "invalid_grant");
    let after = session.call(&get_session()).await.unwrap_err();
    assert_eq!(after.to_string(), "the session with your PDS has ended; sign in again");
    assert_eq!(browser.post("/auth/logout").await.status, 200, "signing out twice is no failure");
}

async fn what_is_asked_for_must_make_sense(site: &Site, alice: &Account) {
    let handle = ("handle", alice.handle.as_str());
    let to = |to: &str| Browser::login(&[handle, ("redirect_uri", to)]);
    for good in ["/somewhere?x#y", &format!("{}/x", site.origin)] {
        assert_eq!(site.http.get(&to(good)).await.status, 200, "{good}");
    }
    for bad in [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example",
        "javascript:alert(1)",
        "",
        "/\n/evil.example",
    ] {
        assert_eq!(site.http.get(&to(bad)).await.status, 400, "{bad}");
    }
    for (name, status) in [
        ("nobody.test", 400),
        ("not a handle", 400),
        ("did:plc:aaaaaaaaaaaaaaaaaaaaaaaa", 400),
        (&*alice.did, 200),
    ] {
        assert_eq!(site.http.get(&Browser::login(&[("handle", name)])).await.status, status, "{name}");
    }
    assert_eq!(site.http.get(&Browser::login(&[handle, ("scope", "repo:*")])).await.status, 400);
    assert_eq!(site.http.get("/auth/login").await.status, 400);
    let metadata = site.http.get("/oauth-client-metadata.json").await.expect(200);
    assert_eq!(metadata["redirect_uris"], json!([format!("{}/auth/callback", site.origin)]));
    assert_eq!(metadata["token_endpoint_auth_method"], "none");
}
