//! Fixtures for tests: databases of both engines, a real AT Protocol network on loopback, the server as a process,
//! a [simulated network](sim) with an oracle, and [labelers](labeler).
//!
//! A fixture that cannot be set up, and a peer that answers with an error nobody asked for, fail the test by panicking:
//! the functions here return what a test wants to look at and nothing else. What a test needs but the machine does not
//! have is skipped with a line that begins with `SKIPPED` and says what to do.

#![expect(clippy::missing_panics_doc, reason = "every function may panic: see the crate's documentation")]

mod app;
pub mod archive;
mod belvedere;
mod browser;
mod database;
mod device;
mod dns;
mod docker_registry;
mod fedify;
pub mod fediverse;
mod happyview;
mod http;
pub mod labeler;
pub mod network;
mod oauth;
mod process;
pub mod relay;
mod s3;
mod seeds;
mod service_token;
pub mod sim;
mod tape;

pub use app::App;
pub use belvedere::{Belvedere, BelvedereOptions};
pub use browser::Browser;
pub use database::{PostgresServer, TestDatabase, databases, on_each_engine, row_counts};
pub use device::Device;
pub use dns::DnsServer;
pub use docker_registry::DockerRegistry;
pub use fedify::Fedify;
pub use happyview::{Happyview, HappyviewLayout};
pub use http::{Answer, HttpClient};
pub use network::{Account, Network, NetworkOptions};
pub use oauth::OAuthClient;
pub use process::Terminated;
pub use s3::S3Service;
pub use seeds::{Chance, for_each_seed};
pub use service_token::ServiceTokenDraft;
pub use tape::Tape;
