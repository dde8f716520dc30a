//! Copies that the bucket makes itself.

use std::ops::Range;

use futures::TryStreamExt;
use http::{Method, StatusCode};
use object_store::aws::AwsAuthorizer;
use object_store::client::{HttpRequest, HttpRequestBody};
use object_store::multipart::{MultipartStore, PartId};
use object_store::path::Path;
use object_store::{ObjectStoreExt, Result};
use serde::Deserialize;
use url::Url;

use super::Inner;
use crate::StorageError;

/// How often a piece is tried.
const ATTEMPTS: usize = 3;

/// What the bucket says of a piece that it has copied.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Copied {
    e_tag: String,
}

impl Inner {
    /// Gives an object of `size` bytes another name as well: in one step, or in several if it is too long for that. In any case it is
    /// there under it as a whole or not at all.
    pub(super) async fn copy(&self, from: &Path, to: &Path, size: u64) -> Result<(), StorageError> {
        let copied = if size <= self.sizes.copy {
            self.store.copy(from, to).await
        } else {
            self.copy_in_pieces(from, to, size).await
        };
        copied.map_err(StorageError::object("make", to))
    }

    async fn copy_in_pieces(&self, from: &Path, to: &Path, size: u64) -> Result<()> {
        let upload = self.store.create_multipart(to).await?;
        let copied = self.pieces(from, to, &upload, size).await;
        let done = match copied {
            Ok(pieces) => self.store.complete_multipart(to, &upload, pieces).await.map(drop),
            Err(error) => Err(error),
        };
        if done.is_err() {
            // What remains costs space, until strays are looked for.
            _ = self.store.abort_multipart(to, &upload).await;
        }
        done
    }

    async fn pieces(&self, from: &Path, to: &Path, upload: &str, size: u64) -> Result<Vec<PartId>> {
        let mut pieces = Vec::new();
        let mut start = 0;
        while start < size {
            let end = (start + self.sizes.copy).min(size);
            let mut tried = self.piece(from, to, upload, pieces.len() + 1, start..end).await;
            for _ in 1..ATTEMPTS {
                if tried.is_err() {
                    tried = self.piece(from, to, upload, pieces.len() + 1, start..end).await;
                }
            }
            pieces.push(PartId { content_id: tried?.e_tag });
            start = end;
        }
        Ok(pieces)
    }

    async fn piece(
        &self,
        from: &Path,
        to: &Path,
        upload: &str,
        number: usize,
        range: Range<u64>,
    ) -> Result<Copied> {
        let mut url = self.url(to.as_ref())?;
        url.query_pairs_mut().append_pair("partNumber", &number.to_string()).append_pair("uploadId", upload);
        let request = http::Request::builder()
            .method(Method::PUT)
            .uri(url.as_str())
            .header("x-amz-copy-source", format!("{}/{from}", self.location.bucket))
            .header("x-amz-copy-source-range", format!("bytes={}-{}", range.start, range.end - 1));
        let (status, body) = self.ask(request.body(HttpRequestBody::empty()).map_err(wrong)?).await?;
        if !status.is_success() {
            return Err(wrong(format!("the bucket answers {status} when it is to copy a piece")));
        }
        // An error may come after a status that says that all is well.
        quick_xml::de::from_str(&body).map_err(wrong)
    }

    /// Of something in the bucket, or of the bucket itself.
    pub(super) fn url(&self, below: &str) -> Result<Url> {
        Url::parse(&format!("{}/{}/{below}", self.location.endpoint, self.location.bucket)).map_err(wrong)
    }

    /// Signs a request without a body, sends it, and reads what is answered.
    pub(super) async fn ask(&self, mut request: HttpRequest) -> Result<(StatusCode, String)> {
        let credential = self.store.credentials().get_credential().await?;
        AwsAuthorizer::new(&credential, "s3", &self.location.region).try_authorize(&mut request, None)?;
        let answer = self.client.execute(request).await.map_err(wrong)?;
        let (status, mut body) = (answer.status(), answer.into_body().bytes_stream());
        let mut text = Vec::new();
        while let Some(piece) = body.try_next().await.map_err(wrong)? {
            text.extend_from_slice(&piece);
            if text.len() > MAX_ANSWER {
                return Err(wrong("the answer of the bucket has no end"));
            }
        }
        Ok((status, String::from_utf8(text).map_err(wrong)?))
    }
}

/// A page of a list has at most a thousand names of a kilobyte each.
const MAX_ANSWER: usize = 4 << 20;

pub(super) fn wrong(error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> object_store::Error {
    object_store::Error::Generic { store: "S3", source: error.into() }
}
