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
            let uri = AtUri::parse(&local.uri).ok();
            let Some((did, collection, rkey)) = uri.as_ref().and_then(AtUri::as_record) else {
                return Ok(Taken::skipped("its uri is not at://DID/COLLECTION/RKEY", ""));
            };
            let name = (did.clone(), collection.clone(), rkey.clone());
            let is_here = records.stored(vec![name]).await?.pop().flatten().is_some();
            if is_here && existing == Existing::Keep {
                return Ok(Taken::Done(Imported::Kept));
            }
            let record = LocalRecord {
                did: did.clone(),
                collection: collection.clone(),
                rkey: rkey.clone(),
                json: local.record,
                by: BY.to_owned(),
                effect: None,
            };
            let done = if is_here { Imported::Replaced } else { Imported::Added };
            settled(records.save_local(record).await.map(|_| done), String::new)
        };
        let items = self.source.local_records();
        self.each(&mut kind, items, |local| local.uri.clone(), take).await?;
        self.report.add(kind);
        Ok(())
    }
}
