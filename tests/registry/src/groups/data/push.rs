//! Blobs, then manifests by digest, then by their tags.

use crate::client::Answer;
use crate::content::{Algorithm, DataSet, Manifest};
use crate::groups::Place;
use crate::groups::blob::says_digest;
use crate::groups::way::Way;
use crate::report::Report;
use crate::repository::Repository;

pub(in crate::groups) async fn blobs(
    Place { one, .. }: Place<'_>,
    set: &DataSet,
    algorithm: Algorithm,
    report: &mut Report,
) {
    let mut group = report.group(format!("{}, {algorithm}, blobs", set.name));
    for (number, blob) in set.blobs.iter().enumerate() {
        let pushed = async { Way::PostPut.push(one, blob).await?.expect(&[201]) };
        group.check(format!("pushed {number}"), pushed).await;
    }
}

pub(in crate::groups) async fn manifests(
    Place { one, .. }: Place<'_>,
    set: &DataSet,
    algorithm: Algorithm,
    report: &mut Report,
) {
    let mut group = report.group(format!("{}, {algorithm}, manifests", set.name));
    for (number, manifest) in set.manifests.iter().enumerate() {
        let pushed = async {
            let answer = put(one, &manifest.digest, manifest).await?;
            says_digest(&answer, &manifest.digest)?;
            Ok(answer)
        };
        if let Some(answer) = group.check(format!("pushed {number}"), pushed).await {
            if let Some(subject) = manifest.subject() {
                let says = async { answer.clone().expect_header("oci-subject", subject) };
                group.check(format!("subject of {number}"), says).await;
            }
            let there = async { is_there(one, &answer.location()?, manifest).await };
            group.check(format!("where {number} is"), there).await;
        }
    }
    for manifest in &set.manifests {
        for tag in &manifest.tags {
            let pushed = async {
                let answer = put(one, tag, manifest).await?;
                is_there(one, &answer.location()?, manifest).await?;
                Ok(answer)
            };
            let Some(answer) = group.check(format!("pushed as {tag}"), pushed).await else { continue };
            if let Some(subject) = manifest.subject() {
                let says = async { answer.expect_header("oci-subject", subject) };
                group.check(format!("subject of {tag}"), says).await;
            }
        }
    }
}

async fn put(to: Repository<'_>, reference: &str, manifest: &Manifest) -> anyhow::Result<Answer> {
    to.put_manifest(reference, manifest.media_type, manifest.bytes.clone()).await?.expect(&[201])
}

async fn is_there(at: Repository<'_>, url: &str, manifest: &Manifest) -> anyhow::Result<()> {
    let answer = at.get_at(url).await?.expect(&[200])?.expect_body(&manifest.bytes)?;
    answer
        .expect_header("content-type", manifest.media_type)?
        .expect_header("content-length", &manifest.bytes.len().to_string())?;
    Ok(())
}
