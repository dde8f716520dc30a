//! Bounds that an app with callers of its own sets them.

use std::sync::LazyLock;

use cache::Cache;
use http::header::RETRY_AFTER;
use http::{HeaderMap, HeaderValue, StatusCode, request::Parts};
use server::{ClientAddress, Problem};

use super::bucket::network;
use super::patient::Patient;

/// One for the process: it has one cache.
static PATIENT: LazyLock<Patient> = LazyLock::new(Patient::new);

/// Draws one token of a bucket that holds `capacity` and gains `refill` a second, in the cache that all instances share. An empty
/// one is refused with 429 and `Retry-After`. While the cache does not answer, this process counts by itself, and nobody waits.
pub async fn draw(cache: &Cache, key: &str, bounds: (u32, f64)) -> Result<HeaderMap, Problem> {
    let decision = PATIENT.take(cache, key, bounds, 1).await;
    if decision.allowed {
        return Ok(HeaderMap::new());
    }
    let wait = decision.retry_after.unwrap_or_default().as_secs().max(1);
    let problem = Problem::new(StatusCode::TOO_MANY_REQUESTS, "Too many requests. Try again soon.");
    Err(problem.with_header(RETRY_AFTER, HeaderValue::from(wait)))
}

/// Where a request comes from, as part of the name of a bucket: an IPv4 address, or the network that an IPv6 host chooses its
/// addresses from; empty for one that came through no socket.
#[must_use]
pub fn address(parts: &Parts) -> String {
    let address = parts.extensions.get::<ClientAddress>();
    address.map(|address| network(Some(*address)).into_owned()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant, SystemTime};

    use tokio::io::copy_bidirectional;
    use tokio::net::{TcpListener, TcpStream};
    use tokio::sync::watch;

    use super::*;

    /// A way to a cache that can be blocked: whoever is connected is neither answered nor told.
    async fn way(url: &str) -> (String, watch::Sender<bool>) {
        let server = url.strip_prefix("redis://").unwrap().trim_end_matches('/').to_owned();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("redis://{}", listener.local_addr().unwrap());
        let (block, blocked) = watch::channel(false);
        tokio::spawn(async move {
            while let Ok((mut client, _)) = listener.accept().await {
                let (mut server, mut blocked) = (TcpStream::connect(&server).await.unwrap(), blocked.clone());
                tokio::spawn(async move {
                    tokio::select! {
                        _ = copy_bidirectional(&mut client, &mut server) => return,
                        _ = blocked.wait_for(|blocked| *blocked) => {}
                    }
                    _ = blocked.wait_for(|blocked| !*blocked).await;
                });
            }
        });
        (url, block)
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_cache_that_does_not_answer_neither_holds_up_nor_lets_through() {
        let Ok(url) = std::env::var("TEST_VALKEY_URL") else {
            eprintln!("SKIPPED: set TEST_VALKEY_URL, or run it under scripts/with-services");
            return;
        };
        let (url, block) = way(&url).await;
        let now = SystemTime::UNIX_EPOCH.elapsed().unwrap().as_nanos();
        let cache = Cache::connect(&url, &format!("test:{now}:")).await.unwrap();
        draw(&cache, "calls", (10, 0.001)).await.unwrap();
        block.send_replace(true);
        let (started, mut allowed) = (Instant::now(), 0);
        for _ in 0..100 {
            allowed += u32::from(draw(&cache, "calls", (10, 0.001)).await.is_ok());
        }
        assert!(started.elapsed() < Duration::from_secs(3), "a hundred took {:?}", started.elapsed());
        assert_eq!(allowed, 10, "this process counts by itself");
    }
}
