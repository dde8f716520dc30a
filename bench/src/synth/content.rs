//! The records of the stream: sizes and shapes as on the real network.

use time::OffsetDateTime;

use super::cid::{Cid, Codec};
use super::event::{Collection, Record};
use super::node::Node;
use super::{Synth, plan};

const WORDS: [&str; 36] = [
    "the", "a", "of", "to", "and", "in", "is", "for", "on", "with", "that", "this", "day", "night", "light",
    "sky", "blue", "river", "stone", "paper", "cat", "dog", "train", "coffee", "morning", "rain", "music",
    "garden", "city", "friend", "winter", "summer", "song", "window", "road", "story",
];
/// Ends of texts that are not ASCII.
const OTHER: [&str; 8] = [
    "今日はいい天気ですね",
    "おはようございます",
    "bom dia a todos",
    "schöne Grüße aus Berlin",
    "çok güzel bir gün",
    "좋은 아침",
    "🎉🎉",
    "naïve café — déjà vu",
];
const LANGUAGES: [&str; 10] = ["en", "en", "en", "en", "ja", "pt", "de", "tr", "ko", "es"];
const STATUSES: [&str; 3] = ["draft", "published", "archived"];

impl Synth {
    /// The record that event `k` writes, were it a create or update in `collection`.
    #[must_use]
    pub fn record(&self, k: i64, collection: Collection) -> Record {
        let value = self.value(k, collection);
        let mut json = String::with_capacity(512);
        value.write_json(&mut json);
        let mut cbor = Vec::with_capacity(512);
        value.write_cbor(&mut cbor);
        let mut links = Vec::new();
        value.collect_links(&mut links);
        links.sort_unstable();
        links.dedup();
        Record { json, cid: Cid::of(&cbor, Codec::DagCbor).to_string(), links }
    }

    fn value(&self, k: i64, collection: Collection) -> Node {
        let kind = Node::text(collection.nsid());
        let created_at = Node::text(iso_time(self.time_us(k).div_euclid(1_000) - 150));
        let mut fields = vec![("$type", kind), ("createdAt", created_at)];
        match collection {
            Collection::Like | Collection::Repost => {
                fields.push(("subject", self.some_post(k, 4)));
                if self.random.at(k, 6).is_multiple_of(8) {
                    fields.push(("via", self.via(k)));
                }
            }
            Collection::Follow | Collection::Block => {
                fields.push(("subject", Node::text(self.some_did(k, 8))));
            }
            Collection::Profile => {
                fields.insert(1, ("avatar", self.blob(k, 9)));
                fields.push(("description", Node::text(self.text(k))));
                fields.push(("displayName", Node::text(format!("Account {}", self.account(k)))));
            }
            Collection::Post => {
                let shape = self.random.at(k, 10) % 100;
                fields.extend(self.embed(k, shape).map(|embed| ("embed", embed)));
                let language = self.random.pick(k, 12, &LANGUAGES);
                fields.push(("langs", Node::List(vec![Node::text(language)])));
                if shape >= 55 {
                    let parent = ("parent", self.some_post(k, 13));
                    fields.push(("reply", Node::Map(vec![parent, ("root", self.some_post(k, 15))])));
                }
                fields.push(("text", Node::text(self.text(k))));
            }
            Collection::Note => fields.extend([
                ("lang", Node::text("en")),
                ("score", Node::Integer(self.random.at(k, 17) % 1_000)),
                ("status", Node::text(self.random.pick(k, 18, &STATUSES))),
                ("tags", Node::List(Vec::new())),
                ("text", Node::text(self.text(k))),
                ("title", Node::text(format!("Note {k}"))),
            ]),
        }
        Node::Map(fields)
    }

    /// A strong reference to a post of the previous twenty blocks. Its CID is well-formed, not the post's.
    fn some_post(&self, k: i64, salt: u32) -> Node {
        let block = plan::block(k) - 1 - i64::from(self.random.at(k, salt) % 20);
        let post = plan::at(block.max(0), i64::from(600 + self.random.at(k, salt + 1) % 120));
        let did = self.did(self.account(post));
        let uri = format!("at://{did}/{}/{}", Collection::Post.nsid(), self.rkey(post));
        reference(&uri.clone(), uri)
    }

    /// The repost through which the account of event `k` came to like something.
    fn via(&self, k: i64) -> Node {
        let did = self.some_did(k, 7);
        let uri = format!("at://{did}/{}/{}", Collection::Repost.nsid(), self.rkey(k));
        reference(&format!("{}/via/{k}", self.parameters.seed), uri)
    }

    fn some_did(&self, k: i64, salt: u32) -> &str {
        self.did(self.random.at(k, salt) % self.parameters.accounts)
    }

    fn embed(&self, k: i64, shape: u32) -> Option<Node> {
        let fields = match shape {
            0..15 => {
                let count = 1 + self.random.at(k, 11) % 3;
                let images = (0..count).map(|i| self.image(k, 30 + i)).collect();
                vec![("$type", Node::text("app.bsky.embed.images")), ("images", Node::List(images))]
            }
            15..28 => {
                let external = vec![
                    ("description", Node::text(self.text(k + 1))),
                    ("thumb", self.blob(k, 33)),
                    ("title", Node::text(self.text(k + 2))),
                    ("uri", Node::text(format!("https://news.example.com/{}", self.random.at(k, 34)))),
                ];
                vec![("$type", Node::text("app.bsky.embed.external")), ("external", Node::Map(external))]
            }
            _ => return None,
        };
        Some(Node::Map(fields))
    }

    fn image(&self, k: i64, salt: u32) -> Node {
        let ratio = vec![("height", Node::Integer(1_500)), ("width", Node::Integer(2_000))];
        Node::Map(vec![
            ("alt", Node::text("")),
            ("aspectRatio", Node::Map(ratio)),
            ("image", self.blob(k, salt)),
        ])
    }

    fn blob(&self, k: i64, salt: u32) -> Node {
        let cid = Cid::of(format!("{}/blob/{k}/{salt}", self.parameters.seed).as_bytes(), Codec::Raw);
        Node::Map(vec![
            ("$type", Node::text("blob")),
            ("ref", Node::Link(cid)),
            ("mimeType", Node::text("image/jpeg")),
            ("size", Node::Integer(20_000 + self.random.at(k, salt) % 900_000)),
        ])
    }

    /// Two to 39 words, one text in four with an end that is not ASCII.
    fn text(&self, k: i64) -> String {
        let count = 2 + self.random.at(k, 20) % 38;
        let words = (0..i64::from(count)).map(|i| self.random.pick(k + i * 65_537, 21, &WORDS));
        let end = self.random.at(k, 22).is_multiple_of(4).then(|| self.random.pick(k, 23, &OTHER));
        words.chain(end).collect::<Vec<_>>().join(" ")
    }
}

/// `{cid, uri}` with a CID made from a text instead of a record.
fn reference(hashed: &str, uri: String) -> Node {
    let cid = Cid::of(hashed.as_bytes(), Codec::DagCbor).to_string();
    Node::Map(vec![("cid", Node::Text(cid)), ("uri", Node::Text(uri))])
}

/// Milliseconds since the epoch as `2025-01-01T00:00:00.000Z`.
#[must_use]
pub fn iso_time(millis: i64) -> String {
    let time = OffsetDateTime::from_unix_timestamp_nanos(i128::from(millis) * 1_000_000)
        .unwrap_or(OffsetDateTime::UNIX_EPOCH);
    let (year, month, day) = time.to_calendar_date();
    let (hour, minute, second, millisecond) = time.to_hms_milli();
    let month = u8::from(month);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{millisecond:03}Z")
}
