//! Conversations by voice, granted against stand-ins of both vendors.

use std::sync::atomic::Ordering;
use std::time::Duration;

use cache::{Cache, MemoryConfig};
use futures::future::join_all;
use outbound::{Outbound, OutboundConfig, Policy};
use serde_json::{Value, json};
use store::Store;
use sync::import::Kind;
use sync::{ElevenLabs, RevenueCat, SyncParts, Voice};
use testkit::on_each_engine;
use url::Url;

use crate::happy::{account, importer, take};
use crate::imported_tokens::{SECRET, token as token_of};
use crate::site::{Person, Site, parts};
use crate::vendors::{Mood, Vendors, vendors};

async fn site(store: &Store, voice: &Voice, cache: &Cache) -> Site {
    let parts = SyncParts { voice: voice.clone(), cache: cache.clone(), ..parts(store.clone()) };
    Site::of(parts).await
}

fn memory() -> Cache {
    Cache::memory(MemoryConfig::default())
}

async fn ask(person: &Person, status: u16) -> Value {
    person.http.post("/v1/voice/conversations", &json!({ "agentId": "agent" })).await.expect(status)
}

async fn usage(person: &Person) -> Value {
    person.http.get("/v1/voice/usage").await.expect(200)
}

/// Somebody who has talked so much, and what they are called.
async fn talker(site: &Site, vendors: &Vendors, talks: &[i64]) -> (Person, String) {
    let person = site.person().await;
    let name = usage(&person).await["elevenUserId"].as_str().unwrap().to_owned();
    vendors.talks.lock().unwrap().insert(name.clone(), talks.to_vec());
    (person, name)
}

#[tokio::test(flavor = "multi_thread")]
async fn without_the_vendors_it_is_said_which_is_missing() {
    on_each_engine(&[&sync::SCHEMA], |store| async move {
        let site = Site::start(store.clone()).await;
        let ann = site.person().await;
        let no_eleven = json!({ "error": "ELEVENLABS_API_KEY not configured" });
        assert_eq!(ask(&ann, 500).await, no_eleven);
        assert_eq!(ann.http.get("/v1/voice/usage").await.expect(500), no_eleven);
        let (_, voice) = vendors(None).await;
        let half = self::site(&store, &Voice { revenuecat: None, ..voice }, &memory()).await;
        let ann = ann.at(&half);
        assert_eq!(ask(&ann, 500).await, json!({ "error": "REVENUECAT_API_KEY not configured" }));
        assert_eq!(usage(&ann).await["limitSeconds"], 1_200, "nobody is known to pay");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_conversation_is_granted_and_counts() {
    on_each_engine(&[&sync::SCHEMA], |store| async move {
        let (vendors, voice) = vendors(None).await;
        let site = site(&store, &voice, &memory()).await;
        let (ann, name) = talker(&site, &vendors, &[7, 11]).await;
        let (bob, other) = talker(&site, &vendors, &[]).await;
        assert!(name.starts_with("u_") && name.len() == 45 && name != other, "{name}");
        let expected = json!({
            "allowed": true, "conversationToken": "a.b.c", "conversationId": "conv_2", "agentId": "agent",
            "elevenUserId": name, "usedSeconds": 18, "limitSeconds": 1_200,
        });
        assert_eq!(ask(&ann, 200).await, expected);
        // What was remembered is forgotten by then.
        let expected = json!({
            "usedSeconds": 18, "limitSeconds": 1_200, "conversationCount": 3, "conversationLimit": 100,
            "elevenUserId": name,
        });
        assert_eq!(usage(&ann).await, expected);
        let times = vendors.asked("list");
        assert_eq!(usage(&ann).await, expected);
        assert_eq!(vendors.asked("list"), times, "it is remembered for a while");
        assert_eq!(usage(&bob).await["conversationCount"], 0, "to each their own");
        let export = ann.http.get("/v1/account/export").await;
        assert!(export.text.contains(&format!("\"voiceName\":\"{name}\"")), "{}", export.text);
        let asked = vendors.asked.lock().unwrap().clone();
        let wanted = format!("token?agent_id=agent&participant_name={name}");
        assert!(asked.contains(&wanted), "{asked:?}");
        for bad in [
            json!({}),
            json!({ "agentId": 1 }),
            json!({ "agentId": "" }),
            json!({ "agentId": "a".repeat(201) }),
        ] {
            ann.http.post("/v1/voice/conversations", &bad).await.expect(400);
        }
        site.client.post("/v1/voice/conversations", &json!({ "agentId": "agent" })).await.expect(401);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn it_is_denied_in_the_order_of_the_rules() {
    on_each_engine(&[&sync::SCHEMA], |store| async move {
        for project in [None, Some("proj1")] {
            let (vendors, voice) = vendors(project).await;
            let site = site(&store, &voice, &memory()).await;
            let denied = |reason: &str, used: i64, limit: i64| {
                json!({ "allowed": false, "reason": reason, "usedSeconds": used, "limitSeconds": limit, "agentId": "agent" })
            };
            // Five pages; whoever has had a hundred is not counted further.
            let (many, _) = talker(&site, &vendors, &[1_000; 170]).await;
            let answer = ask(&many, 200).await;
            assert_eq!(answer, denied("voice_conversation_limit_reached", 120_000, 18_000));
            let (long, _) = talker(&site, &vendors, &[18_000]).await;
            assert_eq!(ask(&long, 200).await, denied("voice_hard_limit_reached", 18_000, 18_000));
            assert_eq!(vendors.asked("customer"), 2, "only the two questions about usage were");
            let (free, _) = talker(&site, &vendors, &[600; 2]).await;
            assert_eq!(ask(&free, 200).await, denied("subscription_required", 1_200, 1_200));
            let payer = free.id().await;
            vendors.payers.lock().unwrap().push(payer);
            let answer = ask(&free, 200).await;
            assert_eq!((&answer["allowed"], &answer["limitSeconds"]), (&json!(true), &json!(18_000)));
            assert_eq!(usage(&free).await["limitSeconds"], 18_000);
            let times = vendors.asked("customer");
            assert_eq!(ask(&free, 200).await["allowed"], true);
            assert_eq!(vendors.asked("customer"), times, "who pays is remembered for a while");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn asking_at_once_and_everywhere_gains_nothing() {
    on_each_engine(&[&sync::SCHEMA], |store| async move {
        let (vendors, voice) = vendors(None).await;
        let cache = memory();
        let (here, there) = (site(&store, &voice, &cache).await, site(&store, &voice, &cache).await);
        let (ann, _) = talker(&here, &vendors, &[1; 97]).await;
        // The vendor does not know of them yet.
        vendors.lists_at_once.store(false, Ordering::Relaxed);
        let at_there = ann.at(&there);
        let asked = (0..10).map(|turn| ask(if turn % 2 == 0 { &ann } else { &at_there }, 200));
        let answers = join_all(asked).await;
        assert_eq!(answers.iter().filter(|answer| answer["allowed"] == true).count(), 3);
        let denied = answers.iter().filter(|answer| answer["reason"] == "voice_conversation_limit_reached");
        assert_eq!(denied.count(), 7);
        for _ in 0..20 {
            ask(&ann, 200).await;
        }
        assert_eq!(ask(&ann, 429).await, json!({ "error": "Too many requests. Try again soon." }));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_vendor_that_does_not_answer_well_is_an_answer_too() {
    on_each_engine(&[&sync::SCHEMA], |store| async move {
        let failed = json!({ "error": "Failed to get voice credentials" });
        let strange = [
            Mood::Status(401),
            Mood::Status(302),
            Mood::Body("no JSON".to_owned()),
            Mood::Body("[]".to_owned()),
            Mood::Body(r#"{"conversations":[],"has_more":true}"#.to_owned()),
            Mood::Body(format!(r#"{{"token":"a","x":"{}"}}"#, "x".repeat(5 * 1024 * 1024))),
        ];
        let (vendors, voice) = vendors(None).await;
        let site = site(&store, &voice, &memory()).await;
        let (ann, _) = talker(&site, &vendors, &[2_000]).await;
        for vendor in [&vendors.list, &vendors.customer, &vendors.token] {
            for mood in &strange {
                *vendor.lock().unwrap() = mood.clone();
                assert_eq!(ask(&ann, 500).await, failed);
            }
            *vendor.lock().unwrap() = Mood::Well;
            // From here on it is about the token.
            let payer = ann.id().await;
            vendors.payers.lock().unwrap().push(payer);
        }
        *vendors.token.lock().unwrap() = Mood::Body(json!({ "token": "a.e30.c" }).to_string());
        assert_eq!(ask(&ann, 500).await, json!({ "error": "Failed to get conversation ID" }));
        *vendors.token.lock().unwrap() = Mood::Well;
        assert_eq!(ask(&ann, 200).await["allowed"], true);
        *vendors.list.lock().unwrap() = Mood::Status(404);
        let usage = ann.http.get("/v1/voice/usage").await.expect(500);
        assert_eq!(usage, json!({ "error": "Failed to get voice usage" }));
        // Pages without an end.
        let endless = json!({ "conversations": [], "has_more": true, "next_cursor": "0" });
        *vendors.list.lock().unwrap() = Mood::Body(endless.to_string());
        let times = vendors.asked("list");
        ann.http.get("/v1/voice/usage").await.expect(500);
        assert_eq!(vendors.asked("list") - times, 10);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_vendor_that_is_silent_keeps_nobody_for_ever() {
    let database = testkit::TestDatabase::sqlite();
    let (vendors, voice) = vendors(None).await;
    let site = site(&database.open(&[&sync::SCHEMA]).await, &voice, &memory()).await;
    let ann = site.person().await;
    *vendors.list.lock().unwrap() = Mood::Silent;
    let started = tokio::time::Instant::now();
    assert_eq!(ask(&ann, 500).await, json!({ "error": "Failed to get voice credentials" }));
    assert!(started.elapsed() < Duration::from_secs(20));
    *vendors.list.lock().unwrap() = Mood::Well;
    assert_eq!(ask(&ann, 200).await["allowed"], true, "and its turn has ended");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_vendor_inside_is_not_gone_to() {
    on_each_engine(&[&sync::SCHEMA], |store| async move {
        let url = Url::parse("http://127.0.0.1:1").unwrap();
        let config = OutboundConfig { policy: Policy::public_only(), ..OutboundConfig::default() };
        let outbound = Outbound::new(config).unwrap();
        let voice = Voice {
            elevenlabs: Some(ElevenLabs::new(outbound.clone(), url.clone(), "key").unwrap()),
            revenuecat: Some(RevenueCat::new(outbound, url, "key", None).unwrap()),
        };
        let site = site(&store, &voice, &memory()).await;
        let ann = site.person().await;
        assert_eq!(ask(&ann, 500).await, json!({ "error": "Failed to get voice credentials" }));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_that_was_taken_over_is_called_as_before() {
    on_each_engine(&[&sync::SCHEMA], |store| async move {
        let (vendors, voice) = vendors(None).await;
        let site = site(&store, &voice, &memory()).await;
        // HMAC-SHA256 of the id under the old server's secret, made with another program.
        let known = "u_yxsXw8LQY6DKb-3E3yR9SLYCE1TFivDMb59HwkiCxjc";
        vendors.talks.lock().unwrap().insert(known.to_owned(), vec![1_200]);
        let rows = [account("u1", 1)];
        let (without, with) = (importer(&store, None).await, importer(&store, Some(SECRET)).await);
        with.trust_tokens().await.unwrap();
        take(&without, Kind::Account, &rows).await;
        let old = site.client.with_bearer(&token_of("u1", &json!({})));
        let person = Person { http: old, token: String::new() };
        let first = usage(&person).await["elevenUserId"].clone();
        assert_ne!(first, known, "nobody could know");
        take(&with, Kind::Account, &rows).await;
        assert_eq!(ask(&person, 200).await["reason"], "subscription_required");
        take(&without, Kind::Account, &rows).await;
        assert_eq!(ask(&person, 200).await["usedSeconds"], 1_200, "it stays");
    })
    .await;
}
