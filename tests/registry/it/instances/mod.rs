//! Two servers on one PostgreSQL, one Valkey and one bucket: what one does the other knows of, and waits for.

mod racing;
mod wiped;

use registry_conformance::client::Client;
use tempfile::TempDir;
use testkit::{Belvedere, BelvedereOptions, S3Service, TestDatabase};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use url::Url;

use crate::ours::{ALICE, BOB, PASSWORD, target_at};

/// Both, and what they share.
pub(crate) struct Pair {
    pub(crate) servers: Vec<Belvedere>,
    pub(crate) options: Vec<BelvedereOptions>,
    database: TestDatabase,
    valkey: Url,
    _service: S3Service,
    _folders: Vec<TempDir>,
}

impl Pair {
    /// `None`, with a loud word, where something of it is missing.
    pub(crate) async fn start() -> Option<Self> {
        let database = TestDatabase::postgres().await?;
        let Ok(valkey) = std::env::var("TEST_VALKEY_URL") else {
            eprintln!(
                "SKIPPED: this test on Valkey: set TEST_VALKEY_URL, or run it under scripts/with-services"
            );
            return None;
        };
        let service = S3Service::start()?;
        // One of its databases, which other tests know nothing of.
        let mut valkey = Url::parse(&valkey).unwrap();
        valkey.set_path(&rand::random_range(1..16).to_string());
        let folders: Vec<_> = (0..2).map(|_| tempfile::tempdir().unwrap()).collect();
        let new = |folder: &TempDir| BelvedereOptions::new(folder.path()).at_a_port();
        let mut options: Vec<_> = folders.iter().map(new).collect();
        // Tokens are to be had at the second; the first can be killed.
        let site = format!("http://127.0.0.1:{}", options[1].port.unwrap());
        let accounts = format!("{ALICE}:{PASSWORD},{BOB}:{PASSWORD}");
        for one in &mut options {
            *one = [
                ("APPS", "registry"),
                ("DATABASE_URL", &database.url()),
                ("CACHE_URL", valkey.as_str()),
                ("REGISTRY_S3_URL", &service.good_url()),
                ("PUBLIC_URL", &site),
                ("MASTER_SECRET", "what both have to know to open what is sealed"),
                ("REGISTRY_LOCAL_ACCOUNTS", &accounts),
            ]
            .iter()
            .fold(one.clone(), |one, (name, value)| one.with(name, value));
        }
        let mut servers = Vec::new();
        for one in &options {
            servers.push(Belvedere::start(one).await);
        }
        Some(Self { servers, options, database, valkey, _service: service, _folders: folders })
    }

    /// Alice at either.
    fn clients(&self) -> Vec<Client> {
        self.servers.iter().map(|server| Client::new(&target_at(server.url(), ALICE)).unwrap()).collect()
    }

    /// All that instances share for a while is gone.
    async fn flush_valkey(&self) {
        let address = (self.valkey.host_str().unwrap(), self.valkey.port().unwrap());
        let mut stream = TcpStream::connect(address).await.unwrap();
        let number = self.valkey.path().trim_start_matches('/');
        stream.write_all(format!("SELECT {number}\r\nFLUSHDB\r\n").as_bytes()).await.unwrap();
        let mut answer = [0; 10];
        stream.read_exact(&mut answer).await.unwrap();
        assert_eq!(&answer, b"+OK\r\n+OK\r\n");
    }
}
