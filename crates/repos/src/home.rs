//! A repository that is at home here, for [`Records::write`](records::Records::write).

use atproto::{Cid, Did};
use bytes::Bytes;
use futures::future::BoxFuture;
use http::header::CONTENT_TYPE;
use http::{HeaderMap, HeaderValue, StatusCode};
use records::{RepoAnswer, RepoWrite, RepoWriter};
use serde_json::json;

use crate::{Applied, Error, Expected, Repos, Write};

/// One repository as [`records::Records::write`] takes it: the answers are those of a PDS.
#[derive(Clone, Debug)]
pub struct Home {
    repos: Repos,
    did: Did,
    expected: Expected,
    swap: Option<Cid>,
}

impl Home {
    /// Writes to the repository of `did`, in whose name the caller acts: that is for whoever asks for this to know.
    #[must_use]
    pub fn new(repos: &Repos, did: Did) -> Self {
        Self { repos: repos.clone(), did, expected: Expected::Anything, swap: None }
    }

    /// What the record must be for a write to happen (`swapRecord`). A record that is to be made must never be there.
    #[must_use]
    pub fn expecting(self, expected: Expected) -> Self {
        Self { expected, ..self }
    }

    /// What the last commit must be for a write to happen (`swapCommit`).
    #[must_use]
    pub fn after(self, commit: Cid) -> Self {
        Self { swap: Some(commit), ..self }
    }

    fn write(&self, write: &RepoWrite) -> Write {
        let expected = self.expected;
        match write.clone() {
            RepoWrite::Create { collection, rkey, record } => Write::Create { collection, rkey, record },
            RepoWrite::Put { collection, rkey, record } => Write::Put { collection, rkey, record, expected },
            RepoWrite::Swap { collection, rkey, record, expected } => {
                let expected = expected.map_or(Expected::Nothing, Expected::Version);
                Write::Put { collection, rkey, record, expected }
            }
            RepoWrite::Delete { collection, rkey } => Write::Delete { collection, rkey, expected },
        }
    }
}

impl RepoWriter for Home {
    type Error = Error;

    fn did(&self) -> Did {
        self.did.clone()
    }

    fn write<'a>(&'a self, write: &'a RepoWrite) -> BoxFuture<'a, Result<RepoAnswer, Error>> {
        Box::pin(async move {
            match self.repos.apply(&self.did, vec![self.write(write)], self.swap).await {
                Ok(applied) => Ok(answer(StatusCode::OK, &success(&applied))),
                Err(error) => refusal(error),
            }
        })
    }
}

/// What a PDS says of a write that it did.
fn success(applied: &Applied) -> serde_json::Value {
    let mut body = json!({});
    if let Some(written) = applied.written.first()
        && let Some(cid) = written.cid
    {
        body = json!({ "uri": written.uri, "cid": cid, "validationStatus": "unknown" });
    }
    if let Some(commit) = applied.commit {
        body["commit"] = json!({ "cid": commit.cid, "rev": commit.rev });
    }
    body
}

/// What a PDS says of one that it refuses. What is wrong with this server is no answer.
fn refusal(error: Error) -> Result<RepoAnswer, Error> {
    let name = match &error {
        Error::InvalidSwap { .. } => "InvalidSwap",
        Error::Deactivated(_) => "AccountDeactivated",
        Error::NotHosted(_) => "RepoNotFound",
        Error::BlobNotFound(_) => "BlobNotFound",
        Error::RecordExists(_) | Error::InvalidRecord(_) | Error::TooLarge { .. } => "InvalidRequest",
        _ => return Err(error),
    };
    Ok(answer(StatusCode::BAD_REQUEST, &json!({ "error": name, "message": error.to_string() })))
}

fn answer(status: StatusCode, body: &serde_json::Value) -> RepoAnswer {
    let json = HeaderValue::from_static("application/json");
    let headers = HeaderMap::from_iter([(CONTENT_TYPE, json)]);
    RepoAnswer { status, headers, body: Bytes::from(body.to_string()) }
}
