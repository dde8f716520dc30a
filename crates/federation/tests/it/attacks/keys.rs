//! Keys that are somebody else's, or none.

use activitypub::media_type;
use activitypub::signature::Form;
use serde_json::{Value, json};
use std::time::SystemTime;

use super::Scene;

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_an_actor_is_no_key() {
    let scene = Scene::set().await;
    let (inbox, stranger, before) = (scene.inbox(), &scene.stranger, scene.rows().await);
    let changed = |name: &str, property: &str, value: Value| {
        let mut document = stranger.person(name);
        match property.split_once('/') {
            Some((outer, inner)) => document[outer][inner] = value,
            None => document[property] = value,
        }
        document.to_string()
    };
    let (other, ld) =
        ("http://other.example/users/x", "application/ld+json; profile=\"https://example.com/\"");
    let upload = |name: &str| changed(name, "name", json!("x"));
    let pem = "-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEA\n-----END PUBLIC KEY-----";
    for (name, content_type, body) in [
        ("upload", "application/json", upload("upload")),
        ("ld", "application/ld+json", upload("ld")),
        ("profile", ld, upload("profile")),
        ("html", "text/html", upload("html")),
        ("typeless", "", upload("typeless")),
        ("foreign-id", media_type::ACTIVITY, changed("foreign-id", "id", json!(other))),
        ("other-id", media_type::ACTIVITY, changed("other-id", "id", json!(stranger.actor("victim")))),
        ("no-id", media_type::ACTIVITY, changed("no-id", "id", Value::Null)),
        ("foreign-owner", media_type::ACTIVITY, changed("foreign-owner", "publicKey/owner", json!(other))),
        (
            "other-owner",
            media_type::ACTIVITY,
            changed("other-owner", "publicKey/owner", json!(stranger.actor("victim"))),
        ),
        (
            "other-key",
            media_type::ACTIVITY,
            changed("other-key", "publicKey/id", json!("http://other.example/#main-key")),
        ),
        ("no-key", media_type::ACTIVITY, changed("no-key", "publicKey", Value::Null)),
        ("bad-key", media_type::ACTIVITY, changed("bad-key", "publicKey/publicKeyPem", json!(pem))),
        ("note", media_type::ACTIVITY, changed("note", "type", json!("Note"))),
        ("renamed", media_type::ACTIVITY, changed("renamed", "@context", json!([{ "publicKey": "as:x" }]))),
        ("deep", media_type::ACTIVITY, format!("{{\"a\":{}{}}}", "[".repeat(500), "]".repeat(500))),
        ("large", media_type::ACTIVITY, changed("large", "name", json!("x".repeat(1_100_000)))),
        ("list", media_type::ACTIVITY, format!("[{}]", upload("list"))),
    ] {
        stranger.show(&format!("/users/{name}"), 200, content_type, &body);
        let like = json!({ "id": format!("{}/{name}", stranger.base), "type": "Like", "actor": stranger.actor(name), "object": scene.own.1 });
        for _ in 0..3 {
            assert_eq!(stranger.send(&inbox, name, &like).await, 401, "{name}");
        }
        let asked = stranger.asked().iter().filter(|path| **path == format!("/users/{name}")).count();
        assert_eq!(asked, 1, "{name}: what is none is not asked for again so soon");
    }
    scene.same(&before, "without a key").await;
}

/// A key that has a document of its own is its owner's only if they say so.
#[tokio::test(flavor = "multi_thread")]
async fn a_key_by_itself_is_whose_it_says_only_if_they_agree() {
    let scene = Scene::set().await;
    let (inbox, stranger, before) = (scene.inbox(), &scene.stranger, scene.rows().await);
    let pem = stranger.person("x")["publicKey"]["publicKeyPem"].clone();
    for (name, owner) in [("lone", stranger.actor("victim")), ("foreign", scene.us())] {
        let id = format!("{}#main-key", stranger.actor(name));
        let key = json!({ "id": stranger.actor(name), "type": "Key", "owner": owner, "publicKeyPem": pem });
        stranger.show(&format!("/users/{name}"), 200, media_type::ACTIVITY, &key.to_string());
        for actor in [stranger.actor("victim"), stranger.actor(name)] {
            let like = json!({ "id": format!("{id}-{}", actor.len()), "type": "Like", "actor": actor, "object": scene.own.1 });
            assert_eq!(stranger.send(&inbox, name, &like).await, 401, "{name}");
        }
    }
    // A good key of somebody says nothing for another of the same host, whatever its name is made to look like.
    let like = scene.act("victim", json!({ "type": "Like", "object": scene.own.1 }));
    for key in ["mallory", "mallory#main-key", "victim/../mallory", "mallory?victim"] {
        let sent =
            stranger.send_with(&inbox, key, like.to_string(), Form::Draft, SystemTime::now(), |_| {}).await;
        assert!([202, 401].contains(&sent), "{key}: {sent}");
    }
    scene.same(&before, "with the keys of others").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_gone_is_gone_by_the_word_of_their_own_server() {
    for scene in Scene::each().await {
        let (inbox, stranger, other) =
            (scene.inbox(), &scene.stranger, crate::stranger::Stranger::start().await);
        assert_eq!(scene.send("victim", json!({ "type": "Like", "object": scene.own.1 })).await, 202);
        let before = scene.rows().await;
        let asked = stranger.asked().len();
        let end = scene.act("victim", json!({ "type": "Delete", "object": stranger.actor("victim") }));
        // With keys that are gone: of another host, and of this one.
        other.show("/users/ghost", 410, "text/plain", "");
        stranger.show("/users/ghost", 410, "text/plain", "");
        assert_eq!(other.send(&inbox, "ghost", &end).await, 401);
        assert_eq!(stranger.asked().len(), asked, "nobody is asked on a stranger's word");
        assert_eq!(stranger.send(&inbox, "ghost", &end).await, 401);
        scene.same(&before, "who is still there").await;
        stranger.show("/users/victim", 410, "text/plain", "");
        assert_eq!(stranger.send(&inbox, "ghost", &end).await, 202);
        scene.site.until_count("SELECT count(*) FROM social_likes", 0).await;
    }
}
