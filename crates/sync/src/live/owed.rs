//! What sockets were given and their clients have not taken.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use server::Sent;

/// What one socket may be owed in bytes; more is given when it has taken some. What alone is larger it is given when it is owed nothing.
const MOST: u64 = 4 << 20;

/// What all sockets of an instance may be owed together; beyond that each is given only what is small.
const ALL: u64 = 256 << 20;

/// What is small.
const SMALL: u64 = 64 << 10;

/// What a client that does not stay on one connection is taken to take in a second.
const POLLED: u64 = 1 << 20;

/// What all sockets of an instance are owed.
#[derive(Clone, Default)]
pub(crate) struct Ledger(Arc<AtomicU64>);

/// What one socket is owed.
pub(crate) struct Owed {
    ledger: Ledger,
    taken: Taken,
    account: Mutex<Account>,
}

/// How is known what a client has taken.
enum Taken {
    Counted(Sent),
    Estimated(Instant),
}

struct Account {
    owed: u64,
    /// What had been taken when this was last looked at.
    taken: u64,
}

impl Ledger {
    /// What each of them may be owed now.
    fn most(&self) -> u64 {
        if self.0.load(Ordering::Relaxed) < ALL { MOST } else { SMALL }
    }
}

impl Owed {
    /// Of a socket that stays on the connection whose bytes are counted, if they are.
    pub(crate) fn new(ledger: Ledger, connection: Option<Sent>) -> Self {
        let taken = connection.map_or_else(|| Taken::Estimated(Instant::now()), Taken::Counted);
        let account = Mutex::new(Account { owed: 0, taken: taken.bytes() });
        Self { ledger, taken, account }
    }

    /// Whether it can be given so many bytes now; then they are owed.
    pub(super) fn give(&self, bytes: usize) -> bool {
        let bytes = bytes as u64;
        let mut account = self.account();
        let most = self.ledger.most();
        let has_room = account.owed + bytes <= most || (account.owed == 0 && most == MOST);
        if has_room {
            self.add(&mut account, bytes);
        }
        has_room
    }

    /// It is given so many bytes, which it asked for.
    pub(crate) fn answer(&self, bytes: usize) {
        self.add(&mut self.account(), bytes as u64);
    }

    /// Whether it could be given something, or can be answered.
    pub(crate) fn has_room(&self) -> bool {
        self.account().owed < self.ledger.most()
    }

    fn add(&self, account: &mut Account, bytes: u64) {
        account.owed += bytes;
        self.ledger.0.fetch_add(bytes, Ordering::Relaxed);
    }

    /// As it is by now. Whatever else went over the connection meanwhile counts as taken too.
    fn account(&self) -> MutexGuard<'_, Account> {
        // No code under the lock panics half-way through a change.
        let mut account = self.account.lock().unwrap_or_else(PoisonError::into_inner);
        let taken = self.taken.bytes();
        let paid = taken.saturating_sub(account.taken).min(account.owed);
        account.taken = taken;
        account.owed -= paid;
        self.ledger.0.fetch_sub(paid, Ordering::Relaxed);
        account
    }
}

impl Drop for Owed {
    fn drop(&mut self) {
        let owed = self.account().owed;
        self.ledger.0.fetch_sub(owed, Ordering::Relaxed);
    }
}

impl Taken {
    fn bytes(&self) -> u64 {
        match self {
            Self::Counted(sent) => sent.bytes(),
            Self::Estimated(since) => {
                u64::try_from(since.elapsed().as_millis()).unwrap_or(u64::MAX).saturating_mul(POLLED) / 1000
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MIB: usize = 1 << 20;

    fn owed(ledger: &Ledger) -> (Owed, Sent) {
        let sent = Sent::default();
        (Owed::new(ledger.clone(), Some(sent.clone())), sent)
    }

    #[test]
    fn who_takes_nothing_is_given_no_more() {
        let (socket, sent) = owed(&Ledger::default());
        assert!((0..4).all(|_| socket.give(MIB)));
        assert!(!socket.has_room() && !socket.give(1));
        sent.add(MIB);
        assert!(socket.has_room() && socket.give(MIB) && !socket.give(1));
    }

    #[test]
    fn what_is_large_comes_alone() {
        let (socket, sent) = owed(&Ledger::default());
        assert!(socket.give(1) && !socket.give(16 * MIB));
        sent.add(1);
        assert!(socket.give(16 * MIB) && !socket.has_room());
        sent.add(12 * MIB + 1);
        assert!(socket.has_room());
    }

    #[test]
    fn all_together_are_owed_a_part_of_the_memory() {
        let ledger = Ledger::default();
        let crowd: Vec<_> = (0..16).map(|_| owed(&ledger)).collect();
        assert!(crowd.iter().all(|(socket, _)| socket.give(16 * MIB)));
        let (late, _) = owed(&ledger);
        assert!(!late.give(MIB), "the memory is taken");
        assert!(late.give(1000), "what is small is always given");
        drop(crowd);
        assert!(late.give(MIB));
        drop(late);
        assert_eq!(ledger.0.load(Ordering::Relaxed), 0, "whoever leaves is owed nothing");
    }

    #[test]
    fn what_else_went_over_the_connection_is_not_held_against_what_comes() {
        let (socket, sent) = owed(&Ledger::default());
        sent.add(100 * MIB);
        assert!((0..4).all(|_| socket.give(MIB)) && !socket.give(1));
    }
}
