//! What strangers try (spec/social.md §4.7–§4.11, §9.4): nothing of it has an effect.

use std::time::{Duration, SystemTime};

use activitypub::media_type;
use activitypub::signature::Form;
use outbound::Policy;
use serde_json::{Value, json};
use social::users::User;
use social::{Id, SCHEMA, Visibility};
use testkit::TestDatabase;

use crate::site::{Site, fast};
use crate::stranger::Stranger;

/// Rows that a stranger could make.
const KEPT: &str = "SELECT (SELECT count(*) FROM social_thoughts WHERE local = 0) + (SELECT count(*) FROM social_likes)
    + (SELECT count(*) FROM social_boosts) + (SELECT count(*) FROM social_follows WHERE follower IN (SELECT id FROM social_users WHERE host IS NOT NULL))";

struct Scene {
    site: Site,
    stranger: Stranger,
    alice: User,
    own: (Id, String),
}

impl Scene {
    async fn set() -> Self {
        let (site, stranger) = (Site::alone(fast()).await, Stranger::start().await);
        let alice = site.person("alice", false).await;
        let own = site.write(&alice, "mine", Visibility::Public, None).await;
        Self { site, stranger, alice, own }
    }

    fn inbox(&self) -> String {
        format!("{}/inbox", self.site.base)
    }

    /// A note of somebody there to alice.
    fn note(&self, author: &str, id: &str) -> Value {
        let (actor, id) = (self.stranger.actor(author), format!("{}/notes/{id}", self.stranger.base));
        let us = format!("{}/users/{}", self.site.base, self.alice.uuid);
        json!({ "id": id, "type": "Note", "attributedTo": actor, "content": "hi", "to": us })
    }

    fn create(&self, author: &str, id: &str) -> Value {
        let note = self.note(author, id);
        let activity = format!("{}/activity", note["id"].as_str().unwrap());
        json!({ "@context": "https://www.w3.org/ns/activitystreams", "id": activity, "type": "Create", "actor": self.stranger.actor(author), "object": note, "to": note["to"] })
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_is_refused_for_each_thing_that_is_wrong_with_it() {
    let scene = Scene::set().await;
    let (inbox, stranger) = (scene.inbox(), &scene.stranger);
    for form in [Form::Draft, Form::Message] {
        let body = scene.create("mallory", &format!("{form:?}")).to_string();
        let now = SystemTime::now();
        let far = Duration::from_hours(26);
        let send = |at, change: fn(&mut http::HeaderMap)| {
            stranger.send_with(&inbox, "mallory", body.clone(), form, at, change)
        };
        let unsigned = |headers: &mut http::HeaderMap| {
            drop((headers.remove("signature"), headers.remove("signature-input")));
        };
        assert_eq!(send(now, unsigned).await, 401);
        assert_eq!(send(now - far, |_| {}).await, 401, "old");
        assert_eq!(send(now + far, |_| {}).await, 401, "ahead");
        let digest: fn(&mut http::HeaderMap) = |headers| {
            for name in ["digest", "content-digest"] {
                if headers.contains_key(name) {
                    let other = if name == "digest" { "SHA-256=AAAA" } else { "sha-256=:AAAA:" };
                    headers.insert(name, other.parse().unwrap());
                }
            }
        };
        assert_eq!(send(now, digest).await, 401, "digest");
        assert_eq!(
            send(now, |headers| drop(headers.insert("host", "other.example".parse().unwrap()))).await,
            401,
            "host"
        );
        assert_eq!(
            send(now, |headers| drop(headers.insert("content-type", "application/json".parse().unwrap())))
                .await,
            415
        );
        assert_eq!(send(now, |_| {}).await, 202, "and taken when nothing is");
    }
    scene.site.until_count("SELECT count(*) FROM social_thoughts WHERE local = 0", 2).await;
    for (body, status) in [
        ("{".to_owned(), 400),
        (format!("{{\"a\":{}{}}}", "[".repeat(1_000), "]".repeat(1_000)), 400),
        (r#"{"id":"http://a.example/1","id":"http://a.example/2","type":"Like","actor":"http://a.example/"}"#.to_owned(), 400),
        (json!({ "type": "Like", "actor": stranger.actor("mallory") }).to_string(), 400),
        (json!({ "id": "http://a.example/", "type": "Like", "actor": ["http://a.example/", "http://b.example/"] }).to_string(), 400),
        (format!("{{\"x\":\"{}\"}}", "x".repeat(300 * 1024)), 413),
    ] {
        assert_eq!(stranger.send_with(&inbox, "mallory", body.clone(), Form::Draft, SystemTime::now(), |_| {}).await, status, "{}", &body[..body.len().min(80)]);
    }
    let ours = json!({ "id": format!("{}/x", scene.site.base), "type": "Like", "actor": format!("{}/users/{}", scene.site.base, scene.alice.uuid), "object": scene.own.1 });
    assert_eq!(stranger.send(&inbox, "mallory", &ours).await, 403);
    assert_eq!(scene.site.count(KEPT).await, 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_speaks_for_another() {
    let scene = Scene::set().await;
    let (inbox, stranger, other) = (scene.inbox(), &scene.stranger, Stranger::start().await);
    // Of an actor on the same host: the key is its own, and good.
    assert_eq!(stranger.send(&inbox, "mallory", &scene.create("victim", "forged")).await, 202);
    // Of an actor of another host.
    let foreign = json!({ "id": format!("{}/1", other.base), "type": "Like", "actor": other.actor("victim"), "object": scene.own.1 });
    assert_eq!(stranger.send(&inbox, "mallory", &foreign).await, 202);
    // A name of another host.
    let named = json!({ "id": format!("{}/2", other.base), "type": "Like", "actor": stranger.actor("mallory"), "object": scene.own.1 });
    assert_eq!(stranger.send(&inbox, "mallory", &named).await, 400);
    // Another author, and an object of another host.
    let mut by_victim = scene.create("mallory", "by-victim");
    by_victim["object"]["attributedTo"] = json!(stranger.actor("victim"));
    assert_eq!(stranger.send(&inbox, "mallory", &by_victim).await, 202);
    let mut elsewhere = scene.create("mallory", "elsewhere");
    elsewhere["object"]["id"] = json!(format!("{}/notes/1", other.base));
    assert_eq!(stranger.send(&inbox, "mallory", &elsewhere).await, 202);
    assert_eq!(scene.site.count(KEPT).await, 0);

    // What somebody wrote is nobody else's to change or delete, also on the same host.
    assert_eq!(stranger.send(&inbox, "victim", &scene.create("victim", "1")).await, 202);
    let note = scene.note("victim", "1");
    let mut changed = note.clone();
    changed["content"] = json!("forged");
    changed["attributedTo"] = json!(stranger.actor("mallory"));
    for (n, activity) in [
        json!({ "type": "Update", "object": changed }),
        json!({ "type": "Delete", "object": note["id"] }),
        json!({ "type": "Delete", "object": { "id": note["id"], "type": "Tombstone" } }),
        json!({ "type": "Delete", "object": stranger.actor("victim") }),
        json!({ "type": "Undo", "object": { "id": "http://a.example/1", "type": "Follow", "actor": stranger.actor("victim"), "object": scene.own.1 } }),
    ].into_iter().enumerate() {
        let mut activity = activity;
        activity["id"] = json!(format!("{}/activities/{n}", stranger.base));
        activity["actor"] = json!(stranger.actor("mallory"));
        assert_eq!(stranger.send(&inbox, "mallory", &activity).await, 202);
    }
    assert_eq!(
        scene.site.count("SELECT count(*) FROM social_thoughts WHERE local = 0 AND content = 'hi'").await,
        1
    );
    assert_eq!(scene.site.count(KEPT).await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_comes_often_happens_once() {
    for database in testkit::databases().await {
        let store = database.open(&[&SCHEMA]).await;
        let (site, stranger) = (Site::start(&store, fast()).await, Stranger::start().await);
        let alice = site.person("alice", false).await;
        let (_, note) = site.write(&alice, "mine", Visibility::Public, None).await;
        let like = json!({ "id": format!("{}/likes/1", stranger.base), "type": "Like", "actor": stranger.actor("bob"), "object": note });
        let inbox = format!("{}/inbox", site.base);
        let sent = futures::future::join_all((0..20).map(|_| stranger.send(&inbox, "bob", &like))).await;
        assert!(sent.iter().all(|status| *status == 202), "{sent:?}");
        assert_eq!(site.count("SELECT count(*) FROM social_likes").await, 1);
        assert_eq!(site.count("SELECT likes FROM social_thought_counts").await, 1);
        assert_eq!(site.count("SELECT count(*) FROM social_notifications").await, 1);
        let keys = stranger.asked().iter().filter(|path| *path == "/users/bob").count();
        assert_eq!(keys, 1, "everybody waits for one request");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_an_actor_is_no_key() {
    let scene = Scene::set().await;
    let (inbox, stranger) = (scene.inbox(), &scene.stranger);
    let good = json!({ "id": stranger.actor("x"), "type": "Person", "inbox": stranger.actor("x"),
        "publicKey": { "id": format!("{}#main-key", stranger.actor("x")), "owner": stranger.actor("x"), "publicKeyPem": stranger.key.public_key().unwrap().to_pem().unwrap() } });
    let changed = |path: &str, name: &str, value: Value| {
        let mut document = good.clone();
        for text in ["id", "inbox"] {
            document[text] = json!(stranger.actor(path));
        }
        document["publicKey"]["id"] = json!(format!("{}#main-key", stranger.actor(path)));
        document["publicKey"]["owner"] = json!(stranger.actor(path));
        match name.split_once('/') {
            Some((outer, inner)) => document[outer][inner] = value,
            None => document[name] = value,
        }
        document.to_string()
    };
    let other = "http://other.example/users/x";
    for (path, content_type, body) in [
        ("upload", "application/json", changed("upload", "name", json!("x"))),
        ("ld", "application/ld+json", changed("ld", "name", json!("x"))),
        ("foreign-id", media_type::ACTIVITY, changed("foreign-id", "id", json!(other))),
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
        ("deep", media_type::ACTIVITY, format!("{{\"a\":{}{}}}", "[".repeat(500), "]".repeat(500))),
        ("large", media_type::ACTIVITY, changed("large", "name", json!("x".repeat(1_100_000)))),
    ] {
        stranger.show(&format!("/users/{path}"), 200, content_type, &body);
        let like = json!({ "id": format!("{}/{path}", stranger.base), "type": "Like", "actor": stranger.actor(path), "object": scene.own.1 });
        assert_eq!(stranger.send(&inbox, path, &like).await, 401, "{path}");
    }
    let like = json!({ "id": format!("{}/nowhere", stranger.base), "type": "Delete", "actor": stranger.actor("nowhere"), "object": stranger.actor("nowhere") });
    assert_eq!(stranger.send(&inbox, "nowhere", &like).await, 202);
    assert!(
        !stranger.asked().contains(&"/users/nowhere".to_owned()),
        "nobody is asked for those who go and were never here"
    );
    assert_eq!(scene.site.count(KEPT).await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_inside_is_asked() {
    let database = TestDatabase::sqlite();
    let store = database.open(&[&SCHEMA]).await;
    let inside = Stranger::start().await;
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    let site = Site::at(listener, &base, &store, fast(), Policy::public_only()).await;
    site.person("alice", false).await;
    let port = inside.base.rsplit_once(':').unwrap().1;
    for host in ["127.0.0.1", "0.0.0.0", "[::ffff:127.0.0.1]", "[::1]", "169.254.169.254", "localhost"] {
        let actor = format!("http://{host}:{port}/users/bob");
        let refused = site.social.elsewhere().unwrap().person(&actor).await.unwrap_err();
        assert!(matches!(refused, social::Error::Elsewhere(_)), "{host}: {refused}");
        let refused = site
            .social
            .elsewhere()
            .unwrap()
            .thought(&format!("http://{host}:{port}/notes/1"))
            .await
            .unwrap_err();
        assert!(matches!(refused, social::Error::Elsewhere(_)), "{host}: {refused}");
    }
    let like = json!({ "id": format!("{}/1", inside.base), "type": "Like", "actor": inside.actor("bob"), "object": "http://a.example/" });
    assert_eq!(inside.send(&format!("{base}/inbox"), "bob", &like).await, 401);
    assert_eq!(inside.asked(), Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn threads_do_not_lead_on_for_ever() {
    let scene = Scene::set().await;
    let stranger = &scene.stranger;
    for n in 0..40 {
        let mut note = scene.note("mallory", &n.to_string());
        note["inReplyTo"] = json!(format!("{}/notes/{}", stranger.base, n + 1));
        stranger.show(&format!("/notes/{n}"), 200, media_type::ACTIVITY, &note.to_string());
    }
    let first = format!("{}/notes/0", stranger.base);
    scene.site.social.elsewhere().unwrap().thought(&first).await.unwrap();
    scene
        .site
        .until("some of the thread", |conn| {
            let count =
                conn.query_one("SELECT count(*) FROM social_thoughts WHERE local = 0", &[], |row| {
                    row.int(0)
                })?;
            Ok((count >= 11).then_some(()))
        })
        .await;
    // Whoever would go on has had all the time it takes.
    scene.site.person("later", false).await;
    assert_eq!(scene.site.count("SELECT count(*) FROM social_thoughts WHERE local = 0").await, 11);
}
