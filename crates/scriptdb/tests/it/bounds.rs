//! No statement takes more than it may, and whatever it tries, the next one runs.

use std::time::{Duration, Instant};

use scriptdb::{Error, Limit, Param, ScriptDbConfig};
use store::Engine;

use crate::rig::{Rig, adjusted, rigs};

fn brief(config: &mut ScriptDbConfig) {
    config.limits.time = Duration::from_millis(300);
}

async fn fails(rig: &Rig, sql: &str, limit: Limit) {
    let started = Instant::now();
    let error = rig.fail(sql).await;
    assert!(matches!(error, Error::Limit(reached) if reached == limit), "{sql}: {error}");
    assert!(started.elapsed() < Duration::from_secs(5), "{sql} took {:?}", started.elapsed());
    assert_eq!(rig.ask("SELECT 1 AS one", &[]).await, r#"[{"one":1}]"#);
}

#[tokio::test]
async fn rows_and_bytes_of_an_answer() {
    for rig in adjusted(|config| (config.limits.rows, config.limits.bytes) = (100, 10_000)).await {
        let numbers = |most| {
            format!(
                "WITH RECURSIVE n AS (SELECT 1 AS i UNION ALL SELECT i + 1 FROM n WHERE i < {most}) SELECT i FROM n"
            )
        };
        assert!(rig.ask(&numbers(100), &[]).await.ends_with(r#"{"i":100}]"#));
        fails(&rig, &numbers(101), Limit::Rows).await;
        fails(&rig, &numbers(100_000_000_000_i64), Limit::Rows).await;
        let wide = match rig.engine() {
            Engine::Sqlite => "SELECT printf('%.*c', 11000, 'x') AS x",
            Engine::Postgres => "SELECT repeat('x', 11000) AS x",
        };
        fails(&rig, wide, Limit::Bytes).await;
        rig.ask("CREATE TABLE t (a BIGINT)", &[]).await;
        rig.ask(&numbers(101).replace("SELECT i FROM n", "INSERT INTO t SELECT i FROM n"), &[]).await;
        fails(&rig, "DELETE FROM t RETURNING a", Limit::Rows).await;
        assert_eq!(rig.ask("SELECT count(*) AS n FROM t", &[]).await, r#"[{"n":101}]"#, "it was undone");
    }
}

#[tokio::test]
async fn time() {
    for rig in adjusted(brief).await {
        rig.ask("CREATE TABLE t (a BIGINT)", &[]).await;
        let endless = "WITH RECURSIVE n AS (SELECT 1 AS i UNION ALL SELECT i + 1 FROM n)";
        let mut bombs = vec![
            format!("{endless} SELECT count(*) FROM n"),
            format!("{endless} INSERT INTO t SELECT i FROM n"),
            format!("CREATE TABLE u AS {endless} SELECT i FROM n"),
            format!("{endless} SELECT i FROM n ORDER BY -i"),
        ];
        match rig.engine() {
            Engine::Sqlite => bombs.extend([
                format!("{endless} SELECT max(instr(hex(zeroblob(500000)), hex(zeroblob(250000)) || '1')) FROM n"),
                format!("{endless} SELECT max(trim(hex(randomblob(500000)), hex(randomblob(500000)))) FROM n"),
                format!("{endless} SELECT max(hex(zeroblob(500000)) LIKE '%0%0%0%0%0%0%0%0%0%0%0%0%0%0%0%1') FROM n"),
                format!("{endless} SELECT count(DISTINCT i || hex(randomblob(100000))) FROM n"),
            ]),
            Engine::Postgres => bombs.extend([
                "SELECT count(*) FROM generate_series(1, 100000000000)".to_owned(),
                "SELECT count(*) FROM generate_series(1, 100000) a, generate_series(1, 100000) b".to_owned(),
            ]),
        }
        for bomb in &bombs {
            fails(&rig, bomb, Limit::Time).await;
        }
        assert_eq!(rig.ask("SELECT count(*) AS n FROM t", &[]).await, r#"[{"n":0}]"#);
    }
}

#[tokio::test]
async fn size_of_values_and_statements() {
    for rig in rigs().await {
        let long = Param::Text("x".repeat(2 << 20));
        let error = rig.db.raw("SELECT $1", &[long]).await.unwrap_err();
        assert!(matches!(error, Error::Limit(Limit::Value)), "{error}");
        let error = rig.fail(&format!("SELECT '{}'", "x".repeat(70_000))).await;
        assert!(matches!(error, Error::Limit(Limit::Statement)), "{error}");
        let many = vec![Param::Int(1); 1_001];
        let error = rig.db.raw("SELECT 1", &many).await.unwrap_err();
        assert!(matches!(error, Error::Limit(Limit::Params)), "{error}");
        // Deep and long texts within the limit are the engine's to refuse.
        for sql in [
            format!("SELECT {}1{}", "(".repeat(30_000), ")".repeat(30_000)),
            format!("SELECT {}1", "- ".repeat(30_000)),
            format!("SELECT 1{}", " UNION ALL SELECT 1".repeat(3_000)),
            format!("SELECT {}1", "NOT ".repeat(15_000)),
        ] {
            if let Err(error) = rig.db.raw(&sql, &[]).await {
                assert!(!error.is_transient(), "{error}");
            }
            assert_eq!(rig.ask("SELECT 1 AS one", &[]).await, r#"[{"one":1}]"#);
        }
        if rig.engine() == Engine::Postgres {
            fails(&rig, "SELECT repeat('x', 20000000)", Limit::Bytes).await;
            fails(&rig, "SELECT repeat('x', 2000000000)", Limit::Statement).await;
        } else {
            for bomb in [
                "SELECT zeroblob(1000000000)",
                "SELECT randomblob(1000000000)",
                "SELECT printf('%.*c', 1000000000, 'x')",
                "SELECT hex(zeroblob(1000000))",
                "SELECT replace(hex(zeroblob(1000)), '0', hex(zeroblob(1000)))",
                "SELECT group_concat(hex(zeroblob(100000))) FROM json_each('[1,2,3,4,5,6,7,8]')",
            ] {
                fails(&rig, bomb, Limit::Value).await;
            }
        }
    }
}

#[tokio::test]
async fn size_of_the_database() {
    for rig in adjusted(|config| config.limits.database_bytes = 1 << 20).await {
        rig.ask("CREATE TABLE t (a TEXT)", &[]).await;
        let text: String = "x".repeat(50_000);
        let mut full = None;
        // Measured at times on PostgreSQL, which also compresses.
        for number in 0..2_000 {
            let unlike: String = (0..3_000).map(|_| char::from(rand_letter(number))).collect();
            let values = [Param::Text(format!("{unlike}{text}"))];
            if let Err(error) = rig.db.raw("INSERT INTO t VALUES ($1)", &values).await {
                full = Some(error);
                break;
            }
            if rig.engine() == Engine::Postgres && number % 100 == 99 {
                tokio::time::sleep(Duration::from_millis(300)).await;
            }
        }
        assert!(matches!(full, Some(Error::Limit(Limit::Database))), "{full:?}");
        assert!(rig.ask("SELECT count(*) AS n FROM t", &[]).await.starts_with("[{\"n\":"));
        rig.ask("DELETE FROM t", &[]).await;
        if rig.engine() == Engine::Sqlite {
            rig.ask("INSERT INTO t VALUES ('again')", &[]).await;
        }
    }
}

/// A letter of a sequence that does not compress well.
fn rand_letter(seed: u32) -> u8 {
    use std::sync::atomic::{AtomicU64, Ordering};
    static STATE: AtomicU64 = AtomicU64::new(0x9e37_79b9_7f4a_7c15);
    let mut x = STATE.load(Ordering::Relaxed) ^ u64::from(seed);
    x ^= x << 13;
    x ^= x >> 7;
    x ^= x << 17;
    STATE.store(x, Ordering::Relaxed);
    b'a' + (x % 26) as u8
}

#[tokio::test]
async fn whoever_gives_up_leaves_the_connection_clean() {
    for rig in adjusted(|config| config.connections = 1).await {
        rig.ask("CREATE TABLE t (a BIGINT)", &[]).await;
        let endless = "WITH RECURSIVE n AS (SELECT 1 AS i UNION ALL SELECT i + 1 FROM n WHERE i < 3000000)
                       INSERT INTO t SELECT i FROM n";
        let given_up = tokio::time::timeout(Duration::from_millis(50), rig.db.raw(endless, &[])).await;
        assert!(given_up.is_err());
        assert_eq!(rig.ask("SELECT 1 AS one", &[]).await, r#"[{"one":1}]"#);
        rig.ask("INSERT INTO t VALUES (-1)", &[]).await;
        assert_eq!(rig.ask("SELECT a FROM t WHERE a = -1", &[]).await, r#"[{"a":-1}]"#);
    }
}
