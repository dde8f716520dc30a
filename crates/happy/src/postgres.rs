//! A server, asked in a transaction that cannot write.

use std::time::Duration;

use rustls_platform_verifier::ConfigVerifierExt;
use tokio::task::JoinHandle;
use tokio_postgres::config::SslMode;
use tokio_postgres::{Client, Config, NoTls, RowStream};
use tokio_postgres_rustls::MakeRustlsConnect;
use url::Url;

use crate::page::MAX_ROW;
use crate::{Error, Table};

const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// All that is asked is of the moment of the first question; bytes are written alike everywhere.
const BEGIN: &str = "
    SET bytea_output = 'hex';
    BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY;
    SELECT 1 FROM pg_catalog.pg_class LIMIT 1";

#[derive(Debug)]
pub(crate) struct Postgres {
    client: Client,
    connection: JoinHandle<()>,
}

impl Postgres {
    pub(crate) async fn open(url: &str) -> Result<Self, Error> {
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
        let opened = Self { client, connection };
        opened.client.batch_execute(BEGIN).await.map_err(|error| failed(words(&error)))?;
        Ok(opened)
    }

    /// Whether there is such a table, where it can be named without its schema.
    pub(crate) async fn has(&self, table: Table) -> Result<bool, String> {
        let name = format!("\"{}\"", table.name());
        let found = self.client.query_one("SELECT to_regclass($1) IS NOT NULL", &[&name]).await;
        found.map(|row| row.get(0)).map_err(|error| words(&error))
    }

    pub(crate) async fn count(&self, table: Table) -> Result<u64, String> {
        let sql = format!("SELECT count(*) FROM \"{}\"", table.name());
        let row = self.client.query_one(&sql, &[]).await.map_err(|error| words(&error))?;
        Ok(u64::try_from(row.get::<_, i64>(0)).unwrap_or_default())
    }

    /// The rows, as fast as they are taken.
    pub(crate) async fn rows(&self, table: Table) -> Result<RowStream, String> {
        let most = MAX_ROW + 1;
        let (name, order) = (table.name(), table.order());
        let sql = format!("SELECT left(row_to_json(t)::text, {most}) FROM \"{name}\" t ORDER BY {order}");
        let no_parameters: [&str; 0] = [];
        self.client.query_raw(&sql, no_parameters).await.map_err(|error| words(&error))
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        // Its client is gone; nobody waits for it to say good-bye.
        self.connection.abort();
    }
}

/// A URL for people; nothing of one that cannot be read, which may have a password anywhere.
pub(crate) fn shown(url: &str) -> String {
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
