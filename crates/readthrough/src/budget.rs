//! How much may be asked.

/// How much may be asked. A question costs one token, that for a list two; finding out who an account's host is, is part of
/// it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Budget {
    /// Questions per minute that one [`Asker`](crate::Asker) may cause, which is also how many at once; 0: none.
    pub per_asker: u32,
    /// Questions per minute that all of them together may cause, on all instances; 0: none.
    pub total: u32,
}

impl Default for Budget {
    fn default() -> Self {
        Self { per_asker: 60, total: 1_200 }
    }
}
