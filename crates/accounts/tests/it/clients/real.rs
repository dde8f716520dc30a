//! An app signs its users in with a real PDS, registers what it got, and acts for them through this server.

use accounts::pds::{PdsCall, PdsError};
use atproto::{Nsid, jose::PrivateJwk};
use serde_json::{Value, json};
use testkit::{Account, Network, NetworkOptions, OAuthClient};

use super::{
    app::{App, Device, VERIFIER},
    site::{Ground, Site, new_client},
};
use crate::support::on_each_engine;

const SCOPES: &str = "atproto transition:generic";
const WHO: &str = "/xrpc/test.example.who";
const NOTE: &str = "com.example.demo.note";

/// How the app signs its users in.
fn oauth() -> OAuthClient {
    OAuthClient::new("app", SCOPES)
}

/// An app that real PDSes know.
async fn app(site: &Site, client_type: &str) -> App {
    let mut new = new_client("app", client_type);
    new.client_id_url = oauth().id;
    App::new(site, site.clients().create(None, new).await.unwrap())
}

/// What an app may send, with a home of its own choice.
fn registration(provision_id: &str, did: &str, token: &str) -> Value {
    json!({
        "provision_id": provision_id, "pkce_verifier": VERIFIER, "did": did, "access_token": token,
        "scopes": SCOPES,
        "pds_url": "http://127.0.0.1:1", "issuer": "http://127.0.0.1:1",
    })
}

/// Somebody signs in on a device.
async fn sign_in(app: &App, network: &Network, account: &Account) -> Device {
    app.sign_in(network, account, &oauth()).await
}

/// Writes a record as a device's user; the status at their PDS.
async fn write(site: &Site, device: &Device) -> Result<u16, PdsError> {
    let session = site.accounts.pds_sessions.open(&device.session_id).await?;
    let record = json!({ "$type": NOTE, "text": "hi", "createdAt": "2026-01-01T00:00:00Z" });
    let body = json!({ "repo": session.did(), "collection": NOTE, "record": record });
    let call = PdsCall::procedure(Nsid::parse("com.atproto.repo.createRecord").unwrap()).json(&body);
    Ok(session.call(&call).await?.status.as_u16())
}

async fn expire(site: &Site) {
    assert!(site.sql("UPDATE pds_sessions SET expires_at = 1, updated_at = 1", &[]).await > 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn two_devices_sign_in_write_refresh_and_sign_out() {
    if !Network::is_installed() {
        return;
    }
    let network = Network::start(NetworkOptions { accounts: 1, ..NetworkOptions::default() }).await;
    let account = &network.accounts().await[0];
    on_each_engine(async |store| {
        let site = Site::start(&Ground::new(&store, &network.endpoints.plc)).await;
        let app = app(&site, "public").await;
        let phone = sign_in(&app, &network, account).await;
        let laptop = sign_in(&app, &network, account).await;
        let both = [&phone, &laptop];
        for device in both {
            assert_eq!(device.get(WHO).await.expect(200)["did"], account.did);
            assert_eq!(write(&site, device).await.unwrap(), 200);
        }
        // The server refreshes behind the apps' back; they go on with the tokens they have.
        expire(&site).await;
        for device in both {
            assert_eq!(write(&site, device).await.unwrap(), 200);
            assert_eq!(device.get(WHO).await.expect(200)["did"], account.did);
        }
        let path = format!("/oauth/sessions/{}", account.did);
        drop(phone.delete(&path).await.expect(204));
        assert_eq!(phone.get(WHO).await.status, 401);
        assert!(matches!(write(&site, &phone).await, Err(PdsError::NoSession)));
        assert_eq!(write(&site, &laptop).await.unwrap(), 200);
        assert_eq!(laptop.get(WHO).await.status, 200);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_has_what_was_granted_and_ends_at_the_pds_too() {
    if !Network::is_installed() {
        return;
    }
    let network = Network::start(NetworkOptions { accounts: 1, ..NetworkOptions::default() }).await;
    let account = &network.accounts().await[0];
    on_each_engine(async |store| {
        let site = Site::start(&Ground::new(&store, &network.endpoints.plc)).await;
        let mut new = new_client("app", "confidential");
        let scopes = format!("atproto repo:{NOTE}");
        let oauth = OAuthClient::new("app", &scopes);
        (new.client_id_url, new.scopes) = (oauth.id.clone(), Some(scopes.clone()));
        let app = App::new(&site, site.clients().create(None, new).await.unwrap());
        let device = app.sign_in(&network, account, &oauth).await;
        assert_eq!(write(&site, &device).await.unwrap(), 200);
        drop(app.http.delete(&format!("/oauth/sessions/{}", account.did)).await.expect(204));
        let refused = oauth.refresh(account, &device.key, device.refresh_token.as_deref().unwrap()).await;
        assert_eq!(refused.expect(400)["error"], "invalid_grant");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_the_users_token_with_the_users_key_is_refused() {
    if !Network::is_installed() {
        return;
    }
    let options = NetworkOptions { pds: 2, accounts: 3, ..NetworkOptions::default() };
    let network = Network::start(options).await;
    let accounts = network.accounts().await;
    let [alice, bob, neighbour] = &accounts[..] else { panic!("three accounts") };
    assert!(alice.pds != bob.pds && alice.pds == neighbour.pds);
    on_each_engine(async |store| {
        let site = Site::start(&Ground::new(&store, &network.endpoints.plc)).await;
        let app = app(&site, "public").await;
        let (provision_id, key) = app.provision().await;
        let tokens = oauth().sign_in(&network, alice, &key).await;
        let token = &tokens.access_token;
        let register = async |provision_id: &str, did: &str, token: &str| {
            app.http.post("/oauth/sessions", &registration(provision_id, did, token)).await
        };
        let not_theirs = "access token does not belong to the claimed DID";
        let other_home = register(&provision_id, &bob.did, token).await;
        assert_eq!(other_home.expect(401)["error"], not_theirs, "whatever `pds_url` says");
        let forged = register(&provision_id, &alice.did, "eyJhbGciOiJIUzI1NiJ9.e30.AA").await;
        assert_eq!(forged.expect(401)["error"], not_theirs);
        let (other_key, _) = app.provision().await;
        let unbound = register(&other_key, &alice.did, token).await;
        assert_eq!(unbound.expect(401)["error"], not_theirs, "bound to another key");
        let own = PrivateJwk::generate();
        let of_own = oauth().sign_in(&network, alice, &own).await;
        let made_up = register(&provision_id, &alice.did, &of_own.access_token).await;
        assert_eq!(made_up.expect(401)["error"], not_theirs, "bound to a key that is not from here");
        let same_home = register(&provision_id, &neighbour.did, token).await;
        assert_eq!(same_home.expect(401)["error"], not_theirs);
        let nobody = register(&provision_id, "did:plc:aaaaaaaaaaaaaaaaaaaaaaaa", token).await;
        assert_eq!(nobody.status, 400);
        assert_eq!(site.count("SELECT count(*) FROM pds_sessions").await, 0);

        let first = register(&provision_id, &alice.did, token).await.expect(201);
        let again = register(&provision_id, &alice.did, token).await.expect(201);
        assert_eq!(first, again, "the same device has the same session");
        // The same key for somebody else is one that two people know.
        let of_bob = oauth().sign_in(&network, bob, &key).await;
        let shared = register(&provision_id, &bob.did, &of_bob.access_token).await;
        assert_eq!(shared.expect(409)["error"], "this key belongs to another account; ask for a new one");
        let told: Vec<_> =
            site.told().await.into_iter().filter(|told| told.0 == "dpop_session.created").collect();
        assert_eq!(told.len(), 2);
        assert_eq!(told[0].3, json!({ "scopes": SCOPES, "refreshable": false }));
    })
    .await;
}
