//! How a server behaves towards those who ask it.

use std::time::Duration;

use super::Lie;

/// The behaviour of a server of the simulated network. It can change at any time, see [`Sim::behave`](super::Sim::behave).
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Behaviour {
    /// Answers at once, and the truth.
    #[default]
    Normal,
    /// Answers after this time.
    Latency(Duration),
    /// Answers at once, but so many bytes of the body come in a second.
    Slow(usize),
    /// Refuses connections, and cuts those there are.
    Dead,
    /// Accepts connections, reads requests, never answers.
    Silent,
    /// Answers so many requests, then 429.
    RateLimited(RateLimit),
    /// Fails this share of requests (0 to 1): 500, 502, 503, a connection closed without an answer, a body cut off. The
    /// same request fails at most twice in a row.
    Flaky(f64),
    /// Answers at once, and lies. For repository hosts; elsewhere the same as [`Normal`](Self::Normal).
    Lying(Lie),
}

/// Requests that are answered in each window of time.
#[derive(Clone, Debug, PartialEq)]
pub struct RateLimit {
    /// Answered in one window.
    pub requests: u32,
    /// Its length. `RateLimit-Reset` is a whole second, at the window's end or after it.
    pub window: Duration,
    /// The value of `Retry-After` in refusals. Real hosts send none.
    pub retry_after: Option<String>,
}

impl Behaviour {
    /// Whether nothing can be learned from such a server.
    #[must_use]
    pub fn is_unreachable(&self) -> bool {
        matches!(self, Self::Dead | Self::Silent)
    }

    /// What the server lies about, if it does.
    #[must_use]
    pub fn lie(&self) -> Option<Lie> {
        match self {
            Self::Lying(lie) => Some(*lie),
            _ => None,
        }
    }
}
