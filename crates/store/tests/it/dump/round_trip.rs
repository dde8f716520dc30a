//! A dump holds everything, for either engine.

use std::io::Cursor;

use store::dump::{self, Existing, WithoutScripts};
use store::v;
use testkit::TestDatabase;

use super::{SCHEMAS, content, fill, restore};

async fn everything_arrives(from: TestDatabase, to: TestDatabase) {
    let (from, to) = (from.open(SCHEMAS).await, to.open(SCHEMAS).await);
    fill(&from).await;
    let written = dump::write(&from.state, "0.1.0", 5, Vec::new(), WithoutScripts, |_| {}).await.unwrap();
    let (summary, dump) = written;
    assert_eq!(summary.header.engine, from.state.engine().name());
    assert_eq!((summary.header.at, summary.header.program.as_str()), (5, "0.1.0"));
    assert_eq!(summary.rows(), 2 + 2 + 1 + 4 + 1);
    assert_eq!(dump::check(Cursor::new(&dump)).unwrap(), summary);
    assert_eq!(restore(&to, &dump).await.unwrap(), summary);
    assert_eq!(content(&to).await, content(&from).await);
    // Nothing of the past is given out again, and what is referred to is guarded as before.
    let next = to.state.write(|c| {
        c.query_one("INSERT INTO a_child (parent_id) VALUES ('leaf') RETURNING id", &[], |row| row.int(0))
    });
    assert_eq!(next.await.unwrap(), 42);
    let orphan = to.state.write(|c| c.execute("INSERT INTO a_child (parent_id) VALUES ($1)", &[v("nobody")]));
    assert!(orphan.await.is_err());
    let views = to.state.read(|c| c.query_one("SELECT count(*) FROM children", &[], |row| row.int(0)));
    assert_eq!(views.await.unwrap(), 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn from_sqlite_to_sqlite() {
    everything_arrives(TestDatabase::sqlite(), TestDatabase::sqlite()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn from_postgres_to_postgres() {
    let (Some(from), Some(to)) = (TestDatabase::postgres().await, TestDatabase::postgres().await) else {
        return;
    };
    everything_arrives(from, to).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn from_sqlite_to_postgres() {
    let Some(to) = TestDatabase::postgres().await else { return };
    everything_arrives(TestDatabase::sqlite(), to).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn from_postgres_to_sqlite() {
    let Some(from) = TestDatabase::postgres().await else { return };
    everything_arrives(from, TestDatabase::sqlite()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_empty_database_is_a_dump_too() {
    for (from, to) in testkit::databases().await.into_iter().zip(testkit::databases().await) {
        let (from, to) = (from.open(SCHEMAS).await, to.open(SCHEMAS).await);
        assert_eq!(restore(&to, &super::dump(&from).await).await.unwrap().rows(), 1);
        assert_eq!(content(&to).await, content(&from).await);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_there_is_kept_or_replaced_as_told() {
    for (from, to) in testkit::databases().await.into_iter().zip(testkit::databases().await) {
        let (from, database) = (from.open(SCHEMAS).await, to);
        fill(&from).await;
        let dump = super::dump(&from).await;
        let to = database.open(SCHEMAS).await;
        fill(&to).await;
        to.state.write(|c| c.execute("INSERT INTO parent VALUES ('mine', NULL)", &[])).await.unwrap();
        let mine = content(&to).await;
        let refused = restore(&to, &dump).await.unwrap_err();
        assert_eq!(refused.to_string(), "the database is not empty: table a_child has rows");
        assert_eq!(content(&to).await, mine);
        let taken = dump::restore(&to.state, SCHEMAS, Cursor::new(dump), Existing::Replace, WithoutScripts);
        taken.await.unwrap();
        assert_eq!(content(&to).await, content(&from).await);
        // It opens like any other.
        drop(to);
        assert_eq!(content(&database.open(SCHEMAS).await).await, content(&from).await);
    }
}
