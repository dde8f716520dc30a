//! Running a program that may never end.

use std::fs::File;
use std::os::unix::process::CommandExt;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use rustix::process::{Pid, Signal, kill_process_group};

/// Between two looks at whether it has ended.
const LOOK: Duration = Duration::from_millis(10);

/// What became of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    /// It ended by itself.
    ByItself(ExitStatus),
    /// It did not, and was ended together with all that it had started.
    Cut,
}

/// Runs it for `limit` at most, with what it prints going to a file.
pub fn run(mut command: Command, output: &File, limit: Duration) -> Result<Ended> {
    // A group of its own: a test that is cut off must not leave servers behind.
    command.stdin(Stdio::null()).stdout(output.try_clone()?).stderr(output.try_clone()?).process_group(0);
    let mut child = command.spawn().with_context(|| format!("{}", command.get_program().display()))?;
    let ended = wait(&mut child, limit)?;
    let group = i32::try_from(child.id()).ok().and_then(Pid::from_raw);
    if let Some(group) = group {
        // There is nobody left in it as a rule.
        _ = kill_process_group(group, Signal::KILL);
    }
    match ended {
        Some(status) => Ok(Ended::ByItself(status)),
        None => child.wait().map(|_| Ended::Cut).context("waiting"),
    }
}

fn wait(child: &mut Child, limit: Duration) -> Result<Option<ExitStatus>> {
    let start = Instant::now();
    loop {
        let ended = child.try_wait()?;
        if ended.is_some() || start.elapsed() > limit {
            return Ok(ended);
        }
        std::thread::sleep(LOOK);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shell(script: &str) -> Ended {
        let mut command = Command::new("sh");
        command.args(["-c", script]);
        let output = File::options().write(true).open("/dev/null").unwrap();
        run(command, &output, Duration::from_millis(500)).unwrap()
    }

    #[test]
    fn what_ends_says_how_and_what_does_not_is_cut_off() {
        assert!(matches!(shell("exit 3"), Ended::ByItself(status) if status.code() == Some(3)));
        assert_eq!(shell("sleep 60 & sleep 60"), Ended::Cut);
    }
}
