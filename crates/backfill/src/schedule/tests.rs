//! What the schedule promises.

use std::collections::BTreeMap;

use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};

use super::host::{LONGEST_WAIT, WINDOW};
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

/// What fails for reasons that are not the host's waits, and what waits is in memory.
#[test]
fn no_more_is_looked_up_while_a_window_of_repositories_waits() {
    let (mut schedule, mut now) = (schedule(0), Instant::now());
    schedule.look_up(HOST);
    let todo = |number| Todo { did: did(number), position: None };
    let mut looked_up = 0;
    for _ in 0..1_000 {
        match schedule.next(&Tuning::default(), now) {
            Next::Refill { host, .. } => {
                schedule.refill(&host, (looked_up..looked_up + WINDOW).map(todo).collect());
                looked_up += WINDOW;
            }
            Next::Start { host, turn } => {
                schedule.ended(&host, turn, Ended::Elsewhere, now);
            }
            Next::Wait(wake) => {
                assert!(looked_up <= 2 * WINDOW, "{looked_up}");
                now = wake.unwrap();
                looked_up = 0;
            }
            Next::Idle => panic!("there is more"),
        }
    }
}

/// Hosts of any behaviour: every repository comes to an end once, whatever becomes of others, and no limit is passed.
#[test]
fn every_repository_ends_once_and_limits_hold() {
    for seed in 0..100 {
        Trial::new(seed).run();
    }
}

/// A schedule whose repositories are in a table, some of which its hosts give up.
struct Trial {
    chance: StdRng,
    schedule: Schedule,
    tuning: Tuning,
    now: Instant,
    /// What is not done, by host.
    table: BTreeMap<String, BTreeSet<u32>>,
    in_flight: Vec<(String, Turn)>,
}

impl Trial {
    fn new(seed: u64) -> Self {
        let mut chance = StdRng::seed_from_u64(seed);
        let mut next = 0..;
        let table = (0..chance.random_range(1..30)).map(|host| {
            let repos = next.by_ref().take(chance.random_range(1..200)).collect();
            (format!("https://host{host}.example"), repos)
        });
        Self {
            table: table.collect(),
            schedule: Schedule::new(TimeScale(1)),
            tuning: Tuning { concurrent_hosts: 5, concurrent_repos_per_host: 3, ..Tuning::default() },
            now: Instant::now(),
            in_flight: Vec::new(),
            chance,
        }
    }

    fn run(mut self) {
        for host in self.table.keys() {
            self.schedule.look_up(host);
        }
        loop {
            match self.schedule.next(&self.tuning, self.now) {
                Next::Start { host, turn } => self.start(host, turn),
                Next::Refill { host, after } => {
                    let of = &self.table[&host];
                    let all: BTreeSet<Did> = of.iter().map(|number| did(*number)).collect();
                    let found = all.into_iter().filter(|did| did.as_str() > after.as_str());
                    let found = found.take(WINDOW as usize).map(|did| Todo { did, position: None }).collect();
                    self.schedule.refill(&host, found);
                }
                Next::Wait(wake) if self.in_flight.is_empty() => {
                    self.now = wake.expect("something happens");
                }
                Next::Wait(_) => self.end_one(),
                Next::Idle => break,
            }
        }
        assert!(self.in_flight.is_empty() && self.table.values().all(BTreeSet::is_empty), "{:?}", self.table);
    }

    fn start(&mut self, host: String, turn: Turn) {
        let of_it = self.in_flight.iter().filter(|(of, _)| *of == host).count();
        assert!(of_it < self.tuning.concurrent_repos_per_host as usize);
        self.in_flight.push((host, turn));
        // A host whose place was lent may answer again: but nobody begins then.
        if of_it == 0 {
            let hosts: BTreeSet<&str> = self.in_flight.iter().map(|(host, _)| host.as_str()).collect();
            let answering = hosts.iter().filter(|host| !self.schedule.hosts[**host].is_stalled(self.now));
            assert!(answering.count() <= self.tuning.concurrent_hosts as usize);
        }
    }

    fn end_one(&mut self) {
        let number = self.chance.random_range(0..self.in_flight.len());
        let (host, turn) = self.in_flight.swap_remove(number);
        self.now += Duration::from_millis(self.chance.random_range(0..400));
        let did = turn.todo.did.clone();
        // Every third host is bad at it.
        let is_bad = host.len() % 3 == 0;
        let ended = match self.chance.random_range(0..10) {
            0 => Ended::Later(Duration::from_secs(self.chance.random_range(0..60))),
            1 => Ended::Elsewhere,
            2..8 if is_bad => Ended::Failed,
            _ => Ended::Done,
        };
        match (self.schedule.ended(&host, turn, ended, self.now), ended) {
            (Verdict::GoOn, Ended::Done) | (Verdict::GiveUpRepo, _) => {
                let repos = self.table.get_mut(&host).expect("a host");
                let before = repos.len();
                repos.retain(|number| super::tests::did(*number) != did);
                assert_eq!(repos.len() + 1, before, "{did} ends twice");
            }
            (Verdict::GiveUpHost, _) => {
                self.schedule.forget(&host);
                self.table.insert(host.clone(), BTreeSet::new());
                self.in_flight.retain(|(of, _)| *of != host);
            }
            (Verdict::GoOn, _) => {}
        }
    }
}
