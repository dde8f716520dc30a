//! What is not messages: values, lists, signs of life, calls between sockets.

use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use serde_json::json;
use testkit::relay::Wire;
use tokio::time::timeout;

use super::visitors::Visitor;
use crate::belvedere::Server;
use crate::http::{Load, Outcome};
use crate::process::{Process, to_f64};
use crate::report::{Limit, Report, Table};

/// How often the Happy server does it in a second: the better of its two databases.
#[derive(Clone, Copy, Debug)]
pub(super) struct Peer(pub(super) f64);

const VALUES: Peer = Peer(24.0);
const SESSIONS: Peer = Peer(62.0);
const MESSAGES: Peer = Peer(82.0);
const CALLS: Peer = Peer(2_693.0);
const ALIVE: Peer = Peer(8_153.0);

/// Calls on their way at once.
const CALLERS: usize = 8;

/// Sessions whose agents are alive.
const LIVES: usize = 200;

const PATIENCE: Duration = Duration::from_secs(20);

pub(super) async fn run(server: &Server<'_>, seconds: u32, report: &mut Report) -> anyhow::Result<()> {
    let duration = Duration::from_secs(seconds.into());
    let mut table = Table::new("", ["/s", "processor ms", "Happy/s", "times"]);
    let mut row = |name: &str, rate: f64, cpu_ms: f64, Peer(peer): Peer, least: Option<f64>| {
        table.row(name, [rate, cpu_ms, peer, rate / peer]);
        if let Some(least) = least {
            report.bar(format!("{name} ÷ Happy"), rate / peer, Limit::AtLeast(least), "×");
        }
    };
    let visitor = Visitor::new(server).await?;
    let Outcome { rate, cpu_us, .. } = values(server, &visitor, duration).await?;
    row("5 values written", rate, cpu_us / 1e3, VALUES, Some(20.0));
    let mut sessions = Vec::new();
    for number in 0..LIVES {
        sessions.push(visitor.make_session(&number.to_string()).await?);
    }
    let Outcome { rate, cpu_us, .. } = asked(server, &visitor, "/v1/sessions", duration).await?;
    row("150 sessions listed", rate, cpu_us / 1e3, SESSIONS, None);
    let path = format!("/v3/sessions/{}/messages", visitor.session);
    let messages: Vec<_> = (0..100)
        .map(|n| json!({ "localId": n.to_string(), "content": "x".repeat(super::posts::BYTES) }))
        .collect();
    visitor.ask("POST", &path, &json!({ "messages": messages })).await?;
    let Outcome { rate, cpu_us, .. } = asked(server, &visitor, &path, duration).await?;
    row("100 messages read", rate, cpu_us / 1e3, MESSAGES, None);
    let (rate, cpu_ms) = calls(server.process(), &visitor, duration).await?;
    row("calls, 8 at once", rate, cpu_ms, CALLS, Some(5.0));
    let (rate, cpu_ms) = lives(server.process(), &visitor, &sessions, duration).await?;
    row("signs of life", rate, cpu_ms, ALIVE, None);
    report.tables.push(table);
    Ok(())
}

/// New keys each time, so that no request must know the versions of another.
async fn values(server: &Server<'_>, visitor: &Visitor, duration: Duration) -> anyhow::Result<Outcome> {
    const REQUESTS: usize = 3_900;
    let requests: Vec<Vec<u8>> = (0..REQUESTS)
        .map(|n| {
            let key = |k| json!({ "key": format!("{n}/{k}"), "value": "dmFsdWU=", "version": -1 });
            let body = json!({ "mutations": (0..5).map(key).collect::<Vec<_>>() });
            visitor.request("POST", "/v1/kv", &body.to_string())
        })
        .collect();
    let (address, server) = (server.address(), server.process());
    Load { address, server, requests: &requests, connections: 1, duration, once: true }.run().await
}

async fn asked(
    server: &Server<'_>,
    visitor: &Visitor,
    path: &str,
    duration: Duration,
) -> anyhow::Result<Outcome> {
    let requests = [visitor.request("GET", path, "")];
    let (address, server) = (server.address(), server.process());
    Load { address, server, requests: &requests, connections: 1, duration, once: false }.run().await
}

/// Calls per second from one socket to another, and the processor time of each.
async fn calls(server: Process, visitor: &Visitor, duration: Duration) -> anyhow::Result<(f64, f64)> {
    let (mut caller, mut echo) = (visitor.listen(false).await?, visitor.listen(true).await?);
    echo.send(r#"42["rpc-register",{"method":"bench:echo"}]"#.to_owned()).await;
    until(&mut echo, "42[\"rpc-registered\"").await?;
    let answering = tokio::spawn(async move {
        while let Some(packet) = echo.next().await {
            let request = packet.strip_prefix("42").and_then(|rest| rest.split_once('['));
            if let Some((id, rest)) = request
                && rest.starts_with("\"rpc-request\"")
            {
                echo.send(format!(r#"43{id}["answer"]"#)).await;
            }
        }
    });
    let (cpu, started) = (server.cpu()?, Instant::now());
    let (mut made, mut answered) = (0, 0);
    while started.elapsed() < duration || answered < made {
        while made - answered < CALLERS && started.elapsed() < duration {
            made += 1;
            caller.send(format!(r#"42{made}["rpc-call",{{"method":"bench:echo","params":"x"}}]"#)).await;
        }
        let packet = until(&mut caller, "43").await?;
        if !packet.ends_with(r#"[{"ok":true,"result":"answer"}]"#) {
            bail!("a call: {packet}");
        }
        answered += 1;
    }
    answering.abort();
    Ok(figures(answered, started.elapsed(), server.cpu()?.saturating_sub(cpu)))
}

/// Signs of life per second, and the processor time of each.
async fn lives(
    server: Process,
    visitor: &Visitor,
    sessions: &[String],
    duration: Duration,
) -> anyhow::Result<(f64, f64)> {
    let mut socket = visitor.listen(false).await?;
    let (cpu, started) = (server.cpu()?, Instant::now());
    let mut count = 0;
    while started.elapsed() < duration {
        for session in sessions {
            let packet = format!(r#"42["session-alive",{{"sid":"{session}","time":4000000000000}}]"#);
            socket.send(packet).await;
            count += 1;
        }
        // Answered when everything before it is done.
        socket
            .send(r#"421["update-metadata",{"sid":"nope","metadata":"","expectedVersion":0}]"#.to_owned())
            .await;
        until(&mut socket, "431").await?;
    }
    Ok(figures(count, started.elapsed(), server.cpu()?.saturating_sub(cpu)))
}

/// The next packet that begins so.
async fn until(socket: &mut Wire, start: &str) -> anyhow::Result<String> {
    loop {
        let packet = timeout(PATIENCE, socket.next()).await.with_context(|| format!("no {start}"))?;
        let packet = packet.context("the socket was closed")?;
        if packet.starts_with(start) {
            return Ok(packet.to_string());
        }
    }
}

fn figures(count: usize, elapsed: Duration, cpu: Duration) -> (f64, f64) {
    (to_f64(count) / elapsed.as_secs_f64(), cpu.as_secs_f64() * 1e3 / to_f64(count))
}
