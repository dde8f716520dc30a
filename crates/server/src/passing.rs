//! What cannot be answered for a while is said once in a while: every request says the same.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::{LazyLock, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// How long the same is not said again.
const QUIET: Duration = Duration::from_mins(1);

/// Different things that are said in that time; what strangers name is in them, so there may be any number.
const MOST: usize = 32;

/// What was said when.
#[derive(Default)]
struct Said(HashMap<u64, Instant>);

/// Whether this has not been said lately.
pub(crate) fn is_news(what: impl Hash) -> bool {
    static SAID: LazyLock<Mutex<Said>> = LazyLock::new(Mutex::default);
    let mut hasher = DefaultHasher::new();
    what.hash(&mut hasher);
    SAID.lock().unwrap_or_else(PoisonError::into_inner).is_news(hasher.finish(), Instant::now())
}

impl Said {
    fn is_news(&mut self, what: u64, now: Instant) -> bool {
        self.0.retain(|_, said| now.duration_since(*said) < QUIET);
        if self.0.len() >= MOST || self.0.contains_key(&what) {
            return false;
        }
        self.0.insert(what, now);
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_is_said_once_a_minute() {
        let (mut said, start) = (Said::default(), Instant::now());
        assert!(said.is_news(1, start));
        assert!(!said.is_news(1, start + QUIET / 2));
        assert!(said.is_news(2, start + QUIET / 2));
        assert!(said.is_news(1, start + QUIET));
    }

    #[test]
    fn however_many_different_things_there_are_few_are_said() {
        let (mut said, start) = (Said::default(), Instant::now());
        let news = (0..1_000).filter(|what| said.is_news(*what, start)).count();
        assert_eq!(news, MOST);
        assert!(said.is_news(0, start + QUIET));
    }
}
