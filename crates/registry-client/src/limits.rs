//! How much of somebody else's registry is looked at.

use std::time::Duration;

/// Bytes of a page of a list.
pub(crate) const PAGE_BYTES: usize = 4 << 20;

/// Bytes of all pages of a list: what it names is kept until it ends.
pub(crate) const LIST_BYTES: usize = 128 << 20;

/// Pages of a list.
pub(crate) const PAGES: usize = 10_000;

/// Tags of a repository.
pub(crate) const TAGS: usize = 100_000;

/// Repositories of a registry.
pub(crate) const REPOSITORIES: usize = 10_000;

/// Manifests that are about one other.
pub(crate) const REFERRERS: usize = 10_000;

/// Manifests of a repository that are remembered as done, each with about a hundred bytes.
pub(crate) const MANIFESTS: usize = 1_000_000;

/// Manifests in one another, or about one another.
pub(crate) const DEPTH: usize = 16;

/// Bytes of a layer.
pub(crate) const BLOB: u64 = 64 << 30;

/// For an answer that is no layer.
pub(crate) const ANSWER: Duration = Duration::from_mins(1);

/// For a whole layer, however slow the line is.
pub(crate) const TRANSFER: Duration = Duration::from_hours(12);

/// For the next bytes of a layer.
pub(crate) const PAUSE: Duration = Duration::from_mins(1);
