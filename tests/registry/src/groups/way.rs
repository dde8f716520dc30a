//! The ways in which a blob gets to a server (spec/registry.md §1.5).

use std::fmt;

use anyhow::ensure;
use bytes::Bytes;

use crate::client::{Answer, Body};
use crate::content::Blob;
use crate::repository::{Repository, Span};

/// Bytes of a chunk.
pub(super) const CHUNK: usize = 1_024;

/// A way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Way {
    /// All in the first request.
    Post,
    /// All in the last one.
    PostPut,
    /// In one chunk between the two.
    Chunk,
    /// In several.
    Chunks,
    /// In several, the last one with the last request.
    ChunksPut,
    /// In a request that does not say where it belongs.
    Patch,
    /// In one that does not even say how long it is.
    Stream,
}

impl Way {
    pub(super) const ALL: [Self; 7] =
        [Self::Post, Self::PostPut, Self::Chunk, Self::Chunks, Self::ChunksPut, Self::Patch, Self::Stream];

    /// How many bytes show it best.
    pub(super) const fn length(self) -> usize {
        match self {
            Self::Chunks | Self::ChunksPut => 3 * CHUNK - 5,
            Self::Chunk => 512,
            _ => 2_048,
        }
    }

    /// Sends the bytes of a blob under its digest; returns the last answer, whatever it is.
    pub(super) async fn push(self, to: Repository<'_>, blob: &Blob) -> anyhow::Result<Answer> {
        let Blob { digest, bytes } = blob;
        if self == Self::Post {
            return post(to, blob).await;
        }
        let upload = to.begin().await?;
        let whole = [(0, bytes.len() - 1)];
        let spans = spans(bytes.len());
        match self {
            Self::Post | Self::PostPut => to.finish(&upload, digest, None, bytes.clone()).await,
            Self::Chunk => {
                let upload = chunks(to, upload, bytes, &whole).await?;
                to.finish(&upload, digest, None, Bytes::new()).await
            }
            Self::Chunks => {
                let upload = chunks(to, upload, bytes, &spans).await?;
                to.finish(&upload, digest, None, Bytes::new()).await
            }
            Self::ChunksPut => {
                let (last, first) = (spans[spans.len() - 1], &spans[..spans.len() - 1]);
                let upload = chunks(to, upload, bytes, first).await?;
                to.finish(&upload, digest, Some(last), part(bytes, last)).await
            }
            Self::Patch | Self::Stream => {
                let is_streamed = self == Self::Stream;
                let body =
                    if is_streamed { Body::Streamed(bytes.clone()) } else { Body::Whole(bytes.clone()) };
                let answer = to.patch(&upload, None, body).await?.expect(&[202])?;
                to.finish(&answer.location()?, digest, None, Bytes::new()).await
            }
        }
    }
}

impl fmt::Display for Way {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Post => "POST alone",
            Self::PostPut => "POST and PUT",
            Self::Chunk => "one chunk",
            Self::Chunks => "chunks",
            Self::ChunksPut => "chunks, the last with PUT",
            Self::Patch => "PATCH without a range",
            Self::Stream => "streamed PATCH",
        })
    }
}

/// The chunks of so many bytes.
pub(super) fn spans(length: usize) -> Vec<Span> {
    (0..length).step_by(CHUNK).map(|first| (first, (first + CHUNK).min(length) - 1)).collect()
}

/// The bytes of a chunk.
pub(super) fn part(bytes: &Bytes, (first, last): Span) -> Bytes {
    bytes.slice(first..=last)
}

/// Sends chunks in order and returns where the upload goes on.
async fn chunks(
    to: Repository<'_>,
    mut upload: String,
    bytes: &Bytes,
    spans: &[Span],
) -> anyhow::Result<String> {
    for &span in spans {
        let answer = to.patch(&upload, Some(span), Body::Whole(part(bytes, span))).await?.expect(&[202])?;
        let range = answer.header("range").unwrap_or_default();
        ensure!(range == format!("0-{}", span.1), "{} answered Range: {range:?}", answer.asked);
        upload = answer.location()?;
    }
    Ok(upload)
}

/// A server may answer that it wants the bytes once more.
async fn post(to: Repository<'_>, Blob { digest, bytes }: &Blob) -> anyhow::Result<Answer> {
    let answer = to.post(&format!("?digest={digest}"), bytes.clone()).await?;
    if answer.status != 202 {
        return Ok(answer);
    }
    to.finish(&answer.location()?, digest, None, bytes.clone()).await
}
