//! A PostgreSQL server of a test's own, to be killed and started again.

use std::net::TcpListener;
use std::os::unix::fs::chown;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};
use tempfile::TempDir;
use tokio_postgres::NoTls;

/// How long it may take to start.
const PATIENCE: Duration = Duration::from_secs(30);

/// A server with its own files; gone when dropped.
pub struct PostgresServer {
    programs: PathBuf,
    dir: TempDir,
    port: u16,
    running: Option<Child>,
    /// Whom it runs as, if we are root: PostgreSQL refuses to run as that.
    as_user: bool,
}

impl PostgresServer {
    /// `None`, with a loud word, if PostgreSQL is not installed.
    pub async fn start() -> Option<Self> {
        let Some(programs) = programs() else {
            eprintln!("SKIPPED: a PostgreSQL server of the test's own: PostgreSQL is not installed");
            return None;
        };
        let dir = tempfile::tempdir().unwrap_or_else(|error| panic!("a temporary folder: {error}"));
        let port = lasting_port();
        let as_user = rustix::process::geteuid().is_root();
        let mut server = Self { programs, dir, port, running: None, as_user };
        if as_user {
            let user = user_id();
            chown(server.dir.path(), Some(user), None).unwrap_or_else(|error| panic!("chown: {error}"));
        }
        let mut initdb = server.command("initdb");
        initdb.arg("-D").arg(server.data());
        initdb.args(["-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"]);
        let made = initdb.output().unwrap_or_else(|error| panic!("initdb: {error}"));
        assert!(made.status.success(), "initdb: {}", String::from_utf8_lossy(&made.stderr));
        server.run().await;
        Some(server)
    }

    /// Where it is, for its user, with the database that every server has.
    #[must_use]
    pub fn url(&self) -> String {
        format!("postgres://postgres@127.0.0.1:{}/postgres", self.port)
    }

    /// Runs it, at the same port and with the same files, and returns when it takes connections.
    pub async fn run(&mut self) {
        let mut postgres = self.command("postgres");
        postgres.arg("-D").arg(self.data()).arg("-k").arg(self.dir.path());
        // Without fsync: what a process has written outlives it, and it is the process that is killed, not the machine.
        postgres.args(["-p", &self.port.to_string(), "-h", "127.0.0.1", "-c", "max_connections=100"]);
        postgres.args(["-F", "-c", "full_page_writes=off", "-c", "dynamic_shared_memory_type=mmap"]);
        postgres.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        self.running = Some(postgres.spawn().unwrap_or_else(|error| panic!("postgres: {error}")));
        let start = Instant::now();
        loop {
            if let Ok((client, connection)) = tokio_postgres::connect(&self.url(), NoTls).await {
                drop(client);
                _ = connection.await;
                return;
            }
            assert!(start.elapsed() < PATIENCE, "PostgreSQL does not take connections");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// Ends it: at once, as when the machine goes down, or as an administrator does who does not wait for clients.
    pub fn stop(&mut self, at_once: bool) {
        let Some(mut running) = self.running.take() else { return };
        let signal = if at_once { Signal::QUIT } else { Signal::INT };
        _ = kill_process(Pid::from_child(&running), signal);
        _ = running.wait();
    }

    fn data(&self) -> PathBuf {
        self.dir.path().join("data")
    }

    fn command(&self, program: &str) -> Command {
        let path = self.programs.join(program);
        if !self.as_user {
            return Command::new(path);
        }
        let mut command = Command::new("setpriv");
        command.args(["--reuid=postgres", "--regid=postgres", "--init-groups"]).arg(path);
        command.current_dir("/");
        command
    }
}

impl Drop for PostgresServer {
    fn drop(&mut self) {
        self.stop(true);
    }
}

/// A port that nobody listens at and that the kernel gives to no outgoing connection: it is to be free also when the server has been
/// away for a while, though clients try to reach it all the time.
fn lasting_port() -> u16 {
    let mut ports = std::iter::repeat_with(|| rand::random_range(20_000..30_000));
    let free = ports.by_ref().take(100).find(|port| TcpListener::bind(("127.0.0.1", *port)).is_ok());
    free.unwrap_or_else(|| panic!("no port from 20000 to 30000 is free"))
}

/// Where PostgreSQL is: the newest of Debian's, or what is in the path.
fn programs() -> Option<PathBuf> {
    let versions = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let mut found: Vec<(u32, PathBuf)> = versions
        .filter_map(|version| {
            let number = version.file_name().to_str()?.parse().ok()?;
            Some((number, version.path().join("bin")))
        })
        .filter(|(_, programs)| is_there(programs))
        .collect();
    found.sort();
    let in_path = || std::env::split_paths(&std::env::var_os("PATH")?).find(|programs| is_there(programs));
    found.pop().map(|(_, programs)| programs).or_else(in_path)
}

fn is_there(programs: &Path) -> bool {
    programs.join("postgres").is_file() && programs.join("initdb").is_file()
}

/// The number of the user that PostgreSQL runs as where root runs the tests.
fn user_id() -> u32 {
    let output = Command::new("id").args(["-u", "postgres"]).output();
    let output = output.unwrap_or_else(|error| panic!("id: {error}"));
    let number = String::from_utf8_lossy(&output.stdout).trim().parse();
    number.unwrap_or_else(|_| panic!("there is no user 'postgres' for PostgreSQL to run as"))
}
