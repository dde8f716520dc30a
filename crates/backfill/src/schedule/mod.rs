//! Whose turn it is: hosts take turns, and none waits for another.
//!
//! Pure: the time is passed in. A host that does not answer keeps its requests waiting but not its place: after a second
//! without progress the place is lent to others. A host that fails again and again is left alone for longer and longer,
//! is then tried with one request, and is given up when that has happened often enough. Repositories that fail while
//! their host is fine wait for their own next try.
//!
//! Finding the next turn looks at the hosts that have a place and at the first of the others, however many there are.

mod host;
#[cfg(test)]
mod tests;

use std::collections::{BTreeSet, HashMap, VecDeque};
use std::time::{Duration, Instant};

use atproto::Did;

use crate::Tuning;
use crate::progress::Todo;
use crate::time::TimeScale;
pub(crate) use host::WINDOW;
use host::{Could, Host, PATIENCE, Queue};

/// Places that are lent at most: a bound on requests that hang.
const LENT: usize = 256;

/// A repository and its tries so far.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Turn {
    pub(crate) todo: Todo,
    pub(crate) tries: u32,
    /// When it began.
    at: Option<Instant>,
    /// Which of the hosts of this name it is of: one that was given up may come back.
    host: u64,
}

impl Turn {
    fn new(todo: Todo) -> Self {
        Self { todo, tries: 0, at: None, host: 0 }
    }
}

/// What is to be done now.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Next {
    /// Fetch this repository.
    Start { host: String, turn: Turn },
    /// Look up which repositories of this host come after this one.
    Refill { host: String, after: String },
    /// Nothing before this moment, or before something ends.
    Wait(Option<Instant>),
    /// There is nothing left.
    Idle,
}

/// What became of a repository.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ended {
    /// It is done, in whatever way; its host answered.
    Done,
    /// Its host did not answer, or not with anything useful.
    Failed,
    /// It failed for a reason that is not its host's.
    Elsewhere,
    /// Its host asks for a pause, which is nobody's failure.
    Later(Duration),
}

/// What follows from that.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// Go on.
    GoOn,
    /// The repository has been tried often enough.
    GiveUpRepo,
    /// So has its host, with everything that it has.
    GiveUpHost,
}

/// Hosts and their repositories.
pub(crate) struct Schedule {
    hosts: HashMap<String, Host>,
    /// Hosts that have a place, the one whose turn comes next first.
    busy: VecDeque<String>,
    /// Hosts without a place that may have something to do, whose turn it is first.
    turns: VecDeque<String>,
    /// Hosts without a place that can do nothing before a moment.
    asleep: BTreeSet<(Instant, String)>,
    scale: TimeScale,
    /// Hosts that were ever here.
    made: u64,
}

impl Schedule {
    pub(crate) fn new(scale: TimeScale) -> Self {
        let (busy, turns) = (VecDeque::new(), VecDeque::new());
        Self { hosts: HashMap::new(), busy, turns, asleep: BTreeSet::new(), scale, made: 0 }
    }

    /// A host has something in the table.
    pub(crate) fn look_up(&mut self, name: &str) {
        self.change(name, Host::look_up);
    }

    /// A repository's host was found.
    pub(crate) fn add(&mut self, name: &str, did: Did) {
        self.change(name, |host| host.add(did));
    }

    /// What the table has of a host, looked up as [`Next::Refill`] said.
    pub(crate) fn refill(&mut self, name: &str, found: Vec<Todo>) {
        self.change(name, |host| host.refill(found));
    }

    /// What to do now.
    pub(crate) fn next(&mut self, tuning: &Tuning, now: Instant) -> Next {
        self.wake(now);
        let at_once = tuning.concurrent_repos_per_host;
        let stalled =
            self.busy.iter().filter(|name| self.hosts.get(*name).is_some_and(|host| host.is_stalled(now)));
        let lent = stalled.count().min(LENT);
        let has_place = self.busy.len() < tuning.concurrent_hosts as usize + lent;
        let mut wake = None;
        if has_place && let Some(next) = self.of_the_waiting(at_once, now) {
            return next;
        }
        if let Some(next) = self.of_the_busy(at_once, now, &mut wake) {
            return next;
        }
        if self.busy.is_empty() && self.turns.is_empty() && self.asleep.is_empty() {
            return Next::Idle;
        }
        Next::Wait(self.asleep.first().map(|(at, _)| *at).into_iter().chain(wake).min())
    }

    /// The turn of a host that has no place yet.
    fn of_the_waiting(&mut self, at_once: u32, now: Instant) -> Option<Next> {
        while let Some(name) = self.turns.pop_front() {
            let Some(host) = self.hosts.get_mut(&name) else { continue };
            match host.could(at_once, now) {
                Could::Start => {
                    let turn = host.start(now)?;
                    host.queue = Queue::Busy;
                    self.busy.push_back(name.clone());
                    return Some(Next::Start { host: name, turn });
                }
                Could::Refill => {
                    let after = host.after.clone();
                    self.turns.push_front(name.clone());
                    return Some(Next::Refill { host: name, after });
                }
                Could::Wait(until) => {
                    host.queue = Queue::Asleep(until);
                    self.asleep.insert((until, name));
                }
                // With failures it comes back with its next repository, and so fares what is known of it.
                Could::Nothing if host.failures > 0 => host.queue = Queue::None,
                Could::Nothing => drop(self.hosts.remove(&name)),
            }
        }
        None
    }

    /// The next turn of a host that has a place; otherwise when one of them may have one, or lend its place.
    fn of_the_busy(&mut self, at_once: u32, now: Instant, wake: &mut Option<Instant>) -> Option<Next> {
        let others_wait = !self.turns.is_empty();
        for _ in 0..self.busy.len() {
            let name = self.busy.pop_front()?;
            self.busy.push_back(name.clone());
            let Some(host) = self.hosts.get_mut(&name) else { continue };
            if !host.is_stalled(now) {
                let lends_at = host.progress_at.map(|at| at + PATIENCE);
                *wake = wake.iter().copied().chain(lends_at).min();
            }
            if others_wait && host.has_had_its_turn(at_once) {
                continue;
            }
            match host.could(at_once, now) {
                Could::Start => return host.start(now).map(|turn| Next::Start { host: name, turn }),
                Could::Refill => return Some(Next::Refill { after: host.after.clone(), host: name }),
                Could::Wait(until) => *wake = wake.iter().copied().chain([until]).min(),
                Could::Nothing => {}
            }
        }
        None
    }

    /// A host has sent something.
    pub(crate) fn progressed(&mut self, name: &str, now: Instant) {
        if let Some(host) = self.hosts.get_mut(name) {
            host.progressed(now);
        }
    }

    /// A repository's turn is over. `turn.todo.position` is where the next one begins.
    pub(crate) fn ended(&mut self, name: &str, turn: Turn, ended: Ended, now: Instant) -> Verdict {
        // Nothing follows from what began before a host was given up.
        let Some(host) = self.hosts.get_mut(name).filter(|host| host.number == turn.host) else {
            return Verdict::GoOn;
        };
        host.in_flight = host.in_flight.saturating_sub(1);
        host.progress_at = Some(now);
        let verdict = match ended {
            Ended::Done => {
                host.done(&turn);
                Verdict::GoOn
            }
            Ended::Later(pause) => host.pause(turn, pause, now),
            Ended::Failed => host.fail(turn, self.scale, now),
            Ended::Elsewhere => host.try_again(turn, self.scale, now),
        };
        if host.in_flight == 0 {
            host.queue = Queue::Turns;
            self.busy.retain(|busy| busy != name);
            self.turns.push_back(name.to_owned());
        }
        verdict
    }

    /// Forgets a host that was given up.
    pub(crate) fn forget(&mut self, name: &str) {
        match self.hosts.remove(name).map(|host| host.queue) {
            Some(Queue::Busy) => self.busy.retain(|busy| busy != name),
            Some(Queue::Turns) => self.turns.retain(|waiting| waiting != name),
            Some(Queue::Asleep(until)) => drop(self.asleep.remove(&(until, name.to_owned()))),
            Some(Queue::None) | None => {}
        }
    }

    /// Tells a host something that may give it a turn.
    fn change(&mut self, name: &str, change: impl FnOnce(&mut Host)) {
        if !self.hosts.contains_key(name) {
            self.made += 1;
        }
        let number = self.made;
        let host = self.hosts.entry(name.to_owned()).or_insert_with(|| Host::new(number));
        change(host);
        match host.queue {
            Queue::Busy | Queue::Turns => return,
            Queue::Asleep(until) => drop(self.asleep.remove(&(until, name.to_owned()))),
            Queue::None => {}
        }
        host.queue = Queue::Turns;
        self.turns.push_back(name.to_owned());
    }

    /// Hosts whose time has come have their turns.
    fn wake(&mut self, now: Instant) {
        while let Some((at, _)) = self.asleep.first()
            && *at <= now
            && let Some((_, name)) = self.asleep.pop_first()
        {
            if let Some(host) = self.hosts.get_mut(&name) {
                host.queue = Queue::Turns;
                self.turns.push_back(name);
            }
        }
    }
}
