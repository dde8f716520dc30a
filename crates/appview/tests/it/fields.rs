//! Queries whose parameters name fields of records.

use appview::NewLexicon;
use serde_json::{Value, json};
use testkit::Answer;

use crate::harness::{ALICE, BOB, Server, has_status, on_each_server, record_lexicon};

const ITEM: &str = "com.example.item";
const LIST: &str = "com.example.listItems";

fn item_lexicon() -> Value {
    let mut lexicon = record_lexicon(ITEM);
    lexicon["defs"]["main"]["record"] = json!({"type": "object", "properties": {
        "title": {"type": "string", "maxLength": 300},
        "state": {"type": "string", "enum": ["open", "closed"]},
        "price": {"type": "integer"},
        "sold": {"type": "boolean"},
        "tags": {"type": "array", "items": {"type": "string"}},
        "createdAt": {"type": "string", "format": "datetime"},
        "subject": {"type": "ref", "ref": "com.atproto.repo.strongRef"},
        "place": {"type": "ref", "ref": "#place"},
    }});
    lexicon["defs"]["place"] = json!({"type": "object", "properties": {"city": {"type": "string"}}});
    lexicon
}

fn list_lexicon(properties: &Value) -> NewLexicon {
    let lexicon = json!({"lexicon": 1, "id": LIST, "defs": {"main": {
        "type": "query", "parameters": {"type": "params", "properties": properties},
    }}});
    NewLexicon { target_collection: Some(ITEM.to_owned()), ..NewLexicon::new(lexicon.to_string()) }
}

fn everything() -> Value {
    json!({
        "limit": {"type": "integer"}, "cursor": {"type": "string"}, "did": {"type": "string"}, "uri": {"type": "string"},
        "state": {"type": "array", "items": {"type": "string"}},
        "price": {"type": "integer"}, "priceMin": {"type": "integer"}, "priceMax": {"type": "integer"},
        "sold": {"type": "boolean"},
        "tags": {"type": "string"},
        "createdAtAfter": {"type": "string", "format": "datetime"},
        "createdAtBefore": {"type": "string", "format": "datetime"},
        "subject": {"type": "string", "format": "at-uri"},
        "place.city": {"type": "string"},
        "town": {"type": "string", "x-belvedere": {"field": "place.city"}},
        "sort": {"type": "string", "enum": ["price", "-price", "-createdAt", "newest", "oldest", "relevance"]},
        "q": {"type": "string"},
        "title": {"type": "integer"},
        "other": {"type": "string"},
    })
}

/// A server with five items, and how often a query was answered by an index.
async fn with_items(server: &Server) {
    server.add(NewLexicon::new(item_lexicon().to_string())).await;
    server.add(list_lexicon(&everything())).await;
    let mut last = 0;
    for (did, rkey, record) in [
        (
            ALICE,
            "a",
            json!({"title": "Red bicycle", "state": "open", "price": 100, "sold": false, "tags": ["bike", "red"],
            "createdAt": "2024-01-01T00:00:00Z", "subject": {"uri": "at://did:web:x/a.b.c/1", "cid": "x"}, "place": {"city": "Bern"}}),
        ),
        (
            BOB,
            "b",
            json!({"title": "Blue bicycle", "state": "closed", "price": 50, "sold": true, "tags": ["bike"],
            "createdAt": "2024-01-01T01:00:00+02:00", "place": {"city": "Basel"}}),
        ),
        (
            ALICE,
            "c",
            json!({"title": "Lamp, red like a bicycle", "state": "open", "price": 7, "tags": [], "createdAt": "2024-03-01T00:00:00.5Z"}),
        ),
        (
            BOB,
            "d",
            json!({"title": "Chair", "state": "lost", "price": "50", "sold": "yes", "createdAt": "soon"}),
        ),
        (
            ALICE,
            "e",
            json!({"state": "open", "price": 50, "tags": ["red"], "subject": {"uri": "at://did:web:x/a.b.c/1", "cid": "y"}}),
        ),
    ] {
        last = server.stream.put(did, ITEM, rkey, &record.to_string());
    }
    server.ingested(last).await;
}

async fn get(server: &Server, query: &[(&str, &str)]) -> Answer {
    server.client.get_with(&format!("/xrpc/{LIST}"), query).await
}

/// The record keys of an answer.
async fn keys(server: &Server, query: &[(&str, &str)]) -> String {
    let page = get(server, query).await.expect(200);
    let uris = page["records"].as_array().unwrap().iter().map(|record| record["uri"].as_str().unwrap());
    uris.map(|uri| uri.rsplit('/').next().unwrap()).collect()
}

async fn indexes_are_ready(server: &Server) {
    server
        .eventually("all indexes are ready", async || {
            let indexes = server.admin.get("/admin/indexes").await.expect(200);
            let indexes = indexes.as_array().unwrap();
            !indexes.is_empty() && indexes.iter().all(|index| index["state"] == "ready")
        })
        .await;
}

async fn all_conditions(server: &Server) {
    for (query, expected) in [
        (vec![], "edcba"),
        (vec![("state", "open")], "eca"),
        (vec![("state", "open"), ("state", "closed")], "ecba"),
        (vec![("price", "50")], "eb"),
        (vec![("priceMin", "50")], "eba"),
        (vec![("priceMin", "8"), ("priceMax", "50")], "eb"),
        (vec![("sold", "true")], "b"),
        (vec![("sold", "0")], "a"),
        (vec![("tags", "red")], "ea"),
        (vec![("tags", "red"), ("state", "open"), ("did", ALICE)], "ea"),
        (vec![("did", BOB), ("tags", "bike")], "b"),
        (vec![("createdAtAfter", "2023-12-31T23:00:00Z")], "ca"),
        (vec![("createdAtBefore", "2024-01-01T00:00:00.000Z")], "b"),
        (vec![("subject", "at://did:web:x/a.b.c/1")], "ea"),
        (vec![("place.city", "Bern")], "a"),
        (vec![("town", "Basel")], "b"),
        (vec![("sort", "price"), ("did", ALICE)], "cea"),
        (vec![("sort", "-price")], "dabec"),
        (vec![("sort", "-createdAt"), ("state", "open")], "cae"),
        (vec![("sort", "oldest"), ("limit", "2")], "ab"),
        (vec![("q", "bicycle")], "bca"),
        (vec![("q", "bicycle -blue")], "ca"),
        (vec![("q", "\"red bicycle\"")], "a"),
        (vec![("q", "bic*"), ("sort", "newest")], "cba"),
        (vec![("q", "red"), ("priceMax", "10")], "c"),
        (vec![("state", "' OR 1=1 --")], ""),
        (vec![("title", "7"), ("other", "x")], "edcba"),
        (vec![("sort", "relevance")], "edcba"),
    ] {
        assert_eq!(keys(server, &query).await, expected, "{query:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn parameters_that_name_fields_are_conditions() {
    on_each_server(|server| async move {
        with_items(&server).await;
        indexes_are_ready(&server).await;
        all_conditions(&server).await;
        // What is written is in the next answer.
        let rewritten = json!({"state": "closed", "price": 50});
        server.ingested(server.stream.put(ALICE, ITEM, "e", &rewritten.to_string())).await;
        assert_eq!(keys(&server, &[("state", "open")]).await, "ca");
        assert_eq!(keys(&server, &[("state", "closed")]).await, "eb");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_follow_each_other() {
    on_each_server(|server| async move {
        with_items(&server).await;
        for query in [vec![("state", "open")], vec![("sort", "-price")], vec![("q", "bicycle")], vec![]] {
            let all = keys(&server, &query).await;
            let (mut seen, mut cursor) = (String::new(), None::<String>);
            loop {
                let mut query = [query.clone(), vec![("limit", "1")]].concat();
                query.extend(cursor.as_deref().map(|cursor| ("cursor", cursor)));
                seen.push_str(&keys(&server, &query).await);
                let page = get(&server, &query).await.expect(200);
                assert_eq!(
                    page.as_object()
                        .unwrap()
                        .keys()
                        .filter(|key| !["records", "cursor"].contains(&key.as_str()))
                        .count(),
                    0
                );
                match page["cursor"].as_str() {
                    Some(next) => cursor = Some(next.to_owned()),
                    None => break,
                }
            }
            assert_eq!(seen, all, "{query:?}");
        }
        // A cursor of the list goes on with a condition.
        let page = get(&server, &[("limit", "2")]).await.expect(200);
        let cursor = page["cursor"].as_str().unwrap();
        assert_eq!(keys(&server, &[("cursor", cursor), ("state", "open")]).await, "ca");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_output_with_a_count_has_the_number_of_all_pages() {
    let with_output = |properties: &Value| {
        let lexicon = json!({"lexicon": 1, "id": LIST, "defs": {"main": {
            "type": "query", "parameters": {"type": "params", "properties": everything()},
            "output": {"encoding": "application/json", "schema": {"type": "object", "properties": properties}},
        }}});
        NewLexicon { target_collection: Some(ITEM.to_owned()), ..NewLexicon::new(lexicon.to_string()) }
    };
    on_each_server(|server| async move {
        with_items(&server).await;
        indexes_are_ready(&server).await;
        let questions = [
            (vec![], 5),
            (vec![("did", ALICE)], 3),
            (vec![("state", "open")], 3),
            (vec![("state", "open"), ("state", "closed")], 4),
            (vec![("tags", "red"), ("priceMax", "60")], 1),
            (vec![("createdAtAfter", "2023-12-31T23:00:00Z"), ("sort", "-price")], 2),
            (vec![("q", "bicycle -blue")], 2),
            (vec![("state", "lost"), ("did", ALICE)], 0),
        ];
        server.add(with_output(&json!({"count": {"type": "integer"}}))).await;
        for (query, count) in &questions {
            let answer = get(&server, query).await.expect(200);
            assert_eq!(answer, json!({ "count": count }), "{query:?}");
        }
        let both =
            json!({"count": {"type": "integer"}, "records": {"type": "array", "items": {"type": "unknown"}}});
        server.add(with_output(&both)).await;
        for (query, count) in &questions {
            let answer = get(&server, &[query.clone(), vec![("limit", "1")]].concat()).await.expect(200);
            assert_eq!(answer["count"], *count, "{query:?}");
            assert_eq!(answer["records"].as_array().unwrap().len(), (*count).min(1), "{query:?}");
        }
        server.add(with_output(&json!({"count": {"type": "string"}}))).await;
        assert_eq!(get(&server, &[]).await.expect(200)["count"], Value::Null);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_of_its_type_is_refused() {
    on_each_server(|server| async move {
        with_items(&server).await;
        let many = vec![("state", "open"); 26];
        let long = "a".repeat(2049);
        for (query, error) in [
            (vec![("price", "cheap")], "parameter price: must be an integer, but it is \"cheap\""),
            (vec![("price", "1"), ("price", "2")], "parameter price: must be given once"),
            (vec![("priceMin", "")], "parameter priceMin: must be an integer, but it is \"\""),
            (vec![("sold", "maybe")], "parameter sold: must be true or false, but it is \"maybe\""),
            (
                vec![("createdAtAfter", "yesterday")],
                "parameter createdAtAfter: must have the format datetime, but it is \"yesterday\"",
            ),
            (many, "state must be 1 to 25 values"),
            (vec![("tags", long.as_str())], "tags must be a text of at most 2048 bytes"),
            (
                vec![("sort", "title")],
                "parameter sort: must be one of \"-createdAt\", \"-price\", \"newest\", \"oldest\", \"price\", \"relevance\", but it is \"title\"",
            ),
            (vec![("q", "-x")], "q: there is no word to look for"),
            (vec![("q", "a"), ("q", "b")], "parameter q: must be given once"),
        ] {
            let answer = get(&server, &query).await.expect(400);
            let said = answer["message"].as_str().or(answer["error"].as_str()).unwrap();
            assert_eq!(said, error, "{query:?}");
        }
        for cursor in ["x", "AAAA", ""] {
            has_status(&get(&server, &[("cursor", cursor)]).await, 400);
            has_status(&get(&server, &[("cursor", cursor), ("sort", "price")]).await, 400);
            has_status(&get(&server, &[("cursor", cursor), ("q", "red")]).await, 400);
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn operators_see_what_serves_what() {
    on_each_server(|server| async move {
        with_items(&server).await;
        indexes_are_ready(&server).await;
        let explain = async |query: &str| {
            server.admin.get(&format!("/admin/queries/{LIST}/explain?{query}")).await.expect(200)
        };
        let explained = explain("state=open&sort=-price").await;
        assert_eq!(explained["access"], "index");
        assert_eq!(explained["index_description"], "state =, in the order of price");
        assert_eq!(explained["looked_up"], json!(["state ="]));
        assert_eq!(explain("q=bicycle").await["access"], "words");
        assert_eq!(explain(&format!("did={ALICE}&state=open")).await["looked_at"], json!(["did ="]));
        assert_eq!(explain("").await["access"], "scan");
        has_status(&server.admin.get(&format!("/admin/queries/{LIST}/explain?price=x")).await, 400);
        has_status(&server.admin.get("/admin/queries/com.example.nothing/explain").await, 404);
        has_status(&server.admin.get(&format!("/admin/queries/{ITEM}/explain")).await, 404);

        keys(&server, &[("state", "open")]).await;
        let queries = server.admin.get("/admin/queries").await.expect(200);
        let [query] = queries.as_array().unwrap().as_slice() else { panic!("{queries}") };
        assert_eq!((&query["nsid"], &query["calls"]), (&json!(LIST), &json!(1)));
        let meaning = |name: &str| {
            let parameters = query["parameters"].as_array().unwrap();
            parameters
                .iter()
                .find(|parameter| parameter["name"] == name)
                .map(|parameter| parameter["meaning"].clone())
        };
        assert_eq!(meaning("state").unwrap(), "state is any of the values");
        assert_eq!(meaning("subject").unwrap(), "subject.uri is the value");
        assert_eq!(meaning("createdAtAfter").unwrap(), "createdAt as an instant comes after the value");
        assert_eq!(meaning("title").unwrap(), "nothing: it is \"integer\", and title is string");
        assert_eq!((meaning("other"), meaning("limit")), (None, None));
        assert!(query["indexes"].as_array().unwrap().iter().all(|index| index["progress"] == 1.0));
        assert_eq!(server.admin.get("/admin/queries/slow").await.expect(200), json!([]));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_sees_that_without_permission() {
    on_each_server(|server| async move {
        server.add(NewLexicon::new(item_lexicon().to_string())).await;
        server.add(list_lexicon(&everything())).await;
        let explain = format!("/admin/queries/{LIST}/explain");
        for (path, permission, other) in [
            ("/admin/queries", "lexicons:read", "stats:read"),
            (explain.as_str(), "lexicons:read", "stats:read"),
            ("/admin/queries/slow", "stats:read", "lexicons:read"),
            ("/admin/indexes", "stats:read", "lexicons:read"),
        ] {
            has_status(&server.client.get(path).await, 401);
            has_status(&server.caller(&[other]).await.get(path).await, 403);
            has_status(&server.caller(&[permission]).await.get(path).await, 200);
        }
    })
    .await;
}

/// An index comes with the lexicon that asks for it and goes with it.
#[tokio::test(flavor = "multi_thread")]
async fn indexes_follow_lexicons() {
    on_each_server(|server| async move {
        with_items(&server).await;
        indexes_are_ready(&server).await;
        server.add(list_lexicon(&json!({"state": {"type": "string"}}))).await;
        let descriptions = async || -> Vec<String> {
            let indexes = server.admin.get("/admin/indexes").await.expect(200);
            let description = |index: &Value| index["description"].as_str().unwrap().to_owned();
            indexes.as_array().unwrap().iter().map(description).collect()
        };
        let expected = ["state =, in the order in which records were first seen"];
        server.eventually("only one is left", async || descriptions().await == expected).await;
        assert_eq!(keys(&server, &[("state", "open"), ("price", "50")]).await, "eca");
        let page = get(&server, &[("state", "open"), ("state", "closed")]).await.expect(400);
        assert_eq!(page["message"], "parameter state: must be given once");
        has_status(&server.admin.delete(&format!("/admin/lexicons/{LIST}")).await, 204);
        server.eventually("none is left", async || descriptions().await.is_empty()).await;
    })
    .await;
}

/// A query of which no parameter names a field is the list that it always was.
#[tokio::test(flavor = "multi_thread")]
async fn a_lexicon_that_names_nothing_asks_for_nothing() {
    on_each_server(|server| async move {
        with_items(&server).await;
        server.add(list_lexicon(&json!({"limit": {"type": "integer"}, "colour": {"type": "string"}, "sort": {"type": "string"}}))).await;
        assert_eq!(keys(&server, &[("colour", "red"), ("sort", "price"), ("state", "open")]).await, "edcba");
        server.eventually("no index", async || server.admin.get("/admin/indexes").await.expect(200) == json!([])).await;
    })
    .await;
}
