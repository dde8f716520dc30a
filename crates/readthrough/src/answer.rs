//! What came of asking.

use records::Record;

/// A record, or why there is none.
#[derive(Clone, Debug, PartialEq)]
pub struct Answer {
    /// The record, if it is here now.
    pub record: Option<Record>,
    /// How that is known.
    pub how: How,
}

/// How an answer came about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum How {
    /// It is here, nobody was asked.
    Here,
    /// Its source was asked, and what it said is here now.
    Fetched,
    /// Its source was asked, and there is none.
    Absent,
    /// There is none, nobody had to be asked.
    KnownAbsent,
    /// The source is of no help: the answer is what is here.
    Unavailable {
        /// Why.
        reason: Reason,
        /// Whether it was asked now, as opposed to a while ago.
        asked: bool,
    },
    /// Whoever asked, or all together, have asked enough for now: the answer is what is here.
    OverBudget,
    /// Such things are not asked for.
    NotAsked,
}

/// Why a source is of no help.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// The author's host does not answer, or not usefully.
    PdsUnreachable,
    /// It is not known who the author's host is, because the directory does not answer.
    DirectoryUnreachable,
    /// What the author's host says cannot be believed.
    Untrusted,
    /// The answer takes longer than whoever asked should wait; it is kept when it comes.
    Slow,
}

impl Reason {
    /// A short name, for headers and metrics.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::PdsUnreachable => "pds-unreachable",
            Self::DirectoryUnreachable => "directory-unreachable",
            Self::Untrusted => "untrusted",
            Self::Slow => "slow",
        }
    }

    /// The reason with this name.
    pub(crate) fn named(name: &[u8]) -> Option<Self> {
        let all = [Self::PdsUnreachable, Self::DirectoryUnreachable, Self::Untrusted, Self::Slow];
        all.into_iter().find(|reason| reason.as_str().as_bytes() == name)
    }
}

impl How {
    pub(crate) fn unavailable(reason: Reason) -> Self {
        Self::Unavailable { reason, asked: true }
    }

    /// A short name, for metrics.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Here => "here",
            Self::Fetched => "fetched",
            Self::Absent => "absent",
            Self::KnownAbsent => "known_absent",
            Self::Unavailable { reason, .. } => reason.as_str(),
            Self::OverBudget => "over_budget",
            Self::NotAsked => "not_asked",
        }
    }
}

impl From<How> for Answer {
    fn from(how: How) -> Self {
        Self { record: None, how }
    }
}
