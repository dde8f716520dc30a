//! What strangers try (spec/social.md §4.7–§4.11, §9.4): nothing of it has an effect.

mod answers;
mod endless;
mod floods;
mod inside;
mod keys;
mod large;
mod requests;
mod speakers;

use std::collections::BTreeMap;

use federation::FederationConfig;
use serde_json::{Value, json};
use social::users::User;
use social::{Id, SCHEMA, Visibility};
use store::Store;
use testkit::TestDatabase;

use crate::site::{Site, fast};
use crate::stranger::Stranger;

/// A server with alice and what she wrote, and a stranger's.
struct Scene {
    site: Site,
    stranger: Stranger,
    alice: User,
    own: (Id, String),
    store: Store,
    _database: TestDatabase,
}

impl Scene {
    /// One on SQLite.
    async fn set() -> Self {
        Self::on(TestDatabase::sqlite(), fast()).await
    }

    /// One on each engine there is: where the database decides.
    async fn each() -> Vec<Self> {
        let mut scenes = Vec::new();
        for database in testkit::databases().await {
            scenes.push(Self::on(database, fast()).await);
        }
        scenes
    }

    async fn on(database: TestDatabase, config: FederationConfig) -> Self {
        let store = database.open(&[&SCHEMA]).await;
        let (site, stranger) = (Site::start(&store, config).await, Stranger::start().await);
        let alice = site.person("alice", false).await;
        let own = site.write(&alice, "mine", Visibility::Public, None).await;
        site.until_told().await;
        Self { site, stranger, alice, own, store, _database: database }
    }

    fn inbox(&self) -> String {
        format!("{}/inbox", self.site.base)
    }

    /// The address of alice.
    fn us(&self) -> String {
        format!("{}/users/{}", self.site.base, self.alice.uuid)
    }

    /// A note of somebody there to alice.
    fn note(&self, author: &str, id: &str) -> Value {
        let (actor, id) = (self.stranger.actor(author), format!("{}/notes/{id}", self.stranger.base));
        json!({ "id": id, "type": "Note", "attributedTo": actor, "content": "hi", "to": self.us() })
    }

    fn create(&self, author: &str, id: &str) -> Value {
        let note = self.note(author, id);
        let activity = format!("{}/activity", note["id"].as_str().unwrap());
        json!({ "@context": "https://www.w3.org/ns/activitystreams", "id": activity, "type": "Create", "actor": self.stranger.actor(author), "object": note, "to": note["to"] })
    }

    /// An activity of somebody there.
    fn act(&self, author: &str, activity: Value) -> Value {
        let id = format!("{}/activities/{}", self.stranger.base, uuid::Uuid::new_v4());
        let mut whole = json!({ "id": id, "actor": self.stranger.actor(author) });
        if let (Value::Object(whole), Value::Object(activity)) = (&mut whole, activity) {
            whole.extend(activity);
        }
        whole
    }

    /// Sends what its signer also says it is by.
    async fn send(&self, author: &str, activity: Value) -> u16 {
        self.stranger.send(&self.inbox(), author, &self.act(author, activity)).await
    }

    /// Everything that is kept, by table, except that an activity has been dealt with.
    async fn rows(&self) -> BTreeMap<&'static str, i64> {
        let mut rows = testkit::row_counts(&self.store, &SCHEMA).await;
        rows.remove("social_processed");
        // Keys of people here, which are made when they are needed.
        rows.remove("social_keys");
        // What somebody says they deleted and what never was here: it is kept away if it is theirs, and nothing else.
        rows.remove("social_tombstones");
        rows
    }

    /// Nothing is kept and nobody asked for anything but keys.
    async fn same(&self, before: &BTreeMap<&'static str, i64>, what: &str) {
        assert_eq!(self.rows().await, *before, "{what}");
    }
}
