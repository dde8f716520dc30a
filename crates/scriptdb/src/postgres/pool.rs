//! Connecting, with the settings of scripts.

use std::time::Duration;

use deadpool_postgres::{Client, Manager, ManagerConfig, Pool, PoolError, RecyclingMethod, Runtime};
use rustls_platform_verifier::ConfigVerifierExt;
use tokio_postgres::NoTls;
use tokio_postgres::config::SslMode;
use tokio_postgres_rustls::MakeRustlsConnect;

use super::failure;
use crate::{Error, ScriptDbConfig};

/// How long a caller waits for a connection.
const WAIT: Duration = Duration::from_secs(10);

/// What a session falls back to after every statement: where names are looked up, how values are written, and how long a
/// statement may take.
const SETTINGS: &str = "-c search_path=scripts,scripts_views,pg_temp -c TimeZone=UTC -c DateStyle=ISO \
    -c IntervalStyle=iso_8601 -c standard_conforming_strings=on -c bytea_output=hex -c extra_float_digits=1 \
    -c xmloption=content";

/// A pool whose connections live in the scripts' schemas. Connects on first use.
pub(super) fn open(url: &str, config: &ScriptDbConfig) -> Result<Pool, Error> {
    let failed = |message: String| Error::Open { what: "PostgreSQL pool".into(), message };
    let mut connect: tokio_postgres::Config = url.parse().map_err(|error| failed(format!("{error}")))?;
    connect.application_name("belvedere scripts").connect_timeout(WAIT);
    let options = format!("{SETTINGS} -c statement_timeout={}", config.limits.time.as_millis().max(1));
    let options = connect.get_options().map_or(options.clone(), |given| format!("{given} {options}"));
    connect.options(options);
    let manager = ManagerConfig { recycling_method: RecyclingMethod::Fast };
    // As the store connects: `sslmode=require` encrypts and verifies, without it the connection is plain.
    let manager = if connect.get_ssl_mode() == SslMode::Require {
        let tls =
            rustls::ClientConfig::with_platform_verifier().map_err(|error| failed(error.to_string()))?;
        Manager::from_config(connect, MakeRustlsConnect::new(tls), manager)
    } else {
        Manager::from_config(connect, NoTls, manager)
    };
    Pool::builder(manager)
        .max_size(config.connections.max(1))
        .runtime(Runtime::Tokio1)
        .wait_timeout(Some(WAIT))
        .create_timeout(Some(WAIT))
        .build()
        .map_err(|error| failed(error.to_string()))
}

/// A connection, as soon as one is free.
pub(super) async fn get(pool: &Pool) -> Result<Client, Error> {
    pool.get().await.map_err(|error| {
        Error::Unavailable(match &error {
            PoolError::Backend(backend) => failure::words(backend),
            other => other.to_string(),
        })
    })
}
