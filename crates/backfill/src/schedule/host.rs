//! One host: what it is to be asked for, and how it has fared.

use std::collections::{HashSet, VecDeque};
use std::time::{Duration, Instant};

use atproto::Did;

use super::{Turn, Verdict};
use crate::progress::Todo;
use crate::time::TimeScale;

/// Tries of a repository within a job.
pub(crate) const TRIES: u32 = 5;

/// Failures of a host in a row, whatever the repository, after which it is left alone.
const CLOSING: u32 = 3;

/// How many more times it is tried before it is given up.
const PROBES: u32 = 4;

/// How often in a row a host may ask for a pause without sending anything, before it is given up.
const PAUSES: u32 = 20;

/// Turns of a host, for each of its repositories at the same time, after which others have theirs.
const BURST: u32 = 8;

/// After so long without progress a host's place is lent to another.
pub(super) const PATIENCE: Duration = Duration::from_secs(1);

/// Before the second try, doubled with each further one.
const FIRST_WAIT: Duration = Duration::from_millis(500);

/// The longest wait.
pub(super) const LONGEST_WAIT: Duration = Duration::from_mins(1);

/// Repositories of a host that are held in memory.
pub(crate) const WINDOW: u32 = 64;

/// What a host could do now.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Could {
    /// Be asked for a repository.
    Start,
    /// The same, if the table says which.
    Refill,
    /// Nothing before this moment.
    Wait(Instant),
    /// Nothing before something of its own ends or comes up.
    Nothing,
}

#[derive(Default)]
pub(super) struct Host {
    /// Which of the hosts of this name it is: one that was given up may come back.
    pub(super) number: u64,
    pub(super) queue: Queue,
    ready: VecDeque<Turn>,
    waiting: Vec<(Instant, Turn)>,
    /// Everything that is ready, waiting or in flight.
    held: HashSet<Did>,
    pub(super) in_flight: u32,
    pub(super) progress_at: Option<Instant>,
    /// In a row.
    pub(super) failures: u32,
    /// In a row.
    pauses: u32,
    closed_until: Option<Instant>,
    /// It asked not to be asked before. That others were answered meanwhile does not change that.
    paused_until: Option<Instant>,
    /// When it was left alone last: requests from before say nothing new.
    closed_at: Option<Instant>,
    /// Turns since it has had a place.
    turns: u32,
    /// Whether the table may have more than is held.
    refill: bool,
    /// Where looking it up goes on.
    pub(super) after: String,
    /// Whether something came up behind that meanwhile.
    again: bool,
}

/// Where the schedule keeps a host.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Queue {
    /// It has nothing to do.
    #[default]
    None,
    /// Among those that may have their turn.
    Turns,
    /// Until this moment.
    Asleep(Instant),
    /// Something of it is in flight.
    Busy,
}

impl Host {
    pub(super) fn new(number: u64) -> Self {
        Self { number, ..Self::default() }
    }

    /// It has something in the table.
    pub(super) fn look_up(&mut self) {
        self.refill = true;
        self.again = true;
    }

    /// It has this repository.
    pub(super) fn add(&mut self, did: Did) {
        if self.refill || self.is_full() {
            self.look_up();
        } else if self.held.insert(did.clone()) {
            self.ready.push_back(Turn::new(Todo { did, position: None }));
        }
    }

    /// It has these, which the table has after what is held.
    pub(super) fn refill(&mut self, found: Vec<Todo>) {
        match found.last() {
            Some(last) if found.len() >= WINDOW as usize => last.did.as_str().clone_into(&mut self.after),
            _ => {
                self.after.clear();
                self.refill = std::mem::take(&mut self.again);
            }
        }
        for todo in found {
            if self.held.insert(todo.did.clone()) {
                self.ready.push_back(Turn::new(todo));
            }
        }
    }

    /// What it could do, of so many repositories at once.
    pub(super) fn could(&mut self, at_once: u32, now: Instant) -> Could {
        let (due, waiting) = std::mem::take(&mut self.waiting).into_iter().partition(|(at, _)| *at <= now);
        self.waiting = waiting;
        self.ready.extend(due.into_iter().map(|(_, turn): (Instant, Turn)| turn));
        let refills = self.refill && !self.is_full();
        let has_something = !self.ready.is_empty() || refills;
        let at_once = if self.failures >= CLOSING { 1 } else { at_once };
        if self.in_flight >= at_once {
            return Could::Nothing;
        }
        match self.closed_until.max(self.paused_until).filter(|until| *until > now) {
            Some(opens_at) if has_something || !self.waiting.is_empty() => Could::Wait(opens_at),
            _ if !self.ready.is_empty() => Could::Start,
            _ if refills => Could::Refill,
            _ => self.waiting.iter().map(|(at, _)| *at).min().map_or(Could::Nothing, Could::Wait),
        }
    }

    /// Takes what is to be asked for now.
    pub(super) fn start(&mut self, now: Instant) -> Option<Turn> {
        let mut turn = self.ready.pop_front()?;
        (turn.at, turn.host) = (Some(now), self.number);
        if self.in_flight == 0 {
            self.turns = 0;
            self.progress_at = Some(now);
        }
        self.in_flight += 1;
        self.turns += 1;
        Some(turn)
    }

    /// Whether others, if they wait for a place, come before what it could do.
    pub(super) fn has_had_its_turn(&self, at_once: u32) -> bool {
        self.turns >= BURST * at_once
    }

    /// It has sent something.
    pub(super) fn progressed(&mut self, now: Instant) {
        self.progress_at = Some(now);
        self.failures = 0;
        self.pauses = 0;
    }

    /// It was asked for a repository, and that is done.
    pub(super) fn done(&mut self, turn: &Turn) {
        self.failures = 0;
        self.pauses = 0;
        self.closed_until = None;
        self.held.remove(&turn.todo.did);
    }

    /// It asks for a pause, which is nobody's failure.
    pub(super) fn pause(&mut self, turn: Turn, pause: Duration, now: Instant) -> Verdict {
        self.pauses += 1;
        // Hosts that hold many back at once have asked once.
        if self.pauses >= PAUSES * self.in_flight.max(1) {
            return Verdict::GiveUpHost;
        }
        self.paused_until = self.paused_until.max(Some(now + pause));
        self.ready.push_front(turn);
        Verdict::GoOn
    }

    /// It has failed.
    pub(super) fn fail(&mut self, turn: Turn, scale: TimeScale, now: Instant) -> Verdict {
        let is_news = self.closed_at.is_none_or(|at| turn.at.is_some_and(|began| began >= at));
        if is_news {
            self.failures += 1;
        }
        if self.failures >= CLOSING + PROBES {
            return Verdict::GiveUpHost;
        }
        if is_news && self.failures >= CLOSING {
            let pause = wait(self.failures - CLOSING, scale);
            self.closed_at = Some(now);
            self.closed_until = self.closed_until.max(Some(now + pause));
        }
        self.try_again(turn, scale, now)
    }

    /// Puts a repository off, unless it has been tried often enough.
    pub(super) fn try_again(&mut self, mut turn: Turn, scale: TimeScale, now: Instant) -> Verdict {
        turn.tries += 1;
        if turn.tries >= TRIES {
            self.held.remove(&turn.todo.did);
            return Verdict::GiveUpRepo;
        }
        self.waiting.push((now + wait(turn.tries - 1, scale), turn));
        Verdict::GoOn
    }

    pub(super) fn is_stalled(&self, now: Instant) -> bool {
        self.progress_at.is_none_or(|at| now.saturating_duration_since(at) >= PATIENCE)
    }

    /// Whether it holds as much as may be in memory. What waits for another try counts, or a directory that is down would
    /// bring in everything.
    fn is_full(&self) -> bool {
        self.ready.len() + self.waiting.len() >= WINDOW as usize
    }
}

fn wait(doublings: u32, scale: TimeScale) -> Duration {
    clock::jittered(scale.wait((FIRST_WAIT * 2_u32.pow(doublings.min(10))).min(LONGEST_WAIT)))
}
