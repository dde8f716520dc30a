//! Noticing that the index was lost while there are collections to index.

use anyhow::Result;
use appview::Lexicons;
use backfill::is_index_lost;
use store::Store;

/// What to do about it.
pub(crate) const ADVICE: &str = "run `belvedere state rebuild`";

/// Whether lexicons ask for history, and what was fetched of it went into an index that is not this one.
pub(crate) async fn is_unfilled(store: &Store) -> Result<bool> {
    let lexicons = Lexicons::open(store).list().await?;
    let is_history_wanted = lexicons.iter().any(|lexicon| lexicon.kind == "record" && lexicon.backfill);
    Ok(is_history_wanted && is_index_lost(store).await?)
}

/// Says so in the log.
pub(crate) async fn warn_if_unfilled(store: Store) {
    match is_unfilled(&store).await {
        Ok(false) => {}
        Ok(true) => tracing::warn!("the index is new: {ADVICE} to fetch what was written before"),
        Err(error) => tracing::warn!(%error, "cannot tell whether the index is new"),
    }
}
