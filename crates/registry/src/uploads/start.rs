//! Beginning an upload, or doing without one.

use axum::body::Body;
use http::StatusCode;
use oci::{Actions, Algorithm, Digest, Error, ErrorCode, RepositoryName, Route, UploadStart};

use super::{Upload, finish};
use crate::Repository;
use crate::answer::Answer;
use crate::asked::Asked;
use crate::auth::Presented;
use crate::blobs::visible;
use crate::refusal::Refusal;
use crate::registry::Registry;

pub(crate) async fn start(
    registry: &Registry,
    presented: &Presented,
    (asked, body): (&Asked, &mut Body),
    (name, repository): (&RepositoryName, &Repository),
) -> Result<Answer, Refusal> {
    let wish = UploadStart::parse(asked.query())?;
    if registry.hold.is_full(&repository.owner).await? {
        return Err(Error::new(ErrorCode::Denied, "there is no room left: delete some images first").into());
    }
    let algorithm = match wish {
        UploadStart::Session { algorithm } => algorithm.unwrap_or(Algorithm::Sha256),
        UploadStart::Whole(digest) => digest.algorithm(),
        UploadStart::Mount { digest, ref from } => {
            if let Some(answer) =
                mount(registry, presented, asked, (name, repository), &digest, from.as_ref()).await?
            {
                return Ok(answer);
            }
            digest.algorithm()
        }
    };
    let id = registry.hold.blobs().start(algorithm).await?;
    let upload = Upload { registry, repository, name, id };
    match wish {
        UploadStart::Whole(digest) => {
            let finished = finish::whole(&upload, asked, body, &digest).await;
            if finished.is_err() {
                // The client does not know what it is called.
                let _ = registry.hold.blobs().cancel(id).await;
            }
            finished
        }
        _ => Ok(upload.answer(StatusCode::ACCEPTED, 0)),
    }
}

/// Puts a blob of another repository into this one. Where that cannot be, the client sends it: nothing of why is told.
async fn mount(
    registry: &Registry,
    presented: &Presented,
    asked: &Asked,
    (name, repository): (&RepositoryName, &Repository),
    digest: &Digest,
    from: Option<&RepositoryName>,
) -> Result<Option<Answer>, Refusal> {
    let source = match from {
        Some(from) => match registry.owners.find(from).await {
            Ok(source) => Some(source),
            Err(_) => return Ok(None),
        },
        // It may be anywhere among one's own.
        None => None,
    };
    let size = match &source {
        Some(source) => {
            // What anybody may read needs no scope of its own.
            let allowed = registry.auth.allowed(presented, source).await?;
            let may_read = (allowed | registry.auth.may(None, source).await?).allow(Actions::PULL);
            if may_read { visible(registry, asked, source, digest).await? } else { None }
        }
        None => registry.links.anywhere(&repository.owner, digest).await?,
    };
    let Some(size) = size else { return Ok(None) };
    // Whoever is about to name it may rely on it.
    if !registry.hold.blobs().touch(digest).await? {
        return Ok(None);
    }
    registry.links.add(repository, digest, size).await?;
    Ok(Some(created(name, digest)))
}

/// Says where a blob is now.
pub(super) fn created(name: &RepositoryName, digest: &Digest) -> Answer {
    let location = Route::Blob { name: name.clone(), digest: *digest };
    Answer::new(StatusCode::CREATED).location(&location.to_string()).digest(digest)
}
