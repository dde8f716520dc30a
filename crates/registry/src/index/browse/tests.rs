//! What follows from records, whatever comes in which order, on both engines.

use atproto::Did;
use records::Effect;
use serde_json::{Value, json};

use super::{Order, Query};
use crate::Repository;
use crate::index::{Index, projection};

const ALICE: &str = "did:web:alice.test";
const BOB: &str = "did:web:bob.test";

/// An index to which records come.
struct Rig {
    index: Index,
}

/// A record: whose, of which collection, its row, and what it says.
type Written<'w> = (&'w str, &'w str, i64, &'w Value);

impl Rig {
    async fn on_each_engine<T: Future<Output = ()>>(test: impl Fn(Self) -> T + Copy) {
        testkit::on_each_engine(&crate::SCHEMAS, async |store| {
            test(Self { index: Index::new(store.index.clone()) }).await;
        })
        .await;
    }

    /// Records come, or go where there is nothing after.
    async fn tell(
        &self,
        did: &str,
        collection: &str,
        id: i64,
        before: Option<&Value>,
        after: Option<&Value>,
    ) {
        let (did, collection) = (did.to_owned(), collection.to_owned());
        let text = |value: Option<&Value>| value.map(Value::to_string);
        let (before, after) = (text(before), text(after));
        let written = self.index.database.write(move |conn| {
            let rkey = format!("r{id}");
            let (before, after) = (before.as_deref(), after.as_deref());
            let effect = Effect {
                did: &did,
                collection: &collection,
                rkey: &rkey,
                record_id: id,
                before,
                after,
                made_before: 0,
                made_after: 0,
            };
            projection().apply(conn, &[effect])
        });
        written.await.unwrap();
    }

    async fn comes(&self, (did, collection, id, record): Written<'_>) {
        self.tell(did, collection, id, None, Some(record)).await;
    }

    async fn goes(&self, (did, collection, id, record): Written<'_>) {
        self.tell(did, collection, id, Some(record), None).await;
    }

    async fn found(&self, text: &str) -> Vec<String> {
        let found = self.index.search(&Query::parse(text), Order::Relevance, 0, 100).await.unwrap();
        assert_eq!(found.cards.len() as u64, found.total, "{text}");
        found.cards.iter().map(super::Card::name).collect()
    }

    async fn recent(&self) -> Vec<String> {
        self.index.recent(10).await.unwrap().iter().map(super::Card::name).collect()
    }
}

fn repository(owner: &str, name: &str) -> Repository {
    Repository { owner: Did::parse(owner).unwrap(), name: name.to_owned() }
}

fn manifest(name: &str, number: u8, day: u8, title: &str) -> Value {
    json!({
        "repository": name,
        "digest": format!("sha256:{}", format!("{number:02x}").repeat(32)),
        "mediaType": "application/vnd.oci.image.manifest.v1+json",
        "createdAt": format!("2026-01-{day:02}T00:00:00Z"),
        "config": { "mediaType": "application/vnd.oci.image.config.v1+json", "size": 2, "digest": format!("sha256:{}", "0".repeat(64)) },
        "layers": [{ "mediaType": "application/vnd.oci.image.layer.v1.tar", "size": 5, "digest": format!("sha256:{}", "1".repeat(64)) }],
        "annotations": { "org.opencontainers.image.title": title },
    })
}

fn star(owner: &str, name: &str) -> Value {
    json!({ "subject": format!("at://{owner}/io.atcr.repo.page/{name}"), "createdAt": "2026-01-01T00:00:00Z" })
}

const MANIFEST: &str = "io.atcr.manifest";
const STAR: &str = "io.atcr.sailor.star";
const PAGE: &str = "io.atcr.repo.page";

#[tokio::test(flavor = "multi_thread")]
async fn the_newest_image_speaks_for_its_repository() {
    Rig::on_each_engine(async |rig| {
        let (old, new) = (manifest("app", 1, 1, "Old"), manifest("app", 2, 2, "New"));
        let mut about = manifest("app", 3, 3, "A signature");
        about["subject"] = json!({ "digest": old["digest"], "mediaType": "x", "size": 1 });
        rig.comes((ALICE, MANIFEST, 2, &new)).await;
        rig.comes((ALICE, MANIFEST, 1, &old)).await;
        rig.comes((ALICE, MANIFEST, 3, &about)).await;
        let of = repository(ALICE, "app");
        let face = rig.index.face(&of, None).await.unwrap().unwrap();
        assert_eq!((face.card.title.as_deref(), face.card.size), (Some("New"), 7));
        assert_eq!(
            rig.index.pushed(&of, None, 10).await.unwrap().len(),
            2,
            "signatures are listed elsewhere"
        );
        rig.goes((ALICE, MANIFEST, 2, &new)).await;
        let face = rig.index.face(&of, None).await.unwrap().unwrap();
        assert_eq!(face.card.title.as_deref(), Some("Old"));
        rig.goes((ALICE, MANIFEST, 1, &old)).await;
        rig.goes((ALICE, MANIFEST, 3, &about)).await;
        assert!(rig.index.face(&of, None).await.unwrap().is_none());
        assert_eq!((rig.recent().await.len(), rig.found("app").await.len()), (0, 0));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn repositories_are_found_by_words_and_owners() {
    Rig::on_each_engine(async |rig| {
        rig.comes((ALICE, MANIFEST, 1, &manifest("web-server", 1, 1, "Nothing special"))).await;
        rig.comes((ALICE, MANIFEST, 2, &manifest("team/tool", 2, 2, "A web thing"))).await;
        rig.comes((BOB, MANIFEST, 3, &manifest("webcam", 3, 3, "Other"))).await;
        let page =
            json!({ "repository": "webcam", "description": "# Cam\n\nSees *everything*.", "createdAt": "x" });
        rig.comes((BOB, PAGE, 4, &page)).await;
        assert_eq!(
            rig.found("web").await,
            ["did-web-alice.test/web-server", "did-web-bob.test/webcam", "did-web-alice.test/team/tool"]
        );
        assert_eq!(rig.found("web serv").await, ["did-web-alice.test/web-server"]);
        assert_eq!(rig.found("everything").await, ["did-web-bob.test/webcam"]);
        for nothing in ["", "%", "_", "erver", "webx", "web absent", "alice.test", "' OR '1'='1"] {
            assert_eq!(rig.found(nothing).await, [""; 0], "{nothing}");
        }
        let unnamed = rig.index.owners_to_name(i64::MAX, 10).await.unwrap();
        assert_eq!(unnamed.len(), 2);
        rig.index.name_owner(&Did::parse(ALICE).unwrap(), Some("Alice.test")).await.unwrap();
        assert_eq!(rig.found("alice.test").await.len(), 2);
        assert_eq!(rig.found("alice.test/to").await, ["alice.test/team/tool"]);
        assert_eq!(rig.found("alice").await.len(), 2);
        // A name that somebody else has now is theirs.
        rig.index.name_owner(&Did::parse(BOB).unwrap(), Some("alice.test")).await.unwrap();
        assert_eq!(rig.found("alice.test").await, ["alice.test/webcam"]);
        // Of those that nobody likes the one that is meant comes first.
        for (order, expected) in [(Order::Stars, "web-server"), (Order::Recent, "webcam")] {
            let found = rig.index.search(&Query::parse("web"), order, 0, 1).await.unwrap();
            assert_eq!((found.cards[0].repository.as_str(), found.total), (expected, 3));
            let rest = rig.index.search(&Query::parse("web"), order, 1, 10).await.unwrap();
            assert_eq!(rest.cards.len(), 2);
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_gives_a_star_twice_has_given_one() {
    Rig::on_each_engine(async |rig| {
        let (given, of) = (star(ALICE, "app"), repository(ALICE, "app"));
        // Before there is anything to like.
        rig.comes((BOB, STAR, 1, &given)).await;
        rig.comes((BOB, STAR, 2, &given)).await;
        rig.comes((ALICE, STAR, 3, &given)).await;
        rig.comes((BOB, STAR, 4, &star(ALICE, "gone"))).await;
        assert_eq!(rig.index.stars(&of).await.unwrap(), 2);
        assert!(rig.index.starred(10).await.unwrap().is_empty(), "nothing is shown that has no image");
        let pushed = manifest("app", 1, 1, "App");
        rig.comes((ALICE, MANIFEST, 5, &pushed)).await;
        let starred = rig.index.starred(10).await.unwrap();
        assert_eq!((starred.len(), starred[0].stars), (1, 2));
        let bob = Did::parse(BOB).unwrap();
        assert!(rig.index.face(&of, Some(&bob)).await.unwrap().unwrap().is_starred);
        rig.goes((BOB, STAR, 1, &given)).await;
        assert_eq!(rig.index.stars(&of).await.unwrap(), 2, "the other one is left");
        rig.goes((BOB, STAR, 2, &given)).await;
        rig.tell(ALICE, STAR, 3, Some(&given), Some(&star(ALICE, "other"))).await;
        assert_eq!(rig.index.stars(&of).await.unwrap(), 0);
        assert_eq!(rig.index.stars(&repository(ALICE, "other")).await.unwrap(), 1);
        rig.goes((ALICE, MANIFEST, 5, &pushed)).await;
        rig.goes((BOB, STAR, 4, &star(ALICE, "gone"))).await;
        let rows = rig.index.database.read(|conn| {
            let sql = "SELECT COUNT(*) FROM registry_repositories";
            conn.query_one(sql, &[], |row| row.int(0))
        });
        assert_eq!(rows.await.unwrap(), 1, "what has neither images nor stars has no row");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn tags_and_manifests_are_paged() {
    Rig::on_each_engine(async |rig| {
        let of = repository(ALICE, "app");
        for number in 1..=5_u8 {
            let pushed = manifest("app", number, number, "App");
            rig.comes((ALICE, MANIFEST, i64::from(number), &pushed)).await;
            let tag = json!({ "repository": "app", "tag": format!("v{number}"), "manifestDigest": pushed["digest"] });
            rig.comes((ALICE, "io.atcr.tag", 100 + i64::from(number), &tag)).await;
        }
        let gone = json!({ "repository": "app", "tag": "v6", "manifestDigest": format!("sha256:{}", "f".repeat(64)) });
        rig.comes((ALICE, "io.atcr.tag", 200, &gone)).await;
        let (mut tags, mut after) = (Vec::new(), String::new());
        loop {
            let (rows, more) = rig.index.tag_rows(&of, &after, 2).await.unwrap();
            after = rows.last().unwrap().tag.clone();
            tags.extend(rows.into_iter().map(|row| row.tag));
            if !more {
                break;
            }
        }
        assert_eq!(tags, ["v1", "v2", "v3", "v4", "v5"], "one that leads nowhere is not among them");
        let (mut days, mut place) = (Vec::new(), None);
        loop {
            let rows = rig.index.pushed(&of, place, 2).await.unwrap();
            let Some(last) = rows.last() else { break };
            place = Some((last.created_at, last.row));
            days.extend(rows.iter().map(|row| row.row));
        }
        assert_eq!(days, [5, 4, 3, 2, 1]);
    })
    .await;
}
