//! What is left in the bucket of uploads that nobody knows of any more.

use std::collections::HashSet;
use std::time::SystemTime;

use futures::{TryStreamExt, future};
use http::{Method, StatusCode};
use object_store::client::HttpRequestBody;
use object_store::multipart::MultipartStore;
use object_store::path::Path;
use object_store::{ObjectStore, Result};
use serde::Deserialize;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use super::copy::wrong;
use super::{Inner, keys, uploads};
use crate::StorageError;

/// Names that are compared with the database at once.
const PAGE: usize = 1000;

/// A page of what the bucket has parts of.
#[derive(Deserialize, Default)]
#[serde(rename_all = "PascalCase", default)]
struct Page {
    is_truncated: bool,
    next_key_marker: String,
    next_upload_id_marker: String,
    #[serde(rename = "Upload")]
    uploads: Vec<Multipart>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Multipart {
    key: String,
    upload_id: String,
    initiated: String,
}

impl Inner {
    /// Removes objects of uploads that have no row. Only older ones: of a younger one somebody may be making the row.
    pub(super) async fn remove_strays(&self, before: SystemTime) -> Result<(), StorageError> {
        let below = Path::from(keys::UPLOADS);
        let old = self.store.list(Some(&below)).try_filter_map(move |found| {
            let is_old = SystemTime::from(found.last_modified) < before;
            let id = keys::upload(found.location.as_ref()).filter(|_| is_old);
            future::ok(id.map(|id| (id.to_string(), found.location)))
        });
        let mut pages = old.try_chunks(PAGE).map_err(|failed| failed.1);
        while let Some(page) = pages.try_next().await.map_err(StorageError::object("list", &below))? {
            let ids = || page.iter().map(|(id, _)| id);
            let (Some(first), Some(last)) = (ids().min(), ids().max()) else { continue };
            let known = uploads::between(&self.database, first.clone(), last.clone()).await?;
            let known: HashSet<_> = known.into_iter().map(|(id, _)| id).collect();
            for (_, key) in page.iter().filter(|(id, _)| !known.contains(id)) {
                self.remove(key).await?;
            }
        }
        Ok(())
    }

    /// Gives up parts that belong to no upload that has a row, and copies that were not finished. Not every store that speaks S3 can
    /// say which there are; one that cannot has to be told to drop them itself.
    pub(super) async fn abort_strays(&self, before: SystemTime) -> Result<(), StorageError> {
        for below in [keys::UPLOADS, keys::BLOBS] {
            let mut page = Page { is_truncated: true, ..Page::default() };
            while page.is_truncated {
                let next = self.parts(below, &page).await;
                page = next.map_err(StorageError::object("list the parts of", &Path::from(below)))?;
                for stray in page.uploads.iter().filter(|found| is_older(&found.initiated, before)) {
                    self.abort_stray(stray).await?;
                }
            }
        }
        Ok(())
    }

    async fn abort_stray(&self, found: &Multipart) -> Result<(), StorageError> {
        let key = Path::from(found.key.as_str());
        if let Some(id) = keys::upload(&found.key) {
            let known = uploads::between(&self.database, id.to_string(), id.to_string()).await?;
            if known.iter().any(|(_, multipart)| multipart.as_deref() == Some(&found.upload_id)) {
                return Ok(());
            }
        } else if keys::digest(&key).is_none() {
            // Others may have something in the same bucket.
            return Ok(());
        }
        self.abort(&key, &found.upload_id).await
    }

    /// Gives up the parts of an upload. If there is no such upload they are given up already.
    pub(super) async fn abort(&self, key: &Path, multipart: &str) -> Result<(), StorageError> {
        match self.store.abort_multipart(key, &multipart.to_owned()).await {
            Ok(()) | Err(object_store::Error::NotFound { .. }) => Ok(()),
            Err(error) => Err(StorageError::object("give up the parts of", key)(error)),
        }
    }

    async fn parts(&self, below: &str, last: &Page) -> Result<Page> {
        let mut url = self.url("")?;
        {
            // Not across a wait: it cannot go to another thread.
            let mut query = url.query_pairs_mut();
            query.append_pair("uploads", "").append_pair("prefix", &format!("{below}/"));
            if !last.next_key_marker.is_empty() {
                query.append_pair("key-marker", &last.next_key_marker);
                query.append_pair("upload-id-marker", &last.next_upload_id_marker);
            }
        }
        let request = http::Request::builder().method(Method::GET).uri(url.as_str());
        let (status, body) = self.ask(request.body(HttpRequestBody::empty()).map_err(wrong)?).await?;
        match status {
            StatusCode::OK => quick_xml::de::from_str(&body).map_err(wrong),
            StatusCode::NOT_IMPLEMENTED | StatusCode::METHOD_NOT_ALLOWED => Ok(Page::default()),
            status => Err(wrong(format!("the bucket answers {status} when it is to list parts"))),
        }
    }
}

fn is_older(initiated: &str, before: SystemTime) -> bool {
    OffsetDateTime::parse(initiated, &Rfc3339).is_ok_and(|at| SystemTime::from(at) < before)
}
