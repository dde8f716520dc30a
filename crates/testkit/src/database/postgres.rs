//! Creating and dropping databases on a PostgreSQL server.

use tokio_postgres::NoTls;
use url::Url;

/// A database that is dropped with this value.
pub(super) struct PostgresDatabase {
    server: Url,
    name: String,
}

impl PostgresDatabase {
    /// Creates a database with a random name on the server of `url`, whose user must be allowed to.
    pub(super) async fn create(url: &str) -> Self {
        let server = Url::parse(url).unwrap_or_else(|error| panic!("TEST_DATABASE_URL {url:?}: {error}"));
        let name = format!("testkit_{:016x}", rand::random::<u64>());
        execute(&server, &format!("CREATE DATABASE {name}")).await;
        Self { server, name }
    }

    /// Another one with the same in it.
    pub(super) async fn copy(&self) -> Self {
        let name = format!("testkit_{:016x}", rand::random::<u64>());
        execute(&self.server, &format!("CREATE DATABASE {name} TEMPLATE {}", self.name)).await;
        Self { server: self.server.clone(), name }
    }

    /// Ends all connections to it.
    pub(super) async fn cut_connections(&self) {
        let cut =
            format!("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{}'", self.name);
        execute(&self.server, &cut).await;
    }

    pub(super) fn url(&self) -> String {
        let mut url = self.server.clone();
        url.set_path(&self.name);
        url.into()
    }
}

impl Drop for PostgresDatabase {
    fn drop(&mut self) {
        let (server, name) = (self.server.clone(), std::mem::take(&mut self.name));
        // On a thread and runtime of its own, because the test's may be the ones that are panicking. FORCE, because the
        // connections of the store under test may still be open.
        let dropping = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
            let runtime = runtime.unwrap_or_else(|error| panic!("a runtime to drop {name}: {error}"));
            runtime.block_on(execute(&server, &format!("DROP DATABASE {name} WITH (FORCE)")));
        });
        if dropping.join().is_err() {
            eprintln!("a database of this test is left behind on the server of TEST_DATABASE_URL");
        }
    }
}

async fn execute(server: &Url, sql: &str) {
    let (client, connection) = tokio_postgres::connect(server.as_str(), NoTls)
        .await
        .unwrap_or_else(|error| panic!("PostgreSQL of TEST_DATABASE_URL: {error}"));
    let connection = tokio::spawn(connection);
    client.batch_execute(sql).await.unwrap_or_else(|error| panic!("{sql}: {error}"));
    drop(client);
    // Ends because its client is gone; waited for so that the server has closed the connection too.
    _ = connection.await;
}
