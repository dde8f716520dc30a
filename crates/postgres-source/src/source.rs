//! An opened database: a server, asked in a transaction that cannot write.

use std::time::Duration;

use futures::StreamExt;
use rustls_platform_verifier::ConfigVerifierExt;
use tokio::task::JoinHandle;
use tokio_postgres::config::SslMode;
use tokio_postgres::{Client, Config, NoTls};
use tokio_postgres_rustls::MakeRustlsConnect;
use url::Url;

use crate::page::MAX_ROW;
use crate::{Error, Rows};

const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// All that is asked is of the moment of the first question; bytes are written alike everywhere.
const BEGIN: &str = "
    SET bytea_output = 'hex';
    BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY;
    SELECT 1 FROM pg_catalog.pg_class LIMIT 1";

/// A PostgreSQL, as it was when the first question was asked.
#[derive(Debug)]
pub struct Source {
    client: Client,
    connection: JoinHandle<()>,
    shown: String,
}

impl Source {
    /// Whether this is what [`Source::open`] takes: `postgres://…`.
    #[must_use]
    pub fn is_url(source: &str) -> bool {
        source.starts_with("postgres://") || source.starts_with("postgresql://")
    }

    /// Connects and begins.
    pub async fn open(url: &str) -> Result<Self, Error> {
        let failed = |message: String| Error::Open { what: shown(url), message };
        let mut config: Config = url.parse().map_err(|error| failed(words(&error)))?;
        config.application_name("belvedere import").connect_timeout(CONNECT_TIMEOUT);
        let (client, connection) = if config.get_ssl_mode() == SslMode::Require {
            let tls =
                rustls::ClientConfig::with_platform_verifier().map_err(|error| failed(error.to_string()))?;
            let connected = config.connect(MakeRustlsConnect::new(tls)).await;
            let (client, connection) = connected.map_err(|error| failed(words(&error)))?;
            (client, tokio::spawn(ended(connection)))
        } else {
            let (client, connection) = config.connect(NoTls).await.map_err(|error| failed(words(&error)))?;
            (client, tokio::spawn(ended(connection)))
        };
        let opened = Self { client, connection, shown: shown(url) };
        opened.client.batch_execute(BEGIN).await.map_err(|error| failed(words(&error)))?;
        Ok(opened)
    }

    /// What was opened, for people: without its password.
    #[must_use]
    pub fn shown(&self) -> &str {
        &self.shown
    }

    /// Whether there is such a table, where it can be named without its schema.
    pub async fn has(&self, table: &str) -> Result<bool, Error> {
        let found = self.client.query_one("SELECT to_regclass($1) IS NOT NULL", &[&quoted(table)]).await;
        found.map(|row| row.get(0)).map_err(failed(table))
    }

    /// How many rows a table has.
    pub async fn count(&self, table: &str) -> Result<u64, Error> {
        let sql = format!("SELECT count(*) FROM {}", quoted(table));
        let row = self.client.query_one(&sql, &[]).await.map_err(failed(table))?;
        Ok(u64::try_from(row.get::<_, i64>(0)).unwrap_or_default())
    }

    /// The rows of a table, as fast as they are taken, by the columns of `order`, which is SQL.
    pub async fn rows(&self, table: &str, order: &str) -> Result<Rows, Error> {
        self.select(table, &format!("{} t ORDER BY {order}", quoted(table))).await
    }

    /// The rows of a question, which is SQL.
    pub async fn answers(&self, name: &str, question: &'static str) -> Result<Rows, Error> {
        self.select(name, &format!("({question}) t")).await
    }

    async fn select(&self, name: &str, from: &str) -> Result<Rows, Error> {
        let sql = format!("SELECT left(row_to_json(t)::text, {}) FROM {from}", MAX_ROW + 1);
        let no_parameters: [&str; 0] = [];
        let stream = self.client.query_raw(&sql, no_parameters).await.map_err(failed(name))?;
        Ok(Rows { table: name.to_owned(), stream: Box::pin(stream.fuse()) })
    }
}

/// The name of a table as it is, whatever is in it.
fn quoted(table: &str) -> String {
    format!("\"{}\"", table.replace('"', "\"\""))
}

fn failed(table: &str) -> impl FnOnce(tokio_postgres::Error) -> Error {
    move |error| Error::Read { table: table.to_owned(), message: words(&error) }
}

impl Drop for Source {
    fn drop(&mut self) {
        // Its client is gone; nobody waits for it to say good-bye.
        self.connection.abort();
    }
}

/// A URL for people; nothing of one that cannot be read, which may have a password anywhere.
#[must_use]
pub fn shown(url: &str) -> String {
    let Ok(mut url) = Url::parse(url) else { return "the database".to_owned() };
    if url.password().is_some() && url.set_password(Some("***")).is_err() {
        return "the database".to_owned();
    }
    url.set_query(None);
    url.to_string()
}

async fn ended(connection: impl Future<Output = Result<(), tokio_postgres::Error>>) {
    if let Err(error) = connection.await {
        // Whoever was waiting for an answer is told, too.
        tracing::debug!(%error, "the connection to the source ended");
    }
}

/// The most specific words about a failure.
pub(crate) fn words(error: &tokio_postgres::Error) -> String {
    match (error.as_db_error(), std::error::Error::source(error)) {
        (Some(server), _) => server.message().to_owned(),
        (None, Some(cause)) => format!("{error}: {cause}"),
        (None, None) => error.to_string(),
    }
}
