//! All or nothing, whatever happens at the same time.

use store::{Conn, Error, v};
use testkit::on_each_engine;

use crate::{THINGS, insert, names};

#[tokio::test(flavor = "multi_thread")]
async fn a_failed_closure_leaves_nothing() {
    on_each_engine(&[&THINGS], |store| async move {
        let failed: Result<(), Error> = store
            .state
            .write(|c| {
                c.execute("INSERT INTO things (id, name) VALUES (1, 'a')", &[])?;
                Err(Error::Ended)
            })
            .await;
        assert!(failed.is_err());
        assert!(names(&store.state).await.is_empty());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_panic_is_an_error_of_one_caller() {
    on_each_engine(&[&THINGS], |store| async move {
        let panicked: Result<(), Error> = store
            .state
            .write(|c| {
                c.execute("INSERT INTO things (id, name) VALUES (1, 'a')", &[])?;
                panic!("on purpose");
            })
            .await;
        assert!(matches!(panicked, Err(Error::Ended)));
        let panicked: Result<(), Error> = store.state.read(|_| panic!("on purpose")).await;
        assert!(matches!(panicked, Err(Error::Ended)));
        // On SQLite this one is the caller's own panic.
        let db = store.state.clone();
        let brief =
            tokio::spawn(
                async move { db.read_brief(|_| -> Result<(), Error> { panic!("on purpose") }).await },
            );
        assert!(!matches!(brief.await, Ok(Ok(()))));
        insert(&store.state, 2, "b").await.unwrap();
        assert_eq!(names(&store.state).await, ["b"]);
    })
    .await;
}

/// Read, add one, write back: the classic that loses updates without serializable transactions. No caller hears of the conflicts.
#[tokio::test(flavor = "multi_thread")]
async fn concurrent_read_modify_write_loses_nothing() {
    const TASKS: i64 = 24;
    const ROUNDS: i64 = 10;
    on_each_engine(&[&THINGS], |store| async move {
        insert(&store.state, 1, "0").await.unwrap();
        let tasks = (0..TASKS).map(|_| {
            let db = store.state.clone();
            tokio::spawn(async move {
                for _ in 0..ROUNDS {
                    let add = |c: &mut Conn<'_>| {
                        let find = "SELECT name FROM things WHERE id = 1";
                        let name = c.query_one(find, &[], |row| row.string(0))?;
                        let next = (name.parse::<i64>().unwrap() + 1).to_string();
                        c.execute("UPDATE things SET name = $1 WHERE id = 1", &[v(&next)])
                    };
                    db.write(add).await.unwrap();
                }
            })
        });
        for task in tasks.collect::<Vec<_>>() {
            task.await.unwrap();
        }
        assert_eq!(names(&store.state).await, [(TASKS * ROUNDS).to_string()]);
    })
    .await;
}
