//! One event of the stream.

use std::fmt::Write;

use super::plan::{self, Kind};
use super::{Synth, Tid, content};

/// The collections of the stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "`nsid` says what they are")]
pub enum Collection {
    Like,
    Post,
    Follow,
    Repost,
    Profile,
    Block,
    Note,
}

impl Collection {
    /// All of them, in the order of their discriminants.
    pub const ALL: [Self; 7] =
        [Self::Like, Self::Post, Self::Follow, Self::Repost, Self::Profile, Self::Block, Self::Note];

    /// The NSID.
    #[must_use]
    pub fn nsid(self) -> &'static str {
        match self {
            Self::Like => "app.bsky.feed.like",
            Self::Post => "app.bsky.feed.post",
            Self::Follow => "app.bsky.graph.follow",
            Self::Repost => "app.bsky.feed.repost",
            Self::Profile => "app.bsky.actor.profile",
            Self::Block => "app.bsky.graph.block",
            Self::Note => "com.example.demo.note",
        }
    }
}

/// What a commit does to its record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the protocol's own words")]
pub enum Operation {
    Create,
    Update,
    Delete,
}

impl Operation {
    fn name(self) -> &'static str {
        match self {
            Self::Create => "create",
            Self::Update => "update",
            Self::Delete => "delete",
        }
    }
}

/// A record as the stream carries it.
#[derive(Debug, Clone)]
pub struct Record {
    /// JSON text with sorted keys.
    pub json: String,
    /// The record's real CID, as text.
    pub cid: String,
    /// Its strings that begin with `at://`, sorted, each once.
    pub links: Vec<String>,
}

/// A change of one record.
#[derive(Debug, Clone)]
pub struct Commit {
    /// What happens to the record.
    pub operation: Operation,
    /// Where it is.
    pub collection: Collection,
    /// Its key.
    pub rkey: String,
    /// The repository's revision after the commit.
    pub rev: Tid,
    /// Absent on deletion.
    pub record: Option<Record>,
}

/// What an account has become.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the protocol's own words")]
pub enum Account {
    Active,
    Deactivated,
    TakenDown,
    Deleted,
}

/// What an event says.
#[derive(Debug, Clone)]
pub enum Body {
    /// A record changed.
    Commit(Commit),
    /// The account's handle or DID document may have changed.
    Identity,
    /// The account's status changed.
    Account(Account),
}

/// Event number `k`.
#[derive(Debug, Clone)]
pub struct Event {
    /// Its position in the stream.
    pub k: i64,
    /// The account it is about, see [`Synth::did`].
    pub account: u32,
    /// See [`Synth::time_us`].
    pub time_us: i64,
    /// What it says.
    pub body: Body,
}

impl Synth {
    /// Event number `k`, from 0.
    #[must_use]
    pub fn event(&self, k: i64) -> Event {
        let (account, body) = match plan::kind(plan::slot(k)) {
            Kind::Identity => (self.account(k), Body::Identity),
            Kind::Account => {
                use Account::{Active, Deactivated, Deleted, TakenDown};
                let statuses = [Active, Deactivated, Active, TakenDown, Active, Deleted];
                (self.account(k), Body::Account(self.random.pick(k, 19, &statuses)))
            }
            Kind::Commit(collection, operation) => {
                let source = plan::target(k);
                let rkey = match collection {
                    Collection::Profile => "self".to_owned(),
                    _ => self.rkey(source).to_string(),
                };
                let record = (operation != Operation::Delete).then(|| self.record(k, collection));
                let commit = Commit { operation, collection, rkey, rev: self.rev(k), record };
                (self.account(source), Body::Commit(commit))
            }
        };
        Event { k, account, time_us: self.time_us(k), body }
    }
}

impl Event {
    /// The event as a Jetstream v1 text frame: one line of JSON without its newline.
    #[must_use]
    pub fn json(&self, synth: &Synth) -> String {
        let mut out = String::with_capacity(1_024);
        let did = synth.did(self.account);
        // Writing into a `String` cannot fail.
        let _ = self.write_json(&mut out, did);
        out
    }

    fn write_json(&self, out: &mut String, did: &str) -> std::fmt::Result {
        write!(out, "{{\"did\":\"{did}\",\"time_us\":{},", self.time_us)?;
        // Counted from one, as a relay does.
        let seq = self.k + 1;
        let time = content::iso_time(self.time_us.div_euclid(1_000) - 300);
        match &self.body {
            Body::Commit(commit) => {
                let Commit { operation, collection, rkey, rev, record } = commit;
                write!(out, "\"kind\":\"commit\",\"commit\":{{\"rev\":\"{rev}\",")?;
                write!(out, "\"operation\":\"{}\",", operation.name())?;
                write!(out, "\"collection\":\"{}\",\"rkey\":\"{rkey}\"", collection.nsid())?;
                if let Some(Record { json, cid, .. }) = record {
                    write!(out, ",\"record\":{json},\"cid\":\"{cid}\"")?;
                }
                write!(out, "}}}}")
            }
            Body::Identity => {
                write!(out, "\"kind\":\"identity\",\"identity\":{{\"did\":\"{did}\",")?;
                write!(out, "\"handle\":\"user{}.test\",\"seq\":{seq},\"time\":\"{time}\"}}}}", self.account)
            }
            Body::Account(account) => {
                let (active, status) = match account {
                    Account::Active => (true, ""),
                    Account::Deactivated => (false, "\"status\":\"deactivated\","),
                    Account::TakenDown => (false, "\"status\":\"takendown\","),
                    Account::Deleted => (false, "\"status\":\"deleted\","),
                };
                write!(out, "\"kind\":\"account\",\"account\":{{\"active\":{active},\"did\":\"{did}\",")?;
                write!(out, "\"seq\":{seq},{status}\"time\":\"{time}\"}}}}")
            }
        }
    }
}
