//! Files that images name, fetched within bounds and remembered for a while, whatever came of it.

use std::sync::Arc;
use std::time::Duration;

use http::StatusCode;
use moka::future::Cache;
use outbound::{Outbound, Redirects};
use url::Url;

/// Bytes of a file.
const MAX_BYTES: usize = 256 << 10;

/// How long its server may take.
const PATIENCE: Duration = Duration::from_secs(5);

/// How long what came is shown.
const KEPT: Duration = Duration::from_mins(10);

/// Bytes of all that are remembered.
const IN_MEMORY: u64 = 16 << 20;

/// Fetches them. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Readmes {
    outbound: Outbound,
    recent: Cache<Url, Option<Arc<str>>>,
}

impl Readmes {
    pub(crate) fn new(outbound: Outbound) -> Self {
        let weigh = |url: &Url, text: &Option<Arc<str>>| {
            let bytes = url.as_str().len() + text.as_ref().map_or(0, |text| text.len()) + 256;
            u32::try_from(bytes).unwrap_or(u32::MAX)
        };
        let recent = Cache::builder().max_capacity(IN_MEMORY).time_to_live(KEPT).weigher(weigh).build();
        Self { outbound, recent }
    }

    /// The text at this address, if there is one; one question at a time, however many wait for the answer.
    pub(super) async fn text(&self, url: &Url) -> Option<Arc<str>> {
        self.recent.get_with(url.clone(), self.fetch(url)).await
    }

    async fn fetch(&self, url: &Url) -> Option<Arc<str>> {
        let request = self.outbound.get(url).max_bytes(MAX_BYTES).timeout(PATIENCE);
        let answer =
            request.accept("text/markdown, text/plain;q=0.9").redirects(Redirects::Any(3)).send().await;
        let answer = answer.ok().filter(|answer| answer.status == StatusCode::OK)?;
        let text = String::from_utf8(answer.body.to_vec()).ok()?;
        (!text.contains('\0')).then(|| text.into())
    }
}
