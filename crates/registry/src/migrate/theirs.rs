//! What the PDS has.

use std::collections::HashMap;

use atproto::Nsid;
use serde::Deserialize;

use super::{Error, Migration};

/// Pages of a collection; each has up to a hundred records.
const PAGES: usize = 100_000;

/// Bytes of a page: a hundred records of manifests.
const MAX_BYTES: usize = 16 << 20;

#[derive(Deserialize)]
struct Page {
    records: Vec<Listed>,
    cursor: Option<String>,
}

#[derive(Deserialize)]
struct Listed {
    uri: String,
    cid: String,
}

impl Migration {
    /// The CIDs of all records of a collection, by their keys.
    pub(super) async fn theirs(&self, collection: &Nsid) -> Result<HashMap<String, String>, Error> {
        let (mut all, mut cursor) = (HashMap::new(), None::<String>);
        for _ in 0..PAGES {
            let mut url = self.pds.clone();
            url.set_path("/xrpc/com.atproto.repo.listRecords");
            url.query_pairs_mut()
                .append_pair("repo", self.to.as_str())
                .append_pair("collection", collection.as_str())
                .append_pair("limit", "100")
                .extend_pairs(cursor.iter().map(|cursor| ("cursor", cursor)));
            let page: Page = self.outbound.get(&url).max_bytes(MAX_BYTES).json().await?;
            let is_last = page.records.is_empty();
            for Listed { uri, cid } in page.records {
                let rkey = uri.rsplit('/').next().unwrap_or_default().to_owned();
                all.insert(rkey, cid);
            }
            match page.cursor.filter(|_| !is_last) {
                Some(next) if cursor.as_ref() == Some(&next) => {
                    return Err(Error::Strange("its lists have no end"));
                }
                Some(next) => cursor = Some(next),
                None => return Ok(all),
            }
        }
        Err(Error::Strange("its lists have no end"))
    }
}
