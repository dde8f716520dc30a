//! What is said of a value that passes.

/// A value that is what its lexicon says, as far as that is known.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Verdict {
    /// How often a definition was meant that is not among those known: anything passed for it.
    pub unresolved: u32,
}
