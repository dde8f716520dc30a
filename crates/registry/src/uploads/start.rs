//! Beginning an upload, or doing without one.

use axum::body::Body;
use http::StatusCode;
use oci::{Algorithm, Digest, Error, ErrorCode, RepositoryName, Route, UploadStart};

use super::{Upload, finish, mount};
use crate::Repository;
use crate::answer::Answer;
use crate::asked::Asked;
use crate::auth::Presented;
use crate::refusal::Refusal;
use crate::registry::Registry;
use crate::telemetry;

pub(crate) async fn start(
    registry: &Registry,
    presented: &Presented,
    (asked, body): (&Asked, &mut Body),
    (name, repository): (&RepositoryName, &Repository),
) -> Result<Answer, Refusal> {
    let wish = UploadStart::parse(asked.query())?;
    let destination = registry.destination(asked, &repository.owner).await?;
    let place = destination.place();
    match &destination.remote {
        None if registry.hold.is_full(&repository.owner).await? => {
            return Err(
                Error::new(ErrorCode::Denied, "there is no room left: delete some images first").into()
            );
        }
        None => {}
        Some(hold) => registry.holds.admit(hold, &repository.owner).await?,
    }
    let algorithm = match wish {
        UploadStart::Session { algorithm } => algorithm.unwrap_or(Algorithm::Sha256),
        UploadStart::Whole(digest) => digest.algorithm(),
        UploadStart::Mount { digest, ref from } => {
            if let Some(answer) = mount::mount(
                registry,
                presented,
                asked,
                (name, repository),
                (&digest, from.as_ref()),
                &destination,
            )
            .await?
            {
                return Ok(answer);
            }
            digest.algorithm()
        }
    };
    let sender = registry.seal.sender(&repository.owner);
    let id = registry.hold.blobs().start_for(algorithm, sender).await?;
    telemetry::upload("begun");
    let upload = Upload { registry, repository, name, id, place };
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

/// Says where a blob is now.
pub(super) fn created(name: &RepositoryName, digest: &Digest) -> Answer {
    let location = Route::Blob { name: name.clone(), digest: *digest };
    Answer::new(StatusCode::CREATED).location(&location.to_string()).digest(digest)
}
