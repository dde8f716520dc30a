//! Who may see a thought (spec/social.md §6.3).

pub(crate) mod rule;

use serde::{Deserialize, Serialize};

/// As it is stored and shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Visibility {
    /// Everybody, everywhere.
    Public,
    /// Everybody who comes across it; it is in no list of everything.
    Unlisted,
    /// Who follows the author.
    Followers,
    /// Who is mentioned.
    #[serde(alias = "direct")]
    Private,
}

impl Visibility {
    /// As it is stored.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Public => "public",
            Self::Unlisted => "unlisted",
            Self::Followers => "followers",
            Self::Private => "private",
        }
    }

    /// Of what a row says.
    pub(crate) fn stored(name: &str) -> Result<Self, crate::Error> {
        Self::named(name).ok_or(crate::Error::NotFound("visibility"))
    }

    /// Of a name as it is stored, or `direct`.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        match name {
            "public" => Some(Self::Public),
            "unlisted" => Some(Self::Unlisted),
            "followers" => Some(Self::Followers),
            "private" | "direct" => Some(Self::Private),
            _ => None,
        }
    }
}
