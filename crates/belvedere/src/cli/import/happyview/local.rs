//! Records that only scripts have made: they are in nobody's repository, so the network does not have them.

use anyhow::Result;

use super::report::LeftBehind;
use super::run::Run;

impl Run<'_> {
    /// Counts them: this server has no place for records that it alone has.
    pub(super) async fn local_records(&mut self) -> Result<()> {
        let rows = self.source.local_records().await?;
        self.report.leave(LeftBehind {
            what: "records that only scripts have made",
            rows,
            why: "they are in no repository, so they do not come again; keep the old database",
        });
        Ok(())
    }
}
