//! Records that only scripts have made: they are in nobody's repository, so the network does not have them.

use accounts::{Existing, Imported};
use anyhow::Result;
use atproto::AtUri;
use records::{LocalRecord, Records};

use super::kind::Kind;
use super::run::{Run, Taken, settled};

/// Whom they count as decided by.
const BY: &str = "import";

impl Run<'_> {
    /// Keeps them as what this server's own scripts save locally.
    pub(super) async fn local_records(&mut self) -> Result<()> {
        let mut kind = Kind::new("records that only scripts have made");
        let records = Records::new(&self.target.store, Vec::new());
        let existing = self.existing;
        let take = async |local: happyview::LocalRecord, _: &mut Kind| {
            let Some(name) = AtUri::record_name(&local.uri) else {
                return Ok(Taken::skipped("its uri is not at://DID/COLLECTION/RKEY", ""));
            };
            let is_here = records.stored(vec![name.clone()]).await?.pop().flatten().is_some();
            if is_here && existing == Existing::Keep {
                return Ok(Taken::Done(Imported::Kept));
            }
            let (did, collection, rkey) = name;
            let record =
                LocalRecord { did, collection, rkey, json: local.record, by: BY.to_owned(), effect: None };
            let done = if is_here { Imported::Replaced } else { Imported::Added };
            settled(records.save_local(record).await.map(|_| done), String::new)
        };
        let items = self.source.local_records();
        self.each(&mut kind, items, |local| local.uri.clone(), take).await?;
        self.report.add(kind);
        Ok(())
    }
}
