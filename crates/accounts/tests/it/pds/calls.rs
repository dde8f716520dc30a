//! Reading and writing at the PDS with a session.

use accounts::pds::PdsCall;
use http::HeaderValue;
use serde_json::{Value, json};
use server::Principal;
use testkit::{Network, NetworkOptions};

use super::site::{NOTE, Site, Surroundings, create_note, get_session, nsid};
use crate::support::on_each_engine;

const SCOPE: &str = "atproto repo:com.example.demo.note blob:*/*";

#[tokio::test(flavor = "multi_thread")]
async fn a_session_reads_and_writes() {
    if !Network::is_installed() {
        return;
    }
    let network = Network::start(NetworkOptions { accounts: 1, ..NetworkOptions::default() }).await;
    let alice = network.accounts().await.remove(0);
    on_each_engine(async |store| {
        let site = Site::start(&Surroundings::of(&network), &store).await;
        let browser = site.browser();
        browser.sign_in(&network, &alice, SCOPE).await;
        let session = site.session(&alice.did).await;
        assert_eq!(session.pds().as_str(), format!("{}/", alice.pds));

        let written = session.call(&create_note(&alice.did, "one")).await.unwrap();
        assert_eq!(written.status, 200);
        let written: Value = serde_json::from_slice(&written.body).unwrap();
        let rkey = written["uri"].as_str().unwrap().rsplit('/').next().unwrap().to_owned();
        assert_eq!(network.get_record(&alice, NOTE, &rkey).await.unwrap().value["text"], "one");

        let read = PdsCall::query(nsid("com.atproto.repo.getRecord"))
            .param("repo", &alice.did)
            .param("collection", NOTE)
            .param("rkey", &rkey);
        let read: Value = serde_json::from_slice(&session.call(&read).await.unwrap().body).unwrap();
        assert_eq!(read["cid"], written["cid"]);

        let upload = PdsCall::procedure(nsid("com.atproto.repo.uploadBlob"))
            .body(HeaderValue::from_static("text/plain"), "some bytes");
        let uploaded = session.call(&upload).await.unwrap();
        let uploaded: Value = serde_json::from_slice(&uploaded.body).unwrap();
        assert_eq!(uploaded["blob"]["size"], 10, "{uploaded}");

        // What the PDS says is passed on as it is.
        let post =
            json!({ "repo": alice.did, "collection": "app.bsky.feed.post", "record": { "text": "x" } });
        let refused =
            session.call(&PdsCall::procedure(nsid("com.atproto.repo.createRecord")).json(&post)).await;
        let refused = refused.unwrap();
        let body: Value = serde_json::from_slice(&refused.body).unwrap();
        assert_eq!((refused.status.as_u16(), &body["error"]), (403, &json!("ScopeMissingError")));
        assert_eq!(site.version(&alice.did).await, Some(1), "nothing of this was a reason to refresh");

        a_large_body_before_any_nonce_is_known(&network, &site, &alice.did).await;
        callers_have_their_own(&site, &alice.did).await;
        site.stop().await;
    })
    .await;
}

/// The first answer asks for a nonce, and may come before such a body is sent.
async fn a_large_body_before_any_nonce_is_known(network: &Network, site: &Site, did: &str) {
    let sibling = site.sibling(&Surroundings::of(network)).await;
    let session = sibling.pds_sessions.of_account(&did.parse().unwrap()).await.unwrap();
    let bytes: Vec<u8> = (0..4_000_000_u32).map(|n| n.wrapping_mul(2_654_435_761).to_be_bytes()[0]).collect();
    let upload = PdsCall::procedure(nsid("com.atproto.repo.uploadBlob"))
        .body(HeaderValue::from_static("application/octet-stream"), bytes);
    let uploaded = session.call(&upload).await.unwrap();
    let body: Value = serde_json::from_slice(&uploaded.body).unwrap();
    assert_eq!(body["blob"]["size"], 4_000_000, "{body}");
}

async fn callers_have_their_own(site: &Site, did: &str) {
    let sessions = &site.accounts.pds_sessions;
    let caller =
        |did: &str| Principal::BrowserSession { did: did.into(), session_id: "0".into(), client_key: None };
    let session = sessions.of(&caller(did)).await.unwrap();
    assert_eq!(session.call(&get_session()).await.unwrap().status, 200);
    let service = Principal::Service { did: did.into(), lxm: None };
    for nobody in [caller("did:web:nobody.example"), service] {
        let error = sessions.of(&nobody).await.unwrap_err();
        assert_eq!(error.to_string(), "there is no session with your PDS; sign in first");
    }
}
