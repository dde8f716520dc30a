//! What the kernel says of this process.

use std::time::Instant;

use crate::Failure;

/// Of the kernel, for everybody: how often it counts in a second.
const TICKS: f64 = 100.0;

/// Time of all threads, in user and system, and of the clock.
pub(crate) struct Cost {
    user: f64,
    system: f64,
    begun: Instant,
}

impl Cost {
    pub(crate) fn begin() -> Result<Self, Failure> {
        let stat = std::fs::read_to_string("/proc/self/stat")?;
        let fields: Vec<_> = stat.rsplit(')').next().unwrap_or_default().split_whitespace().collect();
        let seconds = |place: usize| -> Result<f64, Failure> {
            Ok(fields.get(place).ok_or("no such field")?.parse::<f64>()? / TICKS)
        };
        Ok(Self { user: seconds(11)?, system: seconds(12)?, begun: Instant::now() })
    }

    pub(crate) fn end(&self, what: &str, clients: usize, gigabytes: f64) -> Result<(), Failure> {
        let now = Self::begin()?;
        let (user, system) = ((now.user - self.user) / gigabytes, (now.system - self.system) / gigabytes);
        let wall = self.begun.elapsed().as_secs_f64();
        println!(
            "{what}, {clients} at once: {:.2} s of CPU per GB ({user:.2} user, {system:.2} system), {:.0} MB/s; {}",
            user + system,
            1000.0 * gigabytes / wall,
            memory("VmRSS")?
        );
        Ok(())
    }
}

/// A line of the kernel's about memory.
pub(crate) fn memory(name: &str) -> Result<String, Failure> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find(|line| line.starts_with(name)).ok_or("no such line")?;
    Ok(line.split_whitespace().collect::<Vec<_>>().join(" "))
}
