//! Connecting, with the settings of a tier.

use std::time::Duration;

use deadpool_postgres::{Client, Manager, ManagerConfig, Pool, RecyclingMethod, Runtime};
use rustls_platform_verifier::ConfigVerifierExt;
use tokio_postgres::NoTls;
use tokio_postgres::config::SslMode;
use tokio_postgres_rustls::MakeRustlsConnect;

use crate::{Error, ErrorKind, Tier};

/// How long a caller waits for a connection.
const WAIT: Duration = Duration::from_secs(10);

/// A pool whose connections see the tier's schema only. Connects on first use.
pub(super) fn open(url: &str, tier: Tier, max_size: usize) -> Result<Pool, Error> {
    let failed = |message: String| Error::Open { what: "PostgreSQL pool".into(), message };
    let mut config: tokio_postgres::Config = url.parse().map_err(|error| failed(format!("{error}")))?;
    config.application_name("belvedere").connect_timeout(WAIT);
    let options = format!("-c search_path={}", tier.name());
    let options = config.get_options().map_or(options.clone(), |given| format!("{given} {options}"));
    config.options(options);
    let manager = ManagerConfig { recycling_method: RecyclingMethod::Fast };
    // `sslmode=require` encrypts and verifies the server's certificate; without it the connection is plain, as suits
    // a socket or a private network.
    let manager = if config.get_ssl_mode() == SslMode::Require {
        let tls =
            rustls::ClientConfig::with_platform_verifier().map_err(|error| failed(error.to_string()))?;
        Manager::from_config(config, MakeRustlsConnect::new(tls), manager)
    } else {
        Manager::from_config(config, NoTls, manager)
    };
    Pool::builder(manager)
        .max_size(max_size)
        .runtime(Runtime::Tokio1)
        .wait_timeout(Some(WAIT))
        .create_timeout(Some(WAIT))
        .build()
        .map_err(|error| failed(error.to_string()))
}

/// A connection, as soon as one is free.
pub(super) async fn get(pool: &Pool) -> Result<Client, Error> {
    pool.get().await.map_err(|error| Error::Sql {
        kind: ErrorKind::Connection,
        message: match &error {
            deadpool_postgres::PoolError::Backend(backend) => format!("cannot connect: {}", source(backend)),
            other => format!("no connection: {other}"),
        },
        sql: "CONNECT".into(),
    })
}

/// Creates the tier's schema if it is new, and in it the two functions that let one SQL text serve both engines.
pub(super) async fn create_schema(pool: &Pool, tier: Tier) -> Result<(), Error> {
    let failed =
        |message: String| Error::Open { what: format!("PostgreSQL schema {}", tier.name()), message };
    let client = pool.get().await.map_err(|error| {
        failed(match &error {
            deadpool_postgres::PoolError::Backend(backend) => source(backend),
            other => other.to_string(),
        })
    })?;
    // Two instances may start together; IF NOT EXISTS alone can still collide on the catalogue.
    let (lock, schema) = (crate::migrate::LOCK, tier.name());
    let sql = format!(
        "BEGIN;
         SELECT pg_advisory_xact_lock({lock});
         CREATE SCHEMA IF NOT EXISTS {schema};
         CREATE OR REPLACE FUNCTION {schema}.jsonb(text) RETURNS jsonb
             LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE RETURN $1::jsonb;
         CREATE OR REPLACE FUNCTION {schema}.json(jsonb) RETURNS text
             LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE RETURN $1::text;
         COMMIT"
    );
    client.batch_execute(&sql).await.map_err(|error| failed(source(&error)))
}

/// The most specific words about a failure.
fn source(error: &tokio_postgres::Error) -> String {
    match (error.as_db_error(), std::error::Error::source(error)) {
        (Some(server), _) => server.message().to_owned(),
        (None, Some(cause)) => format!("{error}: {cause}"),
        (None, None) => error.to_string(),
    }
}
