//! What a hold says about itself, and about those who belong to it (spec/registry.md §3.2).

use atproto::Did;
use serde::{Deserialize, Serialize};
use url::Url;

/// Somebody else's hold, as it was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Kept", into = "Kept")]
pub(crate) struct RemoteHold {
    /// What it is called: the successor, where the one that was asked for has moved.
    pub(crate) did: Did,
    /// Where it is.
    pub(crate) url: Url,
    /// What its captain decided.
    pub(crate) captain: Captain,
}

/// The same as it is remembered.
#[derive(Serialize, Deserialize)]
struct Kept {
    did: Did,
    url: String,
    captain: Captain,
}

impl TryFrom<Kept> for RemoteHold {
    type Error = url::ParseError;

    fn try_from(Kept { did, url, captain }: Kept) -> Result<Self, Self::Error> {
        Ok(Self { did, url: Url::parse(&url)?, captain })
    }
}

impl From<RemoteHold> for Kept {
    fn from(RemoteHold { did, url, captain }: RemoteHold) -> Self {
        Self { did, url: url.into(), captain }
    }
}

/// `io.atcr.hold.captain`, as far as it matters here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Captain {
    /// To whom it belongs.
    pub(crate) owner: Did,
    /// Whether anybody may read.
    #[serde(default)]
    pub(crate) public: bool,
    /// Whether whoever asks is taken on.
    #[serde(default)]
    pub(crate) allow_all_crew: bool,
    /// Where it has moved.
    #[serde(default)]
    pub(crate) successor: Option<Did>,
}

/// `io.atcr.hold.crew`, as far as it matters here.
#[derive(Debug, Deserialize)]
pub(super) struct CrewMember {
    pub(super) member: Did,
    #[serde(default)]
    permissions: Vec<String>,
}

impl CrewMember {
    /// Whether they may send blobs.
    pub(super) fn may_write(&self) -> bool {
        self.permissions.iter().any(|given| matches!(&**given, "blob:write" | "crew:admin"))
    }
}

impl RemoteHold {
    /// Where one of its methods is.
    pub(super) fn method(&self, nsid: &str) -> Url {
        let mut url = self.url.clone();
        url.set_path(&format!("/xrpc/{nsid}"));
        url
    }
}
