//! What some work cost a server.

use std::time::Instant;

use crate::process::{Process, to_f64};

/// Work per second, and the server's processor time for it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Rate {
    /// Units per second.
    pub(super) rate: f64,
    /// Microseconds of processor time for each.
    pub(super) cpu_us: f64,
}

impl Rate {
    /// Does work that says how many units of it there were.
    pub(super) async fn of(
        server: Process,
        work: impl Future<Output = anyhow::Result<usize>>,
    ) -> anyhow::Result<Self> {
        let (cpu, started) = (server.cpu()?, Instant::now());
        let count = to_f64(work.await?);
        let elapsed = started.elapsed().as_secs_f64();
        let cpu = server.cpu()?.saturating_sub(cpu).as_secs_f64();
        Ok(Self { rate: count / elapsed, cpu_us: cpu * 1e6 / count })
    }
}
