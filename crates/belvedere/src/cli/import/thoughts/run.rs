//! One import under way.

use anyhow::{Context, Result};
use indicatif::{ProgressBar, ProgressStyle};
use postgres_source::{Rows as SourceRows, Source};
use social::import::{Importer, Kind as Rows};

use crate::cli::import::kind::Kind;
use crate::cli::import::summary::{LeftBehind, Summary};

/// What is taken over, each after what it refers to: table, order, what it is, what to call it.
const ORDER: [(&str, &str, Rows, &str); 15] = [
    ("users", "created_at, id", Rows::Users, "people"),
    ("remote_actors", "url", Rows::RemoteActors, "people elsewhere"),
    ("thoughts", "created_at, id", Rows::Thoughts, "thoughts"),
    ("follows", "follower_id, following_id", Rows::Follows, "follows here"),
    ("federation_followers", "id", Rows::FederationFollowers, "followers elsewhere"),
    ("federation_following", "id", Rows::FederationFollowing, "follows elsewhere"),
    ("top_friends", "user_id, position", Rows::TopFriends, "top friends"),
    ("blocks", "blocker_id, blocked_id", Rows::Blocks, "blocks"),
    (
        "federation_blocked_actors",
        "local_user_id, actor_url",
        Rows::FederationBlockedActors,
        "blocks elsewhere",
    ),
    ("federation_blocked_domains", "domain", Rows::FederationBlockedDomains, "blocked hosts"),
    ("likes", "id", Rows::Likes, "likes"),
    ("boosts", "id", Rows::Boosts, "boosts"),
    ("federation_announces", "id", Rows::FederationAnnounces, "boosts elsewhere"),
    ("notifications", "created_at, id", Rows::Notifications, "notifications"),
    ("api_keys", "id", Rows::ApiKeys, "API keys"),
];

/// Which thoughts have which tags, by their names.
const TAGS: &str = "SELECT l.thought_id, g.name FROM thought_tags l JOIN tags g ON g.id = l.tag_id";

/// What is not, and why.
const LEFT: [(&str, &str, &str); 4] = [
    ("outbox_events", "events", "what was not delivered yet is not sent again"),
    ("failed_events", "failed events", "what could not be delivered is not sent again"),
    (
        "federation_processed_activities",
        "activities of others",
        "those that come again are too old to be accepted",
    ),
    ("remote_actor_connections", "lists of other servers", "they are fetched again when somebody looks"),
];

/// What it takes to take a server over.
pub(super) struct Run<'a> {
    source: &'a Source,
    pub(super) importer: Importer,
    pub(super) summary: Summary,
    pub(super) bar: ProgressBar,
}

impl<'a> Run<'a> {
    pub(super) async fn new(source: &'a Source, importer: Importer, summary: Summary) -> Result<Self> {
        let mut total = 0;
        for table in ORDER.map(|(table, ..)| table).into_iter().chain(["thought_tags"]) {
            if source.has(table).await? {
                total += source.count(table).await?;
            }
        }
        let style = ProgressStyle::with_template("Importing {wide_bar} {human_pos}/{human_len}, {msg}")?;
        // Drawn on standard error, and only if that is a terminal.
        let bar = ProgressBar::new(total).with_style(style);
        Ok(Self { source, importer, summary, bar })
    }

    pub(super) async fn rows(&mut self) -> Result<()> {
        for (table, order, rows, name) in ORDER {
            // Servers of an older version have fewer.
            if self.source.has(table).await? {
                let pages = self.source.rows(table, order).await?;
                self.kind(pages, rows, name).await?;
            }
            if rows == Rows::Thoughts && self.source.has("thought_tags").await? {
                let pages = self.source.answers("thought_tags", TAGS).await?;
                self.kind(pages, Rows::ThoughtTags, "tags of thoughts").await?;
            }
        }
        Ok(())
    }

    async fn kind(&mut self, mut pages: SourceRows, rows: Rows, name: &'static str) -> Result<()> {
        let mut kind = Kind::new(name);
        self.bar.set_message(name);
        loop {
            let page = pages.next_page().await?;
            if page.is_empty() {
                break;
            }
            self.bar.inc(page.len() as u64);
            let taken = self.importer.take(rows, kind.readable(page)).await;
            let taken =
                taken.with_context(|| format!("importing {name}; run this again to go on from there"))?;
            for outcome in taken {
                kind.note_outcome(outcome);
            }
        }
        self.summary.add(kind);
        Ok(())
    }

    pub(super) async fn left_behind(&mut self) -> Result<()> {
        for (table, what, why) in LEFT {
            if self.source.has(table).await? {
                let rows = self.source.count(table).await?;
                self.summary.leave(LeftBehind { what, rows, why });
            }
        }
        Ok(())
    }

    pub(super) fn finish(self) -> Summary {
        self.bar.finish_and_clear();
        self.summary
    }
}
