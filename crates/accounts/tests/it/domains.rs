//! Domains (spec/appview.md §8.5).

use accounts::{Actor, Domains, Error};
use serde_json::json;
use server::Sites;
use store::Store;

use crate::support::{Log, on_each_engine, person};

async fn domains(store: &Store, public_url: &str) -> (Domains, Log) {
    let log = Log::open(store);
    let url = public_url.parse().unwrap();
    (Domains::open(store.state.clone(), log.events.clone(), &url).await.unwrap(), log)
}

/// All URLs, the primary one first.
fn urls(domains: &Domains) -> Vec<String> {
    let primary = domains.list().iter().filter(|domain| domain.is_primary).count();
    assert_eq!(primary, 1, "exactly one is primary");
    domains.list().iter().map(|domain| domain.url.clone()).collect()
}

const A: &str = "https://a.example.com";
const B: &str = "https://b.example.com";
const C: &str = "https://c.example.com";

#[tokio::test(flavor = "multi_thread")]
async fn the_configured_url_is_the_first_and_primary_domain() {
    on_each_engine(async |store| {
        let (domains, _) = domains(&store, "https://A.example.com/").await;
        assert_eq!(urls(&domains), [A]);
        assert_eq!(domains.primary().unwrap().host(), "a.example.com");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn domains_are_found_by_host_and_origin_as_soon_as_they_are_added() {
    on_each_engine(async |store| {
        let (domains, log) = domains(&store, A).await;
        let elsewhere = self::domains(&store, A).await.0;
        assert_eq!(domains.at_host("b.example.com"), None);
        let added = domains.add(&person("alice"), "https://B.example.com:8443/").await.unwrap();
        assert_eq!((&*added.url, added.is_primary), ("https://b.example.com:8443", false));
        assert_eq!(elsewhere.at_host("b.example.com"), None);
        elsewhere.refresh().await.unwrap();
        assert_eq!(elsewhere.at_host("b.example.com"), Some(added.clone()));
        for host in ["b.example.com", "B.Example.Com:1", "b.example.com."] {
            assert_eq!(domains.at_host(host), Some(added.clone()), "{host}");
        }
        for host in ["", "example.com", "xb.example.com", "b.example.com.evil.com", "b.example.com@a"] {
            assert_eq!(domains.at_host(host), None, "{host}");
        }
        assert!(domains.has_origin("https://b.example.com:8443") && domains.has_origin(A));
        for origin in ["https://b.example.com", "http://a.example.com", "null", "https://A.example.com", ""] {
            assert!(!domains.has_origin(origin), "{origin}");
        }
        domains.remove(&person("alice"), &added.id).await.unwrap();
        assert_eq!(domains.at_host("b.example.com"), None);
        let told = log.told().await;
        assert_eq!((&*told[0].0, &told[0].3), ("domain.created", &json!({ "url": added.url })));
        assert_eq!(&*told[1].0, "domain.deleted");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn names_of_this_machine_stand_for_each_other_where_one_is_a_domain() {
    on_each_engine(async |store| {
        let (domains, _) = domains(&store, "http://127.0.0.1:3000").await;
        let configured = domains.primary();
        for host in ["localhost:3000", "127.0.0.1", "[::1]:3000"] {
            assert_eq!(domains.at_host(host), configured, "{host}");
        }
        assert_eq!(domains.at_host("localhost.example.com"), None);
        assert!(domains.has_origin("http://localhost:3000") && !domains.has_origin("http://localhost:3001"));
        assert!(Sites::has_host(&domains, "[::1]") && !Sites::has_host(&domains, "a.example.com"));
    })
    .await;
    on_each_engine(async |store| {
        let (domains, _) = domains(&store, A).await;
        assert!(Sites::has_host(&domains, "a.example.com") && Sites::has_origin(&domains, A));
        for host in ["localhost", "127.0.0.1", "[::1]"] {
            assert!(!Sites::has_host(&domains, host) && domains.at_host(host).is_none(), "{host}");
        }
        assert!(!domains.has_origin("https://localhost"));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_a_domain_is_refused() {
    on_each_engine(async |store| {
        let (domains, _) = domains(&store, A).await;
        let add = async |url: &str| domains.add(&Actor::LocalOperator, url).await;
        for bad in [
            "b.example.com",
            "http://b.example.com",
            "https://b.example.com/x",
            A,
            "https://A.example.com:443",
        ] {
            assert!(matches!(add(bad).await, Err(Error::DomainUrl(_))), "{bad}");
        }
        let remove = domains.remove(&Actor::LocalOperator, &domains.primary().unwrap().id).await;
        assert!(matches!(remove, Err(Error::PrimaryDomain)));
        let missing = domains.remove(&Actor::LocalOperator, "nothing").await;
        assert!(matches!(missing, Err(Error::NoSuchDomain(_))));
        let missing = domains.promote(&Actor::LocalOperator, "nothing").await;
        assert!(matches!(missing, Err(Error::NoSuchDomain(_))));
        assert_eq!(urls(&domains), [A]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn on_loopback_domains_need_no_tls() {
    on_each_engine(async |store| {
        let (domains, _) = domains(&store, "http://127.0.0.1:3000").await;
        domains.add(&Actor::LocalOperator, "http://localhost:5173").await.unwrap();
        assert_eq!(urls(&domains), ["http://127.0.0.1:3000", "http://localhost:5173"]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_promoted_domain_stays_primary_until_the_configuration_changes() {
    on_each_engine(async |store| {
        let (first, log) = domains(&store, A).await;
        let b = first.add(&Actor::LocalOperator, B).await.unwrap();
        first.promote(&Actor::LocalOperator, &b.id).await.unwrap();
        first.promote(&Actor::LocalOperator, &b.id).await.unwrap();
        assert_eq!(urls(&first), [B, A]);
        assert_eq!(log.told().await[1].0, "domain.primary_changed");
        first.remove(&Actor::LocalOperator, &first.at_host("a.example.com").unwrap().id).await.unwrap();
        first.add(&Actor::LocalOperator, A).await.unwrap();

        // A restart with the same configuration changes nothing.
        assert_eq!(urls(&domains(&store, A).await.0), [B, A]);
        // The server moves: what was A is now C, and primary.
        let a = first.at_host("a.example.com").unwrap().id;
        let moved = domains(&store, C).await.0;
        assert_eq!(urls(&moved), [C, B]);
        assert_eq!(moved.primary().unwrap().id, a);
        // It moves to a domain that is there already.
        assert_eq!(urls(&domains(&store, B).await.0), [B, C]);
    })
    .await;
}
