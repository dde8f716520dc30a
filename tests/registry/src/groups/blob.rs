//! What must be true of a blob that was pushed, and how it goes.

use anyhow::ensure;

use crate::client::Answer;
use crate::content::Blob;
use crate::report::{Group, Optional};
use crate::repository::Repository;

/// The last answer to an upload says where the blob is, and it is there.
pub(super) async fn arrived(group: &mut Group<'_>, at: Repository<'_>, blob: &Blob, answer: &Answer) {
    let Blob { digest, bytes } = blob;
    group
        .check("where it is", async {
            at.get_at(&answer.location()?).await?.expect(&[200])?.expect_body(bytes)
        })
        .await;
    group.check("its digest", async { says_digest(answer, digest) }).await;
    read(group, at, blob).await;
}

/// A blob can be read in both ways.
pub(super) async fn read(group: &mut Group<'_>, at: Repository<'_>, blob: &Blob) {
    let Blob { digest, bytes } = blob;
    group
        .check("HEAD", async {
            let answer = at.head(&blob.path()).await?.expect(&[200])?.expect_body(b"")?;
            says_digest(&answer, digest)?;
            answer.expect_header("content-length", &bytes.len().to_string())
        })
        .await;
    group
        .check("GET", async {
            let answer = at.get(&blob.path()).await?.expect(&[200])?.expect_body(bytes)?;
            says_digest(&answer, digest)
        })
        .await;
}

/// A blob can be deleted and is gone at once.
pub(super) async fn delete(group: &mut Group<'_>, at: Repository<'_>, blob: &Blob) {
    gone(group, at, &blob.path()).await;
}

/// Deletes whatever is at a path; a server that never deletes says so.
pub(super) async fn gone(group: &mut Group<'_>, at: Repository<'_>, path: &str) {
    let deleted = async {
        match at.delete(path).await?.expect(&[202, 404, 405])?.status {
            405 => Err(Optional("it does not delete").into()),
            _ => Ok(()),
        }
    };
    if group.check("DELETE", deleted).await.is_some() {
        group.check("HEAD afterwards", async { at.head(path).await?.expect(&[404]) }).await;
    }
}

/// The header is there and is the digest that was asked for. Where the bytes come from elsewhere, the registry has said it before.
pub(super) fn says_digest(answer: &Answer, digest: &str) -> anyhow::Result<()> {
    let headers = answer.redirect.as_ref().unwrap_or(&answer.headers);
    let says = headers.get("docker-content-digest").and_then(|value| value.to_str().ok());
    ensure!(
        says == Some(digest),
        "{} answered Docker-Content-Digest: {says:?} instead of {digest}",
        answer.asked
    );
    Ok(())
}
