//! A client as people have them: it sends what is not there, begins again where it has to, and checks all that it pulls.

use anyhow::{Context, Result, bail, ensure};
use registry_conformance::Repository;
use registry_conformance::client::Answer;
use registry_conformance::content::{Algorithm, Blob, DataSet, Manifest};
use serde_json::Value;

/// More than anybody is unlucky.
const ATTEMPTS: usize = 20;

/// Pushes all of a set. What was there when it was looked for may be gone when it is needed: then it begins again.
pub(crate) async fn push(to: Repository<'_>, set: &DataSet) -> Result<()> {
    for _ in 0..ATTEMPTS {
        if has_pushed(to, set).await? {
            return Ok(());
        }
    }
    bail!("after {ATTEMPTS} attempts there is still something missing of {set:?}");
}

async fn has_pushed(to: Repository<'_>, set: &DataSet) -> Result<bool> {
    for blob in &set.blobs {
        if !has_pushed_blob(to, blob).await? {
            return Ok(false);
        }
    }
    for manifest in &set.manifests {
        let references: &[String] = match &manifest.tags[..] {
            [] => std::slice::from_ref(&manifest.digest),
            tags => tags,
        };
        for reference in references {
            let answer = put(to, reference, manifest).await?;
            if says(&answer, "MANIFEST_BLOB_UNKNOWN") {
                return Ok(false);
            }
            answer.expect(&[201])?;
        }
    }
    Ok(true)
}

/// Sends a blob unless it is there. An upload may be gone before it is finished, like all that nobody needs yet.
pub(crate) async fn has_pushed_blob(to: Repository<'_>, blob: &Blob) -> Result<bool> {
    if to.head(&blob.path()).await?.expect(&[200, 404])?.status == 200 {
        return Ok(true);
    }
    let upload = to.begin().await?;
    let answer = to.finish(&upload, &blob.digest, None, blob.bytes.clone()).await?;
    let is_gone = says(&answer, "BLOB_UPLOAD_UNKNOWN");
    Ok(!is_gone && answer.expect(&[201]).map(|_| true)?)
}

async fn put(to: Repository<'_>, reference: &str, manifest: &Manifest) -> Result<Answer> {
    to.put_manifest(reference, manifest.media_type, manifest.bytes.clone()).await
}

fn says(answer: &Answer, code: &str) -> bool {
    let is_refused = (400..500).contains(&answer.status);
    answer.json().is_ok_and(|json| is_refused && json["errors"][0]["code"] == code)
}

/// Pulls an image or an index with all that belongs to it. The digest of the manifest.
pub(crate) async fn pull(from: Repository<'_>, reference: &str) -> Result<String> {
    let (mut digest, mut named) = (None, vec![reference.to_owned()]);
    while let Some(reference) = named.pop() {
        let answer = from.get(&format!("manifests/{reference}")).await?.expect(&[200])?;
        let found = answer.header("docker-content-digest").context("no digest")?;
        is_whole(&answer, found)?;
        let json = answer.json()?;
        named.extend(digests(&json["manifests"]));
        for blob in
            json["config"]["digest"].as_str().map(str::to_owned).into_iter().chain(digests(&json["layers"]))
        {
            is_whole(&from.get(&format!("blobs/{blob}")).await?.expect(&[200])?, &blob)?;
        }
        digest.get_or_insert(found.to_owned());
    }
    digest.context("nothing was pulled")
}

fn digests(descriptors: &Value) -> impl Iterator<Item = String> {
    descriptors.as_array().into_iter().flatten().filter_map(|one| Some(one["digest"].as_str()?.to_owned()))
}

fn is_whole(answer: &Answer, digest: &str) -> Result<()> {
    let algorithm = Algorithm::of(digest).context("an algorithm")?;
    ensure!(algorithm.digest(&answer.body) == digest, "{} answered other bytes", answer.asked);
    Ok(())
}

/// All tags, page by page.
pub(crate) async fn tags(of: Repository<'_>) -> Result<Vec<String>> {
    let mut tags = Vec::new();
    let mut answer = of.get("tags/list").await?.expect(&[200])?;
    loop {
        let json = answer.json()?;
        let page = json["tags"].as_array().with_context(|| format!("{} answered {json}", answer.asked))?;
        tags.extend(page.iter().filter_map(|tag| tag.as_str().map(str::to_owned)));
        let Some(link) = answer.header("link") else { return Ok(tags) };
        let to = link.split(['<', '>']).nth(1).with_context(|| format!("a link: {link}"))?;
        let next = answer.url.join(to)?;
        answer = of.get_at(next.as_str()).await?.expect(&[200])?;
    }
}
