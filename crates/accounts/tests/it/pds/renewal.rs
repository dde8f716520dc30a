//! However many need new tokens, one gets them.

use std::time::Duration;

use accounts::pds::PdsSession;
use futures::future::join_all;
use serde_json::json;
use testkit::{Account, Network, NetworkOptions, network::Fault};
use tokio::time::{Instant, sleep};

use super::site::{Site, Surroundings, get_session};
use crate::support::on_each_engine;

#[tokio::test(flavor = "multi_thread")]
async fn of_all_who_need_new_tokens_one_refreshes() {
    if !Network::is_installed() {
        return;
    }
    let network = Network::start(NetworkOptions { accounts: 1, ..NetworkOptions::default() }).await;
    let alice = network.accounts().await.remove(0);
    on_each_engine(async |store| {
        let site = Site::start(&Surroundings::of(&network), &store).await;
        site.browser().sign_in(&network, &alice, "atproto").await;
        fifty_calls_with_expired_tokens(&network, &site, &alice).await;
        fifty_calls_with_refused_tokens(&network, &site, &alice).await;
        fifty_calls_on_two_instances(&network, &site, &alice).await;
        a_caller_who_goes_away(&network, &site, &alice).await;
        a_holder_who_died(&site, &alice).await;
        site.stop().await;
    })
    .await;
}

/// Lets the requests that exchange tokens through and counts them.
async fn count_exchanges(network: &Network) -> u64 {
    network.set_fault(&Fault::at("pds", "POST /oauth/token")).await
}

async fn statuses(sessions: Vec<PdsSession>) -> Vec<u16> {
    let calls = sessions.into_iter().map(|session| {
        tokio::spawn(async move { session.call(&get_session()).await.map(|answer| answer.status.as_u16()) })
    });
    join_all(calls).await.into_iter().map(|status| status.unwrap().unwrap()).collect()
}

async fn opened(site: &Site, alice: &Account, count: usize) -> Vec<PdsSession> {
    join_all((0..count).map(|_| site.session(&alice.did))).await
}

async fn fifty_calls_with_expired_tokens(network: &Network, site: &Site, alice: &Account) {
    let before = site.version(&alice.did).await.unwrap();
    site.expire_tokens().await;
    let exchanges = count_exchanges(network).await;
    assert_eq!(statuses(opened(site, alice, 50).await).await, [200; 50]);
    assert_eq!(network.fault_hits(exchanges).await, 1);
    assert_eq!(site.version(&alice.did).await, Some(before + 1));
    network.clear_faults().await;
}

/// The server thinks they are good, and the PDS does not.
async fn fifty_calls_with_refused_tokens(network: &Network, site: &Site, alice: &Account) {
    let before = site.version(&alice.did).await.unwrap();
    site.sql("UPDATE pds_sessions SET updated_at = 1", None).await;
    let sessions = opened(site, alice, 50).await;
    let challenge = r#"DPoP algs="ES256", error="invalid_token", error_description="exp""#;
    let refusal = Fault {
        status: 401,
        count: Some(50),
        body: Some(json!({ "error": "invalid_token", "message": "\"exp\" claim timestamp check failed" })),
        headers: json!({ "www-authenticate": challenge }),
        ..Fault::at("pds", "/xrpc/com.atproto.server.getSession")
    };
    network.set_fault(&refusal).await;
    let exchanges = count_exchanges(network).await;
    let statuses = statuses(sessions).await;
    assert_eq!(network.fault_hits(exchanges).await, 1);
    assert_eq!(site.version(&alice.did).await, Some(before + 1));
    network.clear_faults().await;
    // Who came late was refused with the new tokens, which are too young to be exchanged.
    assert!(
        statuses.contains(&200) && statuses.iter().all(|status| [200, 401].contains(status)),
        "{statuses:?}"
    );
}

async fn fifty_calls_on_two_instances(network: &Network, site: &Site, alice: &Account) {
    let before = site.version(&alice.did).await.unwrap();
    site.expire_tokens().await;
    let sibling = site.sibling(&Surroundings::of(network)).await;
    let did = atproto::Did::parse(&alice.did).unwrap();
    let theirs = join_all((0..25).map(|_| sibling.pds_sessions.of_account(&did))).await;
    let mut sessions = opened(site, alice, 25).await;
    sessions.extend(theirs.into_iter().map(Result::unwrap));
    // A sibling that knows no nonce yet is told one before it can exchange anything: that is one more request.
    let slow = Fault { delay_ms: 300, ..Fault::at("pds", "POST /oauth/token") };
    let exchanges = network.set_fault(&slow).await;
    assert_eq!(statuses(sessions).await, [200; 50]);
    let requests = network.fault_hits(exchanges).await;
    assert!((1..=2).contains(&requests), "{requests}");
    assert_eq!(site.version(&alice.did).await, Some(before + 1));
    network.clear_faults().await;
}

/// What was begun is finished: the old token is void from the moment the PDS answers.
async fn a_caller_who_goes_away(network: &Network, site: &Site, alice: &Account) {
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
    assert!(caller.await.unwrap_err().is_cancelled());
    // Nobody asks any more.
    while site.version(&alice.did).await == Some(before) {
        sleep(Duration::from_millis(10)).await;
    }
    let call = site.session(&alice.did).await.call(&get_session()).await;
    assert_eq!(call.unwrap().status, 200);
    assert_eq!(network.fault_hits(exchanges).await, 1);
    assert_eq!(site.version(&alice.did).await, Some(before + 1));
    network.clear_faults().await;
}

/// An instance that was killed before it asked anybody holds the others up for a while and no longer.
async fn a_holder_who_died(site: &Site, alice: &Account) {
    let before = site.version(&alice.did).await.unwrap();
    site.expire_tokens().await;
    let until = time::OffsetDateTime::now_utc().unix_timestamp_nanos() / 1000 + 700_000;
    let until = i64::try_from(until).unwrap();
    site.sql("UPDATE pds_sessions SET refreshing_until = $1", Some(until)).await;
    let began = Instant::now();
    assert_eq!(statuses(opened(site, alice, 5).await).await, [200; 5]);
    assert!(began.elapsed() > Duration::from_millis(500));
    assert_eq!(site.version(&alice.did).await, Some(before + 1));
}
