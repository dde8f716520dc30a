//! Noticing that the index was lost, or never filled, while there are collections to index.

use anyhow::Result;
use appview::Lexicons;
use records::{CoverageState, Records};
use store::Store;

/// What to do about it.
pub(crate) const ADVICE: &str = "run `belvedere state rebuild`";

/// States in which a row vouches for something, or soon will.
const STATES: [CoverageState; 6] = [
    CoverageState::Pending,
    CoverageState::Fetching,
    CoverageState::Complete,
    CoverageState::Retrying,
    CoverageState::Failed,
    CoverageState::Quarantined,
];

/// Whether lexicons ask for history, and nothing of any repository has been fetched into this index or is about to be.
pub(crate) async fn is_unfilled(store: &Store) -> Result<bool> {
    let lexicons = Lexicons::open(store).list().await?;
    if !lexicons.iter().any(|lexicon| lexicon.kind == "record" && lexicon.backfill) {
        return Ok(false);
    }
    let records = Records::new(store, Vec::new());
    for state in STATES {
        if !records.covered(state, 1).await?.is_empty() {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Says so in the log.
pub(crate) async fn warn_if_unfilled(store: Store) {
    match is_unfilled(&store).await {
        Ok(false) => {}
        Ok(true) => tracing::warn!("the index is new: {ADVICE} to fetch what was written before"),
        Err(error) => tracing::warn!(%error, "cannot tell whether the index is new"),
    }
}
