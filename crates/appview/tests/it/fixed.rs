//! Methods that need no lexicon.

use appview::NewLexicon;
use http::Method;
use serde_json::{Value, json};
use store::Engine;
use testkit::{Account, Device, HttpClient, Network, NetworkOptions};

use crate::fake_pds::UPLOAD_BLOB;
use crate::harness::{STATUS, Server, on_each_server, procedure_lexicon, query_lexicon, schemas};
use crate::people::{app, call, page, sign_in};

const PROFILE: &str = "/xrpc/app.bsky.actor.getProfile";
const CREATE: &str = "com.example.createStatus";

#[tokio::test(flavor = "multi_thread")]
async fn blobs_and_profiles_at_a_real_pds() {
    if !Network::is_installed() {
        return;
    }
    let network = Network::start(NetworkOptions { accounts: 4, ..NetworkOptions::default() }).await;
    // Two for each engine: a profile is made in the course of the test, and that there is none is remembered.
    let [one, other, bare_one, bare_other] = <[Account; 4]>::try_from(network.accounts().await).unwrap();
    testkit::on_each_engine(&schemas(), |store| {
        let is_sqlite = store.state.engine() == Engine::Sqlite;
        let (account, bare) = if is_sqlite { (&one, &bare_one) } else { (&other, &bare_other) };
        let network = &network;
        async move {
            let server = Server::start_in(network, store).await;
            server.add_status_lexicons().await;
            let lexicon = NewLexicon::new(procedure_lexicon(CREATE).to_string());
            server.add(NewLexicon { target_collection: Some(STATUS.to_owned()), ..lexicon }).await;
            let device = sign_in(&app(&server, "app").await, "app", network, account).await;
            let nameless = sign_in(&app(&server, "another").await, "another", network, bare).await;
            let profile = nameless.get(PROFILE).await.expect(200);
            assert_eq!(profile, json!({ "did": bare.did, "handle": bare.handle }));
            let blob = a_blob_comes_back(&device, account).await;
            who_one_is(&server, network, &device, account, &blob).await;
            for path in [PROFILE, "/xrpc/dev.happyview.listApiClients"] {
                assert_eq!(server.client.get(path).await.status, 401, "{path}");
            }
            assert_eq!(server.client.post(UPLOAD_BLOB, &json!({})).await.status, 401);
        }
    })
    .await;
}

async fn a_blob_comes_back(device: &Device, account: &Account) -> Value {
    let bytes: Vec<u8> = (0..700_000_u32).map(|n| n.wrapping_mul(2_654_435_761).to_be_bytes()[0]).collect();
    let request = device.signed(Method::POST, UPLOAD_BLOB).header("content-type", "image/png");
    let uploaded = device.send(request.body(bytes.clone())).await.expect(200);
    let blob = &uploaded["blob"];
    assert_eq!((&blob["size"], &blob["mimeType"]), (&json!(700_000), &json!("image/png")));
    drop(call(device, CREATE, &json!({ "status": "with a picture", "picture": blob })).await.expect(200));
    let link = blob["ref"]["$link"].as_str().unwrap();
    let stored =
        reqwest::get(format!("{}/xrpc/com.atproto.sync.getBlob?did={}&cid={link}", account.pds, account.did));
    assert!(stored.await.unwrap().bytes().await.unwrap() == bytes, "the PDS has other bytes");
    blob.clone()
}

async fn who_one_is(server: &Server, network: &Network, device: &Device, account: &Account, blob: &Value) {
    let profile = json!({
        "$type": "app.bsky.actor.profile", "displayName": "Alice", "description": "Who?", "avatar": blob,
    });
    network.create_record(&account.did, "app.bsky.actor.profile", Some("self"), &profile).await;
    let link = blob["ref"]["$link"].as_str().unwrap();
    let url = format!("{}/xrpc/com.atproto.sync.getBlob?did={}&cid={link}", account.pds, account.did);
    let whole = json!({
        "did": account.did, "handle": account.handle, "displayName": "Alice", "description": "Who?",
        "avatarURL": url, "avatar": { "$link": link, "mimeType": "image/png", "size": 700_000 },
    });
    assert_eq!(device.get(PROFILE).await.expect(200), whole);
    assert_eq!(page(server, network, account).await.get(PROFILE).await.expect(200), whole);
    let picture = HttpClient::new(&account.pds).get(url.strip_prefix(&account.pds).unwrap()).await;
    assert_eq!(picture.status, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn their_names_take_precedence() {
    on_each_server(|server| async move {
        for id in ["app.bsky.actor.getProfile", "com.atproto.space.list", "dev.happyview.listApiClients"] {
            server.add(NewLexicon::new(query_lexicon(id).to_string())).await;
        }
        assert_eq!(server.client.get(PROFILE).await.status, 401, "a lexicon does not change what it is");
        assert_eq!(server.client.get("/xrpc/dev.happyview.listApiClients").await.status, 401);
        assert_eq!(server.client.get(UPLOAD_BLOB).await.status, 405);
        for method in ["com.atproto.space.list", "COM.atproto.space.get", "dev.happyview.space.create"] {
            let path = format!("/xrpc/{method}");
            for answer in [server.client.get(&path).await, server.client.post(&path, &json!({})).await] {
                assert_eq!(answer.expect(404)["error"], "FeatureDisabled", "{method}");
            }
        }
    })
    .await;
}
