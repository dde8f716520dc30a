//! The server itself, as the process that people run.

use crate::process::{ServerProcess, Terminated};
use crate::sim::Sim;
use crate::{HttpClient, Network};
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

/// Longer than any drain; a server that needs it has hung.
const TERMINATE_WITHIN: Duration = Duration::from_mins(1);

/// Tokens, at once and per second.
const UNLIMITED: &str = "1000000";

/// How the server is to be started; the same value starts it again on the same data.
#[derive(Clone, Debug)]
pub struct BelvedereOptions {
    /// `DATA_DIR`.
    pub data_dir: PathBuf,
    /// More arguments after `serve`.
    pub arguments: Vec<String>,
    /// The program, if it is not the one under test.
    pub program: Option<PathBuf>,
    /// Where it listens; a free port if there is none.
    pub port: Option<u16>,
    /// Environment variables; besides them it gets `PATH`, the mistake it is to make, and nothing of the test's own.
    pub environment: Vec<(String, String)>,
}

impl BelvedereOptions {
    /// A server on its own, with its data in a folder.
    #[must_use]
    pub fn new(data_dir: &Path) -> Self {
        let (arguments, environment) = (Vec::new(), Vec::new());
        let options =
            Self { data_dir: data_dir.to_owned(), arguments, program: None, port: None, environment };
        // A test asks for more than any client is allowed to; tests of the limits set their own.
        options
            .with("DEFAULT_RATE_LIMIT_CAPACITY", UNLIMITED)
            .with("DEFAULT_RATE_LIMIT_REFILL_RATE", UNLIMITED)
    }

    /// In this network instead of the public one.
    #[must_use]
    pub fn in_network(self, network: &Network) -> Self {
        let at = &network.endpoints;
        let within = self
            .with("BELVEDERE_DEV", "true")
            .with("PLC_URL", &at.plc)
            .with("JETSTREAM_URL", &at.jetstream)
            .with("RELAY_URL", &at.relay);
        match &at.dns {
            Some(dns) => within.with("DNS_SERVER", dns),
            None => within,
        }
    }

    /// In this simulated network instead of the public one.
    #[must_use]
    pub fn in_sim(self, sim: &Sim) -> Self {
        self.with("BELVEDERE_DEV", "true")
            .with("PLC_URL", sim.plc().as_str())
            .with("JETSTREAM_URL", sim.jetstream().as_str())
            .with("RELAY_URL", sim.relay().as_str())
            .with("DNS_SERVER", &sim.dns().to_string())
    }

    /// With an environment variable.
    #[must_use]
    pub fn with(mut self, name: &str, value: &str) -> Self {
        self.environment.push((name.to_owned(), value.to_owned()));
        self
    }

    /// With another program than the one under test.
    #[must_use]
    pub fn of_program(self, program: &Path) -> Self {
        Self { program: Some(program.to_owned()), ..self }
    }

    /// Always at the same port, so that clients find it again after a restart. Outgoing connections take others.
    #[must_use]
    pub fn at_a_port(self) -> Self {
        loop {
            let port = rand::random_range(20_000..30_000);
            if std::net::TcpListener::bind(("127.0.0.1", port)).is_ok() {
                return Self { port: Some(port), ..self };
            }
        }
    }

    /// Another command of the same program about the same data, for example `["lexicon", "list"]`.
    #[must_use]
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(self.program.clone().unwrap_or_else(Belvedere::program));
        command
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .env("DATA_DIR", &self.data_dir)
            .envs(self.environment.iter().map(|(name, value)| (name, value)))
            // A mistake that this test is to notice is made by whoever it looks at.
            .envs(std::env::var_os("FAULTS_MUTANT").map(|mutant| ("FAULTS_MUTANT", mutant)))
            .args(arguments);
        command
    }
}

/// A running server; killed when dropped, its last output printed if the test is panicking.
pub struct Belvedere {
    /// Sends requests to it.
    pub client: HttpClient,
    /// The JSON line it printed when it was ready.
    pub ready: Value,
    process: ServerProcess,
}

impl Belvedere {
    /// The program under test: `CARGO_BIN_EXE_belvedere`, or `belvedere` beside the test's own build.
    #[must_use]
    pub fn program() -> PathBuf {
        if let Some(path) = std::env::var_os("CARGO_BIN_EXE_belvedere") {
            return path.into();
        }
        let test = std::env::current_exe().unwrap_or_else(|error| panic!("where this test is: {error}"));
        // Tests are in target/PROFILE/deps, programs in target/PROFILE.
        let beside = test.ancestors().skip(1).take(2).map(|folder| folder.join("belvedere"));
        let path = beside.clone().find(|path| path.is_file()).or(beside.last()).unwrap_or_default();
        assert!(path.is_file(), "{} is missing: run 'cargo build -p belvedere' first", path.display());
        path
    }

    /// Starts the server and waits until it is ready.
    pub async fn start(options: &BelvedereOptions) -> Self {
        let port = options.port.unwrap_or(0).to_string();
        let mut command = options.command(&["serve", "--port", &port]);
        command.args(&options.arguments);
        let (process, ready) = ServerProcess::start("belvedere", &mut command, Duration::ZERO).await;
        let url = ready["url"].as_str().unwrap_or_else(|| panic!("no url in the ready line {ready}"));
        Self { client: HttpClient::new(url), ready, process }
    }

    /// Where it listens, `http://127.0.0.1:…`.
    #[must_use]
    pub fn url(&self) -> &str {
        self.client.base()
    }

    /// Its process id.
    #[must_use]
    pub fn pid(&self) -> u32 {
        self.process.id()
    }

    /// Its Prometheus metrics, as text.
    pub async fn metrics(&self) -> String {
        let url = self.ready["metrics"].as_str().unwrap_or_else(|| panic!("no metrics in {}", self.ready));
        HttpClient::new(url).get("").await.text
    }

    /// Whether it has ended by itself.
    pub fn has_ended(&mut self) -> bool {
        self.process.status().is_some()
    }

    /// Ends it as a power cut would (SIGKILL).
    pub fn kill(mut self) {
        self.process.kill();
    }

    /// Asks it to end (SIGTERM), waits, and says how it went.
    pub async fn terminate(mut self) -> Terminated {
        self.process.terminate(TERMINATE_WITHIN).await
    }

    /// The last lines it wrote.
    #[must_use]
    pub fn log(&self) -> Vec<String> {
        self.process.log()
    }
}
