//! Queries by fields and words, out of indexes that the server builds while it goes on.

use serde_json::{Value, json};
use testkit::{Belvedere, TestDatabase};

use crate::scene::Scene;

const ITEM: &str = "com.example.shop.item";
const LIST: &str = "com.example.shop.listItems";

/// How many are for sale.
const ITEMS: i64 = 60;

#[tokio::test(flavor = "multi_thread")]
async fn fields_and_words_are_answered_from_indexes_on_sqlite() {
    fields_and_words_are_answered_from_indexes(TestDatabase::sqlite()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn fields_and_words_are_answered_from_indexes_on_postgres() {
    if let Some(database) = TestDatabase::postgres().await {
        fields_and_words_are_answered_from_indexes(database).await;
    }
}

/// The lexicons come when the records are there; the server is killed while it builds.
async fn fields_and_words_are_answered_from_indexes(database: TestDatabase) {
    let Some(scene) = Scene::set(database).await else { return };
    let server = scene.start_with_samples(&scene.place).await;
    let admin = scene.place.admin(&server);
    let item = json!({ "lexicon_json": record(), "backfill": false });
    assert_eq!(admin.post("/admin/lexicons", &item).await.status, 201);
    let author = scene.active_accounts().await.remove(0);
    for number in 0..ITEMS {
        scene.network.create_record(&author.did, ITEM, None, &for_sale(number)).await;
    }
    scene.caught_up(&server).await;
    let query = json!({ "lexicon_json": query(), "target_collection": ITEM });
    assert_eq!(admin.post("/admin/lexicons", &query).await.status, 201);
    server.kill();
    let server = scene.place.start().await;

    // Right or not at all, whether there is an index yet or not.
    let cheap = [("state", "open"), ("priceMax", "20"), ("sort", "price"), ("limit", "3")];
    let expected: Vec<i64> = (0..ITEMS).filter(|number| number % 2 == 0 && *number <= 20).collect();
    assert_eq!(all(&server, &cheap).await, expected);
    scene.place.indexed(&server).await;
    assert_eq!(all(&server, &cheap).await, expected);
    assert_eq!(all(&server, &[("q", "\"number 7\" -blue"), ("sort", "price")]).await, [7]);
    let wrong = server.client.get_with(&format!("/xrpc/{LIST}"), &[("priceMax", "much")]).await;
    assert_eq!((wrong.status, wrong.json()["error"].clone()), (400, json!("InvalidRequest")));

    let path = format!("/admin/queries/{LIST}/explain?state=open&sort=price");
    let explained = scene.place.admin(&server).get(&path).await.expect(200);
    assert_eq!(explained["access"], "index", "{explained}");
    assert_eq!(server.client.get(&path).await.status, 401);

    // What is written is found by the next question.
    scene.network.create_record(&author.did, ITEM, None, &for_sale(-2)).await;
    scene.caught_up(&server).await;
    assert_eq!(all(&server, &[("state", "open"), ("sort", "price"), ("limit", "1")]).await[0], -2);
    server.terminate().await;
}

/// The prices on all pages, in their order.
async fn all(server: &Belvedere, query: &[(&str, &str)]) -> Vec<i64> {
    let (mut prices, mut cursor) = (Vec::new(), None::<String>);
    loop {
        let mut query = query.to_vec();
        query.extend(cursor.as_deref().map(|cursor| ("cursor", cursor)));
        let page = server.client.get_with(&format!("/xrpc/{LIST}"), &query).await.expect(200);
        let records = page["records"].as_array().unwrap();
        prices.extend(records.iter().map(|record| record["price"].as_i64().unwrap()));
        match page["cursor"].as_str() {
            Some(next) => cursor = Some(next.to_owned()),
            None => return prices,
        }
    }
}

fn for_sale(number: i64) -> Value {
    let (state, colour) = if number % 2 == 0 { ("open", "blue") } else { ("closed", "red") };
    json!({ "$type": ITEM, "title": format!("A {colour} thing, number {number}"), "state": state, "price": number })
}

fn record() -> Value {
    json!({ "lexicon": 1, "id": ITEM, "defs": { "main": { "type": "record", "key": "tid", "record": {
        "type": "object",
        "required": ["title", "price"],
        "properties": {
            "title": { "type": "string" },
            "state": { "type": "string" },
            "price": { "type": "integer" },
        },
    } } } })
}

fn query() -> Value {
    json!({ "lexicon": 1, "id": LIST, "defs": { "main": { "type": "query", "parameters": {
        "type": "params",
        "properties": {
            "limit": { "type": "integer" },
            "cursor": { "type": "string" },
            "state": { "type": "string" },
            "priceMax": { "type": "integer" },
            "sort": { "type": "string", "enum": ["newest", "price", "-price"] },
            "q": { "type": "string" },
        },
    } } } })
}
