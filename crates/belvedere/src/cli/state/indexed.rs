//! Which collections there should be something of.

use anyhow::Result;
use appview::Lexicons;
use atproto::Nsid;
use store::Store;

use crate::failure::Failure;

/// The collections that lexicons ask for; at least one.
pub(super) async fn indexed(store: &Store) -> Result<Vec<Nsid>> {
    let lexicons = Lexicons::open(store).list().await?;
    let records = lexicons.iter().filter(|lexicon| lexicon.kind == "record");
    let collections: Vec<Nsid> = records.filter_map(|lexicon| Nsid::parse(&lexicon.id).ok()).collect();
    if collections.is_empty() {
        return Err(Failure::new(
            "there is no record lexicon, so nothing is indexed",
            "add one: belvedere lexicon add xyz.statusphere.status",
        )
        .into());
    }
    Ok(collections)
}
