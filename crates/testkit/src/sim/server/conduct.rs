//! How a server treats a request before it looks at it.

use std::collections::HashMap;
use std::sync::Mutex;
use std::time::{Duration, Instant, SystemTime};

use rand::RngExt;

use super::body::Manner;
use crate::sim::chance::{chance, one_of};
use crate::sim::reply::Reply;
use crate::sim::{Behaviour, Place, RateLimit};

/// A server's behaviour and what it must remember for it.
pub(super) struct Conduct {
    place: Place,
    seed: u64,
    behaviour: Mutex<Behaviour>,
    window: Mutex<Option<Window>>,
    /// By request, how often it was made while the server was flaky, and how often in a row it failed.
    attempts: Mutex<HashMap<String, (u64, u32)>>,
}

/// A window of a rate limit.
struct Window {
    ends: Instant,
    taken: u32,
}

/// What becomes of a request.
pub(super) enum Way {
    /// The connection is closed.
    HangUp,
    /// This is answered, whatever was asked.
    Instead { reply: Reply, headers: Vec<(&'static str, String)> },
    /// It is answered.
    Answer { headers: Vec<(&'static str, String)>, manner: Manner },
}

impl Way {
    fn plain(manner: Manner) -> Self {
        Self::Answer { headers: Vec::new(), manner }
    }
}

impl Conduct {
    pub(super) fn new(place: Place, seed: u64) -> Self {
        Self {
            place,
            seed,
            behaviour: Mutex::default(),
            window: Mutex::default(),
            attempts: Mutex::default(),
        }
    }

    pub(super) fn behaviour(&self) -> Behaviour {
        self.behaviour.lock().expect("no panic while it was held").clone()
    }

    pub(super) fn change(&self, behaviour: Behaviour) {
        *self.behaviour.lock().expect("no panic while it was held") = behaviour;
        *self.window.lock().expect("no panic while it was held") = None;
        self.attempts.lock().expect("no panic while it was held").clear();
    }

    /// What becomes of a request for `asked`; takes the time it takes.
    pub(super) async fn way(&self, asked: &str) -> Way {
        match self.behaviour() {
            Behaviour::Normal | Behaviour::Lying(_) => Way::plain(Manner::AtOnce),
            Behaviour::Latency(time) => {
                tokio::time::sleep(time).await;
                Way::plain(Manner::AtOnce)
            }
            Behaviour::Slow(bytes_per_second) => Way::plain(Manner::Trickle(bytes_per_second)),
            Behaviour::Dead => Way::HangUp,
            Behaviour::Silent => std::future::pending().await,
            Behaviour::RateLimited(limit) => self.limited(&limit),
            Behaviour::Flaky(share) => self.flaky(share, asked),
        }
    }

    fn limited(&self, limit: &RateLimit) -> Way {
        let mut window = self.window.lock().expect("no panic while it was held");
        let now = Instant::now();
        let window = match &mut *window {
            Some(window) if window.ends > now => window,
            slot => slot.insert(Window { ends: now + limit.window, taken: 0 }),
        };
        let mut headers = vec![
            ("ratelimit-limit", limit.requests.to_string()),
            ("ratelimit-reset", unix_seconds_in(window.ends - now).to_string()),
            ("ratelimit-policy", format!("{};w={}", limit.requests, limit.window.as_secs().max(1))),
        ];
        if window.taken < limit.requests {
            window.taken += 1;
            headers.push(("ratelimit-remaining", (limit.requests - window.taken).to_string()));
            return Way::Answer { headers, manner: Manner::AtOnce };
        }
        headers.push(("ratelimit-remaining", "0".to_owned()));
        headers.extend(limit.retry_after.clone().map(|value| ("retry-after", value)));
        Way::Instead { reply: Reply::error(429, "RateLimitExceeded", "Rate Limit Exceeded"), headers }
    }

    /// Whether a request fails, and how, follows from the seed, the request and how often it was made.
    fn flaky(&self, share: f64, asked: &str) -> Way {
        let mut attempts = self.attempts.lock().expect("no panic while it was held");
        let (made, in_a_row) = attempts.entry(asked.to_owned()).or_default();
        let mut chance = chance(self.seed, &format!("{:?} {asked}", self.place), *made);
        *made += 1;
        if *in_a_row == 2 || !chance.random_bool(share) {
            *in_a_row = 0;
            return Way::plain(Manner::AtOnce);
        }
        *in_a_row += 1;
        let error = |status, name| Way::Instead {
            reply: Reply::error(status, name, "as planned"),
            headers: Vec::new(),
        };
        match *one_of(&mut chance, &[0, 500, 502, 503, 200]) {
            0 => Way::HangUp,
            200 => Way::plain(Manner::CutOff),
            502 => error(502, "UpstreamFailure"),
            503 => error(503, "NotEnoughResources"),
            _ => error(500, "InternalServerError"),
        }
    }
}

/// The first whole second of unix time at or after this moment.
fn unix_seconds_in(wait: Duration) -> u64 {
    let then = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default() + wait;
    then.as_secs() + u64::from(then.subsec_nanos() > 0)
}
