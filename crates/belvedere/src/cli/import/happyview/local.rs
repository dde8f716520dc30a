//! Records that only scripts have made: they are in nobody's repository, so the network does not have them.

use std::collections::HashSet;

use accounts::{Existing, Imported};
use anyhow::Result;
use atproto::{AtUri, RecordName};
use futures::{StreamExt, stream};
use records::{LocalRecord, Records};

use super::kind::Kind;
use super::run::{Run, Taken, settled};

/// Whom they count as decided by.
const BY: &str = "import";

/// Saved at the same time: the database commits together what waits for it together.
const AT_ONCE: usize = 16;

impl Run<'_> {
    /// Keeps them as what this server's own scripts save locally.
    pub(super) async fn local_records(&mut self) -> Result<()> {
        let mut kind = Kind::new("records that only scripts have made");
        let records = Records::new(&self.target.store, crate::databases::projections());
        let mut items = self.source.local_records();
        while let Some(page) = self.next_page(&mut kind, &mut items).await? {
            self.page(&records, page, &mut kind).await?;
        }
        self.report.add(kind);
        Ok(())
    }

    /// One question which of them are here, and then each is saved.
    async fn page(
        &self,
        records: &Records,
        page: Vec<happyview::LocalRecord>,
        kind: &mut Kind,
    ) -> Result<()> {
        let mut named: Vec<(RecordName, happyview::LocalRecord)> = Vec::with_capacity(page.len());
        let mut seen = HashSet::new();
        for local in page {
            let refused = match AtUri::record_name(&local.uri) {
                Some(name) if seen.insert(name.clone()) => {
                    named.push((name, local));
                    continue;
                }
                Some(_) => "another row is about the same record",
                None => "its uri is not at://DID/COLLECTION/RKEY",
            };
            self.took(kind, &local.uri, Ok(Taken::skipped(refused, "")))?;
        }
        let here = records.stored(named.iter().map(|(name, _)| name.clone()).collect()).await?;
        let saving = named.into_iter().zip(here).map(|((name, local), here)| async move {
            (local.uri, self.save(records, name, local.record, here.is_some()).await)
        });
        let mut saved = stream::iter(saving).buffered(AT_ONCE);
        while let Some((uri, taken)) = saved.next().await {
            self.took(kind, &uri, taken)?;
        }
        Ok(())
    }

    async fn save(&self, records: &Records, name: RecordName, json: String, is_here: bool) -> Result<Taken> {
        let done = match (is_here, self.existing) {
            (true, Existing::Keep) => return Ok(Taken::Done(Imported::Kept)),
            (true, _) => Imported::Replaced,
            (false, _) => Imported::Added,
        };
        let (did, collection, rkey) = name;
        let record = LocalRecord { did, collection, rkey, json, by: BY.to_owned(), effect: None };
        settled(records.save_local(record).await.map(|_| done), String::new)
    }
}
