//! A job as it is asked for and as it is remembered (spec/appview.md §6.2).

use std::fmt;
use std::str::FromStr;

use atproto::{Did, Nsid};
use remote::Mode;

/// Whose history is fetched.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Scope {
    /// Of everybody whom the directory lists.
    Network,
    /// Of these.
    Repos(Vec<Did>),
}

/// Why there is a job.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cause {
    /// Somebody wanted it.
    Manual,
    /// A collection is new here.
    Lexicon,
    /// A stretch of the stream was missed; the number of the newest gap that is repaired.
    Gap(i64),
    /// Everything is written anew, whatever is here.
    Rebuild,
}

/// A job to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewJob {
    /// None: every collection that is indexed when the job begins.
    pub collections: Vec<Nsid>,
    /// Whose history.
    pub scope: Scope,
    /// In which way repositories are read.
    pub mode: Mode,
    /// Whether only what the author's signature covers is taken in.
    pub verified: bool,
    /// Why.
    pub cause: Cause,
    /// Who asked for it.
    pub by: Option<String>,
}

/// A job and how far it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Job {
    /// A `UUIDv7`.
    pub id: String,
    /// None: every collection that is indexed when the job begins.
    pub collections: Vec<Nsid>,
    /// Whose history.
    pub scope: Scope,
    /// In which way repositories are read.
    pub mode: Mode,
    /// Whether only what the author's signature covers is taken in.
    pub verified: bool,
    /// Why.
    pub cause: Cause,
    /// Who asked for it.
    pub by: Option<String>,
    /// Whether it is at work.
    pub status: Status,
    /// What it is doing.
    pub stage: Stage,
    /// Repositories that are known.
    pub total_repos: i64,
    /// Of those, the ones whose host was looked up, with or without success.
    pub resolved_repos: i64,
    /// Of those, the ones that are done: fetched, or gone.
    pub processed_repos: i64,
    /// Of those, the ones that could not be fetched, or not be believed.
    pub failed_repos: i64,
    /// Records that were found.
    pub total_records: i64,
    /// Why it failed, or how much of it did.
    pub error: Option<String>,
    /// In microseconds, as the following.
    pub created_at: i64,
    /// When it was first taken up.
    pub started_at: Option<i64>,
    /// When it ended.
    pub completed_at: Option<i64>,
    /// The index that its progress is in.
    pub(crate) index_id: Option<String>,
}

macro_rules! words {
    ($(#[$meta:meta])* $name:ident { $($(#[$doc:meta])* $variant:ident = $text:literal),+ $(,)? }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum $name { $($(#[$doc])* $variant),+ }

        impl $name {
            /// The word on the wire and in the database.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text),+ }
            }

            pub(crate) fn from_word(word: &str) -> Option<Self> {
                match word { $($text => Some(Self::$variant),)+ _ => None }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(self.as_str())
            }
        }
    };
}

words! {
    /// Whether a job is at work.
    Status {
        /// Nobody has taken it up yet.
        Pending = "pending",
        /// At work.
        Running = "running",
        /// Asked to stop and keep what it has.
        Pausing = "pausing",
        /// Stopped; it goes on when it is told to.
        Paused = "paused",
        /// Asked to stop for good.
        Cancelling = "cancelling",
        /// Stopped for good.
        Cancelled = "cancelled",
        /// Ended. What could not be fetched is told by `error` and `failed_repos`.
        Completed = "completed",
        /// It could not go on.
        Failed = "failed",
    }
}

words! {
    /// What a job is doing.
    Stage {
        /// Waiting for somebody to take it up.
        Pending = "pending",
        /// Asking the directory whose history there is.
        Discovering = "discovering_repos",
        /// Everybody is known; their repositories are being fetched.
        Fetching = "resolving_and_fetching",
        /// Nothing any more.
        Completed = "completed",
        /// Nothing any more.
        Cancelled = "cancelled",
        /// Nothing any more.
        Failed = "failed",
    }
}

impl Status {
    /// Whether nothing will happen to the job any more by itself or by being told to go on.
    #[must_use]
    pub fn is_final(self) -> bool {
        matches!(self, Self::Cancelled | Self::Completed | Self::Failed)
    }
}

impl Cause {
    /// The word on the wire and in the database.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Manual => "manual",
            Self::Lexicon => "lexicon",
            Self::Gap(_) => "gap",
            Self::Rebuild => "rebuild",
        }
    }

    pub(crate) fn gap(self) -> Option<i64> {
        if let Self::Gap(id) = self { Some(id) } else { None }
    }

    pub(crate) fn from_row(word: &str, gap: Option<i64>) -> Self {
        match (word, gap) {
            ("lexicon", _) => Self::Lexicon,
            ("gap", Some(id)) => Self::Gap(id),
            ("rebuild", _) => Self::Rebuild,
            _ => Self::Manual,
        }
    }
}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// Text that names no mode; the database has none of that kind.
pub(crate) fn mode(text: &str) -> Mode {
    Mode::from_str(text).unwrap_or(Mode::Auto)
}
