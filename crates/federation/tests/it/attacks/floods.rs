//! Floods: whoever sends one is held up, and nobody else.

use std::time::SystemTime;

use activitypub::signature::Form;
use federation::FederationConfig;
use futures::future::join_all;
use serde_json::json;
use testkit::TestDatabase;

use super::Scene;
use crate::site::fast;
use crate::stranger::Stranger;

async fn scene(inbox_per_minute: u32) -> Scene {
    Scene::on(TestDatabase::sqlite(), FederationConfig { inbox_per_minute, ..fast() }).await
}

#[tokio::test(flavor = "multi_thread")]
async fn of_those_who_claim_a_host_leaves_it_unharmed() {
    let scene = scene(30).await;
    let (inbox, host, own) = (scene.inbox(), &scene.stranger, "192.0.2.1");
    let like = |name: &str| scene.act(name, json!({ "type": "Like", "object": scene.own.1 }));
    assert_eq!(host.send_from(own, &inbox, "bob", &like("bob")).await, 202);
    let (before, impostor) = (scene.rows().await, host.impostor());
    // With a key that is known, and with keys that are invented.
    for n in 0..200 {
        host.show(&format!("/users/ghost{n}"), 404, "text/plain", "");
    }
    let sent = join_all((0..200).map(|n| {
        let (name, from) = (format!("ghost{n}"), format!("203.0.113.{n}"));
        let (impostor, inbox, like) = (&impostor, &inbox, &like);
        async move {
            let known = impostor.send_from(&from, inbox, "bob", &like("bob")).await;
            let invented = impostor.send_from(&from, inbox, &name, &like(&name)).await;
            (known, invented)
        }
    }))
    .await;
    let refused = |status: &u16| [401, 429].contains(status);
    assert!(sent.iter().all(|(known, invented)| refused(known) && refused(invented)), "{sent:?}");
    assert!(sent.iter().any(|(_, invented)| *invented == 429));
    let asked = host.asked().len();
    assert!((1..=80).contains(&asked), "{asked} requests for what strangers say");
    scene.same(&before, "a flood").await;
    // The host itself speaks on, with people who are known and who are new.
    for n in 0..20 {
        let name = format!("new{n}");
        assert_eq!(host.send_from(own, &inbox, &name, &like(&name)).await, 202, "{n}");
    }
    assert_eq!(scene.site.count("SELECT count(*) FROM social_likes").await, 21);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_keys_that_are_invented_asks_each_host_little() {
    let scene = scene(300).await;
    let (inbox, host) = (scene.inbox(), &scene.stranger);
    host.show("/users/ghost", 404, "text/plain", "");
    let like = scene.act("ghost", json!({ "type": "Like", "object": scene.own.1 }));
    let sent = join_all((0..20).map(|_| host.send(&inbox, "ghost", &like))).await;
    assert!(sent.iter().all(|status| *status == 401), "{sent:?}");
    assert_eq!(host.asked().iter().filter(|path| path.contains("ghost")).count(), 1, "all at once are one");
    // One that does not answer well is left alone for a while too.
    host.show("/users/broken", 500, "text/plain", "");
    let like = scene.act("broken", json!({ "type": "Like", "object": scene.own.1 }));
    for _ in 0..5 {
        host.send(&inbox, "broken", &like).await;
    }
    assert!(host.asked().iter().filter(|path| path.contains("broken")).count() <= 5);
    // Also when what is asked for is not an activity.
    let before = host.asked().len();
    for n in 0..120 {
        let name = format!("reader{n}");
        host.show(&format!("/users/{name}"), 404, "text/plain", "");
        let headers = host.signed_get(&scene.own.1, &name);
        let seen = scene.site.http.get(&scene.own.1).headers(headers).send().await.unwrap();
        assert_eq!(seen.status(), 200, "everybody may read it");
    }
    let asked = host.asked().len() - before;
    assert!((1..=75).contains(&asked), "{asked} requests");
}

#[tokio::test(flavor = "multi_thread")]
async fn of_ends_of_people_nobody_knows_makes_no_request_and_no_row() {
    for database in testkit::databases().await {
        let scene = Scene::on(database, FederationConfig { inbox_per_minute: 300, ..fast() }).await;
        let (inbox, stranger, before) = (scene.inbox(), &scene.stranger, scene.rows().await);
        let processed = scene.site.count("SELECT count(*) FROM social_processed").await;
        let sent = join_all((0..300).map(|n| {
            let name = format!("gone{n}");
            let end = scene.act(&name, json!({ "type": "Delete", "object": stranger.actor(&name) }));
            let inbox = &inbox;
            async move { stranger.send(inbox, &name, &end).await }
        }))
        .await;
        assert!(sent.iter().all(|status| *status == 202));
        assert_eq!(stranger.asked(), Vec::<String>::new());
        assert_eq!(scene.site.count("SELECT count(*) FROM social_processed").await, processed);
        scene.same(&before, "ends of nobody").await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn of_one_host_is_told_to_wait_and_others_are_not() {
    let scene = scene(10).await;
    let (inbox, host, other) = (scene.inbox(), &scene.stranger, Stranger::start().await);
    let follow = |host: &Stranger, n: usize| {
        let actor = host.actor(&format!("f{n}"));
        json!({ "id": format!("{}/follows/{n}", host.base), "type": "Follow", "actor": actor, "object": scene.us() }).to_string()
    };
    let mut refused = 0;
    for n in 0..20 {
        let name = format!("f{n}");
        // From many addresses: it is the host that is counted once it has signed.
        let from = move |headers: &mut http::HeaderMap| {
            headers.insert("x-forwarded-for", format!("203.0.113.{n}").parse().unwrap());
        };
        let answer = host.answer(&inbox, &name, follow(host, n), Form::Draft, SystemTime::now(), from).await;
        if answer.status() == 429 {
            let wait: u64 = answer.headers()["retry-after"].to_str().unwrap().parse().unwrap();
            assert!((1..=60).contains(&wait), "{wait}");
            refused += 1;
        } else {
            assert_eq!(answer.status(), 202);
        }
    }
    assert!((8..=10).contains(&refused), "{refused}");
    let follows = scene.site.count("SELECT count(*) FROM social_follows").await;
    assert_eq!(follows, 20 - refused);
    let sent = other.send_with(&inbox, "f0", follow(&other, 0), Form::Draft, SystemTime::now(), |_| {}).await;
    assert_eq!(sent, 202);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_one_address_is_stopped_before_anything_is_read() {
    let scene = scene(10).await;
    let (inbox, stranger) = (scene.inbox(), &scene.stranger);
    let junk = |from: String| {
        let request = scene.site.http.post(&inbox).header("x-forwarded-for", from).body("x");
        async move { request.send().await.unwrap().status().as_u16() }
    };
    let mut answers = Vec::new();
    for _ in 0..60 {
        answers.push(junk("203.0.113.7".into()).await);
    }
    assert!(answers[..40].iter().all(|status| *status == 415), "{answers:?}");
    assert_eq!(answers[59], 429, "{answers:?}");
    let like = scene.act("bob", json!({ "type": "Like", "object": scene.own.1 }));
    assert_eq!(stranger.send_from("203.0.113.7", &inbox, "bob", &like).await, 429);
    assert_eq!(stranger.send_from("203.0.113.8", &inbox, "bob", &like).await, 202);
}
