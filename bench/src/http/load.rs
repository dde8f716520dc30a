//! Many connections at once, and how long each answer took.

use std::net::SocketAddr;
use std::ops::Range;
use std::time::{Duration, Instant};

use anyhow::bail;
use futures::TryStreamExt;
use futures::stream::FuturesUnordered;

use super::Connection;
use crate::process::{Process, to_f64};
use crate::report::percentile;

/// A closed loop: every connection sends its next request as soon as it has its answer.
#[derive(Debug)]
pub struct Load<'a> {
    /// The server.
    pub address: SocketAddr,
    /// Its process.
    pub server: Process,
    /// What is asked, in turn; each connection begins at another place.
    pub requests: &'a [Vec<u8>],
    /// How many connections.
    pub connections: usize,
    /// How long.
    pub duration: Duration,
    /// Whether each request is good for one use; then the load ends early when they are used up.
    pub once: bool,
}

/// What came of it.
#[derive(Debug, Clone, Copy)]
pub struct Outcome {
    /// Answers per second.
    pub rate: f64,
    /// Half of the answers took at most this many milliseconds.
    pub p50_ms: f64,
    /// 99 of 100 took at most this many milliseconds.
    pub p99_ms: f64,
    /// Microseconds of the server's processor time per answer.
    pub cpu_us: f64,
}

impl Load<'_> {
    /// Runs the load on the current runtime.
    ///
    /// # Errors
    /// When a connection breaks or an answer is no success.
    pub async fn run(&self) -> anyhow::Result<Outcome> {
        let mut connections = Vec::new();
        for _ in 0..self.connections {
            connections.push(Connection::open(self.address).await?);
        }
        let cpu = self.server.cpu()?;
        let started = Instant::now();
        let until = started + self.duration;
        let loops = connections.iter_mut().enumerate().map(|(i, connection)| {
            let place = |i| self.requests.len() * i / self.connections;
            let end = if self.once { place(i + 1) } else { usize::MAX };
            self.keep_asking(connection, place(i)..end, until)
        });
        let answers: Vec<Vec<u32>> = loops.collect::<FuturesUnordered<_>>().try_collect().await?;
        let elapsed = started.elapsed().as_secs_f64();
        let cpu = self.server.cpu()?.saturating_sub(cpu).as_secs_f64();

        let mut micros = answers.concat();
        micros.sort_unstable();
        let count = to_f64(micros.len());
        let at = |percent| percentile(&micros, percent).map_or(f64::NAN, |micros| f64::from(micros) / 1e3);
        Ok(Outcome { rate: count / elapsed, p50_ms: at(50), p99_ms: at(99), cpu_us: cpu * 1e6 / count })
    }

    /// Returns the microseconds each answer took.
    async fn keep_asking(
        &self,
        connection: &mut Connection,
        numbers: Range<usize>,
        until: Instant,
    ) -> anyhow::Result<Vec<u32>> {
        let mut micros = Vec::with_capacity(64 * 1024);
        for number in numbers {
            let request = &self.requests[number % self.requests.len()];
            let sent = Instant::now();
            if sent >= until {
                break;
            }
            let answer = connection.send(request).await?;
            if !(200..300).contains(&answer.status) && answer.status != 304 {
                let (request, body) =
                    (String::from_utf8_lossy(request), String::from_utf8_lossy(answer.body));
                bail!("status {} for {request}{body}", answer.status);
            }
            micros.push(u32::try_from(sent.elapsed().as_micros()).unwrap_or(u32::MAX));
        }
        Ok(micros)
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::TcpListener;

    use super::super::request;
    use super::*;

    /// Answers every request on every connection after some milliseconds; `/bad` with a 500.
    async fn serve(listener: TcpListener) {
        while let Ok((mut stream, _)) = listener.accept().await {
            tokio::spawn(async move {
                let mut received = [0; 1_024];
                while let Ok(length @ 1..) = stream.read(&mut received).await {
                    let status = if received[..length].starts_with(b"GET /bad") { 500 } else { 200 };
                    tokio::time::sleep(Duration::from_millis(5)).await;
                    let answer = format!("HTTP/1.1 {status} X\r\ncontent-length: 2\r\n\r\nok");
                    stream.write_all(answer.as_bytes()).await.unwrap();
                }
            });
        }
    }

    #[tokio::test]
    async fn times_every_answer_and_accepts_no_failure() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let server = tokio::spawn(serve(listener));
        let requests = [request(address, "/a"), request(address, "/b")];
        let load = Load {
            address,
            server: Process::current(),
            requests: &requests,
            connections: 4,
            duration: Duration::from_millis(100),
            once: false,
        };
        let outcome = load.run().await.unwrap();
        assert!(outcome.p50_ms >= 5.0 && outcome.p99_ms >= outcome.p50_ms, "{outcome:?}");
        assert!(outcome.rate > 4.0 && outcome.rate <= 800.0, "{outcome:?}");

        let outcome = Load { once: true, connections: 2, duration: Duration::from_mins(1), ..load }
            .run()
            .await
            .unwrap();
        assert!(outcome.p50_ms >= 5.0, "{outcome:?}");

        let requests = [request(address, "/a"), request(address, "/bad")];
        let error = Load { requests: &requests, ..load }.run().await.unwrap_err().to_string();
        assert!(error.starts_with("status 500 for GET /bad"), "{error}");
        server.abort();
    }
}
