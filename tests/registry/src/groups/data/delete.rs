//! Tags go, then manifests in reverse, then blobs; each is gone at once.

use crate::content::{Algorithm, DataSet};
use crate::groups::Place;
use crate::groups::blob::gone;
use crate::report::Report;

pub(in crate::groups) async fn all(
    place: Place<'_>,
    set: &DataSet,
    algorithm: Algorithm,
    report: &mut Report,
) {
    for tag in set.manifests.iter().flat_map(|manifest| &manifest.tags) {
        let mut group = report.group(format!("{}, {algorithm}, tag {tag}", set.name));
        gone(&mut group, place.one, &format!("manifests/{tag}")).await;
    }
    for (number, manifest) in set.manifests.iter().enumerate().rev() {
        let mut group = report.group(format!("{}, {algorithm}, manifest {number}", set.name));
        gone(&mut group, place.one, &manifest.path()).await;
        let twin = Algorithm::Sha256.digest(&manifest.bytes);
        if twin != manifest.digest {
            // What was pushed by a tag has this digest; a server may keep it as another manifest, which needs the blobs.
            let deleted = async { place.one.delete(&format!("manifests/{twin}")).await?.expect(&[202, 404]) };
            group.check("DELETE by sha256", deleted).await;
        }
    }
    blobs(place, set, algorithm, report).await;
}

pub(in crate::groups) async fn blobs(
    place: Place<'_>,
    set: &DataSet,
    algorithm: Algorithm,
    report: &mut Report,
) {
    for (number, blob) in set.blobs.iter().enumerate() {
        let mut group = report.group(format!("{}, {algorithm}, blob {number}", set.name));
        gone(&mut group, place.one, &blob.path()).await;
    }
}
