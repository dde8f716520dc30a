//! A dump is of one moment, whatever is written meanwhile.

use std::io::Cursor;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, mpsc};

use store::dump::{self, Existing, WithoutScripts};
use store::{Store, v};

use super::SCHEMAS;

/// Moves one unit between two values, so that their sum stays what it was, and adds a row.
async fn transfer(store: &Store, round: i64) {
    store
        .state
        .write(move |c| {
            c.execute("UPDATE seeded SET version = version - 1 WHERE id = 1", &[])?;
            c.execute("UPDATE value SET \"order\" = \"order\" + 1 WHERE key = 'sum'", &[])?;
            c.execute("INSERT INTO value (key) VALUES ($1)", &[v(&format!("round {round}"))])
        })
        .await
        .unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dump_is_of_one_moment() {
    for (from, to) in testkit::databases().await.into_iter().zip(testkit::databases().await) {
        let (from, to) = (from.open(SCHEMAS).await, to.open(SCHEMAS).await);
        let start = from.state.write(|c| {
            c.execute("UPDATE seeded SET version = 1000", &[])?;
            for number in 0..2000 {
                c.execute("INSERT INTO parent (id) VALUES ($1)", &[v(&format!("parent {number}"))])?;
            }
            c.execute("INSERT INTO value (key, \"order\") VALUES ('sum', 0)", &[])
        });
        start.await.unwrap();
        // The dump stops in its first large table until others have written to the ones after it.
        let (reached, at_first_report) = mpsc::channel();
        let (go_on, may_go_on) = mpsc::channel::<()>();
        let first = AtomicBool::new(true);
        let progress = move |_| {
            if first.swap(false, Ordering::SeqCst) {
                reached.send(()).unwrap();
                may_go_on.recv().unwrap();
            }
        };
        let store = from.clone();
        let dumping = tokio::spawn(async move {
            dump::write(&store.state, "0.1.0", 0, Vec::new(), WithoutScripts, progress).await
        });
        tokio::task::spawn_blocking(move || at_first_report.recv().unwrap()).await.unwrap();
        for round in 0..20 {
            transfer(&from, round).await;
        }
        go_on.send(()).unwrap();
        let (summary, dump) = dumping.await.unwrap().unwrap();
        assert_eq!(summary.tables["value"], 1);
        dump::restore(&to.state, SCHEMAS, Cursor::new(dump), Existing::Keep, WithoutScripts).await.unwrap();
        let found = to.state.read(|c| {
            c.query_one("SELECT version, \"order\" FROM seeded, value", &[], |row| {
                Ok::<_, store::Error>((row.int(0)?, row.int(1)?))
            })
        });
        assert_eq!(found.await.unwrap(), (1000, 0));
        // The connection that read is back in the present.
        let now = from.state.read(|c| c.query_one("SELECT version FROM seeded", &[], |row| row.int(0)));
        assert_eq!(now.await.unwrap(), 980);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dump_that_fails_leaves_the_connection_usable() {
    struct Full(Arc<AtomicBool>);
    impl std::io::Write for Full {
        fn write(&mut self, _: &[u8]) -> std::io::Result<usize> {
            self.0.store(true, Ordering::SeqCst);
            Err(std::io::Error::other("no space"))
        }
        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }
    for database in testkit::databases().await {
        let store = database.open(SCHEMAS).await;
        for _ in 0..6 {
            let asked = Arc::new(AtomicBool::new(false));
            let failed =
                dump::write(&store.state, "0.1.0", 0, Full(Arc::clone(&asked)), WithoutScripts, |_| {}).await;
            assert!(failed.err().unwrap().to_string().contains("no space") && asked.load(Ordering::SeqCst));
            let panicked =
                dump::write(&store.state, "0.1.0", 0, Vec::new(), WithoutScripts, |_| panic!("on purpose"))
                    .await;
            assert!(panicked.is_err());
        }
        super::fill(&store).await;
        assert_eq!(super::content(&store).await.len(), 10);
    }
}
