//! Lists by the page (spec/social.md §3.3).

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::Error;

/// Entries that are passed over at most: whoever wants more goes on with a cursor, or searches.
const MAX_SKIPPED: i64 = 10_000;

/// Which page.
#[derive(Clone, Copy, Debug, Deserialize, IntoParams)]
#[serde(default)]
pub(crate) struct Paging {
    /// From 1 on.
    #[param(minimum = 1)]
    page: i64,
    /// Entries of a page: 1 to 100.
    #[param(minimum = 1, maximum = 100)]
    per_page: i64,
}

impl Default for Paging {
    fn default() -> Self {
        Self { page: 1, per_page: 20 }
    }
}

impl Paging {
    /// How many entries there are on a page.
    pub(crate) fn limit(self) -> i64 {
        self.per_page.clamp(1, 100)
    }

    /// How many entries there are before it.
    pub(crate) fn offset(self) -> Result<i64, Error> {
        let skipped = (self.page.max(1) - 1).saturating_mul(self.limit());
        if skipped > MAX_SKIPPED {
            return Err(Error::BadRequest(format!("no page begins after {MAX_SKIPPED} entries")));
        }
        Ok(skipped)
    }

    /// Which one it is, from 1 on.
    pub(crate) fn number(self) -> i64 {
        self.page.max(1)
    }

    /// The page with these entries of so many.
    pub(crate) fn of<T>(self, items: Vec<T>, total: i64) -> Page<T> {
        Page { items, total, page: self.page.max(1), per_page: self.limit() }
    }
}

/// A page of a list.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = SocialPage)]
#[expect(clippy::struct_field_names, reason = "what clients call them")]
pub(crate) struct Page<T> {
    /// The entries.
    pub(crate) items: Vec<T>,
    /// How many there are on all pages.
    pub(crate) total: i64,
    /// From 1 on.
    pub(crate) page: i64,
    /// How many fit on a page.
    pub(crate) per_page: i64,
}
