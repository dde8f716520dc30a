//! The relay's directory: who has ever written to a collection.

use std::collections::{BTreeMap, HashSet};

use atproto::Nsid;
use data_encoding::BASE64;
use rand::seq::SliceRandom;
use serde_json::json;

use super::account::Account;
use super::chance::chance;
use super::query::Query;
use super::reply::Reply;
use super::world::World;

/// Repositories per page, unless the request says something else.
const PAGE: usize = 500;

/// Not text, so that cursors have characters that must be encoded in a URL.
const CURSOR: [u8; 3] = [0xfb, 0xef, 0xbe];

/// By collection, the numbers of the accounts in the order in which they were first seen there. Nothing is ever removed.
#[derive(Default)]
pub(super) struct Directory(BTreeMap<Nsid, (Vec<usize>, HashSet<usize>)>);

impl Directory {
    /// Everybody who has written before the start, in an order that follows from the seed.
    pub(super) fn new(seed: u64, accounts: &[Account]) -> Self {
        let mut order: Vec<_> = accounts.iter().collect();
        order.shuffle(&mut chance(seed, "directory", 0));
        let mut directory = Self::default();
        for account in order {
            for (collection, count) in &account.initial {
                if *count > 0 {
                    directory.see(collection, account.number);
                }
            }
        }
        directory
    }

    pub(super) fn see(&mut self, collection: &Nsid, account: usize) {
        let (order, known) = self.0.entry(collection.clone()).or_default();
        if known.insert(account) {
            order.push(account);
        }
    }

    fn page(&self, collection: &Nsid, from: usize, limit: usize) -> (&[usize], Option<usize>) {
        let all = self.0.get(collection).map_or(&[][..], |(order, _)| order);
        let from = from.min(all.len());
        let to = (from + limit).min(all.len());
        (&all[from..to], (to < all.len()).then_some(to))
    }
}

/// Answers `com.atproto.sync.listReposByCollection`.
pub(super) fn reply(world: &World, method: &str, query: &Query) -> Reply {
    if method != "com.atproto.sync.listReposByCollection" {
        return Reply::error(404, "NotFound", "there is only listReposByCollection");
    }
    let Some(collection) = query.get("collection").and_then(|collection| Nsid::parse(collection).ok()) else {
        return Reply::error(400, "BadRequest", "bad collection nsid");
    };
    let limit = query.get("limit").and_then(|limit| limit.parse().ok()).unwrap_or(PAGE).clamp(1, 10_000);
    let from = match query.get("cursor").map(decode) {
        None => 0,
        Some(Some(from)) => from,
        Some(None) => return Reply::error(400, "BadRequest", "bad cursor"),
    };
    let directory = world.directory();
    let (page, next) = directory.page(&collection, from, limit);
    let repos: Vec<_> = page.iter().map(|number| json!({ "did": world.accounts[*number].did })).collect();
    let mut answer = json!({ "repos": repos });
    if let Some(next) = next {
        answer["cursor"] = encode(next).into();
    }
    Reply::json(&answer)
}

fn encode(position: usize) -> String {
    BASE64.encode(&[&CURSOR[..], position.to_string().as_bytes()].concat())
}

fn decode(cursor: &str) -> Option<usize> {
    let bytes = BASE64.decode(cursor.as_bytes()).ok()?;
    std::str::from_utf8(bytes.strip_prefix(&CURSOR)?).ok()?.parse().ok()
}
