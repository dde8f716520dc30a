//! Sending blobs (spec/registry.md §1.5).
//!
//! What an upload is called goes into its `Location` together with a seal that only this server can make: it says in which repository the
//! upload is, so that nothing has to be remembered of an upload but its bytes.

mod append;
mod finish;
mod forward;
mod mount;
mod seal;
mod start;
mod status;

pub(crate) use append::append;
pub(crate) use finish::finish;
pub(crate) use forward::Staged;
pub(crate) use seal::Seal;
pub(crate) use start::start;
pub(crate) use status::{cancel, status};

use axum::body::{Body, BodyDataStream};
use blobs::UploadError;
use bytes::Bytes;
use futures::{Stream, StreamExt, stream};
use http::header::{CONTENT_RANGE, RANGE};
use oci::{ContentRange, Digest, Error, ErrorCode, RepositoryName, Route, UploadId};

use crate::Repository;
use crate::answer::Answer;
use crate::asked::Asked;
use crate::place::Place;
use crate::refusal::Refusal;
use crate::registry::Registry;

/// The parameter that carries the seal.
const STATE: &str = "_state";

/// How long a client may pause in the middle of a body. What came is kept, so it can go on.
const PAUSE: std::time::Duration = std::time::Duration::from_mins(1);

/// An upload as a request names it.
pub(crate) struct Upload<'a> {
    pub(crate) registry: &'a Registry,
    pub(crate) repository: &'a Repository,
    /// As the client spells it.
    pub(crate) name: &'a RepositoryName,
    pub(crate) id: UploadId,
    /// The hold that it goes to, which does not change in the middle.
    pub(crate) place: Place,
}

impl<'a> Upload<'a> {
    /// Refuses an upload of another repository, or of somebody else, as one that there is not.
    pub(crate) fn open(
        registry: &'a Registry,
        asked: &Asked,
        (name, repository): (&'a RepositoryName, &'a Repository),
        id: UploadId,
    ) -> Result<Self, Refusal> {
        let seal = asked.parameter(STATE).unwrap_or_default();
        let place = registry.seal.open(&seal, id, repository).ok_or(ErrorCode::BlobUploadUnknown)?;
        Ok(Self { registry, repository, name, id, place })
    }

    /// Where the client goes on.
    fn location(&self) -> String {
        let route = Route::Upload { name: self.name.clone(), id: self.id };
        let seal = self.registry.seal.of(self.id, self.repository, &self.place);
        format!("{route}?{STATE}={seal}")
    }

    /// An answer that says how far the upload is.
    fn answer(&self, status: http::StatusCode, size: u64) -> Answer {
        Answer::new(status)
            .location(&self.location())
            .with(RANGE, &oci::header::uploaded(size))
            .with(oci::header::UPLOAD_UUID, &self.id.to_string())
    }

    /// A refusal after which the client may go on where it should have.
    async fn misplaced(&self, refusal: Refusal) -> Refusal {
        match self.registry.hold.blobs().offset(self.id).await {
            Ok(size) => refusal
                .with_header(http::header::LOCATION, &self.location())
                .with_header(RANGE, &oci::header::uploaded(size)),
            Err(error) => error.into(),
        }
    }

    /// Appends the body of a request. How many bytes there are then.
    async fn take(&self, asked: &Asked, body: &mut Body) -> Result<u64, Refusal> {
        let range = self.place_of(asked).await?;
        let (at, limit) = self.bounds(range);
        let taken = self.registry.hold.blobs().append(self.id, at, whole(body), limit);
        match taken.await {
            Ok(size) => Ok(size),
            Err(error) => Err(self.refused(error, range).await),
        }
    }

    /// Appends the body of a request, which is the last of it, and makes it a blob in our own hold. Its size.
    async fn complete(&self, asked: &Asked, body: &mut Body, digest: &Digest) -> Result<u64, Refusal> {
        let range = self.place_of(asked).await?;
        let (at, limit) = self.bounds(range);
        match self.registry.hold.blobs().complete(self.id, at, whole(body), limit, digest).await {
            Ok(size) => Ok(size),
            Err(error) => Err(self.refused(error, range).await),
        }
    }

    /// Where a body begins, if the request says so, and how many bytes there may be with it: it is no longer than it is said to be, also
    /// where its length is not said but with its place.
    fn bounds(&self, range: Option<ContentRange>) -> (Option<u64>, u64) {
        let most = self.registry.bounds.blob;
        let end = range.map_or(most, |range| range.end().saturating_add(1));
        (range.map(ContentRange::start), most.min(end))
    }

    /// Where a body belongs, if the request says so. One that is not its place is refused.
    async fn place_of(&self, asked: &Asked) -> Result<Option<ContentRange>, Refusal> {
        let range = asked.header(CONTENT_RANGE).map(ContentRange::parse).transpose();
        let range = match range {
            Ok(Some(range)) => range,
            Ok(None) => return Ok(None),
            Err(error) => return Err(self.misplaced(error.into()).await),
        };
        let size = self.registry.hold.blobs().offset(self.id).await?;
        match range.check(size, asked.content_length()) {
            Ok(()) => Ok(Some(range)),
            Err(error) => Err(self.misplaced(error.into()).await),
        }
    }

    async fn refused(&self, error: UploadError, range: Option<ContentRange>) -> Refusal {
        match error {
            UploadError::TooLarge { limit } if limit < self.registry.bounds.blob && range.is_some() => {
                let text = "more came than Content-Range says";
                self.misplaced(Error::new(ErrorCode::SizeInvalid, text).into()).await
            }
            UploadError::Offset { .. } | UploadError::Busy => self.misplaced(error.into()).await,
            error => error.into(),
        }
    }
}

/// The pieces of a body.
fn whole(body: &mut Body) -> impl Stream<Item = Result<Bytes, Box<dyn std::error::Error + Send + Sync>>> {
    pausing(std::mem::take(body).into_data_stream())
}

/// Gives up on a client that says nothing for long: nobody else can go on with the upload while it has it.
fn pausing(
    body: BodyDataStream,
) -> impl Stream<Item = Result<Bytes, Box<dyn std::error::Error + Send + Sync>>> {
    stream::unfold(Some(body), |body| async move {
        let mut body = body?;
        match tokio::time::timeout(PAUSE, body.next()).await {
            Ok(None) => None,
            Ok(Some(Ok(piece))) => {
                metrics::counter!("registry_bytes_received_total").increment(piece.len() as u64);
                Some((Ok(piece), Some(body)))
            }
            Ok(Some(Err(error))) => Some((Err(error.into()), None)),
            Err(_) => Some((Err("nothing came for a minute".into()), None)),
        }
    })
}

/// A digest that a query must name.
fn digest_of(asked: &Asked) -> Result<Digest, Refusal> {
    match asked.parameter("digest") {
        Some(digest) => Ok(Digest::parse(&digest)?),
        None => {
            Err(Error::new(ErrorCode::DigestInvalid, "the query has to say which digest the blob has").into())
        }
    }
}
