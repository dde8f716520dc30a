//! What a real server sends, as it sends it.

use activitypub::Address;
use activitypub::object::{
    Activity, ActivityType, Actor, ActorType, Collection, Document, Note, ObjectError, Reference, Tag,
    Visibility,
};
use activitypub::signature::{KeyId, KeyType};
use serde_json::{Value, json};

macro_rules! sample {
    ($name:literal) => {
        include_str!(concat!("samples/", $name, ".json"))
    };
}

fn address(text: &str) -> Address {
    Address::parse(text).unwrap()
}

fn document(json: &Value) -> Document {
    Document::parse(json.to_string().as_bytes(), Document::MAX_INBOX).unwrap()
}

/// The body of a recorded request, or a document.
fn body(sample: &str) -> Document {
    let recorded: Value = serde_json::from_str(sample).unwrap();
    document(recorded.get("body").unwrap_or(&recorded))
}

#[test]
fn activities_are_what_they_are_called() {
    let samples = [
        (sample!("Accept-Follow"), ActivityType::Accept, Some(ActivityType::Follow)),
        (sample!("Announce"), ActivityType::Announce, None),
        (sample!("Block"), ActivityType::Block, None),
        (sample!("Create-Note-public"), ActivityType::Create, None),
        (sample!("Delete-Tombstone"), ActivityType::Delete, None),
        (sample!("Follow"), ActivityType::Follow, None),
        (sample!("Like"), ActivityType::Like, None),
        (sample!("Move"), ActivityType::Move, None),
        (sample!("Undo-Announce"), ActivityType::Undo, Some(ActivityType::Announce)),
        (sample!("Undo-Block"), ActivityType::Undo, Some(ActivityType::Block)),
        (sample!("Undo-Follow"), ActivityType::Undo, Some(ActivityType::Follow)),
        (sample!("Undo-Like"), ActivityType::Undo, Some(ActivityType::Like)),
        (sample!("Update-Note"), ActivityType::Update, None),
        (sample!("Update-Person"), ActivityType::Update, None),
    ];
    for (sample, activity_type, inner) in samples {
        let document = body(sample);
        let activity = Activity::read(document.node()).unwrap();
        assert_eq!(activity.activity_type, Some(activity_type));
        assert_eq!(activity.check_host(), Ok(()), "{activity_type:?}");
        assert!(activity.object.is_some(), "{activity_type:?}");
        let found = activity.inner().map(|inner| inner.unwrap().activity_type.unwrap());
        assert_eq!(found, inner, "{activity_type:?}");
    }
}

#[test]
fn notes_have_their_visibility() {
    for (sample, visibility) in [
        (sample!("Create-Note-public"), Visibility::Public),
        (sample!("Create-Note-unlisted"), Visibility::Unlisted),
        (sample!("Create-Note-followers"), Visibility::Followers),
        (sample!("Create-Note-direct"), Visibility::Private),
    ] {
        let document = body(sample);
        let activity = Activity::read(document.node()).unwrap();
        let note = Note::read(activity.own_object().unwrap()).unwrap();
        let followers = address(&format!("{}/followers", activity.actor));
        assert_eq!(note.audience.visibility(Some(&followers)), visibility);
        assert_eq!(note.attributed_to, activity.actor);
        assert!(note.published.is_some() && note.content.starts_with("<p>"), "{note:?}");
    }
}

#[test]
fn actors_have_inboxes_and_keys() {
    let document = body(sample!("actor"));
    let actor = Actor::read(document.node()).unwrap();
    assert_eq!((actor.actor_type, actor.preferred_username.as_deref()), (ActorType::Person, Some("alice")));
    assert_eq!(actor.fields, [("Software".to_owned(), "Fedify".to_owned())]);
    assert_eq!(actor.shared_inbox.as_ref().unwrap().as_str(), "http://127.0.0.1:3941/inbox");
    let id = |fragment| KeyId::parse(&format!("{}#{fragment}", actor.id)).unwrap();
    let pem = actor.key(&id("main-key")).unwrap().public_key().unwrap();
    let multikey = actor.key(&id("multikey-1")).unwrap().public_key().unwrap();
    assert_eq!((&pem, pem.key_type()), (&multikey, KeyType::Rsa));
    assert_eq!(actor.key(&id("other")), None);
}

#[test]
fn keys_of_others_are_nobodys() {
    let mut json: Value = serde_json::from_str(sample!("actor")).unwrap();
    let id = KeyId::parse("http://127.0.0.1:3941/users/alice#main-key").unwrap();
    let found = |json: &Value| Actor::read(document(json).node()).unwrap().key(&id).is_some();
    assert!(found(&json));
    json["publicKey"]["owner"] = json!("http://127.0.0.1:3941/users/bob");
    assert!(!found(&json));
    json["publicKey"] = json!([7, { "id": "http://127.0.0.1:3941/users/alice#main-key", "owner": json["id"], "publicKeyPem": "x" }]);
    assert!(found(&json));
    json["id"] = json!("http://evil.example/users/alice");
    json["publicKey"] = json!({ "id": id.to_string(), "owner": json["id"], "publicKeyPem": "x" });
    assert!(!found(&json), "an actor elsewhere has a key here");
}

#[test]
fn lists_have_pages_and_pages_have_items() {
    let document = body(sample!("outbox"));
    let list = Collection::read(document.node()).unwrap();
    assert!(list.first.is_some() && list.total.is_some());
    let document = body(sample!("outbox-page"));
    let page = Collection::read(document.node()).unwrap();
    assert_eq!((page.items.len(), page.part_of), (0, list.id));
    let bare = json!({ "type": "as:CollectionPage", "items": ["https://a.example/1", { "id": "https://a.example/2" }, 3, null] });
    let document = self::document(&bare);
    let items = Collection::read(document.node()).unwrap().items;
    assert!(matches!(items[..], [Reference::Address(_), Reference::Embedded(_)]));
}

#[test]
fn shapes_do_not_matter() {
    let plain = json!({
        "id": "https://a.example/n/1", "type": "Note", "attributedTo": "https://a.example/u", "content": "x",
        "to": "as:Public", "tag": { "type": "Hashtag", "name": "#A" },
    });
    let lists = json!({
        "@id": "https://a.example/n/1", "@type": ["Other", "as:Note"], "as:to": ["Public"],
        "attributedTo": [{ "id": "https://a.example/u", "type": "Person" }, "https://evil.example/u"],
        "contentMap": { "en": "x" }, "tag": [{ "type": ["Hashtag"], "name": "a" }, { "type": "Hashtag", "name": "#a" }],
        "https://www.w3.org/ns/activitystreams#url": [{ "type": "Link", "mediaType": "text/html", "href": "https://a.example/p" }],
    });
    for json in [plain, lists] {
        let note = Note::read(document(&json).node()).unwrap();
        assert_eq!((note.content.as_str(), note.attributed_to.as_str()), ("x", "https://a.example/u"));
        assert_eq!(
            (note.audience.visibility(None), &note.tags[..]),
            (Visibility::Public, &[Tag::Hashtag("a".into())][..])
        );
    }
    let article = json!({ "id": "https://a.example/a", "type": "Article", "attributedTo": "https://a.example/u", "name": "<T>", "url": "https://a.example/p" });
    let article = Note::read(document(&article).node()).unwrap();
    let clean = activitypub::text::sanitize(&article.content);
    assert_eq!(activitypub::text::to_plain(&clean), "<T>\nhttps://a.example/p");
}

#[test]
fn what_nobody_can_mean_is_refused() {
    let follow = json!({ "id": "https://a.example/1", "type": "Follow", "actor": "https://a.example/u", "object": "https://b.example/u" });
    let read = |json: &Value| Activity::read(document(json).node()).map(|_| ());
    assert_eq!(read(&follow), Ok(()));
    for (name, value, error) in [
        ("id", Value::Null, ObjectError::Property("id")),
        ("id", json!("urn:x"), ObjectError::Property("id")),
        ("type", Value::Null, ObjectError::Property("type")),
        ("actor", json!([]), ObjectError::Property("actor")),
        ("actor", json!(["https://a.example/u", "https://a.example/v"]), ObjectError::Property("actor")),
        ("actor", json!({ "name": "u" }), ObjectError::Property("actor")),
        ("to", json!(vec!["https://a.example/u"; 2_001]), ObjectError::TooMany("to")),
    ] {
        let mut changed = follow.clone();
        changed[name] = value;
        assert_eq!(read(&changed), Err(error), "{changed}");
    }
    let mut undo = json!({ "type": "Undo", "actor": "https://a.example/u", "object": follow });
    assert_eq!(read(&undo), Ok(()));
    undo["id"] = json!("https://b.example/1");
    let document = document(&undo);
    assert_eq!(Activity::read(document.node()).unwrap().check_host(), Err(ObjectError::Foreign("id")));
}

#[test]
fn nobody_speaks_for_others() {
    let create = |object: Value| json!({ "id": "https://a.example/1", "type": "Create", "actor": "https://a.example/u", "object": object });
    let own =
        |object: Value| Activity::read(document(&create(object)).node()).unwrap().own_object().is_some();
    let note = json!({ "id": "https://a.example/n", "type": "Note", "attributedTo": "https://a.example/u" });
    assert!(own(note.clone()));
    for (name, value) in [
        ("id", json!("https://b.example/n")),
        ("id", Value::Null),
        ("attributedTo", json!("https://a.example/v")),
        ("attributedTo", json!(["https://a.example/v", "https://a.example/u"])),
        ("attributedTo", json!({ "name": "u" })),
        ("actor", json!("https://a.example/v")),
        ("type", json!("Person")),
    ] {
        let mut changed = note.clone();
        changed[name] = value;
        assert!(!own(changed.clone()), "{changed}");
    }
    assert!(!own(json!("https://a.example/n")));
    assert!(own(json!({ "id": "https://a.example/u", "type": "Person" })));
    assert!(own(json!({ "id": "https://a.example/l", "type": "Like", "actor": "https://a.example/u" })));
}
