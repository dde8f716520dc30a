//! Whole sets of blobs and manifests: pushed, read back in every way, and deleted.

pub(super) mod delete;
pub(super) mod push;
pub(super) mod read;
mod referrers;
mod tags;

use super::Place;
use crate::content::{Algorithm, DataSet};
use crate::report::Report;

pub(super) async fn run(place: Place<'_>, algorithm: Algorithm, report: &mut Report) {
    let mut sets = DataSet::all(algorithm);
    if place.target.sparse {
        sets.push(DataSet::sparse(algorithm));
    }
    for set in &sets {
        push::blobs(place, set, algorithm, report).await;
        push::manifests(place, set, algorithm, report).await;
        read::all(place, set, algorithm, report).await;
        referrers::run(place, set, algorithm, report).await;
        delete::all(place, set, algorithm, report).await;
    }
}
