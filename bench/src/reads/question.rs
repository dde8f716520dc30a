//! What is asked, and with which parameters.

use std::net::SocketAddr;

use anyhow::Context;
use serde::Deserialize;

use crate::belvedere::QUERY;
use crate::http::{Connection, request};
use crate::library::Library;

/// Different requests per question; more than any cache of statements or pages would remember by accident.
const VARIANTS: i64 = 20_000;
/// Records per page on the way to a deep cursor.
const PAGE: u32 = 100;
/// Different deep cursors.
const CURSORS: usize = 200;

/// A kind of request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Question {
    Get,
    Newest,
    OfAuthor,
    Deep,
    Health,
}

/// As much of a page as is needed to get to the next.
#[derive(Deserialize)]
struct Page {
    records: Vec<Entry>,
    cursor: Option<String>,
}

#[derive(Deserialize)]
struct Entry {
    uri: String,
}

impl Question {
    pub(super) const ALL: [Self; 5] = [Self::Get, Self::Newest, Self::OfAuthor, Self::Deep, Self::Health];

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Get => "get by URI",
            Self::Newest => "newest 20",
            Self::OfAuthor => "20 of an author",
            Self::Deep => "20 at a deep cursor",
            Self::Health => "/health",
        }
    }

    /// The requests of this kind to a server with this library.
    pub(super) async fn requests(
        self,
        library: &Library,
        address: SocketAddr,
    ) -> anyhow::Result<Vec<Vec<u8>>> {
        let targets: Vec<String> = match self {
            Self::Get => (0..VARIANTS).map(|i| get(&library.uri(library.any(i)))).collect(),
            Self::Newest => vec![newest()],
            // Only authors who can fill a page, or small libraries would have smaller answers.
            Self::OfAuthor => (0..VARIANTS)
                .map(|i| library.synth.account(library.any(i)))
                .filter(|&account| library.owned_by(account) >= 20)
                .map(|account| of_author(library.synth.did(account)))
                .collect(),
            Self::Deep => {
                let cursors = deep_cursors(library, address).await?;
                cursors.iter().map(|cursor| page(20, cursor)).collect()
            }
            Self::Health => vec!["/health".to_owned()],
        };
        anyhow::ensure!(!targets.is_empty(), "the library is too small to ask for {}", self.name());
        Ok(targets.iter().map(|target| request(address, target)).collect())
    }
}

pub(super) fn get(uri: &str) -> String {
    format!("/xrpc/{QUERY}?uri={uri}")
}

pub(super) fn newest() -> String {
    format!("/xrpc/{QUERY}?limit=20")
}

pub(super) fn of_author(did: &str) -> String {
    format!("/xrpc/{QUERY}?limit=20&did={did}")
}

fn page(limit: u32, cursor: &str) -> String {
    format!("/xrpc/{QUERY}?limit={limit}&cursor={cursor}")
}

/// Walks through the newer half of the collection as a client would, and keeps the last cursors.
/// Every page must begin where the one before ended.
async fn deep_cursors(library: &Library, address: SocketAddr) -> anyhow::Result<Vec<String>> {
    let mut connection = Connection::open(address).await?;
    let mut target = format!("/xrpc/{QUERY}?limit={PAGE}");
    let pages = library.records / 2 / PAGE;
    let mut cursors = Vec::new();
    let mut expected = library.newest_first().map(|k| library.uri(k));
    for number in 0..pages.max(1) {
        let answer = connection.send(&request(address, &target)).await?;
        let Page { records, cursor } =
            serde_json::from_slice(answer.body).with_context(|| format!("page {number}"))?;
        for Entry { uri } in records {
            anyhow::ensure!(Some(&uri) == expected.next().as_ref(), "page {number} does not go on: {uri}");
        }
        let cursor = cursor.with_context(|| format!("page {number} has no cursor"))?;
        target = page(PAGE, &cursor);
        cursors.push(cursor);
    }
    let shallow = cursors.len().saturating_sub(CURSORS);
    Ok(cursors.split_off(shallow))
}
