//! How much this server does for whoever has not proven who they are, and for whoever has (spec/social.md §3.6).
//!
//! - Before a signature is verified nothing that a request says of itself counts against anybody: only where it came from does.
//! - A key that has to be fetched for it counts against where it came from and against the host that it names, so that nobody makes this
//!   server ask others for keys that they invent. A host's own senders, who have proven it once, are not held up by those who only claim it.
//! - After verification an activity counts against the host that has signed it.

use std::time::Duration;

use cache::Cache;
use http::request::Parts;
use http::{HeaderValue, StatusCode, header};
use moka::sync::Cache as Recent;
use server::{ClientAddress, Problem};

/// Activities that one address may send for each that one host may: a few servers often share an address.
const HOSTS_AT_ADDRESS: u32 = 4;

/// Fetches on the word of strangers: at once, and per second. Of all that one address says, of what it says of one host, and of what
/// everybody says of one host.
const OF_ADDRESS: (u32, f64) = (300, 5.0);
const OF_ADDRESS_AND_HOST: (u32, f64) = (60, 1.0);
const OF_HOST: (u32, f64) = (60, 1.0);

/// How long it is remembered which hosts send from where, and how many of those.
const PROVEN_FOR: Duration = Duration::from_hours(24);
const PROVEN: u64 = 50_000;

/// Bytes of the name of a bucket.
const MAX_KEY: usize = 512;

/// Where a request came from, as far as one caller can be told from another.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Origin(String);

/// Somebody has to wait for so long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct TooMuch(pub(crate) Duration);

/// Counts in the cache, so for all instances together.
pub(crate) struct Bounds {
    cache: Cache,
    per_minute: u32,
    proven: Recent<(Origin, String), ()>,
}

impl Origin {
    /// Whoever has one address of IPv6 has a network of them.
    pub(crate) fn of(parts: &Parts) -> Self {
        Self(match parts.extensions.get::<ClientAddress>().map(|client| client.0) {
            Some(std::net::IpAddr::V6(address)) => {
                let [a, b, c, d, ..] = address.segments();
                format!("{a:x}:{b:x}:{c:x}:{d:x}::/64")
            }
            Some(address) => address.to_string(),
            None => String::new(),
        })
    }
}

impl Bounds {
    /// With so many activities a minute of one host; any number of everything if 0.
    pub(crate) fn new(cache: Cache, per_minute: u32) -> Self {
        let proven = Recent::builder().max_capacity(PROVEN).time_to_live(PROVEN_FOR).build();
        Self { cache, per_minute, proven }
    }

    /// Lets somebody in who may be anybody.
    pub(crate) async fn admit(&self, from: &Origin) -> Result<(), TooMuch> {
        let at_once = self.per_minute.saturating_mul(HOSTS_AT_ADDRESS);
        self.draw(&format!("social:inbox:from:{}", from.0), (at_once, f64::from(at_once) / 60.0)).await
    }

    /// Lets a host go on that has signed something, and remembers where it did that.
    pub(crate) async fn admit_host(&self, from: &Origin, host: &str) -> Result<(), TooMuch> {
        self.proven.insert((from.clone(), host.to_owned()), ());
        let rate = (self.per_minute, f64::from(self.per_minute) / 60.0);
        self.draw(&format!("social:inbox:host:{host}"), rate).await
    }

    /// Whether a host may be asked something because somebody says so who is not known yet.
    pub(crate) async fn may_ask(&self, from: &Origin, host: &str) -> Result<(), TooMuch> {
        self.draw(&format!("social:asked:from:{}", from.0), OF_ADDRESS).await?;
        self.draw(&format!("social:asked:from:{}:{host}", from.0), OF_ADDRESS_AND_HOST).await?;
        if self.proven.contains_key(&(from.clone(), host.to_owned())) {
            return Ok(());
        }
        self.draw(&format!("social:asked:{host}"), OF_HOST).await
    }

    /// Without the cache nobody is counted, and nobody is refused.
    async fn draw(&self, key: &str, (capacity, refill): (u32, f64)) -> Result<(), TooMuch> {
        if self.per_minute == 0 {
            return Ok(());
        }
        // No name of a host that exists is as long.
        let key = key.get(..MAX_KEY).unwrap_or(key);
        match self.cache.token_bucket(key, capacity, refill, 1).await {
            Ok(decision) if !decision.allowed => Err(TooMuch(decision.retry_after.unwrap_or_default())),
            _ => Ok(()),
        }
    }
}

impl From<TooMuch> for Problem {
    fn from(TooMuch(wait): TooMuch) -> Self {
        let text = "Too much has come from there. Send it again later.";
        let seconds = HeaderValue::from(wait.as_secs() + 1);
        Self::new(StatusCode::TOO_MANY_REQUESTS, text).with_header(header::RETRY_AFTER, seconds)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn from(address: &str) -> Origin {
        let mut parts = http::Request::new(()).into_parts().0;
        parts.extensions.insert(ClientAddress(address.parse().unwrap()));
        Origin::of(&parts)
    }

    #[test]
    fn a_network_is_one_caller() {
        assert_eq!(from("2001:db8::1"), from("2001:db8::ffff:1"));
        assert_ne!(from("2001:db8::1"), from("2001:db8:0:1::1"));
        assert_ne!(from("192.0.2.1"), from("192.0.2.2"));
    }

    #[tokio::test]
    async fn who_claims_a_host_is_nothing_to_those_who_are_it() {
        let bounds = Bounds::new(Cache::memory(cache::MemoryConfig::default()), 5);
        let (own, host) = (from("192.0.2.1"), "h.example");
        bounds.admit_host(&own, host).await.unwrap();
        let mut asked = 0;
        for stranger in 1..=200 {
            let stranger = from(&format!("198.51.100.{stranger}"));
            asked += i32::from(bounds.may_ask(&stranger, host).await.is_ok());
        }
        assert!((60..70).contains(&asked), "{asked}");
        assert!(bounds.may_ask(&own, host).await.is_ok());
        assert!(bounds.may_ask(&from("198.51.100.201"), "other.example").await.is_ok());
        for _ in 0..30 {
            let _ = bounds.admit_host(&own, host).await;
        }
        let TooMuch(wait) = bounds.admit_host(&own, host).await.unwrap_err();
        assert!(!wait.is_zero() && bounds.admit_host(&own, "other.example").await.is_ok());
    }

    #[tokio::test]
    async fn one_address_names_so_many_hosts() {
        let bounds = Bounds::new(Cache::memory(cache::MemoryConfig::default()), 5);
        let mut asked = 0;
        for host in 0..400 {
            asked += i32::from(bounds.may_ask(&from("192.0.2.1"), &format!("h{host}.example")).await.is_ok());
        }
        assert!((300..330).contains(&asked), "{asked}");
        assert!(
            Bounds::new(Cache::memory(cache::MemoryConfig::default()), 0)
                .admit(&from("192.0.2.1"))
                .await
                .is_ok()
        );
    }
}
