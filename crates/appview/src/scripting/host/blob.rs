//! `atproto.blob_download` and `atproto.blob_upload`: bytes between PDSes (spec/appview.md §5.10).

use std::any::Any;
use std::sync::Arc;

use accounts::pds::{PdsCall, PdsSession};
use atproto::data::{self, Limits};
use atproto::{Cid, Did};
use futures::stream;
use http::StatusCode;
use http::header::{CONTENT_TYPE, HeaderValue};
use lua::HostError;
use serde_json::json;
use url::Url;

use super::super::acting;
use super::record::{is_over, no_session};
use super::{Answer, Arguments, ScriptHost, raw};
use crate::scripting::blobs::MAX_BYTES;
use crate::xrpc::{blobs::get_blob, upload};

/// What a PDS says of a blob it has taken.
const MAX_ANSWER_BYTES: usize = 64 << 10;

const UNKNOWN_TYPE: &str = "application/octet-stream";

impl ScriptHost {
    /// `did, cid`. The bytes stay here; they are those of the CID, whoever sends them.
    pub(super) async fn blob_download(
        &self,
        context: &Arc<dyn Any + Send + Sync>,
        arguments: &Arguments,
    ) -> Answer {
        let wrong = |error: &dyn std::fmt::Display| HostError::new(error.to_string());
        let did = Did::parse(arguments.text(0, "did")?).map_err(|error| wrong(&error))?;
        let cid = Cid::parse(arguments.text(1, "cid")?).map_err(|error| wrong(&error))?;
        let blobs = &acting::reach(context)?.blobs;
        let author = self.resolver.resolve_did(&did).await.map_err(|error| wrong(&error))?;
        let pds = author.pds.as_ref().ok_or_else(|| HostError::new(format!("{did} has no PDS")))?;
        let url = Url::parse(&get_blob(pds, &did, cid)).map_err(|error| wrong(&error))?;
        let request = self.network.get(&url).max_bytes(MAX_BYTES).timeout(upload::TIME_LIMIT);
        let mut coming = blobs.begin(&self.blob_memory)?;
        let mut answer = request.open().await.map_err(|error| wrong(&error))?;
        if !answer.status().is_success() {
            let message = format!("the PDS of {did} answered {} when asked for {cid}", answer.status());
            return Err(HostError::new(message));
        }
        let mime_type = answer.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
        let mime_type = mime_type.unwrap_or(UNKNOWN_TYPE).to_owned();
        while let Some(piece) = answer.chunk().await.map_err(|error| wrong(&error))? {
            coming.push(&piece)?;
        }
        if !cid.is_of(coming.bytes()) {
            return Err(HostError::new(format!("what the PDS of {did} sent is not {cid}")));
        }
        let size = coming.bytes().len();
        let handle = blobs.keep(coming, mime_type.clone());
        raw(&json!({ "handle": handle, "mimeType": mime_type, "size": size }))
    }

    /// `handle, content_type?`. To the PDS of whoever the script writes for.
    pub(super) async fn blob_upload(
        &self,
        context: &Arc<dyn Any + Send + Sync>,
        session: Option<&PdsSession>,
        arguments: &Arguments,
    ) -> Answer {
        let session = session.ok_or_else(no_session)?;
        let blob = acting::reach(context)?.blobs.get(arguments.text(0, "handle")?);
        let blob = blob.ok_or_else(|| HostError::new("there is no such blob; blob_download gets one"))?;
        let content_type = arguments.optional_text(1, "content_type")?.unwrap_or(&blob.mime_type);
        let content_type = HeaderValue::try_from(content_type)
            .map_err(|_| HostError::new("content_type must be a media type, such as image/png"))?;
        let call = PdsCall::procedure(upload::method())
            .header(CONTENT_TYPE, content_type)
            .max_bytes(MAX_ANSWER_BYTES)
            .timeout(upload::TIME_LIMIT);
        let length = blob.bytes.len() as u64;
        let body = stream::iter([Ok::<_, std::io::Error>(blob.bytes.clone())]);
        let answer = session.upload(&call, Some(length), body).await.map_err(|error| {
            if is_over(&error) {
                HostError::auth(error.to_string())
            } else {
                HostError::new(error.to_string())
            }
        })?;
        if answer.status == StatusCode::UNAUTHORIZED {
            return Err(HostError::auth("the PDS does not take the caller's session for uploads"));
        }
        if !answer.status.is_success() {
            let said: String = String::from_utf8_lossy(&answer.body).chars().take(500).collect();
            return Err(HostError::new(format!("the PDS answered {}: {said}", answer.status)));
        }
        let said = data::parse(&answer.body, &Limits::default());
        raw(&said.map_err(|error| HostError::new(format!("what the PDS answered: {error}")))?)
    }
}
