//! Small answers and the ways a field may be there.

use serde::{Deserialize, Deserializer, Serialize};

/// `{"success":true}`.
#[derive(Serialize)]
pub(crate) struct Done {
    success: bool,
}

impl Done {
    pub(crate) const YES: Self = Self { success: true };
}

/// For a field that may be absent but not `null`.
pub(crate) fn present<'de, T, D>(deserializer: D) -> Result<Option<T>, D::Error>
where
    T: Deserialize<'de>,
    D: Deserializer<'de>,
{
    T::deserialize(deserializer).map(Some)
}
