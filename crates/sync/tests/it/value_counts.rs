//! The number of keys that an account is said to have is the number that it has.

use std::collections::BTreeMap;

use rand::seq::{IndexedMutRandom, IndexedRandom};
use rand::{Rng, RngExt};
use serde_json::{Value, json};
use store::{Schema, Store, Tier, v};
use sync::import::Kind;
use testkit::databases;

use crate::happy::{account, importer, take};
use crate::site::{Person, on_each_site};

/// What is counted, and what is said.
async fn counts(store: &Store) -> [BTreeMap<String, i64>; 2] {
    let read = store.state.read(|conn| {
        let mut read = |sql: &str| {
            let pairs = conn.query(sql, &[], |row| Ok::<_, store::Error>((row.string(0)?, row.int(1)?)))?;
            Ok::<BTreeMap<String, i64>, store::Error>(pairs.into_iter().collect())
        };
        Ok::<_, store::Error>([
            read("SELECT account_id, COUNT(*) FROM sync_values GROUP BY account_id")?,
            read("SELECT account_id, keys FROM sync_value_counts")?,
        ])
    });
    read.await.unwrap()
}

/// Some keys that are new and some that are not, of which some are removed; sometimes with a version that is wrong.
async fn write_something(person: &Person, known: &mut BTreeMap<String, i64>, rng: &mut impl Rng) {
    let mut mutations: BTreeMap<String, Value> = BTreeMap::new();
    for _ in 0..rng.random_range(1..=6) {
        let key = format!("k{}", rng.random_range(0..40));
        let right = known.get(&key).copied().unwrap_or(-1);
        let version = if rng.random_bool(0.1) { right + 1 } else { right };
        let value = [json!("eA=="), Value::Null].choose(rng).cloned();
        mutations.insert(key.clone(), json!({ "key": key, "value": value, "version": version }));
    }
    let body = json!({ "mutations": mutations.values().collect::<Vec<_>>() });
    let answer = person.http.post("/v1/kv", &body).await;
    if answer.status != 409 {
        for written in answer.expect(200)["results"].as_array().unwrap() {
            known.insert(written["key"].as_str().unwrap().to_owned(), written["version"].as_i64().unwrap());
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_is_done_the_count_is_that_of_the_rows() {
    on_each_site(|site| async move {
        let mut rng = rand::rng();
        let importer = importer(&site.store, None).await;
        take(&importer, Kind::Account, &[account("u1", 1)]).await;
        let mut people = Vec::new();
        for _ in 0..3 {
            people.push((site.person().await, BTreeMap::new()));
        }
        for round in 0..60 {
            match rng.random_range(0..12) {
                0 => {
                    let entry = json!({ "accountId": "u1", "key": format!("k{}", rng.random_range(0..20)),
                        "value": "\\x01", "version": round, "updatedAt": "2026-06-04T07:08:09.123" });
                    take(&importer, Kind::UserKVStore, &[entry.clone(), entry]).await;
                }
                1 => {
                    let (gone, _) = std::mem::replace(&mut people[0], (site.person().await, BTreeMap::new()));
                    let path = format!("/v1/account?confirm={}", gone.id().await);
                    gone.http.delete(&path).await.expect(200);
                }
                _ => {
                    let (person, known) = people.choose_mut(&mut rng).unwrap();
                    write_something(person, known, &mut rng).await;
                }
            }
        }
        let [counted, said] = counts(&site.store).await;
        assert!(!counted.is_empty());
        assert_eq!(said, counted);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_that_is_full_is_told_so_and_keeps_what_it_has() {
    on_each_site(|site| async move {
        let (ann, bob) = (site.person().await, site.person().await);
        let one = |key: &str, version: i64| json!({ "key": key, "value": "eA==", "version": version });
        let write = |mutations: Value| json!({ "mutations": mutations });
        ann.http.post("/v1/kv", &write(json!([one("a", -1)]))).await.expect(200);
        let full = site
            .store
            .state
            .write(|conn| conn.execute("UPDATE sync_value_counts SET keys = $1", &[v(19_999)]));
        let _: u64 = full.await.map_err(|error: store::Error| error).unwrap();
        let two = write(json!([one("a", 0), one("b", -1), one("c", -1)]));
        let refused = ann.http.post("/v1/kv", &two).await.expect(403);
        assert_eq!(refused["error"], "too many keys; remove some first");
        ann.http.post("/v1/kv", &write(json!([one("a", 0), one("b", -1)]))).await.expect(200);
        ann.http.post("/v1/kv", &write(json!([one("c", -1)]))).await.expect(403);
        ann.http.post("/v1/kv", &write(json!([one("a", 1)]))).await.expect(200);
        bob.http.post("/v1/kv", &write(json!([one("c", -1)]))).await.expect(200);
    })
    .await;
}

/// The tables as they were before a migration, without those that it and later ones make.
pub(crate) fn before(migration: u32, made: &[&str]) -> &'static Schema {
    let tables: Vec<_> = sync::SCHEMA.tables.iter().copied().filter(|table| !made.contains(table)).collect();
    let level = sync::SCHEMA.migrations.iter().take_while(|it| it.id < migration).count();
    let migrations = &sync::SCHEMA.migrations[..level];
    Box::leak(Box::new(Schema { name: "sync", tier: Tier::State, tables: tables.leak(), migrations }))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_from_before_is_counted_when_it_is_opened() {
    for database in databases().await {
        let old = database.open(&[before(3, &["sync_value_counts", "sync_avatars"])]).await;
        let filled = old.state.write(|conn| {
            conn.batch(
                "INSERT INTO sync_accounts (id, public_key, created_at, updated_at)
                 VALUES ('a', 'A', 0, 0), ('b', 'B', 0, 0), ('c', 'C', 0, 0);
                 INSERT INTO sync_values (account_id, key, value, version, updated_at)
                 VALUES ('a', 'x', NULL, 1, 0), ('a', 'y', NULL, 0, 0), ('b', 'x', NULL, 0, 0)",
            )
        });
        filled.await.map_err(|error: store::Error| error).unwrap();
        drop(old);
        let [counted, said] = counts(&database.open(&[&sync::SCHEMA]).await).await;
        assert_eq!(said, BTreeMap::from([("a".to_owned(), 2), ("b".to_owned(), 1)]));
        assert_eq!(said, counted);
    }
}
