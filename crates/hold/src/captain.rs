//! To whom a hold belongs.

use atproto::Did;

/// What the captain decides about the hold as a whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Captain {
    /// Who it is.
    pub owner: Did,
    /// Whether anybody may read.
    pub is_public: bool,
    /// Whether whoever has an account may write.
    pub allow_all_crew: bool,
    /// Where it is, for people: `eu-central`.
    pub region: Option<String>,
}
