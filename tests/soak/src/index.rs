//! What the program has indexed, read from its database with nothing of ours.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::{Connection, OpenFlags};
use testkit::TestDatabase;
use testkit::sim::Expected;
use tokio_postgres::NoTls;

const RECORDS: &str = "SELECT uri, cid, CAST(record AS TEXT) FROM records";
const LABELS: &str = "
    SELECT s.did, l.uri, l.val FROM label_rows l JOIN label_sources s ON s.id = l.source_id WHERE l.neg = 0";
const STATUSES: &str = "SELECT did, CAST(status AS INTEGER) FROM repos";

/// The records by URI, or what kept us from reading them.
pub(crate) async fn records(database: &TestDatabase) -> Result<BTreeMap<String, Expected>, String> {
    let rows = if database.dir().is_some() {
        let connection = open(database)?;
        let mut statement = connection.prepare(RECORDS).map_err(said)?;
        let rows = statement.query_map([], |row| {
            Ok((row.get::<_, String>(0)?, row.get::<_, Option<String>>(1)?, row.get::<_, String>(2)?))
        });
        rows.map_err(said)?.collect::<Result<Vec<_>, _>>().map_err(said)?
    } else {
        let rows = ask(database, RECORDS).await?;
        rows.iter().map(|row| (row.get(0), row.get(1), row.get(2))).collect()
    };
    let record = |(uri, cid, json): (String, Option<String>, String)| {
        let json = serde_json::from_str(&json).unwrap();
        (uri, Expected { cid: cid.unwrap_or_default(), json })
    };
    Ok(rows.into_iter().map(record).collect())
}

/// What is known of accounts, by DID, in the program's numbers.
pub(crate) async fn statuses(database: &TestDatabase) -> Result<BTreeMap<String, i32>, String> {
    if database.dir().is_some() {
        let connection = open(database)?;
        let mut statement = connection.prepare(STATUSES).map_err(said)?;
        let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).map_err(said)?;
        return rows.collect::<Result<_, _>>().map_err(said);
    }
    let rows = ask(database, STATUSES).await?;
    Ok(rows.iter().map(|row| (row.get(0), row.get(1))).collect())
}

/// The labels that stand: by whom, of what, which word.
pub(crate) async fn labels(database: &TestDatabase) -> Result<BTreeSet<(String, String, String)>, String> {
    if database.dir().is_some() {
        let connection = open(database)?;
        let mut statement = connection.prepare(LABELS).map_err(said)?;
        let row = |row: &rusqlite::Row<'_>| Ok((row.get(0)?, row.get(1)?, row.get(2)?));
        let rows = statement.query_map([], row).map_err(said)?;
        return rows.collect::<Result<_, _>>().map_err(said);
    }
    let rows = ask(database, LABELS).await?;
    Ok(rows.iter().map(|row| (row.get(0), row.get(1), row.get(2))).collect())
}

fn open(database: &TestDatabase) -> Result<Connection, String> {
    let path = database.dir().unwrap_or(std::path::Path::new(".")).join("index.db");
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    Connection::open_with_flags(path, flags).map_err(said)
}

async fn ask(database: &TestDatabase, sql: &str) -> Result<Vec<tokio_postgres::Row>, String> {
    let (client, connection) = tokio_postgres::connect(&database.url(), NoTls).await.map_err(said)?;
    let connection = tokio::spawn(connection);
    client.batch_execute("SET search_path = index").await.map_err(said)?;
    let rows = client.query(sql, &[]).await.map_err(said);
    drop(client);
    // Ends because its client is gone.
    _ = connection.await;
    rows
}

fn said(error: impl std::fmt::Display) -> String {
    error.to_string()
}
