//! A running server.

use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::net::SocketAddr;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::mpsc;
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use serde::Deserialize;

use super::Belvedere;
use crate::process::Process;

const START_LIMIT: Duration = Duration::from_mins(1);
const STOP_LIMIT: Duration = Duration::from_secs(10);
const LOG: &str = "belvedere.log";

/// Where the server finds the network. Nothing outside this machine.
#[derive(Debug, Clone, Copy)]
pub struct Network<'a> {
    /// The stream.
    pub jetstream: &'a str,
    /// Whether to ask for compressed events.
    pub compress: bool,
    /// The directory of identities.
    pub plc: &'a str,
    /// The directory of repositories.
    pub relay: &'a str,
    /// Which apps are served.
    pub apps: &'a str,
    /// What the server is called outside, if not by its address.
    pub public_url: Option<&'a str>,
    /// More settings.
    pub settings: &'a [(&'a str, &'a str)],
}

impl<'a> Network<'a> {
    /// Nothing but a stream, not compressed.
    #[must_use]
    pub fn of(jetstream: &'a str) -> Self {
        // The discard port: nobody answers, at once.
        let nobody = "http://127.0.0.1:9";
        let (compress, apps, public_url, settings) = (false, "appview", None, &[]);
        Self { jetstream, compress, plc: nobody, relay: nobody, apps, public_url, settings }
    }
}

/// A server process; killed when dropped.
#[derive(Debug)]
pub struct Server<'a> {
    belvedere: &'a Belvedere,
    child: Child,
    address: SocketAddr,
    start_up: Duration,
}

/// The line the server prints when it is ready.
#[derive(Debug, Deserialize)]
struct Ready {
    url: String,
}

impl Belvedere {
    /// Starts the server and waits for its ready line.
    ///
    /// # Errors
    /// When it ends instead, or says nothing for a minute.
    pub fn serve(&self, network: Network<'_>) -> anyhow::Result<Server<'_>> {
        let mut command = self.command();
        command
            .args(["serve", "--port", "0", "--dev", "--data-dir"])
            .arg(self.data())
            .env("JETSTREAM_URL", network.jetstream)
            .env("JETSTREAM_COMPRESS", network.compress.to_string())
            .env("PLC_URL", network.plc)
            .env("RELAY_URL", network.relay)
            .env("APPS", network.apps)
            .envs(network.public_url.map(|url| ("PUBLIC_URL", url)))
            .envs(network.settings.iter().copied())
            // The limits are in force, and far off: what they cost is part of every figure.
            .env("DEFAULT_RATE_LIMIT_CAPACITY", "1000000000")
            .env("DEFAULT_RATE_LIMIT_REFILL_RATE", "1000000000")
            .env("READ_THROUGH_PER_CALLER", "1000000")
            .env("READ_THROUGH_TOTAL", "1000000")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(File::create(self.data().join(LOG))?);
        let started = Instant::now();
        let mut child = command.spawn().context("starting the server")?;
        let line = child.stdout.take().context("no standard output").and_then(first_line);
        let start_up = started.elapsed();
        let address = line.and_then(|line| parse_ready(&line));
        // The guard exists before anything else can fail, so that no process is left behind.
        let mut server =
            Server { belvedere: self, child, address: SocketAddr::from(([127, 0, 0, 1], 0)), start_up };
        server.address = address.with_context(|| server.log())?;
        Ok(server)
    }
}

impl Server<'_> {
    /// Where it answers.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// From before the process was made to its ready line.
    #[must_use]
    pub fn start_up(&self) -> Duration {
        self.start_up
    }

    /// Its process.
    #[must_use]
    pub fn process(&self) -> Process {
        Process::new(self.child.id())
    }

    /// The last lines it logged, for the message of an error.
    #[must_use]
    pub fn log(&self) -> String {
        let text = std::fs::read_to_string(self.belvedere.data().join(LOG)).unwrap_or_default();
        let lines: Vec<&str> = text.lines().rev().take(20).collect();
        let lines: Vec<&str> = lines.into_iter().rev().collect();
        format!("the server's last words:\n{}", lines.join("\n"))
    }

    /// Asks it to stop and waits until it has.
    ///
    /// # Errors
    /// When it does not stop in time, or fails while stopping.
    pub fn stop(mut self) -> anyhow::Result<()> {
        let id = self.child.id().to_string();
        let asked = Command::new("kill").args(["-TERM", &id]).status().context("running `kill`")?;
        if !asked.success() {
            bail!("the server had ended before it was asked to; {}", self.log());
        }
        let until = Instant::now() + STOP_LIMIT;
        while Instant::now() < until {
            if let Some(status) = self.child.try_wait()? {
                if status.success() {
                    return Ok(());
                }
                bail!("the server stopped with {status}; {}", self.log());
            }
            std::thread::sleep(Duration::from_millis(5));
        }
        bail!("the server did not stop within {STOP_LIMIT:?}; {}", self.log())
    }
}

impl Drop for Server<'_> {
    fn drop(&mut self) {
        // Both fail only for a process that has ended.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Reads one line, and then goes on reading so that the server never blocks on a full pipe.
fn first_line(stdout: ChildStdout) -> anyhow::Result<String> {
    let (sender, receiver) = mpsc::channel();
    std::thread::spawn(move || {
        let mut reader = BufReader::new(stdout);
        let mut line = String::new();
        let read = reader.read_line(&mut line);
        // Nobody listens any more once the limit has passed.
        let _ = sender.send(read.map(|_| line));
        let _ = reader.read_to_end(&mut Vec::new());
    });
    let line = receiver.recv_timeout(START_LIMIT).context("the server did not get ready in a minute")??;
    if line.is_empty() {
        bail!("the server ended before it was ready");
    }
    Ok(line)
}

fn parse_ready(line: &str) -> anyhow::Result<SocketAddr> {
    let ready: Ready = serde_json::from_str(line).with_context(|| format!("not a ready line: {line}"))?;
    let address = ready.url.strip_prefix("http://").and_then(|address| address.parse().ok());
    address.with_context(|| format!("not an address on this machine: {}", ready.url))
}
