//! Databases: one of each engine, empty, and gone afterwards.

use std::path::Path;
use std::sync::Mutex;
use store::{Engine, Migration, Schema, Store, Tier, v};
use testkit::on_each_engine;

static NOTES: Schema = Schema {
    name: "notes",
    tier: Tier::State,
    tables: &["notes"],
    migrations: &[Migration {
        id: 1,
        name: "notes",
        sqlite: "CREATE TABLE notes (body TEXT NOT NULL) STRICT",
        postgres: "CREATE TABLE notes (body TEXT NOT NULL)",
    }],
};

async fn insert(store: &Store) {
    store.state.write(|c| c.execute("INSERT INTO notes VALUES ($1)", &[v("hello")])).await.unwrap();
}

async fn count(store: &Store) -> i64 {
    let count = |c: &mut store::Conn<'_>| c.query_one("SELECT COUNT(*) FROM notes", &[], |row| row.int(0));
    store.state.read(count).await.unwrap()
}

fn engines() -> Vec<Engine> {
    let postgres = std::env::var("TEST_DATABASE_URL").is_ok().then_some(Engine::Postgres);
    [Engine::Sqlite].into_iter().chain(postgres).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_test_runs_on_an_empty_store_of_each_engine() {
    let seen = Mutex::new(Vec::new());
    for _ in 0..2 {
        on_each_engine(&[&NOTES], |store| {
            let seen = &seen;
            async move {
                assert_eq!(count(&store).await, 0, "every run starts empty");
                insert(&store).await;
                seen.lock().unwrap().push(store.state.engine());
            }
        })
        .await;
    }
    assert_eq!(seen.into_inner().unwrap(), engines().repeat(2));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_can_be_opened_again() {
    for database in testkit::databases().await {
        insert(&database.open(&[&NOTES]).await).await;
        assert_eq!(count(&database.open(&[&NOTES]).await).await, 1, "{:?}", database.engine());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_panic_in_the_test_reaches_the_runner() {
    let test = tokio::spawn(async {
        on_each_engine(&[&NOTES], |_| async { panic!("on purpose") }).await;
    });
    assert!(test.await.unwrap_err().is_panic());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_is_gone_even_after_a_panic_with_open_connections() {
    for database in testkit::databases().await {
        let dir = database.dir().map(Path::to_owned);
        let config = database.config();
        let test = tokio::spawn(async move {
            insert(&database.open(&[&NOTES]).await).await;
            panic!("on purpose");
        });
        assert!(test.await.unwrap_err().is_panic());
        if let Some(dir) = dir {
            assert!(!dir.exists());
        } else {
            let error = Store::open(&config, &[&NOTES]).await.unwrap_err().to_string();
            assert!(error.contains("does not exist"), "{error}");
        }
    }
}
