//! Random questions about random records: whatever way is taken, the answer is the model's.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use find::index::{Field, Order, Reading, Scalar, Spec};
use find::{Access, Arrangement, Condition, Direction, Selection};
use rand::rngs::StdRng;
use rand::seq::IndexedRandom;
use rand::{RngExt, SeedableRng};
use serde_json::{Value, json};
use testkit::on_each_engine;

use super::model::{Row, answer};
use super::{by, everything, index, is, keys, lies, page, pages, read, value, words, words_of};
use crate::rig::{ALICE, BOB, BOBBY, NOTE, Rig, key, schemas};

const RECORDS: usize = 160;
const QUESTIONS: usize = 150;

const LANGS: [&str; 5] = ["en", "de", "é", "", "enough"];
const INSTANTS: [&str; 7] = [
    "2024-01-01T00:00:00Z",
    "2024-01-01T00:00:00.000Z",
    "2024-01-01T02:00:00+02:00",
    "2024-01-01T00:00:00.000001Z",
    "2023-12-31T23:59:59.999Z",
    "2024-06-01T12:00:00-05:00",
    "yesterday",
];
const SUBJECTS: [&str; 3] = ["at://did:web:a/a.b.c/1", "at://did:web:a/a.b.c/2", "at://did:web:b/a.b.c/1"];
const WORDS: [&str; 6] = ["red", "green", "blue", "the", "fox", "Rot"];

fn record(rng: &mut StdRng) -> Value {
    let mut record = json!({});
    if rng.random_range(0..8) > 0 {
        record["lang"] = match rng.random_range(0..12) {
            0 => json!(1),
            1 => Value::Null,
            _ => json!(LANGS.choose(rng).unwrap()),
        };
    }
    if rng.random_range(0..6) > 0 {
        record["score"] = match rng.random_range(0..8) {
            0 => json!(f64::from(rng.random_range(-8..8)) / 4.0),
            1 => [json!(i64::MAX), json!(i64::MAX - 1), json!(u64::MAX), json!("7"), json!(true)]
                .choose(rng)
                .unwrap()
                .clone(),
            _ => json!(rng.random_range(-3..6)),
        };
    }
    if rng.random() {
        record["ok"] = json!(rng.random::<bool>());
    }
    if rng.random_range(0..4) > 0 {
        let tags: Vec<&str> = (0..rng.random_range(0..4)).map(|_| *WORDS.choose(rng).unwrap()).collect();
        record["tags"] = if rng.random_range(0..12) == 0 { json!("red") } else { json!(tags) };
    }
    if rng.random_range(0..6) > 0 {
        record["at"] = json!(INSTANTS.choose(rng).unwrap());
    }
    if rng.random() {
        record["subject"] = json!({"uri": SUBJECTS.choose(rng).unwrap(), "cid": "x"});
    }
    if rng.random_range(0..4) > 0 {
        let text: Vec<&str> = (0..rng.random_range(0..7)).map(|_| *WORDS.choose(rng).unwrap()).collect();
        record["text"] = json!(text.join([" ", ", ", "-"].choose(rng).unwrap()));
    }
    record
}

fn lang(rng: &mut StdRng) -> Scalar {
    Scalar::text(LANGS.choose(rng).unwrap())
}

fn number(rng: &mut StdRng) -> Scalar {
    Scalar::Number(if rng.random_range(0..5) == 0 {
        i64::MAX.into()
    } else {
        rng.random_range(-4_i64..7).into()
    })
}

fn instant(rng: &mut StdRng) -> Scalar {
    Scalar::instant(INSTANTS[..6].choose(rng).unwrap()).unwrap()
}

fn ends(rng: &mut StdRng, scalar: fn(&mut StdRng) -> Scalar) -> [Option<(Scalar, bool)>; 2] {
    let which = rng.random_range(1..4);
    [1, 2].map(|end| (which & end != 0).then(|| (scalar(rng), rng.random())))
}

fn condition(rng: &mut StdRng) -> Condition {
    let several = |rng: &mut StdRng, scalar: fn(&mut StdRng) -> Scalar| -> Vec<Scalar> {
        (0..rng.random_range(1..4)).map(|_| scalar(rng)).collect()
    };
    match rng.random_range(0..9) {
        0 | 1 => is(value("lang"), &several(rng, lang)),
        2 => is(value("score"), &several(rng, number)),
        3 => is(value("ok"), &[Scalar::Bool(rng.random())]),
        4 => is(read("tags", Reading::Member), &several(rng, |rng| Scalar::text(WORDS.choose(rng).unwrap()))),
        5 => is(value("subject.uri"), &[Scalar::text(SUBJECTS.choose(rng).unwrap())]),
        6 => {
            let [lower, upper] = ends(rng, number);
            lies(value("score"), lower, upper)
        }
        7 => {
            let [lower, upper] = ends(rng, lang);
            lies(value("lang"), lower, upper)
        }
        _ => {
            let [lower, upper] = ends(rng, instant);
            lies(read("at", Reading::Instant), lower, upper)
        }
    }
}

fn question(rng: &mut StdRng) -> Selection {
    let conditions: Vec<Condition> = (0..rng.random_range(0..4)).map(|_| condition(rng)).collect();
    let direction = if rng.random() { Direction::Ascending } else { Direction::Descending };
    let order = match rng.random_range(0..6) {
        0..3 => Arrangement::By(Order::Seen, direction),
        3 => by(value("score"), direction),
        4 => by(value("lang"), direction),
        _ => by(read("at", Reading::Instant), direction),
    };
    let mut selection = Selection { conditions, order, limit: rng.random_range(1..60), ..everything() };
    if rng.random_range(0..5) == 0 {
        selection.did = Some([ALICE, BOB].choose(rng).unwrap().parse().unwrap());
    }
    if rng.random_range(0..5) == 0 {
        let text: Vec<&str> = (0..rng.random_range(1..3)).map(|_| *WORDS.choose(rng).unwrap()).collect();
        selection.words = Some(words(&["text"], &text.join(" ")));
        if rng.random() {
            selection.order = Arrangement::Relevance;
        }
    }
    selection
}

fn specs() -> Vec<Spec> {
    let orders = [Order::Seen, Order::By(value("score")), Order::By(read("at", Reading::Instant))];
    let equal: [&[Field]; 6] = [
        &[value("lang")],
        &[value("ok"), value("lang")],
        &[read("tags", Reading::Member)],
        &[value("subject.uri")],
        &[value("score"), read("tags", Reading::Member)],
        &[],
    ];
    let mut specs: Vec<Spec> = equal
        .iter()
        .flat_map(|equal| orders.iter().map(|order| keys(equal, order.clone())))
        .filter(|spec| *spec != keys(&[], Order::Seen))
        .collect();
    specs.extend([keys(&[], Order::By(value("lang"))), words_of(&["text"])]);
    specs
}

/// How often each way was taken.
async fn compare(rig: &Rig, rows: &[Row], questions: &[Selection]) -> BTreeMap<&'static str, usize> {
    let mut ways = BTreeMap::new();
    for (number, selection) in questions.iter().enumerate() {
        let expected = answer(rows, selection);
        let explained = page(&rig.find, selection).await.explained;
        *ways.entry(explained.access.as_str()).or_default() += 1;
        let pages = pages(&rig.find, selection).await;
        let limit = selection.limit as usize;
        let context = format!("question {number}: {selection:?}\n{explained:?}");
        assert_eq!(pages.len(), expected.len().div_ceil(limit).max(1), "{context}");
        let found = pages.concat();
        if selection.order == Arrangement::Relevance {
            let set = |uris: &[String]| uris.iter().cloned().collect::<BTreeSet<_>>();
            assert_eq!((found.len(), set(&found)), (expected.len(), set(&expected)), "{context}");
        } else {
            assert_eq!(found, expected, "{context}");
        }
        let counted = rig.find.count_selected(selection.clone()).await.unwrap();
        assert_eq!(counted.count, expected.len() as u64, "counted: {context}\n{:?}", counted.explained);
    }
    ways
}

struct World {
    rows: HashMap<String, Row>,
    made: usize,
}

impl World {
    async fn change(&mut self, rig: &Rig, rng: &mut StdRng, share: u32, new: usize) {
        for did in [ALICE, BOB, BOBBY] {
            let mut records = Vec::new();
            self.rows.retain(|_, row| row.did != did || rng.random_range(0..10) > 0);
            for row in self.rows.values_mut().filter(|row| row.did == did) {
                if rng.random_range(0..100) < share {
                    row.json = record(rng);
                }
            }
            for _ in 0..new {
                let uri = format!("at://{did}/{NOTE}/{}", key(self.made));
                let row = Row { uri: uri.clone(), did: did.to_owned(), json: record(rng), made: self.made };
                self.rows.insert(uri, row);
                self.made += 1;
            }
            for row in self.rows.values().filter(|row| row.did == did) {
                records.push((key(row.made), row.json.clone()));
            }
            records.sort_by(|one, other| one.0.cmp(&other.0));
            rig.fill(did, NOTE, records).await;
        }
    }

    fn rows(&self) -> Vec<Row> {
        self.rows.values().cloned().collect()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_way_leads_to_the_answer_of_the_model() {
    on_each_engine(&schemas(), |store| async move {
        let rig = Rig::new(&store);
        let mut rng = StdRng::seed_from_u64(9);
        let mut world = World { rows: HashMap::new(), made: 0 };
        world.change(&rig, &mut rng, 0, RECORDS / 3).await;
        let questions: Vec<Selection> = (0..QUESTIONS).map(|_| question(&mut rng)).collect();
        let without = compare(&rig, &world.rows(), &questions).await;
        assert_eq!(
            without.keys().copied().collect::<Vec<_>>(),
            ["author", "backlinks", "scan"],
            "{without:?}"
        );

        index(&rig.find, &specs()).await;
        let with = compare(&rig, &world.rows(), &questions).await;
        assert!(
            with["index"] > QUESTIONS / 10 && with["few"] > QUESTIONS / 10 && with["words"] > QUESTIONS / 20,
            "{with:?}"
        );

        // What changes afterwards is seen by whatever asks next.
        for share in [10, 60] {
            world.change(&rig, &mut rng, share, 9).await;
            compare(&rig, &world.rows(), &questions).await;
        }

        // A page that was found by an index goes on without it, and the other way round.
        let selection = Selection {
            conditions: vec![is(value("lang"), &[Scalar::text("en"), Scalar::text("de")])],
            order: by(read("at", Reading::Instant), Direction::Descending),
            limit: 7,
            ..everything()
        };
        let expected = answer(&world.rows(), &selection);
        let first = page(&rig.find, &selection).await;
        assert_eq!(first.explained.access, Access::Index);
        rig.find.declare(Vec::new()).await.unwrap();
        let rest = Selection { cursor: first.cursor.clone(), ..selection };
        assert_eq!(page(&rig.find, &rest).await.explained.access, Access::Scan);
        let uris = first.records.into_iter().map(|record| record.uri);
        let all: Vec<String> = uris.chain(pages(&rig.find, &rest).await.concat()).collect();
        assert_eq!(all, expected);
    })
    .await;
}
