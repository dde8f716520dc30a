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

/// Those of them that are named, or all.
pub(super) async fn among_indexed(store: &Store, named: &[Nsid]) -> Result<Vec<Nsid>> {
    let indexed = indexed(store).await?;
    if let Some(stranger) = named.iter().find(|collection| !indexed.contains(collection)) {
        return Err(Failure::new(
            format!("there is no record lexicon {stranger}, so nothing of it is indexed"),
            "`belvedere lexicon list` shows those there are",
        )
        .into());
    }
    Ok(if named.is_empty() { indexed } else { named.to_vec() })
}
