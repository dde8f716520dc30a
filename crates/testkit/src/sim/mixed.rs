//! A network with some of everything.

use std::time::Duration;

use atproto::Nsid;
use rand::RngExt;
use rand::rngs::StdRng;
use rand::seq::SliceRandom;

use super::chance::{chance, one_of};
use super::{AccountPlan, Behaviour, HostPlan, Lie, Plan, RateLimit, Standing};

/// The lies that every verifying reader notices, whichever way it reads, or that change nothing in what it reads.
const LIES: [Lie; 9] = [
    Lie::BadSignature,
    Lie::WrongContent,
    Lie::MissingNode,
    Lie::OtherDid,
    Lie::EndlessPages,
    Lie::UnorderedPages,
    Lie::TruncatedCar,
    Lie::Rollback,
    Lie::FutureRevision,
];

/// Standings that accounts have besides active: about one account in twelve has one.
const STANDINGS: [Standing; 8] = [
    Standing::Deactivated,
    Standing::TakenDown,
    Standing::Suspended,
    Standing::Deleted,
    Standing::Deleted,
    Standing::Tombstoned,
    Standing::NeverRegistered,
    Standing::Homeless,
];

impl Plan {
    /// The collections that a mixed network has records of and that an index may want; there are records of a third one.
    #[must_use]
    pub fn mixed_collections() -> [Nsid; 2] {
        ["com.example.demo.note", "com.example.demo.reaction"].map(nsid)
    }

    /// Of a hundred hosts: four are dead, one is silent, ten limit the rate, ten are late, four slow, six flaky, and five lie.
    /// Of a hundred accounts: eight are not active, two move to another host while they are read. One account has 20,000 records
    /// if there are a thousand accounts or more, otherwise twenty times their number.
    #[must_use]
    pub fn mixed(seed: u64, accounts: usize, hosts: usize) -> Self {
        assert!(hosts > 0, "accounts need a host");
        let mut chance = chance(seed, "mixed", 0);
        let mut behaviours: Vec<_> = (0..hosts).map(|number| behaviour(number, hosts, &mut chance)).collect();
        behaviours.shuffle(&mut chance);
        let mut plan = Self { seed, ..Self::default() };
        plan.hosts = behaviours.into_iter().map(|behaviour| HostPlan::new(behaviour, Vec::new())).collect();
        let normal: Vec<_> =
            (0..hosts).filter(|host| plan.hosts[*host].behaviour == Behaviour::Normal).collect();
        for number in 0..accounts {
            let host = number % hosts;
            let mut account = ordinary(&mut chance);
            let moves = one_of(&mut chance, &normal);
            match number % 100 {
                n if n % 12 == 5 => account.standing = *one_of(&mut chance, &STANDINGS),
                30 | 80 if *moves != host => account = account.moving(*moves, chance.random_range(1..4)),
                _ => {}
            }
            plan.hosts[host].accounts.push(account);
        }
        if let Some(account) = normal.first().and_then(|host| plan.hosts[*host].accounts.first_mut()) {
            *account = huge(accounts);
        }
        plan
    }
}

/// The behaviours by number, before they are shuffled.
fn behaviour(number: usize, hosts: usize, chance: &mut StdRng) -> Behaviour {
    let milliseconds = |range| Duration::from_millis(range);
    // Spread so that small networks have the more frequent kinds, too.
    match number * 100 / hosts {
        0..10 => Behaviour::RateLimited(RateLimit {
            requests: chance.random_range(20..60),
            window: milliseconds(chance.random_range(100..1000)),
            retry_after: (number % 7 == 3).then(|| "86400".to_owned()),
        }),
        10..20 => Behaviour::Latency(milliseconds(chance.random_range(5..100))),
        20..25 => Behaviour::Lying(LIES[number % LIES.len()]),
        25..31 => Behaviour::Flaky(0.3),
        31..35 => Behaviour::Dead,
        35..39 => Behaviour::Slow(chance.random_range(20_000..60_000)),
        39 => Behaviour::Silent,
        _ => Behaviour::Normal,
    }
}

fn ordinary(chance: &mut StdRng) -> AccountPlan {
    let [notes, reactions] = Plan::mixed_collections();
    let records = vec![
        (notes, chance.random_range(1..40)),
        (reactions, chance.random_range(0..12)),
        (nsid("com.example.other.thing"), chance.random_range(0..8)),
    ];
    AccountPlan { records, ..AccountPlan::default() }
}

/// More than fits a few pages, in a tree of several levels.
fn huge(accounts: usize) -> AccountPlan {
    let [notes, reactions] = Plan::mixed_collections();
    let many = u32::try_from((accounts * 20).min(20_000)).expect("at most 20,000");
    let other = nsid("com.example.other.thing");
    AccountPlan {
        records: vec![(notes, many), (reactions, many / 20), (other, many / 4)],
        ..AccountPlan::default()
    }
}

fn nsid(text: &str) -> Nsid {
    Nsid::parse(text).expect("an NSID")
}
