//! Domains.

use accounts::domains::{Domain, ImportedDomain};
use anyhow::Result;

use super::kind::Kind;
use super::run::{Run, settled};

impl Run<'_> {
    pub(super) async fn domains(&mut self) -> Result<()> {
        let mut kind = Kind::new("domains");
        let (state, log) = (&self.target.store.state, self.log.clone());
        let take = async |domain: happyview::Domain, _: &mut Kind| {
            let new = ImportedDomain {
                url: domain.url,
                is_primary: domain.is_primary,
                created_at: domain.created_at,
                updated_at: domain.updated_at,
            };
            settled(Domain::import(state, &log, new).await, String::new)
        };
        let items = self.source.domains();
        self.each(&mut kind, items, |domain| domain.url.clone(), take).await?;
        self.report.add(kind);
        Ok(())
    }
}
