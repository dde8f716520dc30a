//! One repository that is written to.

use accounts::pds::{PdsCall, PdsSession};
use atproto::{Cid, Did, Nsid};
use bytes::Bytes;
use futures::future::{BoxFuture, FutureExt};
use futures::stream;
use http::HeaderValue;
use records::{RepoAnswer, RepoWrite, RepoWriter};
use repos::{Home, Repos};
use serde::Deserialize;

use super::AuthorError;
use crate::auth::PasswordSession;

/// Wherever it is.
pub(crate) enum Author {
    /// Here.
    Hosted(Repos, Home),
    /// At a PDS, by the session of somebody who signed in in a browser.
    Session(PdsSession),
    /// At a PDS, by the session that an app password began.
    Password(PasswordSession),
}

#[derive(Deserialize)]
struct Uploaded {
    blob: UploadedBlob,
}

#[derive(Deserialize)]
struct UploadedBlob {
    r#ref: Link,
}

#[derive(Deserialize)]
struct Link {
    #[serde(rename = "$link")]
    link: String,
}

impl Author {
    /// Puts the bytes of a manifest where its record will point. The address is that of these bytes, or it is an error.
    pub(crate) async fn upload(&self, media_type: &'static str, bytes: Bytes) -> Result<Cid, AuthorError> {
        let cid = Cid::raw_sha256(&bytes);
        let header = HeaderValue::from_static(media_type);
        let answer = match self {
            Self::Hosted(repos, home) => {
                let stored = repos.upload_blob(&home.did(), media_type, bytes).await;
                return stored.map(|stored| stored.cid).map_err(AuthorError::Hosted);
            }
            Self::Session(session) => {
                let call = PdsCall::procedure(upload_blob()).body(header, bytes);
                let answer = session.call(&call).await.map_err(AuthorError::Session)?;
                RepoAnswer { status: answer.status, headers: answer.headers, body: answer.body }
            }
            Self::Password(session) => {
                let length = bytes.len() as u64;
                let body = stream::iter([Ok::<_, std::convert::Infallible>(bytes)]);
                session.upload_blob(header, length, body).await.map_err(AuthorError::Password)?
            }
        };
        let uploaded: Option<Uploaded> = serde_json::from_slice(&answer.body).ok();
        match uploaded.and_then(|uploaded| Cid::parse(&uploaded.blob.r#ref.link).ok()) {
            Some(found) if answer.status.is_success() && found == cid => Ok(cid),
            _ => Err(AuthorError::refused(&answer)),
        }
    }
}

fn upload_blob() -> Nsid {
    let name = "com.atproto.repo.uploadBlob";
    Nsid::parse(name).unwrap_or_else(|error| unreachable!("{name} is an NSID: {error}"))
}

impl RepoWriter for Author {
    type Error = AuthorError;

    fn did(&self) -> Did {
        match self {
            Self::Hosted(_, home) => home.did(),
            Self::Session(session) => session.did(),
            Self::Password(session) => session.did(),
        }
    }

    fn write<'a>(&'a self, write: &'a RepoWrite) -> BoxFuture<'a, Result<RepoAnswer, AuthorError>> {
        match self {
            Self::Hosted(_, home) => home.write(write).map(|done| done.map_err(AuthorError::Hosted)).boxed(),
            Self::Session(session) => {
                session.write(write).map(|done| done.map_err(AuthorError::Session)).boxed()
            }
            Self::Password(session) => {
                session.write(write).map(|done| done.map_err(AuthorError::Password)).boxed()
            }
        }
    }
}
