//! Messages, from those who post to those who listen.

use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use futures::future::try_join_all;
use testkit::relay::Wire;
use tokio::sync::watch;
use tokio::time::timeout;

use super::requests::Peer;
use super::visitors::Visitor;
use crate::belvedere::Server;
use crate::process::to_f64;
use crate::report::percentile;

/// The length of a message.
pub(super) const BYTES: usize = 700;

/// Within this time everything is told that is there.
const PATIENCE: Duration = Duration::from_secs(30);

/// Messages that are on their way at once when sockets send them.
const WINDOW: usize = 100;

/// Who posts how, and who listens.
#[derive(Clone, Copy, Debug)]
pub(super) struct Workload {
    pub(super) name: &'static str,
    pub(super) posters: usize,
    /// Messages of one request.
    pub(super) at_once: usize,
    pub(super) listeners: usize,
    /// Whether they come by a socket, without waiting for each.
    by_socket: bool,
    /// Messages per second of the Happy server: the better of its two databases.
    pub(super) peer: Peer,
}

impl Workload {
    const fn new(name: &'static str, posters: usize, at_once: usize, listeners: usize, peer: f64) -> Self {
        Self { name, posters, at_once, listeners, by_socket: false, peer: Peer(peer) }
    }

    pub(super) const ALL: [Self; 6] = [
        Self::new("1 poster, 1 listener", 1, 1, 1, 23.0),
        Self::new("1 poster, 10 listeners", 1, 1, 10, 34.0),
        Self::new("1 poster, 100 listeners", 1, 1, 100, 46.0),
        Self::new("8 posters, 10 listeners", 8, 1, 10, 58.0),
        Self::new("50 at once, 10 listeners", 1, 50, 10, 127.0),
        Self { by_socket: true, ..Self::new("by socket, 10 listeners", 1, 1, 10, 40.0) },
    ];
}

/// What came of it.
pub(super) struct Measured {
    /// Messages per second.
    pub(super) rate: f64,
    pub(super) p50_ms: f64,
    pub(super) p99_ms: f64,
    /// The server's processor time per message, telling it included.
    pub(super) cpu_ms: f64,
    /// How often a socket was told of a message.
    pub(super) told: usize,
    pub(super) faults: Vec<String>,
}

pub(super) async fn measure(
    server: &Server<'_>,
    workload: Workload,
    duration: Duration,
) -> anyhow::Result<Measured> {
    let visitor = Visitor::new(server).await?;
    let mut sockets = Vec::new();
    for number in 0..workload.listeners {
        sockets.push(visitor.listen(number % 2 == 1).await?);
    }
    let (progress, seen) = watch::channel(0);
    let (total, known) = watch::channel(None);
    let listeners = sockets.into_iter().enumerate().map(|(number, socket)| {
        let progress = (number == 0).then(|| progress.clone());
        tokio::spawn(listen(socket, known.clone(), progress))
    });
    let listeners: Vec<_> = listeners.collect();
    let (cpu, started) = (server.process().cpu()?, Instant::now());
    let until = started + duration;
    let mut micros = if workload.by_socket {
        send(&visitor, until, seen).await?
    } else {
        let posters = (0..workload.posters).map(|_| post(&visitor, workload.at_once, until));
        try_join_all(posters).await?.concat()
    };
    let messages = micros.len() * workload.at_once;
    total.send_replace(Some(messages));
    let mut faults = Vec::new();
    for listener in listeners {
        match listener.await? {
            Ok(()) => {}
            Err(fault) => faults.push(format!("{}: {fault}", workload.name)),
        }
    }
    let elapsed = started.elapsed().as_secs_f64();
    let cpu = server.process().cpu()?.saturating_sub(cpu).as_secs_f64();
    micros.sort_unstable();
    let at = |percent| percentile(&micros, percent).map_or(f64::NAN, |micros| f64::from(micros) / 1e3);
    Ok(Measured {
        rate: to_f64(messages) / elapsed,
        p50_ms: at(50),
        p99_ms: at(99),
        cpu_ms: cpu * 1e3 / to_f64(messages),
        told: messages * workload.listeners,
        faults,
    })
}

/// Posts as soon as the last one is answered; the microseconds each took.
async fn post(visitor: &Visitor, at_once: usize, until: Instant) -> anyhow::Result<Vec<u32>> {
    let mut connection = visitor.connect().await?;
    let (path, content) = (format!("/v3/sessions/{}/messages", visitor.session), "x".repeat(BYTES));
    let mut micros = Vec::new();
    while Instant::now() < until {
        let messages: Vec<String> = (0..at_once)
            .map(|_| format!(r#"{{"localId":"{:032x}","content":"{content}"}}"#, rand::random::<u128>()))
            .collect();
        let request = visitor.request("POST", &path, &format!(r#"{{"messages":[{}]}}"#, messages.join(",")));
        let sent = Instant::now();
        let answer = connection.send(&request).await?;
        if answer.status != 200 {
            bail!("a post: {} {}", answer.status, String::from_utf8_lossy(answer.body));
        }
        micros.push(u32::try_from(sent.elapsed().as_micros()).unwrap_or(u32::MAX));
    }
    Ok(micros)
}

/// Sends by a socket, some ahead of what a listener has heard; how long after it was sent each was heard there.
async fn send(
    visitor: &Visitor,
    until: Instant,
    mut seen: watch::Receiver<usize>,
) -> anyhow::Result<Vec<u32>> {
    let mut socket = visitor.listen(true).await?;
    let content = "x".repeat(BYTES);
    let (mut sent, mut micros): (Vec<Instant>, Vec<u32>) = (Vec::new(), Vec::new());
    while Instant::now() < until || micros.len() < sent.len() {
        while sent.len() - micros.len() < WINDOW && Instant::now() < until {
            let (sid, name) = (&visitor.session, rand::random::<u128>());
            let packet =
                format!(r#"42["message",{{"sid":"{sid}","message":"{content}","localId":"{name:032x}"}}]"#);
            socket.send(packet).await;
            sent.push(Instant::now());
        }
        timeout(PATIENCE, seen.changed()).await.context("messages by socket are not told")??;
        let heard = *seen.borrow_and_update();
        for sent in &sent[micros.len()..heard.min(sent.len())] {
            micros.push(u32::try_from(sent.elapsed().as_micros()).unwrap_or(u32::MAX));
        }
    }
    Ok(micros)
}

/// The number of the message that a packet tells of. Looked for, not parsed: listeners share the machine with the server.
fn number(packet: &str) -> Option<usize> {
    let (_, message) = packet.strip_prefix(r#"42["update","#)?.split_once(r#""message":{"#)?;
    let (_, rest) = message.split_once(r#""seq":"#)?;
    rest.split_once(',')?.0.parse().ok()
}

/// Hears every message of the session from the first to the last, in order, or says what is wrong.
async fn listen(
    mut socket: Wire,
    mut total: watch::Receiver<Option<usize>>,
    progress: Option<watch::Sender<usize>>,
) -> Result<(), String> {
    let mut last = 0;
    while *total.borrow_and_update() != Some(last) {
        let packet = tokio::select! {
            packet = timeout(PATIENCE, socket.next()) => packet,
            _ = total.changed() => continue,
        };
        let packet = packet.map_err(|_| format!("nothing after message {last}"))?;
        let packet = packet.ok_or_else(|| format!("the socket was closed after message {last}"))?;
        let Some(seq) = number(&packet) else { continue };
        if seq != last + 1 {
            return Err(format!("message {seq} after {last}"));
        }
        last = seq;
        if let Some(progress) = &progress {
            progress.send_replace(last);
        }
    }
    Ok(())
}
