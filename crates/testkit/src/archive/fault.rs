//! How an archive misbehaves.

/// How an archive misbehaves.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ArchiveFault {
    /// It does not.
    #[default]
    None,
    /// It has no such methods: an older server.
    NotOffered,
    /// Every request fails with 503.
    Unavailable,
    /// Plans have ever more pages, each a little further than the one before.
    EndlessPlan,
    /// Every page of a plan ends where it begins.
    StuckPlan,
    /// Later pages say that the archive ends elsewhere.
    MovingEnd,
    /// One bit of every block is wrong.
    DamagedBlocks,
    /// One bit behind the header of every segment's blocks is wrong.
    DamagedFooter,
    /// This block of every segment is not there.
    MissingBlock(u32),
    /// Whole segments are served where parts are asked for.
    IgnoredRanges,
}
