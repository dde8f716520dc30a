//! Accounts that are at home on this very server.

use std::fmt::Debug;
use std::sync::Arc;

use atproto::{Did, Handle};

use crate::Identity;

/// Whoever knows accounts without asking the network: they resolve although no DNS and no directory has heard of them, and
/// under top-level domains that nobody else can have (`alice.test`, `alice.localhost`).
///
/// Called for every look-up, so both questions must be answered from memory.
pub trait Local: Debug + Send + Sync + 'static {
    /// The account, as its document describes it; `None` if it is not at home here.
    fn by_did(&self, did: &Did) -> Option<Arc<Identity>>;

    /// The account that has this handle; `None` if none here has.
    fn by_handle(&self, handle: &Handle) -> Option<Did>;
}
