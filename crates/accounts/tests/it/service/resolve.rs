//! Finding the account to attach.

use serde_json::json;
use testkit::{Network, NetworkOptions};

use super::{Site, answers, site::Shared};
use crate::support::on_each_engine;

#[tokio::test(flavor = "multi_thread")]
async fn an_account_is_found_by_handle_or_did_and_shown_by_its_profile() {
    if !Network::is_installed() {
        return;
    }
    let network = Network::start(NetworkOptions { accounts: 1, ..NetworkOptions::default() }).await;
    let account = network.accounts().await.remove(0);
    let profile = json!({
        "repo": account.did, "collection": "app.bsky.actor.profile", "rkey": "self",
        "record": { "$type": "app.bsky.actor.profile", "displayName": "Alice" },
    });
    let user = network.create_session(&account).await.client;
    answers(200, &user.post("/xrpc/com.atproto.repo.putRecord", &profile).await);
    on_each_engine(async |store| {
        let site = Site::instance(&Shared::new(&store).network(&network)).await;
        let expected = json!([{
            "did": account.did, "handle": account.handle, "display_name": "Alice", "avatar": null,
        }]);
        let handle = &account.handle;
        for q in [handle.clone(), format!("@{handle}"), format!(" {handle} "), account.did.clone()] {
            let found = site.admin.get_with("/api/setup/resolve", &[("q", &q)]).await.expect(200);
            assert_eq!(found, expected, "{q}");
        }
        let (part, none) = (&handle[..4], "did:plc:aaaaaaaaaaaaaaaaaaaaaaaa");
        for q in ["", part, "nobody.test", none, "did:web:127.0.0.1", "not a name"] {
            let found = site.admin.get_with("/api/setup/resolve", &[("q", q)]).await.expect(200);
            assert_eq!(found, json!([]), "{q}");
        }
        answers(400, &site.admin.get("/api/setup/resolve").await);
    })
    .await;
}
