//! A server, asked in a transaction that cannot write.

use std::time::Duration;

use rustls_platform_verifier::ConfigVerifierExt;
use tokio::task::JoinHandle;
use tokio_postgres::config::SslMode;
use tokio_postgres::{Client, Config, NoTls};
use tokio_postgres_rustls::MakeRustlsConnect;

use super::Tables;
use crate::Error;
use crate::cell::Cell;
use crate::layout::Form;

const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// All that is asked is of the moment of the first question; times are written alike everywhere.
const BEGIN: &str = "
    SET TimeZone = 'UTC'; SET DateStyle = 'ISO';
    BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY;
    SELECT 1 FROM pg_catalog.pg_class LIMIT 1";

/// The tables that can be named without their schema.
const TABLES: &str = "
    SELECT c.relname::text, a.attname::text, t.typname = 'bytea', t.typcategory = 'A'
    FROM pg_catalog.pg_class c
    JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
    JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
    JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'p') AND pg_catalog.pg_table_is_visible(c.oid)
      AND n.nspname NOT IN ('pg_catalog', 'information_schema')";

#[derive(Debug)]
pub(crate) struct Postgres {
    client: Client,
    connection: JoinHandle<()>,
}

impl Postgres {
    /// `shown` is the URL for people.
    pub(super) async fn open(url: &str, shown: &str) -> Result<Self, Error> {
        let failed = |message: String| Error::Open { what: shown.to_owned(), message };
        let mut config: Config = url.parse().map_err(|error| failed(words(&error)))?;
        config.application_name("belvedere import").connect_timeout(CONNECT_TIMEOUT);
        let (client, connection) = if config.get_ssl_mode() == SslMode::Require {
            let tls =
                rustls::ClientConfig::with_platform_verifier().map_err(|error| failed(error.to_string()))?;
            let (client, connection) =
                config.connect(MakeRustlsConnect::new(tls)).await.map_err(|error| failed(words(&error)))?;
            (client, tokio::spawn(ended(connection)))
        } else {
            let (client, connection) = config.connect(NoTls).await.map_err(|error| failed(words(&error)))?;
            (client, tokio::spawn(ended(connection)))
        };
        let opened = Self { client, connection };
        opened.client.batch_execute(BEGIN).await.map_err(|error| failed(words(&error)))?;
        Ok(opened)
    }

    pub(super) async fn tables(&self) -> Result<Tables, String> {
        let rows = self.client.query(TABLES, &[]).await.map_err(|error| words(&error))?;
        let mut tables = Tables::new();
        for row in rows {
            let form = match (row.get(2), row.get(3)) {
                (true, _) => Form::Bytes,
                (_, true) => Form::Array,
                _ => Form::Text,
            };
            tables.entry(row.get(0)).or_default().insert(row.get(1), form);
        }
        Ok(tables)
    }

    pub(super) async fn rows(&self, sql: &str) -> Result<Vec<Vec<Cell>>, String> {
        let rows = self.client.query(sql, &[]).await.map_err(|error| words(&error))?;
        let read = |row: tokio_postgres::Row| {
            (0..row.len()).map(|column| cell(&row, column)).collect::<Result<Vec<_>, _>>()
        };
        rows.into_iter().map(read).collect::<Result<_, _>>().map_err(|error| words(&error))
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        // Its client is gone; nobody waits for it to say good-bye.
        self.connection.abort();
    }
}

/// Statements ask for text, bytes and counts, and for nothing else.
fn cell(row: &tokio_postgres::Row, column: usize) -> Result<Cell, tokio_postgres::Error> {
    use tokio_postgres::types::Type;
    let kind = row.columns()[column].type_();
    if *kind == Type::BYTEA {
        return Ok(row.try_get::<_, Option<Vec<u8>>>(column)?.map_or(Cell::Null, Cell::bytes));
    }
    if *kind == Type::INT8 {
        return Ok(row.try_get::<_, Option<i64>>(column)?.map_or(Cell::Null, Cell::Int));
    }
    Ok(row.try_get::<_, Option<String>>(column)?.map_or(Cell::Null, Cell::text))
}

async fn ended(connection: impl Future<Output = Result<(), tokio_postgres::Error>>) {
    if let Err(error) = connection.await {
        // Whoever was waiting for an answer is told, too.
        tracing::debug!(%error, "the connection to the source ended");
    }
}

/// The most specific words about a failure.
fn words(error: &tokio_postgres::Error) -> String {
    match (error.as_db_error(), std::error::Error::source(error)) {
        (Some(server), _) => server.message().to_owned(),
        (None, Some(cause)) => format!("{error}: {cause}"),
        (None, None) => error.to_string(),
    }
}
