//! Reading collections, part by part.

mod ascent;
mod choice;
mod cost;
mod export;
mod fallback;
mod listing;
mod pages;
mod partial;
mod remaining;
mod tally;

use atproto::Nsid;

pub(crate) use ascent::Head;
pub(crate) use remaining::Remaining;

use crate::{Home, Kind, Mode, Part, Position, Remote, RemoteError, telemetry};
use export::Export;
use pages::Pages;
use partial::Partial;
use tally::Tally;

/// A part and the position behind it.
type Step = (Part, Position);

/// What is to be read of a repository.
#[derive(Clone, Debug)]
pub struct Reading {
    /// The collections; they are read in the order of their names.
    pub collections: Vec<Nsid>,
    /// Where an earlier reader of the same collections stopped.
    pub from: Option<Position>,
    /// In which way.
    pub mode: Mode,
    /// Whether only what the author's signature covers will do. With it, [`Mode::Auto`] does not choose pages, and
    /// [`Mode::Pages`] is taken for [`Mode::Auto`].
    pub verified: bool,
}

/// Reads collections of one repository, part by part.
pub struct Reader {
    remote: Remote,
    home: Home,
    remaining: Remaining,
    /// What remained at the beginning.
    start: Remaining,
    mode: Mode,
    verified: bool,
    way: Option<Way>,
    used: Mode,
    /// Ways that turned out to lead nowhere.
    closed: Vec<Mode>,
    /// Whether pages have been compared with the other ways.
    weighed: bool,
    /// Whether the repository was looked for elsewhere.
    relocated: bool,
    tally: Tally,
}

/// A way of reading, being gone.
enum Way {
    Pages(Box<Pages>),
    Export(Box<Export>),
    Blocks(Box<Partial>),
}

impl Remote {
    /// Starts reading. Nothing is asked before the first [`Reader::next`].
    #[must_use]
    pub fn read(&self, home: &Home, reading: Reading) -> Reader {
        let Reading { collections, from, mode, verified } = reading;
        let mode = if verified && mode == Mode::Pages { Mode::Auto } else { mode };
        let remaining = Remaining::new(collections, from);
        Reader {
            remote: self.clone(),
            home: home.clone(),
            start: remaining.clone(),
            remaining,
            mode,
            verified,
            way: None,
            used: mode,
            closed: Vec::new(),
            weighed: false,
            relocated: false,
            tally: Tally::default(),
        }
    }
}

impl Reader {
    /// The next part, of at most 500 records, and the position behind it; `None` when everything has been read.
    ///
    /// Parts of a collection join without gaps. They may come from its ends in turn, when the way of reading changes. Where a
    /// listing turns out to be a lie, everything is read again in another way: a part counts in place of earlier ones.
    ///
    /// A record whose content is none, or not what its CID announces, is left out of its part: it counts as
    /// [`rejected`](Self::rejected), and as not there, since its present content cannot be had and an earlier one is not what
    /// the repository says any more. After an error, whatever its kind, this or a later reader goes on from the last position.
    pub async fn next(&mut self) -> Result<Option<Step>, RemoteError> {
        loop {
            if self.remaining.first().is_none() {
                self.way = None;
                return Ok(None);
            }
            match self.step().await {
                Ok(Some((part, position))) => {
                    self.tally.records += part.records.len() as u64;
                    telemetry::read_part(self.used);
                    return Ok(Some((part, position)));
                }
                Ok(None) => {}
                Err(error) => self.recover(error).await?,
            }
        }
    }

    async fn step(&mut self) -> Result<Option<Step>, RemoteError> {
        if self.tally.seen() > self.remote.config().max_records {
            return Err(self.home.too_large("its records"));
        }
        let mut way = match self.way.take() {
            Some(Way::Pages(pages)) => self.look_at_tree(pages).await?,
            Some(way) => way,
            None => self.choose().await?,
        };
        let Self { remote, home, remaining, tally, .. } = self;
        let step = match &mut way {
            Way::Pages(pages) => pages.next(remote, home, remaining, tally).await,
            Way::Export(export) => export.next(home, remaining, tally),
            Way::Blocks(partial) => partial.next(remote, home, remaining, tally).await,
        };
        // After an error that will pass, what was learnt on the way is still good.
        if step
            .as_ref()
            .err()
            .is_none_or(|error| matches!(error.kind(), Kind::Unavailable | Kind::RateLimited { .. }))
        {
            self.way = Some(way);
        }
        step
    }

    /// Whether a way has not been found to lead nowhere, and is one that may be gone.
    fn is_open(&self, way: Mode) -> bool {
        !(self.closed.contains(&way) || self.verified && way == Mode::Pages)
    }

    /// The mode in use; [`Mode::Auto`] until that is decided. It may change while reading.
    #[must_use]
    pub fn mode_used(&self) -> Mode {
        self.used
    }

    /// Number of records left out so far, because they are none, or not what their CIDs announce.
    #[must_use]
    pub fn rejected(&self) -> u64 {
        self.tally.rejected
    }

    /// Where the repository lives: another host than at first if it turned out to have moved.
    #[must_use]
    pub fn home(&self) -> &Home {
        &self.home
    }
}
