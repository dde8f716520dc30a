//! An identity whose handle was checked both ways.

use std::sync::Arc;

use atproto::Handle;

use crate::identity::Identity;

/// An identity whose handle was checked both ways.
#[derive(Clone, Debug)]
pub struct Verified {
    /// The account.
    pub identity: Arc<Identity>,
    /// The handle its document claims, if that handle leads back to its DID.
    pub handle: Option<Handle>,
}

impl Verified {
    /// What to show: the handle, or `handle.invalid`.
    #[must_use]
    pub fn shown_handle(&self) -> &str {
        self.handle.as_ref().map_or(Handle::INVALID, Handle::as_str)
    }
}
