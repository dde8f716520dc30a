//! What somebody writes, signed and sent to every host that has followers of theirs.

use std::time::{Duration, Instant};

use anyhow::ensure;

use super::home::{Home, open};
use super::sink::Sink;
use crate::belvedere::{Belvedere, Server};
use crate::process::{megabytes, to_f64};
use crate::report::{Report, Table};

/// Thoughts for each second that the benchmark may take: as many as the pace of one host allows anyway.
const PER_SECOND: u32 = 2;

/// Between two looks at how much has arrived.
const LOOK: Duration = Duration::from_millis(5);

const PATIENCE: Duration = Duration::from_mins(2);

/// What was sent.
pub(super) struct Sent {
    pub(super) rate: f64,
    /// What the server holds after it.
    pub(super) megabytes: f64,
    count: usize,
}

pub(super) async fn run(
    server: &Server<'_>,
    home: &Home,
    sink: &Sink,
    seconds: u32,
    table: &mut Table,
) -> anyhow::Result<Sent> {
    let thoughts = seconds * PER_SECOND;
    let (before, count) = (sink.taken(), sink.hosts() * usize::try_from(thoughts)?);
    let (cpu, start) = (server.process().cpu()?, Instant::now());
    for number in 0..thoughts {
        home.write(server, &format!("For many, {number}")).await?;
    }
    while sink.taken() - before < count {
        ensure!(start.elapsed() < PATIENCE, "{} of {count} deliveries arrived", sink.taken() - before);
        tokio::time::sleep(LOOK).await;
    }
    let rate = to_f64(count) / start.elapsed().as_secs_f64();
    let cpu = server.process().cpu()?.saturating_sub(cpu);
    table.row("sent", [rate, cpu.as_secs_f64() * 1e6 / to_f64(count), f64::NAN, f64::NAN]);
    let megabytes = megabytes(server.process().anonymous_memory()?);
    Ok(Sent { rate, megabytes, count })
}

impl Sent {
    /// Whether each was sent and is known to be.
    pub(super) fn check(&self, belvedere: &Belvedere, report: &mut Report) -> anyhow::Result<()> {
        let count = "SELECT count(*) FROM social_deliveries WHERE state = 'delivered' AND attempts = 1";
        let delivered: i64 = open(belvedere)?.query_row(count, [], |row| row.get(0))?;
        if usize::try_from(delivered)? != self.count {
            report.fault(format!("{delivered} of {} deliveries were made at once", self.count));
        }
        Ok(())
    }
}
