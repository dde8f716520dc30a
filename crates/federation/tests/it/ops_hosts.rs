//! With whom this server speaks, and how much: what the operator says has its effect.

use std::time::{Duration, SystemTime};

use activitypub::media_type;
use activitypub::signature::Form;
use federation::FederationConfig;
use serde_json::{Value, json};
use social::moderation::{Rule, set_rule};
use social::users::User;
use social::{SCHEMA, Visibility};
use testkit::TestDatabase;

use crate::site::{Site, fast};
use crate::stranger::Stranger;

/// Hosts of strangers and of sites are this one, with a port.
const HERE: &str = "127.0.0.1";

async fn rule(site: &Site, rule: Rule) {
    site.change(move |conn, now| set_rule(conn, now, HERE, rule, None)).await;
}

fn follow(site: &Site, stranger: &Stranger, followed: &User, name: &str) -> Value {
    let us = format!("{}/users/{}", site.base, followed.uuid);
    json!({ "id": format!("{}/follows/{name}", stranger.base), "type": "Follow", "actor": stranger.actor(name), "object": us })
}

#[tokio::test(flavor = "multi_thread")]
async fn where_only_some_are_allowed_nobody_else_is_spoken_with() {
    for database in testkit::databases().await {
        let (store, stranger) = (database.open(&[&SCHEMA]).await, Stranger::start().await);
        let config = FederationConfig { only_allowed: true, ..fast() };
        let site = Site::start(&store, config).await;
        let (alice, inbox) = (site.person("alice", false).await, format!("{}/inbox", site.base));
        let bob = follow(&site, &stranger, &alice, "bob");
        assert_eq!(stranger.send(&inbox, "bob", &bob).await, 202, "taken, and nothing comes of it");
        let elsewhere = site.social.elsewhere().unwrap();
        assert!(elsewhere.person(&stranger.actor("bob")).await.is_err());
        assert_eq!(stranger.asked(), Vec::<String>::new(), "nothing was asked there");
        assert_eq!(site.count("SELECT count(*) FROM social_follows").await, 0);

        rule(&site, Rule::Allow).await;
        assert_eq!(stranger.send(&inbox, "bob", &bob).await, 202);
        site.until_count("SELECT count(*) FROM social_follows", 1).await;
        site.until_told().await;
        let before = stranger.taken().len();
        assert_eq!(before, 1, "he is accepted");

        // What is queued when the rule is made is not sent either.
        stranger.answers(503);
        site.write(&alice, "too late", Visibility::Public, None).await;
        site.until("an attempt", |conn| {
            let tried = "SELECT count(*) FROM social_deliveries WHERE state = 'queued' AND attempts > 0";
            Ok(conn.query_opt(tried, &[], |row| row.int(0))?.filter(|tried| *tried > 0))
        })
        .await;
        site.change(|conn, now| {
            let silence = "UPDATE social_domains SET rule = 'silence', created_at = $1";
            Ok(conn.execute(silence, &[store::v(now)])?)
        })
        .await;
        stranger.answers(202);
        site.write(&alice, "for nobody", Visibility::Public, None).await;
        site.until_told().await;
        assert_eq!(stranger.taken().len(), before);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_suspended_is_not_asked_either() {
    let (site, stranger) = (Site::alone(fast()).await, Stranger::start().await);
    rule(&site, Rule::Suspend).await;
    let elsewhere = site.social.elsewhere().unwrap();
    let handle = format!("@bob@{}", stranger.base.strip_prefix("http://").unwrap());
    for name in [stranger.actor("bob"), handle] {
        assert!(elsewhere.person(&name).await.is_err());
    }
    assert!(elsewhere.thought(&format!("{}/notes/1", stranger.base)).await.is_err());
    assert_eq!(stranger.asked(), Vec::<String>::new());
    assert_eq!(site.count("SELECT count(*) FROM social_users WHERE host IS NOT NULL").await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn bounds_are_those_that_were_set() {
    let (database, stranger) = (TestDatabase::sqlite(), Stranger::start().await);
    let store = database.open(&[&SCHEMA]).await;
    let config = FederationConfig {
        inbox_max_bytes: 20_000,
        fetch_max_bytes: 70_000,
        signature_window: Duration::from_mins(2),
        hide_collections: true,
        ..fast()
    };
    let site = Site::start(&store, config).await;
    let (alice, inbox) = (site.person("alice", false).await, format!("{}/inbox", site.base));
    let activity = |bytes: usize| {
        let mut follow = follow(&site, &stranger, &alice, "bob");
        follow["padding"] = Value::from("x".repeat(bytes));
        follow.to_string()
    };
    let send =
        async |body: String, at| stranger.send_with(&inbox, "bob", body, Form::Draft, at, |_| {}).await;
    let now = SystemTime::now();
    assert_eq!(send(activity(20_000), now).await, 413);
    assert_eq!(
        send(activity(1), now - Duration::from_mins(10)).await,
        401,
        "it is within the hour, and too old"
    );
    assert_eq!(send(activity(15_000), now).await, 202);
    site.until_count("SELECT count(*) FROM social_follows WHERE state = 'accepted'", 1).await;

    let list = format!("{}/users/{}/followers", site.base, alice.uuid);
    let total: Value = site.get(&list, media_type::ACTIVITY).await.json().await.unwrap();
    let page: Value = site.get(&format!("{list}?page=1"), media_type::ACTIVITY).await.json().await.unwrap();
    assert_eq!((&total["totalItems"], &page["orderedItems"]), (&json!(1), &json!([])), "{page}");

    let note = |bytes: usize| {
        let (id, text) = (format!("{}/notes/{bytes}", stranger.base), "x".repeat(bytes));
        json!({ "id": id, "type": "Note", "attributedTo": stranger.actor("bob"), "content": text,
            "to": "https://www.w3.org/ns/activitystreams#Public" })
    };
    let elsewhere = site.social.elsewhere().unwrap();
    for (bytes, is_taken) in [(60_000, true), (80_000, false)] {
        stranger.show(&format!("/notes/{bytes}"), 200, media_type::ACTIVITY, &note(bytes).to_string());
        let found = elsewhere.thought(&format!("{}/notes/{bytes}", stranger.base)).await;
        assert_eq!(found.is_ok(), is_taken, "{bytes}: {found:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_host_that_sends_more_than_it_may_waits() {
    let stranger = Stranger::start().await;
    let site = Site::alone(FederationConfig { inbox_per_minute: 2, ..fast() }).await;
    let (alice, inbox) = (site.person("alice", false).await, format!("{}/inbox", site.base));
    let mut statuses = Vec::new();
    for name in ["bob", "carol", "dave"] {
        statuses.push(stranger.send(&inbox, name, &follow(&site, &stranger, &alice, name)).await);
    }
    assert_eq!(statuses, [202, 202, 429]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_host_that_nobody_knows_is_sent_the_form_that_was_chosen() {
    let (seen, mut first) = tokio::sync::mpsc::unbounded_channel();
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    let router = axum::Router::new().fallback(move |headers: http::HeaderMap| {
        let seen = seen.clone();
        async move {
            seen.send(headers.contains_key("signature-input")).unwrap();
            http::StatusCode::NOT_FOUND
        }
    });
    tokio::spawn(async move { axum::serve(listener, router).await });
    for (first_knock, expected) in [(Form::Draft, false), (Form::Message, true)] {
        let site = Site::alone(FederationConfig { first_knock, ..fast() }).await;
        let address = format!("{base}/notes/{expected}");
        assert!(site.social.elsewhere().unwrap().thought(&address).await.is_err());
        assert_eq!(first.recv().await, Some(expected), "{first_knock:?}");
    }
}
