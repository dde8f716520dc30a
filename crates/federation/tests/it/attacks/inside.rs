//! Addresses that lead inside: this machine, its network, its provider's. Whatever names them, and however, no connection is made.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use activitypub::media_type;
use activitypub::signature::Form;
use outbound::Policy;
use serde_json::{Value, json};
use social::users::User;
use social::{SCHEMA, Visibility, relations};
use std::time::SystemTime;
use testkit::{DnsServer, TestDatabase};
use tokio::net::TcpListener;

use crate::site::{Site, fast};
use crate::stranger::Stranger;

/// How else an address of this machine, or of what is beside it, is written.
const SPELLINGS: [&str; 12] = [
    "127.0.0.1",
    "127.1",
    "2130706433",
    "0177.0.0.1",
    "0x7f000001",
    "0.0.0.0",
    "[::1]",
    "[::]",
    "[::ffff:127.0.0.1]",
    "[64:ff9b::7f00:1]",
    "169.254.169.254",
    "inside.example",
];

/// What listens inside and counts who connects, with or without TLS.
struct Trap {
    port: u16,
    connections: Arc<AtomicUsize>,
}

impl Trap {
    async fn set() -> Self {
        let connections = Arc::<AtomicUsize>::default();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let mut listeners = vec![listener];
        listeners.extend(TcpListener::bind(("::1", port)).await);
        for listener in listeners {
            let connections = Arc::clone(&connections);
            tokio::spawn(async move {
                while listener.accept().await.is_ok() {
                    connections.fetch_add(1, Ordering::SeqCst);
                }
            });
        }
        Self { port, connections }
    }

    fn connections(&self) -> usize {
        self.connections.load(Ordering::SeqCst)
    }

    /// Each way to it.
    fn addresses(&self) -> impl Iterator<Item = String> {
        let port = self.port;
        let schemes = ["http", "https"].into_iter();
        schemes.flat_map(move |scheme| SPELLINGS.map(|host| format!("{scheme}://{host}:{port}")))
    }
}

/// A server as in production, except that `127.0.0.2` is public, where somebody evil has theirs.
struct Scene {
    site: Site,
    evil: Stranger,
    alice: User,
    trap: Trap,
    dns: DnsServer,
    _database: TestDatabase,
}

impl Scene {
    async fn set() -> Self {
        let (database, dns) = (TestDatabase::sqlite(), DnsServer::start().await);
        dns.addresses("inside.example", &["127.0.0.1", "10.0.0.1", "::1"]);
        let store = database.open(&[&SCHEMA]).await;
        let policy = Policy { allow_networks: vec!["127.0.0.2/32".parse().unwrap()], ..Policy::default() };
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let site = Site::at(listener, &base, &store, fast(), policy, Some(dns.address)).await;
        let alice = site.person("alice", false).await;
        Self {
            site,
            evil: Stranger::on("127.0.0.2").await,
            alice,
            trap: Trap::set().await,
            dns,
            _database: database,
        }
    }

    async fn send(&self, author: &str, activity: Value) -> u16 {
        let id = format!("{}/activities/{}", self.evil.base, uuid::Uuid::new_v4());
        let mut whole = json!({ "id": id, "actor": self.evil.actor(author) });
        whole.as_object_mut().unwrap().extend(activity.as_object().unwrap().clone());
        self.evil.send(&format!("{}/inbox", self.site.base), author, &whole).await
    }

    async fn person(&self, name: &str) -> Result<social::Id, social::Error> {
        self.site.social.elsewhere().unwrap().person(name).await
    }

    async fn thought(&self, address: &str) -> Result<social::Id, social::Error> {
        self.site.social.elsewhere().unwrap().thought(address).await
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn are_not_asked_when_people_or_requests_name_them() {
    let scene = Scene::set().await;
    let inbox = format!("{}/inbox", scene.site.base);
    for base in scene.trap.addresses() {
        for found in
            [scene.person(&format!("{base}/users/x")).await, scene.thought(&format!("{base}/notes/1")).await]
        {
            assert!(matches!(found, Err(social::Error::Elsewhere(_))), "{base}: {found:?}");
        }
        let host = base.split_once("://").unwrap().1;
        assert!(scene.person(&format!("@x@{host}")).await.is_err(), "{base}");
        // As the key of a request, and as its actor.
        let inside = scene.evil.called(&base);
        for form in [Form::Draft, Form::Message] {
            let like = json!({ "id": format!("{base}/1"), "type": "Like", "actor": inside.actor("x"), "object": format!("{base}/2") });
            let sent = inside.send_with(&inbox, "x", like.to_string(), form, SystemTime::now(), |_| {}).await;
            assert_eq!(sent, 401, "{base}");
        }
        let passed_on =
            json!({ "actor": inside.actor("x"), "type": "Create", "object": format!("{base}/notes/1") });
        assert_eq!(scene.send("mallory", passed_on).await, 202);
    }
    assert_eq!(scene.trap.connections(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn are_not_asked_when_documents_lead_to_them() {
    let scene = Scene::set().await;
    let (site, evil) = (&scene.site, &scene.evil);
    let us = format!("{}/users/{}", site.base, scene.alice.uuid);
    let found = scene.person(&evil.actor("good")).await;
    assert!(found.is_ok(), "what is public is asked: {found:?}");
    for (n, base) in scene.trap.addresses().enumerate() {
        let name = format!("m{n}");
        let mut person = evil.person(&name);
        for property in ["outbox", "followers", "following", "featured", "inbox"] {
            person[property] = json!(format!("{base}/{property}"));
        }
        person["icon"] = json!({ "type": "Image", "url": format!("{base}/icon.png") });
        person["image"] = person["icon"].clone();
        person["endpoints"] = json!({ "sharedInbox": format!("{base}/inbox") });
        person["movedTo"] = json!(format!("{base}/users/next"));
        person["alsoKnownAs"] = json!([format!("{base}/users/old")]);
        evil.show(&format!("/users/{name}"), 200, media_type::ACTIVITY, &person.to_string());
        // Alice follows them, looks at them, and tells them something.
        let follow = json!({ "type": "Follow", "object": us });
        assert_eq!(scene.send(&name, follow).await, 202);
        let them = site.find(&evil.actor(&name)).await;
        site.follow(&scene.alice, &them).await;
        let (alice, followed) = (scene.alice.clone(), them.clone());
        site.change(move |conn, now| relations::accept(conn, now, &alice, &followed)).await;
        site.social.elsewhere().unwrap().looked_at(them.id);
        let id = format!("{}/notes/{n}", evil.base);
        let note = json!({
            "id": id, "type": "Note", "attributedTo": evil.actor(&name), "content": format!("<img src=\"{base}/x.png\">"), "to": us,
            "inReplyTo": format!("{base}/notes/1"), "replies": format!("{base}/replies"), "url": format!("{base}/html"),
            "tag": [{ "type": "Mention", "href": format!("{base}/users/x"), "name": "@x" },
                { "type": "Emoji", "name": ":x:", "icon": { "type": "Image", "url": format!("{base}/emoji.png") } }],
            "attachment": [{ "type": "Image", "url": format!("{base}/picture.png"), "mediaType": "image/png" }],
        });
        evil.show(&format!("/notes/{n}"), 200, media_type::ACTIVITY, &note.to_string());
        for activity in [
            json!({ "type": "Create", "object": note, "to": us }),
            json!({ "type": "Create", "object": format!("{base}/notes/2"), "to": us }),
            json!({ "type": "Announce", "object": format!("{base}/notes/3"), "to": "as:Public" }),
            json!({ "type": "Update", "object": format!("{base}/notes/4"), "to": us }),
            json!({ "type": "Move", "object": evil.actor(&name), "target": format!("{base}/users/next") }),
            json!({ "type": "Add", "object": format!("{base}/notes/5"), "target": format!("{base}/featured") }),
        ] {
            let sent = scene.send(&name, activity.clone()).await;
            assert_eq!(sent, 202, "{activity}");
        }
        assert!(scene.thought(&id).await.is_ok());
    }
    site.write(&scene.alice, "to all who follow me", Visibility::Public, None).await;
    site.until("each delivery to be tried", |conn| {
        let left = "SELECT (SELECT count(*) FROM social_events) + (SELECT count(*) FROM social_deliveries WHERE state = 'queued' AND attempts = 0)";
        let left = conn.query_one(left, &[], |row| row.int(0))?;
        Ok((left == 0).then_some(()))
    })
    .await;
    assert_eq!(scene.trap.connections(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn are_not_asked_when_others_send_there() {
    let scene = Scene::set().await;
    let evil = &scene.evil;
    for (n, base) in scene.trap.addresses().enumerate() {
        for (kind, status) in [("users", 301), ("notes", 302), ("users", 307)] {
            let path = format!("/{kind}/r{n}-{status}");
            evil.show(&path, status, media_type::ACTIVITY, &format!("{base}{path}"));
            let address = format!("{}{path}", evil.base);
            let found =
                if kind == "users" { scene.person(&address).await } else { scene.thought(&address).await };
            assert!(matches!(found, Err(social::Error::Elsewhere(_))), "{base}: {found:?}");
        }
        assert_eq!(
            scene.send(&format!("r{n}-301"), json!({ "type": "Like", "object": "http://a.example/" })).await,
            401
        );
        // From there, and only then inside.
        evil.show(
            &format!("/users/far{n}"),
            302,
            media_type::ACTIVITY,
            &format!("{}/users/r{n}-301", evil.base),
        );
        assert!(scene.person(&evil.actor(&format!("far{n}"))).await.is_err());
        // WebFinger: it redirects there, names somebody there, and so does host-meta.
        let host = evil.base.split_once("://").unwrap().1;
        let jrd = json!({ "subject": format!("acct:x@{host}"), "links": [{ "rel": "self", "type": media_type::ACTIVITY, "href": format!("{base}/users/x") }] });
        evil.show("/.well-known/webfinger", 200, "application/jrd+json", &jrd.to_string());
        assert!(scene.person(&format!("@x@{host}")).await.is_err(), "{base}");
        evil.show(
            "/.well-known/webfinger",
            302,
            "application/jrd+json",
            &format!("{base}/.well-known/webfinger"),
        );
        assert!(scene.person(&format!("@x@{host}")).await.is_err(), "{base}");
        evil.show("/.well-known/webfinger", 404, "text/plain", "");
        let xml = format!("<XRD><Link rel='lrdd' template='{base}/?r={{uri}}'/></XRD>");
        evil.show("/.well-known/host-meta", 200, "application/xrd+xml", &xml);
        assert!(scene.person(&format!("@x@{host}")).await.is_err(), "{base}");
    }
    assert!(evil.asked().iter().any(|path| path.contains("host-meta")), "{:?}", evil.asked());
    assert_eq!(scene.trap.connections(), 0);
}

/// A name is looked up once for each connection, and what was checked is what is connected to.
#[tokio::test(flavor = "multi_thread")]
async fn are_not_asked_when_a_name_changes_its_mind() {
    let scene = Scene::set().await;
    let address: SocketAddr = scene.evil.base.strip_prefix("http://").unwrap().parse().unwrap();
    // The same port inside, where the second answer leads.
    let inside = TcpListener::bind(("127.0.0.1", address.port())).await.unwrap();
    let count = Arc::<AtomicUsize>::default();
    let counted = Arc::clone(&count);
    tokio::spawn(async move {
        while inside.accept().await.is_ok() {
            counted.fetch_add(1, Ordering::SeqCst);
        }
    });
    scene.dns.addresses("rebind.example", &["127.0.0.2"]);
    scene.dns.then_addresses("rebind.example", &["127.0.0.1"]);
    let evil = scene.evil.called(&format!("http://rebind.example:{}", address.port()));
    for name in ["one", "two", "three"] {
        let mut person = evil.person(name);
        for (property, value) in [("id", evil.actor(name)), ("inbox", format!("{}/inbox", evil.actor(name)))]
        {
            person[property] = json!(value);
        }
        evil.show(&format!("/users/{name}"), 200, media_type::ACTIVITY, &person.to_string());
    }
    let mut found = Vec::new();
    for name in ["one", "two", "three"] {
        found.push(scene.person(&evil.actor(name)).await.is_ok());
    }
    assert!(found[0], "the first answer is public");
    assert_eq!(count.load(Ordering::SeqCst), 0, "{found:?}");
}
