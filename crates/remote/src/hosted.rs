//! What a host says about a repository as a whole.

use atproto::jetstream::AccountStatus;
use atproto::{Cid, Did, Tid};
use serde_json::Value;

use crate::answer::{field, malformed, object};
use crate::client::Asked;
use crate::host::Sample;
use crate::query::Query;
use crate::revision::plausible;
use crate::{Home, Remote, RemoteError};

const STATUS: &str = "com.atproto.sync.getRepoStatus";
const LATEST: &str = "com.atproto.sync.getLatestCommit";

/// Both answers are a few short strings.
const MAX_BYTES: usize = 16 << 10;

/// Whether a host serves a repository (`com.atproto.sync.getRepoStatus`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HostedStatus {
    /// Whether it does.
    pub active: bool,
    /// Why not; usually absent when active.
    pub status: Option<AccountStatus>,
    /// Its revision, if the host says so.
    pub rev: Option<Tid>,
}

impl Remote {
    /// Whether the repository's host serves it. A host that says it does not is believed only if the repository has not
    /// moved to another.
    pub async fn status(&self, home: &Home) -> Result<HostedStatus, RemoteError> {
        let status = self.at_home(home, |home| async move { self.status_at(&home).await }).await?;
        if status.active {
            return Ok(status);
        }
        match self.moved(home).await {
            Ok(Some(home)) => self.status_at(&home).await,
            _ => Ok(status),
        }
    }

    /// The newest revision of the repository and the CID of its commit, on the host's word
    /// (`com.atproto.sync.getLatestCommit`).
    pub async fn latest(&self, home: &Home) -> Result<(Tid, Cid), RemoteError> {
        self.at_home(home, |home| async move { self.latest_at(&home).await }).await
    }

    async fn status_at(&self, home: &Home) -> Result<HostedStatus, RemoteError> {
        let asked = Asked::from(home);
        let query = Query::json(STATUS, MAX_BYTES).with("did", &home.did).measured(Sample::RoundTrip);
        let answer = object(asked, STATUS, &self.client().ask(asked, &query).await?)?;
        let about: Did = field(asked, STATUS, &answer, "did")?;
        if about != home.did {
            return Err(home.untrusted("other_repository"));
        }
        let active = answer["active"].as_bool();
        let active = active.ok_or_else(|| malformed(asked, STATUS, "`active` is missing or not valid"))?;
        let status = answer["status"].as_str().map(AccountStatus::parse);
        let rev = match &answer["rev"] {
            Value::Null => None,
            _ => Some(field(asked, STATUS, &answer, "rev")?),
        };
        Ok(HostedStatus { active, status, rev })
    }

    /// What this host says, and no other.
    pub(crate) async fn latest_at(&self, home: &Home) -> Result<(Tid, Cid), RemoteError> {
        let asked = Asked::from(home);
        let query = Query::json(LATEST, MAX_BYTES).with("did", &home.did).measured(Sample::RoundTrip);
        let answer = object(asked, LATEST, &self.client().ask(asked, &query).await?)?;
        let (rev, cid) = (field(asked, LATEST, &answer, "rev")?, field(asked, LATEST, &answer, "cid")?);
        if plausible(rev) { Ok((rev, cid)) } else { Err(home.untrusted("future_rev")) }
    }
}
