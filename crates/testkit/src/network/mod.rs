//! A complete AT Protocol network on loopback: PLC directory, PDSes, relay, Jetstream, labeler and DNS.
//!
//! It is the program in `peers/atproto-network`, whose PDS is the reference server, run as a child process on free ports.
//! The methods of [`Network`] are its control API; its README describes each.

mod account;
mod control;
mod fault;
mod jetstream;
mod load;
mod options;
mod pds;
mod record;

pub use account::{Account, AccountAction};
pub use fault::Fault;
pub use jetstream::JetstreamStatus;
pub use load::{Load, LoadCounts, LoadStatus};
pub use options::NetworkOptions;
pub use pds::Session;
pub use record::{Record, Seeded, Written};

use crate::HttpClient;
use crate::process::ServerProcess;
use serde::Deserialize;
use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

/// What the network needs to write its files and remove its temporary folder.
const GRACE: Duration = Duration::from_secs(10);

/// A running network; ended when dropped.
pub struct Network {
    /// Where its parts are.
    pub endpoints: Endpoints,
    control: HttpClient,
    _process: ServerProcess,
}

/// The addresses of a network's parts.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Endpoints {
    /// The PLC directory, `http://…`.
    pub plc: String,
    /// The PDSes, `http://…`.
    pub pds: Vec<String>,
    /// The DIDs of the PDSes.
    pub pds_dids: Vec<String>,
    /// The relay and collection directory, `http://…`.
    pub relay: String,
    /// Jetstream, `ws://…`, without the path `/subscribe`.
    pub jetstream: String,
    /// The labeler; absent if switched off.
    pub labeler: Option<Labeler>,
    /// The DNS server as `address:port` (UDP and TCP); absent if switched off.
    pub dns: Option<String>,
    /// DNS over HTTPS (without the S), the full URL.
    pub doh: String,
    /// The control API, `http://…`.
    pub control: String,
    /// For HTTP Basic `admin:…` at the PDSes.
    pub admin_password: String,
}

/// Where the labeler is and who it is.
#[derive(Clone, Debug, Deserialize)]
pub struct Labeler {
    /// `http://…`
    pub url: String,
    /// `did:plc:…`
    pub did: String,
}

impl Network {
    /// Whether the network's program can run here; if not, says so loudly, so that a test may return.
    #[must_use]
    pub fn is_installed() -> bool {
        let installed = folder().join("node_modules/@atproto/pds/package.json").is_file();
        let node = Command::new("node").arg("--version").output().is_ok_and(|output| output.status.success());
        if !installed || !node {
            eprintln!("SKIPPED: this test needs Node.js >= 20 and the loopback network: run 'make setup'");
        }
        installed && node
    }

    /// Starts a network and waits until it is ready.
    pub async fn start(options: NetworkOptions) -> Self {
        let mut command = Command::new("node");
        command.current_dir(folder()).arg("bin/network.mjs").arg("start").args(options.arguments());
        let (process, ready) = ServerProcess::start("atproto-network", &mut command, GRACE).await;
        let endpoints: Endpoints = control::decode("the ready line", &ready);
        Self { control: HttpClient::new(&endpoints.control), endpoints, _process: process }
    }
}

fn folder() -> PathBuf {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../peers/atproto-network");
    std::env::var_os("ATPROTO_NETWORK_DIR").map_or_else(|| folder.into(), PathBuf::from)
}
