//! A server as a child process: started, watched, and never left behind.

use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;
use std::collections::VecDeque;
use std::io::{BufRead, BufReader, Read};
use std::process::{Child, ChildStdout, Command, ExitStatus, Stdio};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};
use tokio::net::TcpStream;
use tokio::sync::oneshot;
use tokio::time::{sleep, timeout};

/// A debug build on a busy machine is slow; a test that gets here has waited for nothing.
const START_WITHIN: Duration = Duration::from_mins(2);

/// Lines of output kept for a failure message.
const LOG_LINES: usize = 200;

/// How a process ended that was asked to.
#[derive(Clone, Copy, Debug)]
pub struct Terminated {
    /// Its exit status.
    pub status: ExitStatus,
    /// From the signal to the end.
    pub took: Duration,
}

/// A running child. Dropping it ends it; if the test is panicking, its last output is printed.
pub(crate) struct ServerProcess {
    name: &'static str,
    child: Child,
    log: Log,
    /// What it is given to clean up after itself when dropped.
    grace: Duration,
}

impl ServerProcess {
    /// Starts a program and waits for its first line of output, a JSON object that says that it is ready.
    pub(crate) async fn start(name: &'static str, command: &mut Command, grace: Duration) -> (Self, Value) {
        let (mut process, stdout) = Self::spawn(name, command, grace);
        let (sender, first_line) = oneshot::channel();
        process.log.follow(stdout, Some(sender));
        let first_line = timeout(START_WITHIN, first_line).await;
        let first_line =
            first_line.unwrap_or_else(|_| panic!("{name} was not ready within {START_WITHIN:?}"));
        let Ok(line) = first_line else {
            let status = process.child.wait();
            // For its last words, which another thread reads.
            sleep(Duration::from_millis(100)).await;
            panic!("{name} ended before it was ready: {status:?}");
        };
        let ready = serde_json::from_str(&line)
            .unwrap_or_else(|error| panic!("{name} said {line:?} instead of that it is ready: {error}"));
        (process, ready)
    }

    /// Starts a program that never says that it is ready.
    pub(crate) fn start_silent(name: &'static str, command: &mut Command, grace: Duration) -> Self {
        let (process, stdout) = Self::spawn(name, command, grace);
        process.log.follow(stdout, None);
        process
    }

    /// Waits until it takes connections; `None` if it ends instead.
    pub(crate) async fn listens_at(mut self, port: u16) -> Option<Self> {
        let start = Instant::now();
        while TcpStream::connect(("127.0.0.1", port)).await.is_err() {
            if self.status().is_some() {
                return None;
            }
            assert!(start.elapsed() < START_WITHIN, "{} did not listen within {START_WITHIN:?}", self.name);
            sleep(Duration::from_millis(5)).await;
        }
        // Perhaps it is somebody else who listens there.
        sleep(Duration::from_millis(50)).await;
        self.status().is_none().then_some(self)
    }

    /// Asks it to end (SIGTERM) and waits.
    pub(crate) async fn terminate(&mut self, within: Duration) -> Terminated {
        let start = Instant::now();
        self.signal(Signal::TERM);
        loop {
            if let Some(status) = self.status() {
                return Terminated { status, took: start.elapsed() };
            }
            assert!(start.elapsed() < within, "{} did not end within {within:?} of SIGTERM", self.name);
            sleep(Duration::from_millis(5)).await;
        }
    }

    /// Ends it at once (SIGKILL).
    pub(crate) fn kill(&mut self) {
        // Both fail only for a process that has ended and been waited for.
        _ = self.child.kill();
        _ = self.child.wait();
    }

    /// Its exit status, once it has ended.
    pub(crate) fn status(&mut self) -> Option<ExitStatus> {
        self.child.try_wait().unwrap_or_else(|error| panic!("waiting for {}: {error}", self.name))
    }

    /// Its process id.
    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// The last lines it wrote.
    pub(crate) fn log(&self) -> Vec<String> {
        self.log.lines()
    }

    fn spawn(name: &'static str, command: &mut Command, grace: Duration) -> (Self, Option<ChildStdout>) {
        let mut child = command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap_or_else(|error| panic!("starting {name} ({command:?}): {error}"));
        let log = Log::default();
        let (stdout, stderr) = (child.stdout.take(), child.stderr.take());
        log.follow(stderr, None);
        (Self { name, child, log, grace }, stdout)
    }

    fn signal(&self, signal: Signal) {
        // A process that has ended is not an error, and it keeps its id until it is waited for, which only we do.
        _ = kill_process(Pid::from_child(&self.child), signal);
    }
}

impl Drop for ServerProcess {
    fn drop(&mut self) {
        if thread::panicking() {
            let lines = self.log();
            eprintln!("--- last {} lines of {}\n{}\n---", lines.len(), self.name, lines.join("\n"));
        }
        if !self.grace.is_zero() {
            self.signal(Signal::TERM);
            let start = Instant::now();
            while start.elapsed() < self.grace && matches!(self.child.try_wait(), Ok(None)) {
                thread::sleep(Duration::from_millis(5));
            }
        }
        self.kill();
    }
}

/// The last lines of a process's output.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<VecDeque<String>>>);

impl Log {
    /// Reads a pipe to its end on a thread, so that the process never waits for a reader. Sends the first line away
    /// if somebody waits for it.
    fn follow(
        &self,
        pipe: Option<impl Read + Send + 'static>,
        mut first_line: Option<oneshot::Sender<String>>,
    ) {
        let (Some(pipe), log) = (pipe, self.clone()) else { return };
        thread::spawn(move || {
            for line in BufReader::new(pipe).split(b'\n').map_while(Result::ok) {
                let line = String::from_utf8_lossy(&line).into_owned();
                log.push(line.clone());
                if let Some(sender) = first_line.take() {
                    _ = sender.send(line);
                }
            }
        });
    }

    fn push(&self, line: String) {
        let mut lines = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if lines.len() == LOG_LINES {
            lines.pop_front();
        }
        lines.push_back(line);
    }

    fn lines(&self) -> Vec<String> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).iter().cloned().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::process::ExitStatusExt;

    const GRACE: Duration = Duration::from_secs(10);

    fn shell(script: &str) -> Command {
        let mut command = Command::new("sh");
        command.args(["-c", script]);
        command
    }

    #[tokio::test]
    async fn the_first_line_says_that_it_is_ready_and_the_rest_is_kept() {
        let script =
            r#"echo '{"url":"here"}'; for n in $(seq 300); do echo line $n >&2; done; exec sleep 60"#;
        let (process, ready) = ServerProcess::start("a server", &mut shell(script), GRACE).await;
        assert_eq!(ready["url"], "here");
        let complete = async {
            while !process.log().contains(&"line 300".into()) {
                sleep(Duration::from_millis(5)).await;
            }
        };
        timeout(GRACE, complete).await.expect("its output arrives");
        assert_eq!(process.log().len(), LOG_LINES, "the oldest lines are forgotten");
    }

    #[tokio::test]
    #[should_panic(expected = "ended before it was ready: Ok(ExitStatus(unix_wait_status(768)))")]
    async fn one_that_ends_first_fails_the_test() {
        ServerProcess::start("a server", &mut shell("echo no such option >&2; exit 3"), GRACE).await;
    }

    #[tokio::test]
    async fn it_ends_when_asked_and_when_killed_and_when_dropped() {
        let obedient = "trap 'exit 7' TERM; echo '{}'; while :; do sleep 0.01; done";
        let (mut process, _) = ServerProcess::start("obedient", &mut shell(obedient), GRACE).await;
        assert_eq!(process.status(), None);
        assert_eq!(process.terminate(GRACE).await.status.code(), Some(7));

        let stubborn = "trap '' TERM; echo '{}'; while :; do sleep 0.01; done";
        let (mut process, _) = ServerProcess::start("stubborn", &mut shell(stubborn), Duration::ZERO).await;
        process.kill();
        assert_eq!(process.status().and_then(|status| status.signal()), Some(Signal::KILL.as_raw()));

        let (process, _) =
            ServerProcess::start("dropped", &mut shell(stubborn), Duration::from_millis(50)).await;
        let pid = Pid::from_child(&process.child);
        drop(process);
        assert!(kill_process(pid, Signal::TERM).is_err(), "it is gone");
    }
}
