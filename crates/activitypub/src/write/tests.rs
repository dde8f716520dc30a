//! What is written is what spec/social.md §4 shows, and what is read again.

use serde_json::{Value, json};
use time::OffsetDateTime;

use super::{
    ActivityDocument, ActorDocument, CollectionDocument, NoteDocument, PageDocument, accept, tombstone, undo,
};
use crate::Address;
use crate::object::{
    Activity, ActivityType, Actor, ActorType, Collection, Document, Note, Tag, Tombstone, Visibility,
};
use crate::text::Target;
use crate::webfinger::Handle;

const ALICE: &str = "https://a.example/users/1";
const BOB: &str = "https://b.example/u/bob";

fn document(json: &Value) -> Document {
    Document::parse(json.to_string().as_bytes(), Document::MAX_INBOX).unwrap()
}

fn address(text: &str) -> Address {
    Address::parse(text).unwrap()
}

fn note<'n>(visibility: Visibility, targets: &'n [Target<'n>]) -> NoteDocument<'n> {
    NoteDocument {
        id: "https://a.example/thoughts/1",
        attributed_to: ALICE,
        followers: "https://a.example/users/1/followers",
        content: "Hi @bob@b.example #Rust",
        targets,
        language: Some("en"),
        visibility,
        also: &[BOB, "https://c.example/u"],
        published: Some(OffsetDateTime::UNIX_EPOCH + time::Duration::milliseconds(1_500)),
        updated: None,
        in_reply_to: Some("https://b.example/n/1"),
        sensitive: true,
        summary: Some("CW"),
        mood: None,
    }
}

#[test]
fn a_note_says_who_may_see_it() {
    let handle = Handle::parse("bob@b.example").unwrap();
    let targets = [
        Target::Mention { user: "bob", host: Some("b.example"), handle, actor: BOB, url: BOB },
        Target::Hashtag { name: "rust", href: "https://a.example/tags/rust" },
    ];
    let followers = address("https://a.example/users/1/followers");
    for visibility in [Visibility::Public, Visibility::Unlisted, Visibility::Followers, Visibility::Private] {
        let written = note(visibility, &targets);
        let json = written.to_json();
        let read = Note::read(document(&json).node()).unwrap();
        assert_eq!(read.audience.visibility(Some(&followers)), visibility);
        assert!(read.audience.names(&address(BOB)) && read.audience.names(&address("https://c.example/u")));
        assert_eq!(read.audience.names(&followers), visibility != Visibility::Private);
        assert_eq!(read.tags[1], Tag::Hashtag("rust".into()));
        assert_eq!(
            (read.language.as_deref(), read.summary.as_deref(), read.sensitive),
            (Some("en"), Some("CW"), true)
        );
        assert_eq!(json["published"], "1970-01-01T00:00:01.500Z");
        assert!(read.extensions.is_empty(), "{:?}", read.extensions);

        let create = ActivityDocument::new(
            "https://a.example/thoughts/1/activity",
            ActivityType::Create,
            ALICE,
            written.to_json(),
        );
        let create = create.addressed(written.audience()).to_json();
        assert_eq!((&create["to"], &create["object"]["@context"]), (&json["to"], &Value::Null));
        let create = document(&create);
        let activity = Activity::read(create.node()).unwrap();
        assert!(activity.check_host().is_ok() && activity.own_object().is_some());
    }
    assert_eq!(note(Visibility::Public, &[]).to_json()["tag"], Value::Null);
}

#[test]
fn an_actor_is_read_again() {
    let fields = [("Web".to_owned(), "https://me.example".to_owned())];
    let actor = ActorDocument {
        id: ALICE,
        actor_type: ActorType::Person,
        preferred_username: "alice",
        name: "",
        summary: "<hi>",
        url: "https://a.example/@alice",
        shared_inbox: "https://a.example/inbox",
        public_key_pem: "-----BEGIN PUBLIC KEY-----",
        manually_approves_followers: true,
        discoverable: false,
        published: None,
        updated: None,
        icon: Some(("image/png", "https://a.example/i.png")),
        image: None,
        also_known_as: &[],
        moved_to: None,
        fields: &fields,
    };
    let json = actor.to_json();
    assert_eq!((&json["summary"], &json["name"]), (&json!("<p>&lt;hi&gt;</p>"), &json!("alice")));
    for absent in ["image", "movedTo", "alsoKnownAs", "published"] {
        assert!(json.get(absent).is_none(), "{absent}");
    }
    let read = Actor::read(document(&json).node()).unwrap();
    assert_eq!(read.inbox, address("https://a.example/users/1/inbox"));
    assert_eq!(
        (read.shared_inbox, read.icon),
        (Some(address("https://a.example/inbox")), Some(address("https://a.example/i.png")))
    );
    assert_eq!((read.manually_approves_followers, read.discoverable, read.fields.len()), (true, false, 1));
    assert_eq!(read.keys[0].id.as_str(), ActorDocument::key_id(ALICE));
}

#[test]
fn answers_and_undos_carry_what_they_are_about() {
    let follow = ActivityDocument::new("https://b.example/f/1", ActivityType::Follow, BOB, ALICE);
    let answer = document(&accept("https://a.example/activities/1", ALICE, &follow));
    let inner = Activity::read(answer.node()).unwrap().inner().unwrap().unwrap();
    assert_eq!((inner.id.unwrap().as_str(), inner.actor.as_str()), ("https://b.example/f/1", BOB));
    let like = ActivityDocument::new(
        "https://a.example/activities/like/1",
        ActivityType::Like,
        ALICE,
        "https://b.example/n/1",
    );
    let like = like.addressed((vec![BOB], vec![]));
    let undo = document(&undo("https://a.example/activities/2", &like));
    let activity = Activity::read(undo.node()).unwrap();
    assert!(activity.audience.names(&address(BOB)));
    assert_eq!(activity.inner().unwrap().unwrap().activity_type, Some(ActivityType::Like));
}

#[test]
fn lists_and_tombstones_are_read_again() {
    let list = CollectionDocument {
        id: "https://a.example/o",
        total: 3,
        first: Some("https://a.example/o?page=true"),
    };
    let list = document(&list.to_json());
    let list = Collection::read(list.node()).unwrap();
    assert_eq!((list.total, list.items.len()), (Some(3), 0));
    assert_eq!(list.first.unwrap().address().unwrap().as_str(), "https://a.example/o?page=true");
    let page = PageDocument {
        id: "https://a.example/o?page=1",
        part_of: "https://a.example/o",
        items: vec![json!(BOB)],
        next: Some("https://a.example/o?page=2"),
        prev: None,
    };
    let page = document(&page.to_json());
    let page = Collection::read(page.node()).unwrap();
    assert_eq!((page.items.len(), page.next.unwrap().as_str()), (1, "https://a.example/o?page=2"));
    assert_eq!(CollectionDocument { id: BOB, total: 0, first: None }.to_json()["orderedItems"], json!([]));
    let gone = document(&tombstone(BOB, Some(OffsetDateTime::UNIX_EPOCH)));
    assert_eq!(Tombstone::read(gone.node()).unwrap().deleted, Some(OffsetDateTime::UNIX_EPOCH));
}
