//! What the registry and its hold work with, checked.

use std::path::PathBuf;
use std::time::Duration;

use atproto::{Did, Handle};
use blobs::Fsync;
use registry::Schedule;

use super::error::Error;
use super::values::Values;
use super::{Secret, read, table};

/// The fields are described in the table.
#[expect(clippy::struct_excessive_bools, reason = "each is a setting of its own")]
#[derive(Debug)]
pub(crate) struct Registry {
    pub(crate) dir: Option<PathBuf>,
    pub(crate) fsync: Fsync,
    pub(crate) bucket: Option<blobs::Location>,
    pub(crate) service: Option<String>,
    pub(crate) token_life: Duration,
    pub(crate) delete: bool,
    pub(crate) sparse: bool,
    pub(crate) accounts: Vec<(Handle, Secret)>,
    /// Zero stands for never.
    pub(crate) gc_every: Duration,
    pub(crate) gc_grace: Duration,
    pub(crate) quota_file: Option<PathBuf>,
    pub(crate) hold_owner: Option<Did>,
    pub(crate) hold_is_public: bool,
    pub(crate) hold_allows_all: bool,
    pub(crate) trusted_appviews: Vec<Did>,
}

impl Registry {
    pub(super) fn new(values: &Values) -> Result<Self, Error> {
        Ok(Self {
            dir: values.optional(&table::REGISTRY_DIR, read::folder)?,
            fsync: values.value(&table::REGISTRY_FSYNC, read::fsync)?,
            bucket: values.optional(&table::REGISTRY_S3_URL, read::bucket)?,
            service: values.optional(&table::REGISTRY_SERVICE, read::header)?,
            token_life: values.value(&table::REGISTRY_TOKEN_SECONDS, read::token_seconds)?,
            delete: values.value(&table::REGISTRY_DELETE, read::switch)?,
            sparse: values.value(&table::REGISTRY_SPARSE, read::switch)?,
            accounts: values.optional(&table::REGISTRY_ACCOUNTS, read::local_accounts)?.unwrap_or_default(),
            gc_every: values.value(&table::REGISTRY_GC_SECONDS, read::long_seconds)?,
            gc_grace: values.value(&table::REGISTRY_GC_GRACE_SECONDS, read::long_seconds)?,
            quota_file: values.optional(&table::REGISTRY_QUOTA_FILE, read::folder)?,
            hold_owner: values.optional(&table::HOLD_OWNER, read::did)?,
            hold_is_public: values.value(&table::HOLD_PUBLIC, read::switch)?,
            hold_allows_all: values.value(&table::HOLD_ALLOW_ALL_CREW, read::switch)?,
            trusted_appviews: values.optional(&table::HOLD_TRUSTED_APPVIEWS, read::dids)?.unwrap_or_default(),
        })
    }

    /// How garbage is looked for.
    pub(crate) fn collecting(&self) -> Schedule {
        Schedule { every: self.gc_every, grace: self.gc_grace, uploads: self.gc_grace }
    }
}
