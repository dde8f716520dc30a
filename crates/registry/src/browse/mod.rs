//! What people see of the registry: as data below `/api/registry`, and as pages that need no script (spec/registry.md §6).
//!
//! Whoever looks is told what owners' records say, which is public. What is in a hold that is not public, such as how an image is run, is
//! told to those who may read there.

mod avatar;
mod cards;
mod config;
mod data;
mod docker_search;
mod home;
mod install;
mod manifest;
mod manifests;
mod named;
mod naming;
mod own;
mod page;
mod paging;
mod previews;
mod readme;
mod referrers;
mod remove;
mod repository;
mod routes;
mod search;
mod session;
mod settings;
mod sign_in;
mod stars;
mod stats;
mod tags;
mod user;
mod views;
mod visit;

use std::sync::Arc;

use accounts::BrowserSessions;
use moka::future::Cache;
use oci::Digest;
use outbound::Outbound;
use store::Database;

pub(crate) use naming::run as name_owners;
pub(crate) use routes::mounts;

/// Platforms of configs that are remembered.
const PLATFORMS: u64 = 10_000;

/// Bytes of texts that are remembered as HTML.
const RENDERED: u64 = 8 << 20;

/// What is remembered of what was shown. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Browse {
    readmes: readme::Readmes,
    /// By the digest of the Markdown and what its links are relative to.
    rendered: Cache<Digest, Arc<str>>,
    /// By the digest of the config.
    platforms: Cache<Digest, String>,
    browsers: BrowserSessions,
    state: Database,
}

impl Browse {
    pub(crate) fn new(outbound: Outbound, browsers: BrowserSessions, state: Database) -> Self {
        let weigh = |_: &Digest, html: &Arc<str>| u32::try_from(html.len() + 256).unwrap_or(u32::MAX);
        Self {
            readmes: readme::Readmes::new(outbound),
            rendered: Cache::builder().max_capacity(RENDERED).weigher(weigh).build(),
            platforms: Cache::new(PLATFORMS),
            browsers,
            state,
        }
    }
}
