//! What was pushed is read by tag and by digest.

use anyhow::ensure;

use super::tags;
use crate::client::Answer;
use crate::content::{Algorithm, DataSet, Manifest};
use crate::groups::Place;
use crate::groups::blob;
use crate::groups::blob::says_digest;
use crate::report::Report;

pub(in crate::groups) async fn all(
    place: Place<'_>,
    set: &DataSet,
    algorithm: Algorithm,
    report: &mut Report,
) {
    let Place { one, .. } = place;
    tags::listed(place, set, algorithm, report).await;
    let mut group = report.group(format!("{}, {algorithm}, manifests", set.name));
    for (number, manifest) in set.manifests.iter().enumerate() {
        let digest = (format!("{number}"), manifest.digest.as_str());
        for (name, reference) in
            [digest].into_iter().chain(manifest.tags.iter().map(|tag| (tag.clone(), tag.as_str())))
        {
            let path = format!("manifests/{reference}");
            let head = async {
                let answer = one.head(&path).await?.expect(&[200])?.expect_body(b"")?;
                labelled(answer, manifest, reference)
            };
            group.check(format!("HEAD {name}"), head).await;
            let get = async {
                let answer = one.get(&path).await?.expect(&[200])?.expect_body(&manifest.bytes)?;
                labelled(answer, manifest, reference)
            };
            group.check(format!("GET {name}"), get).await;
        }
    }
    for (number, content) in set.blobs.iter().enumerate() {
        let mut group = report.group(format!("{}, {algorithm}, blob {number}", set.name));
        blob::read(&mut group, one, content).await;
    }
}

/// The headers say what it is. Asked by a tag, the server chooses the algorithm; asked by a digest, it does not.
fn labelled(answer: Answer, manifest: &Manifest, reference: &str) -> anyhow::Result<()> {
    if reference == manifest.digest {
        says_digest(&answer, reference)?;
    } else {
        let says = answer.header("docker-content-digest").unwrap_or_default();
        let made = Algorithm::of(says).map(|algorithm| algorithm.digest(&manifest.bytes));
        ensure!(made.as_deref() == Some(says), "{} answered Docker-Content-Digest: {says:?}", answer.asked);
    }
    answer
        .expect_header("content-type", manifest.media_type)?
        .expect_header("content-length", &manifest.bytes.len().to_string())?;
    Ok(())
}
