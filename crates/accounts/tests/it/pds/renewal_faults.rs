//! New tokens are stored before they are used, whatever fails; and a server that is down ends no session.

use std::time::Duration;

use serde_json::json;
use store::Engine;
use testkit::{Account, Network, NetworkOptions, network::Fault};
use tokio::time::sleep;

use super::site::{Site, Surroundings, get_session};
use crate::support::on_each_engine;

#[tokio::test(flavor = "multi_thread")]
async fn faults_lose_no_session() {
    if !Network::is_installed() {
        return;
    }
    let network = Network::start(NetworkOptions { accounts: 1, ..NetworkOptions::default() }).await;
    let alice = network.accounts().await.remove(0);
    on_each_engine(async |store| {
        let site = Site::start(&Surroundings::of(&network), &store).await;
        site.browser().sign_in(&network, &alice, "atproto").await;
        a_database_that_does_not_take_the_tokens(&network, &site, &alice).await;
        an_authorization_server_that_is_down(&network, &site, &alice).await;
        a_shutdown_in_the_middle(&network, site, &alice).await;
    })
    .await;
}

/// The PDS has answered, the old token is void, and the disk is full.
async fn a_database_that_does_not_take_the_tokens(network: &Network, site: &Site, alice: &Account) {
    let refuse: &[&str] = match site.store.state.engine() {
        Engine::Sqlite => &["CREATE TRIGGER refuse BEFORE UPDATE OF access_token_enc ON pds_sessions \
               BEGIN SELECT RAISE(ABORT, 'the disk is full'); END"],
        Engine::Postgres => &[
            "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS \
             'BEGIN RAISE EXCEPTION ''the disk is full''; END'",
            "CREATE TRIGGER refuse BEFORE UPDATE OF access_token_enc ON pds_sessions EXECUTE FUNCTION refuse()",
        ],
    };
    let allow: &[&str] = match site.store.state.engine() {
        Engine::Sqlite => &["DROP TRIGGER refuse"],
        Engine::Postgres => &["DROP TRIGGER refuse ON pds_sessions", "DROP FUNCTION refuse"],
    };
    let before = site.version(&alice.did).await.unwrap();
    site.expire_tokens().await;
    for sql in refuse {
        site.sql(sql, None).await;
    }
    let exchanges = network.set_fault(&Fault::at("pds", "POST /oauth/token")).await;
    let session = site.session(&alice.did).await;
    let caller = tokio::spawn(async move { session.call(&get_session()).await.map(|answer| answer.status) });
    while network.fault_hits(exchanges).await == 0 {
        sleep(Duration::from_millis(10)).await;
    }
    sleep(Duration::from_millis(300)).await;
    assert!(!caller.is_finished(), "nobody uses tokens that are not stored");
    caller.abort();
    for sql in allow {
        site.sql(sql, None).await;
    }
    let call = site.session(&alice.did).await.call(&get_session()).await;
    assert_eq!(call.unwrap().status, 200);
    assert_eq!(network.fault_hits(exchanges).await, 1);
    assert_eq!(site.version(&alice.did).await, Some(before + 1));
    network.clear_faults().await;
}

async fn an_authorization_server_that_is_down(network: &Network, site: &Site, alice: &Account) {
    let before = site.version(&alice.did).await;
    let session = site.session(&alice.did).await;
    let down = Fault { status: 503, ..Fault::at("pds", "POST /oauth/token") };
    let failures = network.set_fault(&down).await;
    let in_seconds =
        |seconds: i64| time::OffsetDateTime::now_utc().unix_timestamp() * 1_000_000 + seconds * 1_000_000;
    site.sql("UPDATE pds_sessions SET expires_at = $1", Some(in_seconds(20))).await;
    let almost_over = site.session(&alice.did).await;
    assert_eq!(almost_over.call(&get_session()).await.unwrap().status, 200, "still good for some seconds");
    assert_eq!(network.fault_hits(failures).await, 1);

    site.expire_tokens().await;
    let over = site.session(&alice.did).await;
    let error = over.call(&get_session()).await.unwrap_err();
    assert!(error.to_string().contains("it answered 503"), "{error}");
    network.clear_faults().await;
    let busy = json!({ "error": "invalid_client", "error_description": "cannot fetch the metadata" });
    network.set_fault(&Fault { status: 400, body: Some(busy), ..down }).await;
    let error = over.call(&get_session()).await.unwrap_err();
    assert!(error.to_string().contains("invalid_client (cannot fetch the metadata)"), "{error}");
    assert_eq!(site.version(&alice.did).await, before, "the session is there and can be tried again");
    network.clear_faults().await;
    assert_eq!(over.call(&get_session()).await.unwrap().status, 200);
    assert_eq!(
        session.call(&get_session()).await.unwrap().status,
        200,
        "who has the old tokens finds the new ones"
    );
}

/// Tokens that are on their way when the server is told to stop are waited for.
async fn a_shutdown_in_the_middle(network: &Network, site: Site, alice: &Account) {
    let before = site.version(&alice.did).await.unwrap();
    site.expire_tokens().await;
    let slow = Fault { delay_ms: 500, ..Fault::at("pds", "POST /oauth/token") };
    let exchanges = network.set_fault(&slow).await;
    let session = site.session(&alice.did).await;
    let caller = tokio::spawn(async move { session.call(&get_session()).await.map(|answer| answer.status) });
    while network.fault_hits(exchanges).await == 0 {
        sleep(Duration::from_millis(10)).await;
    }
    caller.abort();
    let store = site.store.clone();
    site.stop().await;
    network.clear_faults().await;
    let version = store.state.read(|conn| {
        conn.query_one::<_, store::Error>("SELECT version FROM pds_sessions", &[], |row| row.int(0))
    });
    assert_eq!(version.await.unwrap(), before + 1);
}
