//! Requests with something wrong.

use std::time::{Duration, SystemTime};

use activitypub::signature::Form;
use http::HeaderMap;
use serde_json::json;

use super::Scene;

type Change = fn(&mut HeaderMap);

/// What is done to a request after it was signed, and what becomes of it.
const CHANGES: [(&str, Change, u16); 9] = [
    ("unsigned", |headers| drop((headers.remove("signature"), headers.remove("signature-input"))), 401),
    ("no digest", |headers| drop((headers.remove("digest"), headers.remove("content-digest"))), 401),
    ("another digest", another_digest, 401),
    ("another host", |headers| drop(headers.insert("host", "other.example".parse().unwrap())), 401),
    ("no date", |headers| drop(headers.remove("date")), 401),
    ("two signatures", |headers| assert!(headers.append("signature", headers["signature"].clone())), 401),
    ("JSON", |headers| drop(headers.insert("content-type", "application/json".parse().unwrap())), 415),
    ("HTML", |headers| drop(headers.insert("content-type", "text/html".parse().unwrap())), 415),
    ("no type", |headers| drop(headers.remove("content-type")), 415),
];

fn another_digest(headers: &mut HeaderMap) {
    let none = "A".repeat(43);
    for (name, value) in
        [("digest", format!("SHA-256={none}=")), ("content-digest", format!("sha-256=:{none}=:"))]
    {
        if headers.contains_key(name) {
            headers.insert(name, value.parse().unwrap());
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn is_refused_for_each_thing_that_is_wrong_with_it() {
    for scene in Scene::each().await {
        let (inbox, stranger, before) = (scene.inbox(), &scene.stranger, scene.rows().await);
        for form in [Form::Draft, Form::Message] {
            let body = scene.create("mallory", &format!("{form:?}")).to_string();
            let (now, far) = (SystemTime::now(), Duration::from_hours(26));
            for (what, change, status) in CHANGES {
                // Of the same signature twice the newer form says that the last counts.
                if (form, what) == (Form::Message, "two signatures") {
                    continue;
                }
                let sent = stranger.send_with(&inbox, "mallory", body.clone(), form, now, change).await;
                assert_eq!(sent, status, "{form:?}: {what}");
            }
            for (what, at) in [("old", now - far), ("ahead", now + far)] {
                let sent = stranger.send_with(&inbox, "mallory", body.clone(), form, at, |_| {}).await;
                assert_eq!(sent, 401, "{form:?}: {what}");
            }
            let other = body.replace("\"hi\"", "\"ho\"");
            let sent = stranger.send_other(&inbox, "mallory", (&body, other), form).await;
            assert_eq!(sent, 401, "{form:?}: another body");
            let elsewhere = format!("{}/inbox", scene.us());
            let signed = stranger.signed(&elsewhere, "mallory", &body, form, now);
            assert_eq!(
                stranger.post(&inbox, signed, body.clone()).await.status(),
                401,
                "{form:?}: for another inbox"
            );
        }
        scene.same(&before, "what is refused").await;
        for form in [Form::Draft, Form::Message] {
            let body = scene.create("mallory", &format!("{form:?}")).to_string();
            let taken =
                stranger.send_with(&inbox, "mallory", body.clone(), form, SystemTime::now(), |_| {}).await;
            assert_eq!(taken, 202, "and taken when nothing is wrong");
            let again = stranger.send_with(&inbox, "mallory", body, form, SystemTime::now(), |_| {}).await;
            assert_eq!(again, 202);
        }
        scene.site.until_count("SELECT count(*) FROM social_thoughts WHERE local = 0", 2).await;
        assert_eq!(scene.site.count("SELECT count(*) FROM social_notifications").await, 2, "once each");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn is_refused_for_what_it_says() {
    let scene = Scene::set().await;
    let (inbox, stranger, before) = (scene.inbox(), &scene.stranger, scene.rows().await);
    let mallory = stranger.actor("mallory");
    let ours = json!({ "id": format!("{}/x", scene.site.base), "type": "Like", "actor": scene.us(), "object": scene.own.1 });
    let named = json!({ "id": format!("{}/x", scene.site.base), "type": "Like", "actor": mallory, "object": scene.own.1 });
    let renamed = json!({ "@context": [{ "actor": "as:object" }], "id": format!("{}/1", stranger.base), "type": "Like", "actor": mallory, "object": scene.own.1 });
    let many: Vec<String> = (0..2_500).map(|n| format!("{}/users/{n}", stranger.base)).collect();
    let many = json!({ "id": format!("{}/2", stranger.base), "type": "Create", "actor": mallory, "to": many, "object": scene.note("mallory", "many") });
    for (body, status) in [
        ("{".to_owned(), 400),
        ("[]".to_owned(), 400),
        (format!("{{\"a\":{}{}}}", "[".repeat(1_000), "]".repeat(1_000)), 400),
        (format!(r#"{{"id":"{0}/1","id":"{0}/2","type":"Like","actor":"{mallory}"}}"#, stranger.base), 400),
        (format!(r#"{{"id":"{0}/1","type":"Like","type":"Follow","actor":"{mallory}"}}"#, stranger.base), 400),
        (format!(r#"{{"id":"{0}/1","type":"Like","actor":"{mallory}","actor":"{0}/users/x"}}"#, stranger.base), 400),
        (format!(r#"{{"id":"{0}/1","type":"Like","actor":"{mallory}","object":"x","object":"y"}}"#, stranger.base), 400),
        (json!({ "type": "Like", "actor": mallory }).to_string(), 400),
        (json!({ "id": "urn:x", "type": "Like", "actor": mallory }).to_string(), 400),
        (json!({ "id": "http://a.example/", "actor": mallory }).to_string(), 400),
        (json!({ "id": "http://a.example/", "type": "Like" }).to_string(), 400),
        (json!({ "id": "http://a.example/", "type": "Like", "actor": ["http://a.example/", "http://b.example/"] }).to_string(), 400),
        (format!("{{\"x\":\"{}\"}}", "x".repeat(300 * 1024)), 413),
        (many.to_string(), 400),
        (renamed.to_string(), 400),
        (ours.to_string(), 403),
        (named.to_string(), 403),
    ] {
        let sent = stranger.send_with(&inbox, "mallory", body.clone(), Form::Draft, SystemTime::now(), |_| {}).await;
        assert_eq!(sent, status, "{}", &body[..body.len().min(120)]);
    }
    scene.same(&before, "what is refused").await;
}
