//! Whose turn it is: hosts take turns, and none waits for another.
//!
//! Pure: the time is passed in. A host that does not answer keeps its requests waiting but not its place: after a second
//! without progress the place is lent to others. A host that fails again and again is left alone for longer and longer,
//! is then tried with one request, and is given up when that has happened often enough. Repositories that fail while
//! their host is fine wait for their own next try.

use std::collections::{HashMap, HashSet, VecDeque};
use std::time::{Duration, Instant};

use atproto::Did;

use crate::Tuning;
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
const PATIENCE: Duration = Duration::from_secs(1);

/// Places that are lent at most: a bound on requests that hang.
const LENT: usize = 256;

/// Before the second try, doubled with each further one.
const FIRST_WAIT: Duration = Duration::from_millis(500);

/// The longest wait.
const LONGEST_WAIT: Duration = Duration::from_mins(1);

/// Repositories of a host that are held in memory.
pub(crate) const WINDOW: u32 = 64;

/// A repository and its tries so far.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Turn {
    pub(crate) todo: Todo,
    pub(crate) tries: u32,
    /// When it began.
    pub(crate) at: Option<Instant>,
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
    /// Whose turn it is comes first.
    turns: VecDeque<String>,
    scale: TimeScale,
    /// Hosts that were ever here.
    made: u64,
}

#[derive(Default)]
struct Host {
    number: u64,
    ready: VecDeque<Turn>,
    waiting: Vec<(Instant, Turn)>,
    /// Everything that is ready, waiting or in flight.
    held: HashSet<Did>,
    in_flight: u32,
    progress_at: Option<Instant>,
    /// In a row.
    failures: u32,
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
    after: String,
    /// Whether something came up behind that meanwhile.
    again: bool,
}

impl Schedule {
    pub(crate) fn new(scale: TimeScale) -> Self {
        Self { hosts: HashMap::new(), turns: VecDeque::new(), scale, made: 0 }
    }

    /// A host has something in the table.
    pub(crate) fn look_up(&mut self, host: &str) {
        let host = self.host(host);
        host.refill = true;
        host.again = true;
    }

    /// A repository's host was found.
    pub(crate) fn add(&mut self, host: &str, did: Did) {
        let host = self.host(host);
        if host.refill || host.ready.len() >= WINDOW as usize {
            host.refill = true;
            host.again = true;
        } else if host.held.insert(did.clone()) {
            host.ready.push_back(Turn::new(Todo { did, position: None }));
        }
    }

    /// What the table has of a host, looked up as [`Next::Refill`] said.
    pub(crate) fn refill(&mut self, host: &str, found: Vec<Todo>) {
        let host = self.host(host);
        let more = found.len() >= WINDOW as usize;
        match found.last() {
            Some(last) if more => last.did.as_str().clone_into(&mut host.after),
            _ => {
                host.after.clear();
                host.refill = std::mem::take(&mut host.again);
            }
        }
        for todo in found {
            if host.held.insert(todo.did.clone()) {
                host.ready.push_back(Turn::new(todo));
            }
        }
    }

    /// What to do now.
    pub(crate) fn next(&mut self, tuning: &Tuning, now: Instant) -> Next {
        let busy = self.hosts.values().filter(|host| host.in_flight > 0);
        let (stalled, active) = busy.partition::<Vec<_>, _>(|host| host.is_stalled(now));
        let lent = stalled.len().min(LENT);
        let free = (tuning.concurrent_hosts as usize + lent).saturating_sub(active.len() + stalled.len());
        let others_wait = free == 0 && self.hosts.values().any(|host| host.waits(now));
        let (mut wake, mut is_any_left) = (None, false);
        for _ in 0..self.turns.len() {
            let Some(name) = self.turns.pop_front() else { break };
            let Some(host) = self.hosts.get_mut(&name) else { continue };
            host.wake(now);
            if host.is_done() {
                // It comes back with its next repository, and so fares what is known of it.
                if host.failures == 0 {
                    self.hosts.remove(&name);
                } else {
                    self.turns.push_back(name);
                }
                continue;
            }
            is_any_left = true;
            self.turns.push_back(name.clone());
            let is_new = host.in_flight == 0;
            let at_once = if host.failures >= CLOSING { 1 } else { tuning.concurrent_repos_per_host };
            if let Some(until) = host.opens_at().filter(|until| *until > now) {
                wake = earlier(wake, Some(until));
                continue;
            }
            let has_had_its_turn = others_wait && !is_new && host.turns >= BURST * at_once;
            if host.in_flight >= at_once || (is_new && free == 0) || has_had_its_turn {
                continue;
            }
            if let Some(mut turn) = host.ready.pop_front() {
                (turn.at, turn.host) = (Some(now), host.number);
                host.in_flight += 1;
                host.turns += 1;
                if is_new {
                    host.turns = 1;
                    host.progress_at = Some(now);
                }
                return Next::Start { host: name, turn };
            }
            if host.refill {
                return Next::Refill { host: name, after: host.after.clone() };
            }
            wake = earlier(wake, host.waiting.iter().map(|(at, _)| *at).min());
        }
        if !is_any_left {
            return Next::Idle;
        }
        // A place may have to be lent before anything ends.
        let busy = self.hosts.values().filter(|host| host.in_flight > 0 && !host.is_stalled(now));
        Next::Wait(
            busy.filter_map(|host| host.progress_at)
                .map(|at| at + PATIENCE)
                .fold(wake, |wake, at| earlier(wake, Some(at))),
        )
    }

    /// A host has sent something.
    pub(crate) fn progressed(&mut self, host: &str, now: Instant) {
        if let Some(host) = self.hosts.get_mut(host) {
            host.progress_at = Some(now);
            host.failures = 0;
            host.pauses = 0;
        }
    }

    /// A repository's turn is over. `turn.todo.position` is where the next one begins.
    pub(crate) fn ended(&mut self, host: &str, turn: Turn, ended: Ended, now: Instant) -> Verdict {
        let scale = self.scale;
        // Nothing follows from what began before a host was given up.
        let Some(host) = self.hosts.get_mut(host).filter(|host| host.number == turn.host) else {
            return Verdict::GoOn;
        };
        host.in_flight = host.in_flight.saturating_sub(1);
        host.progress_at = Some(now);
        match ended {
            Ended::Done => {
                host.failures = 0;
                host.pauses = 0;
                host.closed_until = None;
                host.held.remove(&turn.todo.did);
                Verdict::GoOn
            }
            Ended::Later(pause) => {
                host.pauses += 1;
                // Hosts that hold many back at once have asked once.
                if host.pauses >= PAUSES * host.in_flight.max(1) {
                    return Verdict::GiveUpHost;
                }
                host.paused_until = host.paused_until.max(Some(now + pause));
                host.ready.push_front(turn);
                Verdict::GoOn
            }
            Ended::Failed => {
                let is_news = host.closed_at.is_none_or(|at| turn.at.is_some_and(|began| began >= at));
                if is_news {
                    host.failures += 1;
                }
                if host.failures >= CLOSING + PROBES {
                    return Verdict::GiveUpHost;
                }
                if is_news && host.failures >= CLOSING {
                    let pause = wait(host.failures - CLOSING, scale);
                    host.closed_at = Some(now);
                    host.closed_until = host.closed_until.max(Some(now + pause));
                }
                host.try_again(turn, scale, now)
            }
            Ended::Elsewhere => host.try_again(turn, scale, now),
        }
    }

    /// Forgets a host that was given up.
    pub(crate) fn forget(&mut self, host: &str) {
        self.hosts.remove(host);
        self.turns.retain(|name| name != host);
    }

    fn host(&mut self, name: &str) -> &mut Host {
        if !self.hosts.contains_key(name) {
            self.made += 1;
            self.turns.push_back(name.to_owned());
        }
        let number = self.made;
        self.hosts.entry(name.to_owned()).or_insert_with(|| Host { number, ..Host::default() })
    }
}

impl Host {
    fn wake(&mut self, now: Instant) {
        let (due, waiting) = std::mem::take(&mut self.waiting).into_iter().partition(|(at, _)| *at <= now);
        self.waiting = waiting;
        self.ready.extend(due.into_iter().map(|(_, turn)| turn));
    }

    /// Puts a repository off, unless it has been tried often enough.
    fn try_again(&mut self, mut turn: Turn, scale: TimeScale, now: Instant) -> Verdict {
        turn.tries += 1;
        if turn.tries >= TRIES {
            self.held.remove(&turn.todo.did);
            return Verdict::GiveUpRepo;
        }
        self.waiting.push((now + wait(turn.tries - 1, scale), turn));
        Verdict::GoOn
    }

    /// Whether it could do something if it had a place.
    fn waits(&self, now: Instant) -> bool {
        let is_open = self.opens_at().is_none_or(|until| until <= now);
        self.in_flight == 0 && is_open && (self.refill || !self.ready.is_empty())
    }

    /// When it may be asked again, if it is left alone or was.
    fn opens_at(&self) -> Option<Instant> {
        self.closed_until.max(self.paused_until)
    }

    fn is_done(&self) -> bool {
        !self.refill && self.in_flight == 0 && self.ready.is_empty() && self.waiting.is_empty()
    }

    fn is_stalled(&self, now: Instant) -> bool {
        self.progress_at.is_none_or(|at| now.saturating_duration_since(at) >= PATIENCE)
    }
}

fn wait(doublings: u32, scale: TimeScale) -> Duration {
    clock::jittered(scale.wait((FIRST_WAIT * 2_u32.pow(doublings.min(10))).min(LONGEST_WAIT)))
}

fn earlier(one: Option<Instant>, other: Option<Instant>) -> Option<Instant> {
    match (one, other) {
        (Some(one), Some(other)) => Some(one.min(other)),
        (one, other) => one.or(other),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOST: &str = "https://host.example";

    fn did(number: u32) -> Did {
        Did::parse(&format!("did:plc:account{number}")).unwrap()
    }

    fn schedule(repos: u32) -> Schedule {
        let mut schedule = Schedule::new(TimeScale(1));
        (0..repos).for_each(|number| schedule.add(HOST, did(number)));
        schedule
    }

    fn started(schedule: &mut Schedule, now: Instant) -> Vec<Turn> {
        let mut turns = Vec::new();
        while let Next::Start { turn, .. } = schedule.next(&Tuning::default(), now) {
            turns.push(turn);
        }
        turns
    }

    #[test]
    fn a_host_has_no_more_than_its_share_and_every_repository_its_turn() {
        let (mut schedule, now) = (schedule(10), Instant::now());
        let mut done = Vec::new();
        loop {
            let turns = started(&mut schedule, now);
            if turns.is_empty() {
                break;
            }
            assert!(turns.len() <= 3);
            for turn in turns {
                done.push(turn.todo.did.clone());
                assert_eq!(schedule.ended(HOST, turn, Ended::Done, now), Verdict::GoOn);
            }
        }
        done.sort();
        done.dedup();
        assert_eq!(done.len(), 10);
        assert_eq!(schedule.next(&Tuning::default(), now), Next::Idle);
    }

    #[test]
    fn a_pause_that_was_asked_for_is_kept_although_others_were_answered() {
        let (mut schedule, now) = (schedule(9), Instant::now());
        let mut turns = started(&mut schedule, now).into_iter();
        schedule.ended(HOST, turns.next().unwrap(), Ended::Later(Duration::from_secs(30)), now);
        schedule.ended(HOST, turns.next().unwrap(), Ended::Done, now);
        assert!(started(&mut schedule, now + Duration::from_secs(29)).is_empty());
        assert!(!started(&mut schedule, now + Duration::from_secs(30)).is_empty());
    }

    #[test]
    fn a_host_that_fails_is_left_alone_then_probed_once_then_given_up() {
        let (mut schedule, mut now) = (schedule(9), Instant::now());
        for turn in started(&mut schedule, now) {
            assert_eq!(schedule.ended(HOST, turn, Ended::Failed, now), Verdict::GoOn);
        }
        assert!(started(&mut schedule, now).is_empty(), "left alone");
        loop {
            now += LONGEST_WAIT;
            let mut probe = started(&mut schedule, now);
            assert_eq!(probe.len(), 1);
            if schedule.ended(HOST, probe.remove(0), Ended::Failed, now) == Verdict::GiveUpHost {
                break;
            }
        }
        schedule.forget(HOST);
        assert_eq!(schedule.next(&Tuning::default(), now), Next::Idle);
    }

    #[test]
    fn what_began_before_a_host_was_given_up_says_nothing_about_it_afterwards() {
        let (mut schedule, now) = (schedule(3), Instant::now());
        let old = started(&mut schedule, now);
        schedule.forget(HOST);
        schedule.add(HOST, did(7));
        for turn in old {
            assert_eq!(schedule.ended(HOST, turn, Ended::Failed, now), Verdict::GoOn);
        }
        let new = started(&mut schedule, now);
        assert_eq!(new.iter().map(|turn| turn.todo.did.clone()).collect::<Vec<_>>(), [did(7)]);
    }

    /// One that does not answer keeps its requests waiting, and nobody else.
    #[test]
    fn a_silent_host_lends_its_place() {
        let (mut schedule, now) = (schedule(3), Instant::now());
        let tuning = Tuning { concurrent_hosts: 1, ..Tuning::default() };
        while let Next::Start { .. } = schedule.next(&tuning, now) {}
        schedule.add("https://other.example", did(8));
        let Next::Wait(Some(wake)) = schedule.next(&tuning, now) else { panic!("no place is free") };
        let Next::Start { host, .. } = schedule.next(&tuning, wake) else { panic!("one is lent") };
        assert_eq!(host, "https://other.example");
    }
}
