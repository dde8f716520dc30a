//! Whatever people here write, and whichever servers are down meanwhile: each recipient is told each thing once, in order, and
//! nobody else is told.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::json;
use social::users::User;
use social::{Id, SCHEMA, Visibility, thoughts};
use testkit::{Chance, TestDatabase, for_each_seed};

use crate::site::{Site, fast};
use crate::stranger::Stranger;

const STEPS: usize = 25;

const ALL: [Visibility; 4] =
    [Visibility::Public, Visibility::Unlisted, Visibility::Followers, Visibility::Private];

/// A recipient: the number of their server, and their name there.
type Recipient = (usize, &'static str);

const RECIPIENTS: [Recipient; 4] = [(0, "bob"), (0, "cat"), (1, "dan"), (1, "eve")];

/// What somebody said.
struct Said {
    author: usize,
    id: Id,
    address: String,
    to: BTreeSet<Recipient>,
    visibility: Visibility,
}

struct World {
    site: Site,
    authors: Vec<User>,
    servers: [Stranger; 2],
    followers: BTreeMap<usize, BTreeSet<Recipient>>,
    there: Vec<Said>,
    /// By recipient and author, what they must be told, in order.
    expected: BTreeMap<(Recipient, usize), Vec<String>>,
    /// What may be overtaken by the news that it is gone.
    deleted: BTreeSet<String>,
    chance: Chance,
}

#[tokio::test(flavor = "multi_thread")]
async fn soak_each_recipient_is_told_each_thing_once_in_order() {
    for_each_seed(|seed| async move {
        // One engine for each seed: what goes on here is the same on both, and each is slow.
        let other = if seed % 2 == 0 { TestDatabase::postgres().await } else { None };
        let database = other.unwrap_or_else(TestDatabase::sqlite);
        let mut world = World::new(&database, Chance::of(seed)).await;
        for _ in 0..STEPS {
            world.step().await;
        }
        for server in &world.servers {
            server.answers(202);
        }
        world.site.until_told().await;
        world.compare();
    })
    .await;
}

impl World {
    async fn new(database: &TestDatabase, mut chance: Chance) -> Self {
        let store = database.open(&[&SCHEMA]).await;
        let site = Site::start(&store, fast()).await;
        let servers = [Stranger::on("127.0.0.1").await, Stranger::on("127.0.0.2").await];
        let authors = vec![site.person("ann", false).await, site.person("abe", false).await];
        let mut followers: BTreeMap<usize, BTreeSet<Recipient>> = BTreeMap::new();
        for (author, user) in authors.iter().enumerate() {
            for (server, name) in RECIPIENTS {
                // Everybody follows the first: whoever may be named must be known.
                if author > 0 && chance.one_in(3) {
                    continue;
                }
                let stranger = &servers[server];
                let follow = json!({
                    "id": format!("{}/follows/{name}-{author}", stranger.base), "type": "Follow",
                    "actor": stranger.actor(name), "object": format!("{}/users/{}", site.base, user.uuid),
                });
                let taken = stranger.send(&format!("{}/inbox", site.base), name, &follow).await;
                assert_eq!(taken, 202);
                followers.entry(author).or_default().insert((server, name));
            }
        }
        site.until_told().await;
        let (expected, deleted) = (BTreeMap::new(), BTreeSet::new());
        Self { site, authors, servers, followers, there: Vec::new(), expected, deleted, chance }
    }

    async fn step(&mut self) {
        match self.chance.below(8) {
            0..=4 => self.write().await,
            5 => self.delete().await,
            _ => {
                let status = *self.chance.pick(&[202, 202, 503]);
                self.chance.pick(&self.servers).answers(status);
            }
        }
    }

    async fn write(&mut self) {
        let author = self.chance.below(self.authors.len());
        let visibility = *self.chance.pick(&ALL);
        let named = self.chance.one_in(2).then(|| *self.chance.pick(&RECIPIENTS));
        let text = match named {
            Some((server, name)) => {
                let authority = self.servers[server].base.strip_prefix("http://").unwrap();
                format!("hello @{name}@{authority}")
            }
            None => "hello".to_owned(),
        };
        let (id, address) = self.site.write(&self.authors[author], &text, visibility, None).await;
        let mut to: BTreeSet<Recipient> = named.into_iter().collect();
        if visibility != Visibility::Private {
            to.extend(self.followers.get(&author).into_iter().flatten());
        }
        for recipient in &to {
            self.expected.entry((*recipient, author)).or_default().push(format!("Create {address}"));
        }
        self.there.push(Said { author, id, address, to, visibility });
    }

    async fn delete(&mut self) {
        if self.there.is_empty() {
            return;
        }
        let at = self.chance.below(self.there.len());
        let Said { author, id, address, mut to, visibility } = self.there.swap_remove(at);
        // So that it is known whom it was sent to: what has not become deliveries yet is sent to nobody.
        self.site.until_count("SELECT count(*) FROM social_events", 0).await;
        let (by, addresses) = (self.authors[author].id, self.site.social.addresses().clone());
        self.site.change(move |conn, now| thoughts::delete(conn, now, &addresses, by, id)).await;
        if visibility != Visibility::Private {
            to.extend(self.followers.get(&author).into_iter().flatten());
        }
        for recipient in to {
            self.expected.entry((recipient, author)).or_default().push(format!("Delete {address}"));
        }
        self.deleted.insert(format!("Create {address}"));
    }

    fn compare(&self) {
        for recipient @ (server, name) in RECIPIENTS {
            let path = format!("/users/{name}/inbox");
            let taken = self.servers[server].taken().into_iter().filter(|taken| taken.path == path);
            let told: Vec<(String, String)> = taken
                .filter_map(|taken| {
                    let kind = taken.activity["type"].as_str()?;
                    let object = taken.activity["object"]["id"].as_str()?;
                    let by = taken.activity["actor"].as_str()?.to_owned();
                    ["Create", "Delete"].contains(&kind).then(|| (by, format!("{kind} {object}")))
                })
                .collect();
            for (author, user) in self.authors.iter().enumerate() {
                let by = format!("{}/users/{}", self.site.base, user.uuid);
                let heard: Vec<&String> =
                    told.iter().filter(|(of, _)| *of == by).map(|(_, what)| what).collect();
                let expected = self.expected.get(&(recipient, author)).cloned().unwrap_or_default();
                let set: BTreeSet<&String> = heard.iter().copied().collect();
                assert_eq!(set.len(), heard.len(), "{name} is told twice: {heard:?}");
                let must = |what: &&String| set.contains(what) || !self.deleted.contains(*what);
                let expected: Vec<&String> = expected.iter().filter(must).collect();
                assert_eq!(heard, expected, "what {name} is told by {author}");
            }
        }
    }
}
