//! Where data is kept. Such a text may hold a password, so messages do not repeat it.

use std::path::PathBuf;

use store::StoreConfig;
use url::Url;

use super::{Read, is_not};

/// Whether it is there is found out when it is looked into, and may change.
pub(in crate::config) fn folder(text: &str) -> Read<PathBuf> {
    if text.trim().is_empty() { Err(is_not(text, "the path of a folder")) } else { Ok(PathBuf::from(text)) }
}

pub(in crate::config) fn database(text: &str) -> Read<StoreConfig> {
    StoreConfig::from_url(text).map_err(|error| error.to_string())
}

pub(in crate::config) fn cache(text: &str) -> Read<String> {
    let schemes = ["redis", "rediss", "valkey", "valkeys", "unix"];
    match Url::parse(text) {
        Ok(url) if schemes.contains(&url.scheme()) => Ok(text.to_owned()),
        _ => Err("expected the URL of a Valkey or Redis server: redis://HOST:PORT/DATABASE".to_owned()),
    }
}

pub(in crate::config) fn bucket(text: &str) -> Read<blobs::Location> {
    blobs::Location::parse(text).map_err(|error| error.to_string())
}
