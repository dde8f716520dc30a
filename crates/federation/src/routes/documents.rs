//! Documents that many ask for, written once.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::HeaderValue;
use moka::sync::Cache;
use serde_json::Value;

/// Of all documents together, in bytes; and how long one is kept, because another instance may know better.
const CAPACITY: u64 = 32 << 20;
const KEPT: Duration = Duration::from_mins(1);

/// A document and what tells it from its other versions.
#[derive(Clone, Debug)]
pub(crate) struct Written {
    pub(crate) etag: HeaderValue,
    pub(crate) body: Bytes,
}

/// By address and version. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Documents {
    written: Cache<(Arc<str>, i64), Written>,
    /// How many use this server, which takes a look at everybody.
    figures: Cache<(), [u64; 4]>,
}

impl Documents {
    pub(crate) fn new() -> Self {
        let weigh = |key: &(Arc<str>, i64), written: &Written| {
            u32::try_from(key.0.len() + written.body.len() + 128).unwrap_or(u32::MAX)
        };
        let figures = Cache::builder().max_capacity(1).time_to_live(KEPT).build();
        Self {
            written: Cache::builder().weigher(weigh).max_capacity(CAPACITY).time_to_live(KEPT).build(),
            figures,
        }
    }

    /// One that has been written.
    pub(crate) fn get(&self, name: &str, version: i64) -> Option<Written> {
        self.written.get(&(Arc::from(name), version))
    }

    /// Writes one.
    pub(crate) fn put(&self, name: &str, version: i64, document: &Value) -> Written {
        let body = Bytes::from(document.to_string());
        let digest = activitypub::signature::content_digest(&body);
        let hash: String =
            digest.chars().filter(char::is_ascii_alphanumeric).skip("sha256".len()).take(22).collect();
        let etag = HeaderValue::try_from(format!("\"{hash}\"")).unwrap_or(HeaderValue::from_static("\"\""));
        let written = Written { etag, body };
        self.written.insert((Arc::from(name), version), written.clone());
        written
    }

    /// The figures, if they have been counted lately.
    pub(crate) fn figures(&self) -> Option<[u64; 4]> {
        self.figures.get(&())
    }

    /// Keeps them for a while.
    pub(crate) fn keep_figures(&self, figures: [u64; 4]) -> [u64; 4] {
        self.figures.insert((), figures);
        figures
    }

    /// Forgets one that reads otherwise now although its version is the same.
    pub(crate) fn forget(&self, name: &str, version: i64) {
        self.written.invalidate(&(Arc::from(name), version));
    }
}
