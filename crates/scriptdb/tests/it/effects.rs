//! What is done once is done once.

use std::time::Duration;

use scriptdb::{EffectKey, Error, Limit};

use crate::rig::{Rig, adjusted, rigs};

fn key(event: u32, number: u32) -> EffectKey {
    EffectKey { source: format!("event {event}"), attempt: 1, number }
}

async fn once(rig: &Rig, key: &EffectKey, sql: &str) -> String {
    let rows = rig.db.raw_once(key, sql, &[]).await;
    rows.unwrap_or_else(|error| panic!("{sql} on {}: {error}", rig.db.backend())).into_string()
}

const COUNT: &str = "UPDATE t SET n = n + 1 RETURNING n";

async fn counting() -> Vec<Rig> {
    let rigs = rigs().await;
    for rig in &rigs {
        rig.ask("CREATE TABLE t (n BIGINT)", &[]).await;
        rig.ask("INSERT INTO t VALUES (0)", &[]).await;
    }
    rigs
}

#[tokio::test]
async fn again_is_answered_as_before_and_does_nothing() {
    for rig in counting().await {
        for _ in 0..3 {
            assert_eq!(once(&rig, &key(1, 0), COUNT).await, r#"[{"n":1}]"#);
        }
        assert_eq!(once(&rig, &key(1, 1), COUNT).await, r#"[{"n":2}]"#);
        assert_eq!(once(&rig, &key(2, 0), COUNT).await, r#"[{"n":3}]"#);
        let db = rig.reopen().await;
        assert_eq!(db.raw_once(&key(1, 1), COUNT, &[]).await.unwrap().as_str(), r#"[{"n":2}]"#);
        assert_eq!(rig.ask("SELECT n FROM t", &[]).await, r#"[{"n":3}]"#);
    }
}

#[tokio::test]
async fn a_script_that_decides_by_what_it_reads_decides_the_same_again() {
    for rig in counting().await {
        for _ in 0..2 {
            let read = once(&rig, &key(1, 0), "SELECT n FROM t").await;
            assert_eq!(read, r#"[{"n":0}]"#);
            once(&rig, &key(1, 1), COUNT).await;
        }
        assert_eq!(rig.ask("SELECT n FROM t", &[]).await, r#"[{"n":1}]"#);
        assert_eq!(once(&rig, &key(1, 2), "CREATE TABLE u (a TEXT)").await, "[]");
        assert_eq!(once(&rig, &key(1, 2), "CREATE TABLE u (a TEXT)").await, "[]");
    }
}

#[tokio::test]
async fn what_was_only_read_is_forgotten_with_the_try() {
    for rig in counting().await {
        for (attempt, read) in [(1, 0), (2, 1)] {
            let key = EffectKey { attempt, ..key(1, 0) };
            assert_eq!(once(&rig, &key, "SELECT n FROM t").await, format!("[{{\"n\":{read}}}]"));
            assert_eq!(once(&rig, &key, COUNT).await, r#"[{"n":1}]"#, "an effect is one for all tries");
        }
    }
}

#[tokio::test]
async fn another_statement_is_another_effect() {
    for rig in counting().await {
        let other = "UPDATE t SET n = n + 10 RETURNING n";
        for _ in 0..2 {
            assert_eq!(once(&rig, &key(1, 0), COUNT).await, r#"[{"n":1}]"#);
            assert_eq!(once(&rig, &key(1, 0), other).await, r#"[{"n":11}]"#);
        }
    }
}

#[tokio::test]
async fn a_failure_is_not_remembered() {
    for rig in counting().await {
        let sql = "INSERT INTO later VALUES (1) RETURNING a";
        assert!(matches!(rig.db.raw_once(&key(1, 0), sql, &[]).await, Err(Error::Sql(_))));
        rig.ask("CREATE TABLE later (a BIGINT)", &[]).await;
        assert_eq!(once(&rig, &key(1, 0), sql).await, r#"[{"a":1}]"#);
        let refused = rig.db.raw_once(&key(1, 1), "DROP TABLE later", &[]).await;
        assert!(matches!(refused, Err(Error::Refused(_))));
    }
}

#[tokio::test]
async fn at_once_is_once_too() {
    for rig in counting().await {
        let key = key(1, 0);
        let runs = (0..16).map(|_| rig.db.raw_once(&key, COUNT, &[]));
        let answers = futures::future::join_all(runs).await;
        for answer in answers {
            assert_eq!(answer.unwrap().as_str(), r#"[{"n":1}]"#, "on {}", rig.db.backend());
        }
        assert_eq!(rig.ask("SELECT n FROM t", &[]).await, r#"[{"n":1}]"#);
        // The first one done is in the way of the others, if they do not wait for it.
        let key = self::key(1, 1);
        let create = "CREATE TABLE made_once (a BIGINT PRIMARY KEY)";
        let answers = futures::future::join_all((0..8).map(|_| rig.db.raw_once(&key, create, &[]))).await;
        assert!(answers.iter().all(Result::is_ok), "{answers:?}");
    }
}

#[tokio::test]
async fn what_is_old_is_forgotten() {
    for rig in counting().await {
        once(&rig, &key(1, 0), COUNT).await;
        let mut config = scriptdb::ScriptDbConfig::new(rig.database.config().location, &crate::rig::VIEWS);
        config.limits.effects_kept = Duration::ZERO;
        let db = scriptdb::ScriptDb::open(config).await.unwrap();
        let again = db.raw_once(&key(1, 0), COUNT, &[]).await.unwrap();
        assert_eq!(again.as_str(), r#"[{"n":2}]"#, "it is a new one");
    }
}

#[tokio::test]
async fn what_is_remembered_is_hidden_and_bounded() {
    for rig in counting().await {
        once(&rig, &key(1, 0), COUNT).await;
        for table in ["belvedere_effects", "scripts_internal.effects", "main.\"Belvedere_Effects\""] {
            for sql in
                ["SELECT * FROM {}", "SELECT count(*) FROM {}", "DELETE FROM {}", "UPDATE {} SET result = ''"]
            {
                rig.refuse(&sql.replace("{}", table)).await;
            }
        }
    }
    for rig in adjusted(|config| config.limits.bytes = 100).await {
        let long = format!("SELECT '{}' AS a", "x".repeat(200));
        let error = rig.db.raw_once(&key(1, 0), &long, &[]).await.unwrap_err();
        assert!(matches!(error, Error::Limit(Limit::Bytes)), "{error}");
    }
}
