//! A matcher that goes back where it has gone wrong.

use super::sets::{in_class, in_set};
use super::{Capture, ESCAPE, PatternError, STEPS_PER_INSTRUCTION, STEPS_PER_LOOK, malformed};
use crate::meter::{Meter, Over};

const MAX_CAPTURES: usize = 32;

/// How deeply the matcher calls itself, as in Lua.
const MAX_DEPTH: usize = 200;

/// A parenthesis that was passed.
#[derive(Clone, Copy)]
enum Open {
    Unclosed(usize),
    Closed(usize, usize),
    Position(usize),
}

pub(super) struct Matcher<'a> {
    source: &'a [u8],
    pattern: &'a [u8],
    meter: &'a Meter,
    open: Vec<Open>,
    steps: u64,
    depth: usize,
}

type End = Result<Option<usize>, PatternError>;

impl<'a> Matcher<'a> {
    pub(super) fn new(source: &'a [u8], pattern: &'a [u8], meter: &'a Meter) -> Self {
        Self { source, pattern, meter, open: Vec::new(), steps: 0, depth: 0 }
    }

    /// Where the match of the whole pattern ends that begins at `start`.
    pub(super) fn run_from(&mut self, start: usize) -> End {
        self.open.clear();
        self.run(start, 0)
    }

    /// Tells the meter of the steps since the last look.
    pub(super) fn pay(&self) -> Result<(), Over> {
        self.meter.spend(self.steps % STEPS_PER_LOOK / STEPS_PER_INSTRUCTION)
    }

    /// Where the match of the pattern from `p` on ends that begins at `s`.
    fn run(&mut self, s: usize, p: usize) -> End {
        if self.depth == MAX_DEPTH {
            return malformed("pattern too complex");
        }
        self.depth += 1;
        let end = self.run_here(s, p);
        self.depth -= 1;
        end
    }

    fn run_here(&mut self, mut s: usize, mut p: usize) -> End {
        while let Some(&byte) = self.pattern.get(p) {
            self.step()?;
            match (byte, self.pattern.get(p + 1)) {
                (b'(', Some(b')')) => return self.open(Open::Position(s), s, p + 2),
                (b'(', _) => return self.open(Open::Unclosed(s), s, p + 1),
                (b')', _) => return self.close(s, p + 1),
                (b'$', None) => return Ok((s == self.source.len()).then_some(s)),
                (ESCAPE, Some(b'b')) => match self.balanced(s, p + 2)? {
                    Some(end) => (s, p) = (end, p + 4),
                    None => return Ok(None),
                },
                (ESCAPE, Some(b'f')) => match self.frontier(s, p + 2)? {
                    Some(next) => p = next,
                    None => return Ok(None),
                },
                (ESCAPE, Some(digit)) if digit.is_ascii_digit() => match self.same_as(s, *digit)? {
                    Some(end) => (s, p) = (end, p + 2),
                    None => return Ok(None),
                },
                _ => {
                    let next = self.item_end(p)?;
                    let fits = self.fits(s, p, next);
                    match self.pattern.get(next) {
                        Some(b'?') => {
                            if fits && let Some(end) = self.run(s + 1, next + 1)? {
                                return Ok(Some(end));
                            }
                            p = next + 1;
                        }
                        Some(b'*') => return self.longest(s, p, next),
                        Some(b'+') => return if fits { self.longest(s + 1, p, next) } else { Ok(None) },
                        Some(b'-') => return self.shortest(s, p, next),
                        _ if fits => (s, p) = (s + 1, next),
                        _ => return Ok(None),
                    }
                }
            }
        }
        Ok(Some(s))
    }

    fn step(&mut self) -> Result<(), Over> {
        self.steps += 1;
        if self.steps.is_multiple_of(STEPS_PER_LOOK) {
            self.meter.spend(STEPS_PER_LOOK / STEPS_PER_INSTRUCTION)?;
        }
        Ok(())
    }

    /// As many of the item as there are, then fewer.
    fn longest(&mut self, s: usize, p: usize, next: usize) -> End {
        let mut count = 0;
        while self.fits(s + count, p, next) {
            self.step()?;
            count += 1;
        }
        loop {
            if let Some(end) = self.run(s + count, next + 1)? {
                return Ok(Some(end));
            }
            if count == 0 {
                return Ok(None);
            }
            count -= 1;
        }
    }

    /// None of the item, then more.
    fn shortest(&mut self, mut s: usize, p: usize, next: usize) -> End {
        loop {
            if let Some(end) = self.run(s, next + 1)? {
                return Ok(Some(end));
            }
            if !self.fits(s, p, next) {
                return Ok(None);
            }
            self.step()?;
            s += 1;
        }
    }

    fn open(&mut self, open: Open, s: usize, p: usize) -> End {
        if self.open.len() >= MAX_CAPTURES {
            return malformed("too many captures");
        }
        self.open.push(open);
        let end = self.run(s, p)?;
        if end.is_none() {
            self.open.pop();
        }
        Ok(end)
    }

    fn close(&mut self, s: usize, p: usize) -> End {
        let unclosed = self.open.iter().rposition(|open| matches!(open, Open::Unclosed(_)));
        let Some((index, Open::Unclosed(start))) = unclosed.map(|index| (index, self.open[index])) else {
            return malformed("invalid pattern capture");
        };
        self.open[index] = Open::Closed(start, s);
        let end = self.run(s, p)?;
        if end.is_none() {
            self.open[index] = Open::Unclosed(start);
        }
        Ok(end)
    }

    /// `%b()`: up to the closing one.
    fn balanced(&mut self, s: usize, p: usize) -> Result<Option<usize>, PatternError> {
        let &[open, close, ..] = &self.pattern[p..] else {
            return malformed("malformed pattern (missing arguments to '%b')");
        };
        if self.source.get(s) != Some(&open) {
            return Ok(None);
        }
        let mut level = 1_usize;
        for at in s + 1..self.source.len() {
            self.step()?;
            let byte = self.source[at];
            if byte == close {
                level -= 1;
                if level == 0 {
                    return Ok(Some(at + 1));
                }
            } else if byte == open {
                level += 1;
            }
        }
        Ok(None)
    }

    /// `%f[set]`: whether the set begins here; the rest of the pattern.
    fn frontier(&mut self, s: usize, p: usize) -> Result<Option<usize>, PatternError> {
        if self.pattern.get(p) != Some(&b'[') {
            return malformed("missing '[' after '%f' in pattern");
        }
        let next = self.item_end(p)?;
        let before = if s == 0 { 0 } else { self.source[s - 1] };
        let here = self.source.get(s).copied().unwrap_or(0);
        let set = &self.pattern[p..next];
        Ok((!in_set(set, before) && in_set(set, here)).then_some(next))
    }

    /// `%1`: the same text again.
    fn same_as(&mut self, s: usize, digit: u8) -> Result<Option<usize>, PatternError> {
        let index = usize::from(digit).checked_sub(usize::from(b'1'));
        match index.and_then(|index| self.open.get(index)) {
            Some(Open::Closed(start, end)) => {
                self.steps += (end - start) as u64 / 16;
                Ok(self.source[s..].starts_with(&self.source[*start..*end]).then_some(s + end - start))
            }
            Some(Open::Position(_)) => Ok(None),
            Some(Open::Unclosed(_)) | None => {
                malformed(&format!("invalid capture index %{}", char::from(digit)))
            }
        }
    }

    /// Where the single item at `p` ends.
    fn item_end(&self, p: usize) -> Result<usize, PatternError> {
        match self.pattern[p] {
            ESCAPE if p + 1 == self.pattern.len() => malformed("malformed pattern (ends with '%')"),
            ESCAPE => Ok(p + 2),
            b'[' => {
                let mut at = p + 1 + usize::from(self.pattern.get(p + 1) == Some(&b'^'));
                // What comes first belongs to the set even if it is `]`.
                loop {
                    match self.pattern.get(at) {
                        None => return malformed("malformed pattern (missing ']')"),
                        Some(&ESCAPE) => at = (at + 2).min(self.pattern.len()),
                        Some(_) => at += 1,
                    }
                    if self.pattern.get(at) == Some(&b']') {
                        return Ok(at + 1);
                    }
                }
            }
            _ => Ok(p + 1),
        }
    }

    fn fits(&self, s: usize, p: usize, next: usize) -> bool {
        let Some(&byte) = self.source.get(s) else {
            return false;
        };
        match self.pattern[p] {
            b'.' => true,
            ESCAPE => in_class(self.pattern[p + 1], byte),
            b'[' => in_set(&self.pattern[p..next], byte),
            literal => literal == byte,
        }
    }

    pub(super) fn captures(&self) -> Result<Vec<Capture>, PatternError> {
        let caught = self.open.iter().map(|open| match *open {
            Open::Closed(start, end) => Ok(Capture::Text(start, end)),
            Open::Position(at) => Ok(Capture::Position(at)),
            Open::Unclosed(_) => malformed("unfinished capture"),
        });
        caught.collect()
    }
}
