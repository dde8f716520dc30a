//! Patterns as Lua matches them, with a count of the steps that takes.
//!
//! Backtracking can take exponential time. The matcher of Lua cannot be stopped in the middle; this one asks the [`Meter`]
//! every few thousand steps. A test compares the two.

mod matcher;
mod sets;

use self::matcher::Matcher;
use crate::meter::{Meter, Over};

const ESCAPE: u8 = b'%';

/// A step is a comparison, which takes a fraction of the time of an instruction.
const STEPS_PER_INSTRUCTION: u64 = 8;

/// Steps between two looks at the meter.
const STEPS_PER_LOOK: u64 = 8 * 1024;

/// Where a pattern was found. Offsets are from 0, in bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Match {
    pub(crate) start: usize,
    pub(crate) end: usize,
    pub(crate) captures: Vec<Capture>,
}

/// What a pair of parentheses caught.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Capture {
    /// From the first offset up to the second.
    Text(usize, usize),
    /// `()`: where it stands.
    Position(usize),
}

/// Why there is no answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum PatternError {
    #[error("{0}")]
    Malformed(String),
    #[error(transparent)]
    Over(#[from] Over),
}

fn malformed<T>(message: &str) -> Result<T, PatternError> {
    Err(PatternError::Malformed(message.to_owned()))
}

/// The first match that begins at `from` or later (or exactly there, if `anchored`) and does not end at `not_ending`, where
/// the one before did. The pattern has no leading `^`.
pub(crate) fn find(
    source: &[u8],
    pattern: &[u8],
    from: usize,
    not_ending: Option<usize>,
    anchored: bool,
    meter: &Meter,
) -> Result<Option<Match>, PatternError> {
    let mut matcher = Matcher::new(source, pattern, meter);
    let starts = if anchored { from..=from } else { from..=source.len() };
    let mut found = None;
    for start in starts {
        if let Some(end) = matcher.run_from(start)?
            && Some(end) != not_ending
        {
            found = Some(Match { start, end, captures: matcher.captures()? });
            break;
        }
    }
    matcher.pay()?;
    Ok(found)
}

/// Where `needle` first occurs at `from` or later.
pub(crate) fn find_plain(
    source: &[u8],
    needle: &[u8],
    from: usize,
    meter: &Meter,
) -> Result<Option<usize>, Over> {
    let Some((first, rest)) = needle.split_first() else {
        return Ok(Some(from));
    };
    let mut at = from;
    let mut steps = 0;
    while let Some(skipped) = source[at..].iter().position(|byte| byte == first) {
        at += skipped + 1;
        if source[at..].starts_with(rest) {
            return Ok(Some(at - 1));
        }
        steps += 16 + skipped as u64 + rest.len() as u64;
        if steps > 16 * STEPS_PER_LOOK {
            // Comparing bytes in bulk is faster still than matching them.
            meter.spend(steps / 16 / STEPS_PER_INSTRUCTION)?;
            steps = 0;
        }
    }
    Ok(None)
}

/// Whether a pattern is only text.
pub(crate) fn is_plain(pattern: &[u8]) -> bool {
    !pattern.iter().any(|byte| b"^$*+?.([%-".contains(byte))
}
