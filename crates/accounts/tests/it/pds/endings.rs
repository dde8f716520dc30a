//! Sessions end: at the PDS, by time, by moving away.

use testkit::{Account, Network, NetworkOptions, network::AccountAction};

use super::{
    site::{Site, Surroundings, create_note, get_session},
    stolen::Stolen,
};
use crate::support::on_each_engine;

#[tokio::test(flavor = "multi_thread")]
async fn what_ends_at_the_pds_ends_here() {
    if !Network::is_installed() {
        return;
    }
    let network = Network::start(NetworkOptions { accounts: 1, ..NetworkOptions::default() }).await;
    let alice = network.accounts().await.remove(0);
    on_each_engine(async |store| {
        let site = Site::start(&Surroundings::of(&network), &store).await;
        revoked_while_the_tokens_are_good(&network, &site, &alice).await;
        revoked_and_noticed_by_the_refresh(&network, &site, &alice).await;
        a_token_that_was_stolen(&network, &site, &alice).await;
        tokens_that_cannot_be_renewed(&network, &site, &alice).await;
        an_account_that_moved(&network, &site, &alice).await;
        site.stop().await;
    })
    .await;
    an_account_that_is_taken_down(&network, &alice).await;
}

async fn has_ended(site: &Site, alice: &Account) {
    assert_eq!(site.version(&alice.did).await, None);
    let none = site.try_session(&alice.did).await.unwrap_err();
    assert_eq!(none.to_string(), "there is no session with your PDS; sign in first");
}

async fn revoked_while_the_tokens_are_good(network: &Network, site: &Site, alice: &Account) {
    let browser = site.browser();
    browser.sign_in(network, alice, "atproto").await;
    let session = site.session(&alice.did).await;
    site.sql("UPDATE pds_sessions SET updated_at = updated_at - 60000000", None).await;
    Stolen::from(site, alice).await.revoke().await;
    let error = session.call(&get_session()).await.unwrap_err();
    assert_eq!(error.to_string(), "the session with your PDS has ended; sign in again");
    has_ended(site, alice).await;
    assert_eq!(browser.get("/auth/me").await.status, 200, "the dashboard does not need it");
}

async fn revoked_and_noticed_by_the_refresh(network: &Network, site: &Site, alice: &Account) {
    site.browser().sign_in(network, alice, "atproto").await;
    let session = site.session(&alice.did).await;
    Stolen::from(site, alice).await.revoke().await;
    session.refresh().await.unwrap_err();
    has_ended(site, alice).await;
}

/// Whoever uses a refresh token a second time, be it a thief or its owner, ends the session.
async fn a_token_that_was_stolen(network: &Network, site: &Site, alice: &Account) {
    site.browser().sign_in(network, alice, "atproto").await;
    let session = site.session(&alice.did).await;
    let stolen = Stolen::from(site, alice).await;
    session.refresh().await.unwrap();
    assert_eq!(session.call(&get_session()).await.unwrap().status, 200);
    assert_eq!(stolen.refresh().await.expect(400)["error"], "invalid_grant");
    let error = session.refresh().await.unwrap_err();
    assert_eq!(error.to_string(), "the session with your PDS has ended; sign in again");
    has_ended(site, alice).await;
}

async fn tokens_that_cannot_be_renewed(network: &Network, site: &Site, alice: &Account) {
    site.browser().sign_in(network, alice, "atproto").await;
    site.sql("UPDATE pds_sessions SET refresh_token_enc = NULL", None).await;
    let session = site.session(&alice.did).await;
    assert_eq!(session.call(&get_session()).await.unwrap().status, 200, "until they expire");
    site.expire_tokens().await;
    let error = site.session(&alice.did).await.call(&get_session()).await.unwrap_err();
    assert_eq!(error.to_string(), "the session with your PDS has ended; sign in again");
    has_ended(site, alice).await;
}

/// The old PDS would go on issuing tokens, but what it says of the repository counts no more.
async fn an_account_that_moved(network: &Network, site: &Site, alice: &Account) {
    site.browser().sign_in(network, alice, "atproto").await;
    site.sql("UPDATE pds_sessions SET pds = 'http://localhost:1', expires_at = 1", None).await;
    let error = site.session(&alice.did).await.call(&get_session()).await.unwrap_err();
    assert_eq!(error.to_string(), "the session with your PDS has ended; sign in again");
    has_ended(site, alice).await;
}

async fn an_account_that_is_taken_down(network: &Network, alice: &Account) {
    let store = testkit::TestDatabase::sqlite();
    let opened = store.open(&crate::support::schemas()).await;
    let site = Site::start(&Surroundings::of(network), &opened).await;
    site.browser().sign_in(network, alice, "atproto repo:com.example.demo.note").await;
    let session = site.session(&alice.did).await;
    assert_eq!(session.call(&create_note(&alice.did, "before")).await.unwrap().status, 200);
    site.sql("UPDATE pds_sessions SET updated_at = updated_at - 60000000", None).await;
    network.set_status(&alice.did, AccountAction::Takedown).await;
    let after = session.call(&create_note(&alice.did, "after")).await;
    assert!(after.is_err() || !after.as_ref().unwrap().status.is_success(), "{after:?}");
    site.stop().await;
}
