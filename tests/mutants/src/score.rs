//! Who was noticed, as people read it.

use std::fmt;
use std::time::Duration;

use crate::trial::Verdict;

/// What became of a mistake.
#[derive(Clone, Debug)]
pub struct Line {
    /// Its name.
    pub name: String,
    /// What it stands for.
    pub models: String,
    /// How its test took it.
    pub fate: Fate,
    /// How long that took.
    pub took: Duration,
}

/// How a test took a mistake.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It failed.
    Killed,
    /// It passed: it does not look at what it claims to.
    Survived,
    /// It never ended, which the catalogue does not expect.
    Hung,
    /// It fails without the mistake, so it says nothing about it.
    Unfit,
}

impl Fate {
    /// Of a test that passes without the mistake, or `None` if it does not.
    #[must_use]
    pub fn of(verdict: Option<Verdict>, may_hang: bool) -> Self {
        match verdict {
            None => Self::Unfit,
            Some(Verdict::Failed) => Self::Killed,
            Some(Verdict::Hung) if may_hang => Self::Killed,
            Some(Verdict::Hung) => Self::Hung,
            Some(Verdict::Passed) => Self::Survived,
        }
    }
}

impl fmt::Display for Fate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Killed => "killed",
            Self::Survived => "SURVIVED",
            Self::Hung => "HUNG",
            Self::Unfit => "UNFIT",
        })
    }
}

/// All of them.
#[derive(Debug, Default)]
pub struct Score(pub Vec<Line>);

impl Score {
    /// Whether every mistake was noticed.
    #[must_use]
    pub fn is_full(&self) -> bool {
        self.killed() == self.0.len()
    }

    fn killed(&self) -> usize {
        self.0.iter().filter(|line| line.fate == Fate::Killed).count()
    }
}

impl fmt::Display for Score {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let width = self.0.iter().map(|line| line.name.len()).max().unwrap_or(0);
        for Line { name, models, fate, took } in &self.0 {
            writeln!(f, "{fate:<8}  {:>6.1} s  {name:<width$}  {models}", took.as_secs_f64())?;
        }
        write!(f, "killed {} of {}", self.killed(), self.0.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_test_that_fails_has_noticed() {
        assert_eq!(Fate::of(Some(Verdict::Failed), false), Fate::Killed);
        assert_eq!(Fate::of(Some(Verdict::Passed), true), Fate::Survived);
        assert_eq!(Fate::of(Some(Verdict::Hung), false), Fate::Hung);
        assert_eq!(Fate::of(Some(Verdict::Hung), true), Fate::Killed);
        assert_eq!(Fate::of(None, true), Fate::Unfit);
    }

    #[test]
    fn the_score_says_how_many_of_how_many() {
        let line = |fate| Line { name: "a".into(), models: "It.".into(), fate, took: Duration::from_secs(1) };
        let score = Score(vec![line(Fate::Killed), line(Fate::Survived)]);
        assert!(!score.is_full() && score.to_string().ends_with("killed 1 of 2"), "{score}");
        assert!(Score(vec![line(Fate::Killed)]).is_full());
    }
}
