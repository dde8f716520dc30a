//! How far an archive has been read.

use std::fmt;
use std::str::FromStr;

/// How far an archive has been read, as opaque text: where a later reader goes on. It means nothing in another archive.
///
/// Events up to `seq` are done. Numbers of segments and blocks stay the same when a server compacts its archive, so those
/// before `segment` and `block` need not even be looked at.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ArchivePosition {
    pub(super) seq: u64,
    pub(super) segment: u64,
    pub(super) block: u32,
}

/// Text that is not an [`ArchivePosition`].
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("this is not a position in an archive")]
pub struct InvalidArchivePosition;

impl ArchivePosition {
    /// The sequence number up to which everything was read: what a new plan can begin after.
    #[must_use]
    pub fn seq(self) -> u64 {
        self.seq
    }
}

impl fmt::Display for ArchivePosition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}/{}", self.seq, self.segment, self.block)
    }
}

impl FromStr for ArchivePosition {
    type Err = InvalidArchivePosition;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let number = |text: &str| text.parse::<u64>().map_err(|_| InvalidArchivePosition);
        match text.split('/').collect::<Vec<_>>()[..] {
            [seq, segment, block] => Ok(Self {
                seq: number(seq)?,
                segment: number(segment)?,
                block: block.parse().map_err(|_| InvalidArchivePosition)?,
            }),
            _ => Err(InvalidArchivePosition),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_leads_back() {
        for text in ["0/0/0", "18446744073709551615/7/4294967295"] {
            assert_eq!(text.parse::<ArchivePosition>().unwrap().to_string(), text);
        }
        for text in ["", "1", "1/2", "1/2/3/4", "-1/0/0", "1/2/4294967296", "a/b/c"] {
            assert_eq!(text.parse::<ArchivePosition>(), Err(InvalidArchivePosition), "{text}");
        }
    }
}
