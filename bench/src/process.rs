//! What the kernel says a process has used.

use std::time::Duration;

use anyhow::Context;

/// Clock ticks per second in `/proc`, the same on every Linux architecture that is in use.
const TICKS: u64 = 100;

/// A process, by its id.
#[derive(Debug, Clone, Copy)]
pub struct Process(u32);

impl Process {
    /// The process with this id.
    #[must_use]
    pub fn new(id: u32) -> Self {
        Self(id)
    }

    /// This process.
    #[must_use]
    pub fn current() -> Self {
        Self(std::process::id())
    }

    /// User and system time of all its threads, past and present, to a hundredth of a second.
    ///
    /// # Errors
    /// When the process has ended.
    pub fn cpu(self) -> anyhow::Result<Duration> {
        let stat = self.read("stat")?;
        // The name in parentheses may hold anything, so fields are counted from its end: utime is the 14th
        // of all, the 12th after the name.
        let (_, fields) = stat.rsplit_once(')').context("no process name in /proc/PID/stat")?;
        let ticks: u64 =
            fields.split_whitespace().skip(11).take(2).map(|field| field.parse().unwrap_or(0_u64)).sum();
        Ok(Duration::from_millis(ticks * (1_000 / TICKS)))
    }

    /// Resident memory that no file stands behind, in bytes.
    ///
    /// # Errors
    /// When the process has ended.
    pub fn anonymous_memory(self) -> anyhow::Result<usize> {
        Ok(number_after(&self.read("status")?, "RssAnon:")? * 1_024)
    }

    /// Bytes it caused to be written to a disk so far.
    ///
    /// # Errors
    /// When the process has ended.
    pub fn written(self) -> anyhow::Result<usize> {
        number_after(&self.read("io")?, "write_bytes:")
    }

    fn read(self, file: &str) -> anyhow::Result<String> {
        let path = format!("/proc/{}/{file}", self.0);
        std::fs::read_to_string(&path).with_context(|| format!("reading {path}"))
    }
}

fn number_after(text: &str, name: &str) -> anyhow::Result<usize> {
    text.lines()
        .find_map(|line| line.strip_prefix(name)?.split_whitespace().next()?.parse().ok())
        .with_context(|| format!("no {name} in /proc"))
}

/// What a piece of work cost.
#[derive(Debug, Clone, Copy)]
pub struct Cost {
    /// From its beginning to its end.
    pub wall: Duration,
    /// Processor time of all threads.
    pub cpu: Duration,
    /// Bytes written to a disk.
    pub written: usize,
    /// How many units of it there were.
    pub count: usize,
}

impl Cost {
    /// Runs `work` of `count` units in this process. Nothing else may run here meanwhile.
    ///
    /// # Errors
    /// Those of `work`.
    pub fn of(count: usize, work: impl FnOnce() -> anyhow::Result<()>) -> anyhow::Result<Self> {
        let process = Process::current();
        let (cpu, written) = (process.cpu()?, process.written()?);
        let started = std::time::Instant::now();
        work()?;
        let wall = started.elapsed();
        let (cpu, written) = (process.cpu()?.saturating_sub(cpu), process.written()?.saturating_sub(written));
        Ok(Self { wall, cpu, written, count })
    }

    /// Units per second.
    #[must_use]
    pub fn rate(&self) -> f64 {
        to_f64(self.count) / self.wall.as_secs_f64()
    }

    /// Bytes written per unit.
    #[must_use]
    pub fn written_each(&self) -> f64 {
        to_f64(self.written) / to_f64(self.count)
    }

    /// Microseconds of processor time per unit.
    #[must_use]
    pub fn cpu_us(&self) -> f64 {
        self.cpu.as_secs_f64() * 1e6 / to_f64(self.count)
    }
}

/// A count as a number to calculate with; exact below 2^53.
#[must_use]
#[expect(clippy::cast_precision_loss, reason = "counts here are far below 2^53")]
pub fn to_f64(count: usize) -> f64 {
    count as f64
}

/// Bytes as millions of them.
#[must_use]
pub fn megabytes(bytes: usize) -> f64 {
    to_f64(bytes) / 1e6
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn work_shows_in_the_figures() {
        let enough = Process::current().cpu().unwrap() + Duration::from_millis(50);
        let cost = Cost::of(1, || {
            while Process::current().cpu()? < enough {}
            Ok(())
        })
        .unwrap();
        assert!(cost.cpu >= Duration::from_millis(40), "{cost:?}");
        assert!(cost.wall >= Duration::from_millis(1), "{cost:?}");
        assert!(Process::current().anonymous_memory().unwrap() > 100_000);
        assert!(Process::new(u32::MAX).cpu().is_err());
    }
}
