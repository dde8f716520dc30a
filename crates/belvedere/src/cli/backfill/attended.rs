//! Whether there is a server that carries jobs out.

use anyhow::Result;
use records::Records;

use crate::config::Settings;
use crate::output::now_micros;
use crate::serve;

/// What is said when there is none.
pub(in crate::cli) const NOBODY: &str =
    "note: no server is running on these databases; the job begins when one does: belvedere serve";

/// Whether a server works in the data folder or, elsewhere, follows a stream into the same databases.
pub(in crate::cli) async fn is_attended(settings: &Settings, records: &Records) -> Result<bool> {
    if serve::holder(&settings.data_dir).is_some() {
        return Ok(true);
    }
    let now = now_micros();
    let sources = records.sources().await?;
    Ok(sources.iter().any(|source| source.holder.is_some() && source.lease_expires > now))
}
