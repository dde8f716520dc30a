//! A text in a field.

use find::{Error, Search};
use serde_json::{Value, json};
use testkit::on_each_engine;

use crate::rig::{NOTE, Rig, numbers, schemas};

pub(crate) async fn search(rig: &Rig, text: &str) -> Vec<usize> {
    limited(rig, text, 100).await
}

async fn limited(rig: &Rig, text: &str, limit: u32) -> Vec<usize> {
    let json = json!({"collection": NOTE, "field": "name", "query": text, "limit": limit});
    numbers(&rig.find.search(Search::parse(&json).unwrap()).await.unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_text_itself_then_beginnings_then_the_rest_by_alphabet() {
    on_each_engine(&schemas(), |store| async move {
        let rig = Rig::new(&store);
        let names = [
            json!("the cat"),   // 0
            json!("Catalogue"), // 1
            json!("CAT"),       // 2
            json!("category"),  // 3
            json!("a cat"),     // 4
            json!("dog"),       // 5
            json!(["cat"]),     // 6
            json!(null),        // 7
            json!("cat"),       // 8
            json!("ca"),        // 9
            json!("concat"),    // 10
        ];
        rig.notes(&names.map(|name| json!({ "name": name }))).await;
        assert_eq!(search(&rig, "cAt").await, [2, 8, 1, 3, 4, 10, 0]);
        assert_eq!(limited(&rig, "cat", 3).await, [2, 8, 1]);
        assert_eq!(search(&rig, "cats").await, Vec::<usize>::new());
        assert_eq!(search(&rig, "").await.len(), 9, "every text contains nothing");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn there_are_no_wildcards() {
    on_each_engine(&schemas(), |store| async move {
        let rig = Rig::new(&store);
        let names =
            ["100%", "100 percent", "snake_case", "snakeXcase", "back\\slash", "É", "é", "it's", "x\u{FFFD}"];
        rig.notes(&names.map(|name| json!({ "name": name }))).await;
        for (text, expected) in [
            ("100%", vec![0]),
            ("_", vec![2]),
            ("\\", vec![4]),
            ("é", vec![6]),
            ("'", vec![7]),
            ("\0", vec![8]),
            ("100", vec![1, 0]),
        ] {
            assert_eq!(search(&rig, text).await, expected, "{text:?}");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_best_are_found_among_many() {
    on_each_engine(&schemas(), |store| async move {
        let rig = Rig::new(&store);
        let name = |number: usize| match number {
            3 => "needle".to_owned(),
            900 => "Needle in a haystack".to_owned(),
            number if number % 100 == 0 => format!("straw and needle {number:04}"),
            number => format!("straw {number}"),
        };
        rig.notes(&(0..1200).map(|number| json!({ "name": name(number) })).collect::<Vec<_>>()).await;
        assert_eq!(limited(&rig, "needle", 4).await, [3, 900, 0, 100]);
    })
    .await;
}

#[test]
fn what_is_wrong_is_said() {
    let refusal = |json: Value| Search::parse(&json).unwrap_err();
    let nested = json!({"collection": NOTE, "field": "a b", "query": "x"});
    assert!(matches!(refusal(nested), Error::SearchField(field) if field == "a b"));
    for (json, name) in [
        (json!({"field": "a", "query": "x"}), "collection"),
        (json!({"collection": NOTE, "query": "x"}), "field"),
        (json!({"collection": NOTE, "field": "a"}), "query"),
        (json!({"collection": NOTE, "field": "a", "query": "x", "limit": "many"}), "limit"),
    ] {
        assert!(matches!(refusal(json), Error::Argument { name: wrong, .. } if wrong == name), "{name}");
    }
}
