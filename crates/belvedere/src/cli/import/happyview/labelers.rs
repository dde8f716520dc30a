//! Labelers.

use accounts::Imported;
use anyhow::Result;
use atproto::Did;
use labels::{ImportedLabeler, LabelerStatus, Labelers};

use super::kind::Kind;
use super::run::{Run, Taken, settled};
use super::times::micros;

impl Run<'_> {
    pub(super) async fn labelers(&mut self) -> Result<()> {
        let mut kind = Kind::new("labelers");
        let handle = Labelers::new(&self.target.store, self.log.clone());
        let take = async |labeler: happyview::Labeler, _: &mut Kind| {
            let did = match Did::parse(&labeler.did) {
                Ok(did) => did,
                Err(error) => return Ok(Taken::skipped(error, "")),
            };
            let status = if labeler.is_active { LabelerStatus::Active } else { LabelerStatus::Paused };
            let (created_at, updated_at) = (micros(labeler.created_at), micros(labeler.updated_at));
            let outcome = handle.import(ImportedLabeler { did, status, created_at, updated_at }).await;
            settled(outcome.map(|is_new| if is_new { Imported::Added } else { Imported::Kept }), String::new)
        };
        let items = self.source.labelers();
        self.each(&mut kind, items, |labeler| labeler.did.clone(), take).await?;
        self.report.add(kind);
        Ok(())
    }
}
