//! One SQL text on both engines.

use store::{Conn, Engine, Error, ErrorKind, Value, v};
use testkit::on_each_engine;

use crate::{THINGS, insert};

#[tokio::test(flavor = "multi_thread")]
async fn every_type_comes_back_as_it_went_in() {
    on_each_engine(&[&THINGS], |store| async move {
        store
            .state
            .write(|c| {
                c.execute(
                    "INSERT INTO things (id, name, data, doc, score) VALUES ($1, $2, $3, jsonb($4), $5)",
                    &[v(i64::MIN), v("käse 🧀"), v([0u8, 255].as_slice()), v(r#"{"a": [1, "é"]}"#), v(0.5)],
                )
            })
            .await
            .unwrap();
        let (id, name, data, doc, score) = store
            .state
            .read(|c| {
                c.query_one("SELECT id, name, data, json(doc), score FROM things", &[], |row| {
                    Ok::<_, Error>((
                        row.int(0)?,
                        row.string(1)?,
                        row.blob(2)?.to_vec(),
                        row.string(3)?,
                        row.real(4)?,
                    ))
                })
            })
            .await
            .unwrap();
        assert_eq!(
            (id, name.as_str(), data.as_slice(), score),
            (i64::MIN, "käse 🧀", [0u8, 255].as_slice(), 0.5)
        );
        assert_eq!(doc.replace(' ', ""), r#"{"a":[1,"é"]}"#);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn placeholders_go_by_number_not_by_position() {
    on_each_engine(&[&THINGS], |store| async move {
        let answer = store
            .state
            .read(|c| {
                c.query_one(
                    "SELECT CAST($2 AS TEXT), CAST($1 AS TEXT), CAST($2 AS TEXT)",
                    &[v("one"), v("two")],
                    |row| Ok::<_, Error>([row.string(0)?, row.string(1)?, row.string(2)?]),
                )
            })
            .await
            .unwrap();
        assert_eq!(answer, ["two", "one", "two"]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nulls_need_the_optional_accessor() {
    on_each_engine(&[&THINGS], |store| async move {
        store
            .state
            .write(|c| {
                c.execute(
                    "INSERT INTO things (id, name, data) VALUES (1, $1, $2)",
                    &[v(None::<&str>), Value::Null],
                )
            })
            .await
            .unwrap();
        let read =
            store.state.read(|c| c.query_one("SELECT name FROM things", &[], |row| row.string(0))).await;
        assert!(matches!(read, Err(Error::Column { column: 0, .. })), "{read:?}");
        let name = store
            .state
            .read(|c| {
                c.query_one("SELECT name FROM things", &[], |row| {
                    Ok::<_, Error>(row.opt_text(0)?.map(str::to_owned))
                })
            })
            .await
            .unwrap();
        assert_eq!(name, None);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn errors_say_what_a_caller_can_do() {
    on_each_engine(&[&THINGS], |store| async move {
        insert(&store.state, 1, "a").await.unwrap();
        let taken = insert(&store.state, 2, "a").await.unwrap_err();
        assert!(taken.is_unique_violation(), "{taken}");
        let wrong = store.state.read(|c| c.execute("SELEC 1", &[])).await.unwrap_err();
        assert_eq!(wrong.kind(), ErrorKind::Other);
        assert!(!wrong.is_transient());
        let none = store
            .state
            .read(|c| c.query_one("SELECT id FROM things WHERE id = 9", &[], |row| row.int(0)))
            .await;
        assert!(matches!(none, Err(Error::NoRow { .. })), "{none:?}");
        let too_few = store
            .state
            .read(|c| c.query_one("SELECT id FROM things WHERE id = $1", &[], |row| row.int(0)))
            .await;
        assert!(too_few.is_err());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn readers_cannot_write_on_sqlite() {
    on_each_engine(&[&THINGS], |store| async move {
        if store.state.engine() == Engine::Sqlite {
            let insert = |c: &mut Conn<'_>| c.execute("INSERT INTO things (id) VALUES (1)", &[]);
            assert_eq!(store.state.read(insert).await.unwrap_err().kind(), ErrorKind::Storage);
            assert_eq!(store.state.read_brief(insert).await.unwrap_err().kind(), ErrorKind::Storage);
        }
    })
    .await;
}
