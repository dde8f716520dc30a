//! Which repositories are compared.

use std::collections::BTreeSet;

use atproto::{Did, Nsid};
use rand::Rng;
use rand::seq::IteratorRandom;
use remote::{Directory, RemoteError};
use store::{Database, Error, v};

/// Repositories on one page of the directory.
const PAGE: u32 = 1000;

/// Repositories with records that readers see in one of these collections.
pub async fn repos_here(index: &Database, collections: &[Nsid]) -> Result<BTreeSet<Did>, Error> {
    const SQL: &str = "SELECT DISTINCT did FROM network_records WHERE collection = $1";
    let mut dids = BTreeSet::new();
    for collection in collections {
        let collection = collection.clone();
        let of_collection = index.read(move |conn| {
            conn.query(SQL, &[v(collection.as_str())], |row| Ok::<_, Error>(Did::parse(row.text(0)?).ok()))
        });
        dids.extend(of_collection.await?.into_iter().flatten());
    }
    Ok(dids)
}

/// Repositories that the directory lists for one of these collections: those of which nothing is here, too.
pub async fn listed(directory: &Directory, collections: &[Nsid]) -> Result<BTreeSet<Did>, RemoteError> {
    let mut dids = BTreeSet::new();
    for collection in collections {
        let mut cursor: Option<String> = None;
        loop {
            let page = directory.repos_with(collection, cursor.as_deref(), PAGE).await?;
            dids.extend(page.dids);
            cursor = page.cursor;
            if cursor.is_none() {
                break;
            }
        }
    }
    Ok(dids)
}

/// At most `size` of them, each as likely as any other.
pub fn sample(dids: BTreeSet<Did>, size: usize, random: &mut impl Rng) -> Vec<Did> {
    let mut sample = dids.into_iter().sample(random, size);
    sample.sort_unstable();
    sample
}
