//! Random queries about random records: both engines answer what the model answers.

use std::collections::HashMap;

use atproto::Nsid;
use find::Search;
use find::index::{Order, Spec};
use rand::rngs::StdRng;
use rand::seq::IndexedRandom;
use rand::{RngExt, SeedableRng};
use records::ListQuery;
use serde_json::{Value, json};
use testkit::on_each_engine;

use crate::model::{Row, answer, search};
use crate::rig::{ALICE, BOB, BOBBY, NOTE, Rig, key, schemas};
use crate::select::{index, keys, value};

const RECORDS: usize = 150;
const QUERIES: usize = 400;

const PATHS: [&str; 14] = [
    "a", "b", "c", "c.d", "c.0", "c.d.e", "l", "l[0]", "l[1]", "l[0].x", "l[1][0]", "l.0", "a[0]", "missing",
];

const TEXTS: [&str; 16] = [
    "",
    "a",
    "A",
    "b",
    "aB",
    "Ab%",
    "a_",
    "é",
    "É",
    "z\u{10FFFF}",
    "\u{FFFD}",
    "10",
    "true",
    "null",
    "a\\",
    "\"'",
];

const PATTERNS: [&str; 10] = ["", "%", "_", "a%", "%b%", "_b", "A_%", "%\\", "é", "1_"];

fn scalar(rng: &mut StdRng) -> Value {
    match rng.random_range(0..10) {
        0 => json!(rng.random::<bool>()),
        1..4 => json!(rng.random_range(-3..12)),
        4 => json!(f64::from(rng.random_range(-30..30)) / 4.0),
        5 => [
            json!(i64::MAX),
            json!(i64::MAX - 1),
            json!(i64::MIN),
            json!((1_i64 << 53) + 1),
            json!(1e300),
            json!(u64::MAX),
        ]
        .choose(rng)
        .unwrap()
        .clone(),
        _ => json!(TEXTS.choose(rng).unwrap()),
    }
}

fn any_value(rng: &mut StdRng, depth: u32) -> Value {
    match rng.random_range(0..if depth == 0 { 12 } else { 24 }) {
        0..11 => scalar(rng),
        11 => Value::Null,
        12..18 => {
            let fields = ["d", "0", "e", "x"];
            fields
                .iter()
                .filter(|_| rng.random())
                .map(|name| ((*name).to_owned(), Value::Null))
                .collect::<Vec<_>>()
                .into_iter()
                .map(|(name, _)| (name, any_value(rng, depth - 1)))
                .collect()
        }
        _ => (0..rng.random_range(0..3)).map(|_| any_value(rng, depth - 1)).collect(),
    }
}

fn record(rng: &mut StdRng) -> Value {
    let mut record = json!({});
    for name in ["a", "b", "c", "l"] {
        if rng.random_range(0..6) > 0 {
            record[name] = any_value(rng, 3);
        }
    }
    if rng.random_range(0..10) == 0 {
        record["b"] = json!(format!("{}{}", "é".repeat(256), rng.random_range(0..3)));
    }
    record
}

fn condition(rng: &mut StdRng) -> Value {
    let op = ["=", "!=", "<", ">", "<=", ">=", "LIKE", "NOT LIKE"].choose(rng).unwrap();
    let value = if op.contains("LIKE") { json!(PATTERNS.choose(rng).unwrap()) } else { scalar(rng) };
    json!({"field": PATHS.choose(rng).unwrap(), "op": op, "value": value})
}

fn filter(rng: &mut StdRng, depth: u32) -> Value {
    if depth == 0 || rng.random_range(0..3) == 0 {
        return condition(rng);
    }
    let nodes: Vec<Value> = (0..rng.random_range(1..4)).map(|_| filter(rng, depth - 1)).collect();
    match rng.random_range(0..3) {
        0 => Value::Array(nodes),
        1 => json!({"op": "AND", "conditions": nodes}),
        _ => json!({"op": "OR", "conditions": nodes}),
    }
}

fn query(rng: &mut StdRng) -> Value {
    let mut query = json!({"collection": NOTE, "limit": rng.random_range(5..=100)});
    if rng.random_range(0..4) > 0 {
        query["filter"] = filter(rng, 5);
    }
    if rng.random() {
        query["sort"] =
            json!(*[PATHS.as_slice(), &["indexed_at", "did", "uri"]].concat().choose(rng).unwrap());
    }
    if rng.random_range(0..4) == 0 {
        query["did"] = json!([ALICE, BOB].choose(rng).unwrap());
    }
    if rng.random() {
        query["sortDirection"] = json!("asc");
    }
    query
}

fn specs() -> Vec<Spec> {
    let of = |path: &&str| value(path);
    let lookups = ["a", "b", "c.d"].iter().map(|path| keys(&[of(path)], Order::Seen));
    let orders = ["a", "b", "c", "c.d", "missing"].iter().map(|path| keys(&[], Order::By(of(path))));
    lookups.chain(orders).chain([keys(&[value("a")], Order::By(value("b")))]).collect()
}

/// Without the index the query would find what has been taken out of the index.
#[tokio::test(flavor = "multi_thread")]
async fn an_index_is_what_answers() {
    on_each_engine(&schemas(), |store| async move {
        let rig = Rig::new(&store);
        rig.notes(&(0..9).map(|number| json!({"a": number % 2, "b": number})).collect::<Vec<_>>()).await;
        let specs = [keys(&[value("a")], Order::Seen), keys(&[value("a")], Order::By(value("b")))];
        index(&rig.find, &specs).await;
        let filter = json!({"field": "a", "value": 1});
        let by_time = json!({"collection": NOTE, "filter": filter});
        let by_value = json!({"collection": NOTE, "filter": filter, "sort": "b"});
        let found = async |query: &Value| rig.page(query.clone()).await.records.len();
        assert_eq!((found(&by_time).await, found(&by_value).await), (4, 4));
        let out = "DELETE FROM query_entries WHERE record_id = 2";
        store.index.write::<_, store::Error, _>(move |conn| conn.execute(out, &[])).await.unwrap();
        assert_eq!((found(&by_time).await, found(&by_value).await), (3, 3));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_answer_is_that_of_the_model() {
    on_each_engine(&schemas(), |store| async move {
        let rig = Rig::new(&store);
        let mut rng = StdRng::seed_from_u64(5);
        let mut all: HashMap<&str, Vec<(String, Value)>> = HashMap::new();
        let mut rows = Vec::new();
        for number in 0..RECORDS {
            let (did, json) = (*[ALICE, BOB, BOBBY].choose(&mut rng).unwrap(), record(&mut rng));
            let uri = format!("at://{did}/{NOTE}/{}", key(number));
            rows.push(Row { uri, did: did.to_owned(), json: json.clone(), made: number, indexed_at: 0 });
            all.entry(did).or_default().push((key(number), json));
        }
        for did in [ALICE, BOB, BOBBY] {
            rig.fill(did, NOTE, all.remove(did).unwrap()).await;
        }
        let collection = Nsid::parse(NOTE).unwrap();
        let list = ListQuery { collection, did: None, limit: 1000, after: None };
        let stored = rig.records.list(list).await.unwrap().records;
        assert_eq!(stored.len(), RECORDS);
        for row in &mut rows {
            row.indexed_at = stored.iter().find(|record| record.uri == row.uri).unwrap().indexed_at;
        }
        let mut found = 0;
        for number in 0..QUERIES {
            if number == QUERIES / 2 {
                // What scripts ask is answered out of indexes that lexicons ask for, if there are such.
                index(&rig.find, &specs()).await;
            }
            let query = query(&mut rng);
            let expected = answer(&rows, &query);
            let pages = rig.pages(query.clone()).await;
            let limit = usize::try_from(query["limit"].as_u64().unwrap()).unwrap();
            assert_eq!(pages.len(), expected.len().div_ceil(limit).max(1), "query {number}: {query}");
            assert_eq!(pages.concat(), expected, "query {number}: {query}");
            found += expected.len();
        }
        assert!(found > QUERIES, "most queries find something: {found}");
        for (number, field) in PATHS.iter().enumerate() {
            if number % 2 == 0 {
                let (collection, field) = (Nsid::parse(NOTE).unwrap(), field.parse().unwrap());
                assert!(rig.find.index_field(&collection, &field).await.unwrap());
            }
            for text in TEXTS.iter().chain(&["ééé", "ab", "ALS", "TRUE", "éé0"]) {
                let limit = rng.random_range(1..=100);
                let json = json!({"collection": NOTE, "field": field, "query": text, "limit": limit});
                let found = rig.find.search(Search::parse(&json).unwrap()).await.unwrap();
                let uris: Vec<String> = found.into_iter().map(|found| found.uri).collect();
                assert_eq!(uris, search(&rows, field, text, limit), "{json}");
            }
        }
    })
    .await;
}
