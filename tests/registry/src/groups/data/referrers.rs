//! Who refers to what, all of them or those of one kind (spec/registry.md §1.8).

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, ensure};
use serde_json::Value;

use crate::content::{Algorithm, DataSet, INDEX, Manifest};
use crate::groups::Place;
use crate::report::Report;
use crate::repository::Repository;

pub(super) async fn run(
    Place { one, .. }: Place<'_>,
    set: &DataSet,
    algorithm: Algorithm,
    report: &mut Report,
) {
    let mut group = report.group(format!("{}, {algorithm}, referrers", set.name));
    let mut subjects: BTreeMap<&str, Vec<&Manifest>> = BTreeMap::new();
    for manifest in &set.manifests {
        if let Some(subject) = manifest.subject() {
            subjects.entry(subject).or_default().push(manifest);
        }
    }
    for (subject, expected) in subjects {
        group.check("all", async { are_listed(one, subject, None, &expected).await }).await;
        let kinds: BTreeSet<&str> = expected.iter().filter_map(|manifest| manifest.artifact_type()).collect();
        for kind in kinds {
            group.check(kind, async { are_listed(one, subject, Some(kind), &expected).await }).await;
        }
    }
}

/// Exactly those that are expected, each described as it should be. What was pushed by digest and by tag may be there under
/// both of its digests.
async fn are_listed(
    at: Repository<'_>,
    subject: &str,
    kind: Option<&str>,
    expected: &[&Manifest],
) -> anyhow::Result<()> {
    let query = kind.map(|kind| format!("?artifactType={}", kind.replace('+', "%2B"))).unwrap_or_default();
    let answer = at.get(&format!("referrers/{subject}{query}")).await?.expect(&[200])?;
    let answer = answer.expect_header("content-type", INDEX)?;
    if kind.is_some() {
        let applied = answer.header("oci-filters-applied").unwrap_or_default();
        ensure!(applied.contains("artifactType"), "OCI-Filters-Applied: {applied:?}");
    }
    let json = answer.json()?;
    let mut listed = json["manifests"].as_array().context("no manifests")?.clone();
    let wanted = expected.iter().filter(|manifest| kind.is_none() || manifest.artifact_type() == kind);
    let mut wanted: Vec<Value> = wanted.map(|manifest| manifest.as_referrer()).collect();
    let twins: Vec<_> = expected
        .iter()
        .map(|manifest| (&manifest.digest, Algorithm::Sha256.digest(&manifest.bytes)))
        .collect();
    let is_twin =
        |listed: &Value| twins.iter().any(|(digest, twin)| listed["digest"] == *twin && *digest != twin);
    listed.retain(|listed| !is_twin(listed));
    let by_digest = |descriptor: &Value| descriptor["digest"].to_string();
    listed.sort_by_key(by_digest);
    wanted.sort_by_key(by_digest);
    ensure!(listed == wanted, "{} instead of {}", Value::from(listed), Value::from(wanted));
    Ok(())
}
