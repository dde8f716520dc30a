//! The history that a Jetstream v2 server keeps as files.
//!
//! An [`Archive`] says which files, or which blocks of them, may hold events of some collections or repositories
//! ([`Archive::plan`]), and an [`ArchiveReader`] downloads those, and only those, a few at a time.
//!
//! # What the events are
//!
//! The server's word: nothing in an archive is signed. Records are stored as the bytes that their authors signed, so their
//! CIDs are right, but whether a record is or was in a repository is not proven.
//!
//! - Every event that the plan covers and the server still has is read at least once. What was superseded before the
//!   server's last compaction is gone; what was superseded since is followed by what supersedes it.
//! - Events come in the order of their sequence numbers, which within one repository is that in which they happened. To
//!   apply changes of a record by their revision is enough: the same change may come twice.
//! - Deletions of records come as events, for good. Records that vanish because their account was deleted, or because
//!   their repository jumped to another state, do not: instead there is one [`Kind::Account`] or [`Kind::Sync`], after
//!   which what the repository held before is void (what it holds after a sync follows). These events come whatever
//!   the collections asked for.
//! - Events after the plan's [`end`](Plan::end) are not in the archive yet; a subscription has them.
//!
//! [`Kind::Account`]: atproto::jetstream::segment::Kind::Account
//! [`Kind::Sync`]: atproto::jetstream::segment::Kind::Sync

mod download;
mod fetch;
mod filter;
mod load;
mod piece;
mod plan;
mod planned;
mod position;
mod reader;
mod telemetry;
mod wire;

pub use atproto::jetstream::segment::Event as ArchiveEvent;
pub use plan::{Plan, PlanRequest};
pub use position::{ArchivePosition, InvalidArchivePosition};
pub use reader::{ArchiveReader, MAX_BATCH};

use http::StatusCode;
use outbound::Outbound;
use url::Url;

use crate::RemoteError;

/// The archive of one Jetstream v2 server. Cheap to clone.
#[derive(Clone)]
pub struct Archive {
    outbound: Outbound,
    origin: Url,
}

impl Archive {
    /// The archive of the Jetstream at this address. The address may be that of its stream (`wss://…/subscribe`): only
    /// its origin counts.
    #[must_use]
    pub fn new(outbound: Outbound, url: Url) -> Self {
        telemetry::describe();
        let mut origin = url;
        let scheme = match origin.scheme() {
            "ws" => Some("http"),
            "wss" => Some("https"),
            _ => None,
        };
        if let Some(scheme) = scheme {
            // Between schemes of one kind a change is always possible.
            let _ = origin.set_scheme(scheme);
        }
        origin.set_path("/");
        origin.set_query(None);
        origin.set_fragment(None);
        Self { outbound, origin }
    }

    /// Whether the server has an archive, and lets us read it. Older servers have none.
    pub async fn is_offered(&self) -> Result<bool, RemoteError> {
        match self.plan_page(&PlanRequest { before_seq: Some(1), ..PlanRequest::default() }, 0).await {
            Ok(_) => Ok(true),
            Err(RemoteError::Refused { status, name, .. }) if is_unknown(status, &name) => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// Reads what the plan names, from its beginning or from where an earlier reader of a plan of this archive got to.
    #[must_use]
    pub fn read(&self, plan: Plan, from: Option<ArchivePosition>) -> ArchiveReader {
        ArchiveReader::new(self.clone(), plan, from)
    }
}

/// Whether an error says that there is no such method here, or not for us.
fn is_unknown(status: StatusCode, name: &str) -> bool {
    const STATUSES: [StatusCode; 5] = [
        StatusCode::UNAUTHORIZED,
        StatusCode::FORBIDDEN,
        StatusCode::NOT_FOUND,
        StatusCode::METHOD_NOT_ALLOWED,
        StatusCode::NOT_IMPLEMENTED,
    ];
    STATUSES.contains(&status) || name == "MethodNotImplemented"
}
