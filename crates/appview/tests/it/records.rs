//! `/admin/records` and `/admin/stats`.

use appview::NewLexicon;
use serde_json::{Value, json};

use crate::harness::{ALICE, BOB, STATUS, Server, has_status, on_each_server, record_lexicon};

const LIST: &str = "/admin/records?collection=com.example.status";

#[tokio::test(flavor = "multi_thread")]
async fn are_listed_newest_first_with_their_labels() {
    on_each_server(|server| async move {
        server.add_status_lexicons().await;
        let labelled = r#"{"status":"old","labels":{"$type":"com.atproto.label.defs#selfLabels","values":[{"val":"spoiler"},{"val":"nudity"}]}}"#;
        server.stream.put(ALICE, STATUS, "old", labelled);
        server.write(BOB, "new", r#"{"status":"new","uri":"kept here"}"#).await;
        let mut list = server.admin.get(LIST).await.expect(200);
        for record in list["records"].as_array_mut().unwrap() {
            assert!(record["indexed_at"].as_str().unwrap().ends_with('Z'));
            record["indexed_at"] = "[time]".into();
        }
        insta::allow_duplicates! { insta::assert_json_snapshot!("records", list); }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_end_like_those_of_queries() {
    on_each_server(|server| async move {
        server.add_status_lexicons().await;
        for number in 0..3 {
            server.stream.put(ALICE, STATUS, &format!("r{number}"), &format!(r#"{{"status":"s{number}"}}"#));
        }
        server.write(ALICE, "r3", r#"{"status":"s3"}"#).await;
        let keys = |page: &Value| -> Vec<String> {
            let records = page["records"].as_array().unwrap();
            records.iter().map(|record| record["rkey"].as_str().unwrap().to_owned()).collect()
        };
        let first = server.admin.get(&format!("{LIST}&limit=2")).await.expect(200);
        assert_eq!(keys(&first), ["r3", "r2"]);
        let cursor = first["cursor"].as_str().unwrap();
        let second = server.admin.get(&format!("{LIST}&limit=2&cursor={cursor}")).await.expect(200);
        assert_eq!(keys(&second), ["r1", "r0"]);
        assert_eq!(second.get("cursor"), None, "a full last page");
        for limit in ["0", "-5"] {
            assert_eq!(keys(&server.admin.get(&format!("{LIST}&limit={limit}")).await.expect(200)), ["r3"]);
        }
        for query in ["&limit=abc", "&limit=", "&cursor=1", "&cursor="] {
            has_status(&server.admin.get(&format!("{LIST}{query}")).await, 400);
        }
        has_status(&server.admin.get("/admin/records").await, 400);
        has_status(&server.admin.get("/admin/records?collection=statuses").await, 400);
        let empty = server.admin.get("/admin/records?collection=com.example.nothing").await;
        assert_eq!(empty.expect(200), json!({"records": []}));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn one_is_shown_with_what_refers_to_it() {
    const RECORD: &str = "/admin/records/record?uri=at://";
    const LINKS: &str = "/admin/records/backlinks?uri=at://";
    on_each_server(|server| async move {
        server.add_status_lexicons().await;
        server.stream.put(ALICE, STATUS, "root", r#"{"status":"root"}"#);
        let root = format!("at://{ALICE}/{STATUS}/root");
        let twice = json!({"status": "1", "reply": {"root": root, "of": [root, "else"]}});
        server.stream.put(BOB, STATUS, "one", &twice.to_string());
        server.write(BOB, "two", &json!({"status": "2", "subject": root}).to_string()).await;

        let record = server.admin.get(&format!("{RECORD}{ALICE}/{STATUS}/root")).await.expect(200);
        assert_eq!((&record["uri"], &record["record"]), (&json!(root), &json!({"status": "root"})));
        has_status(&server.admin.get(&format!("{RECORD}{ALICE}/{STATUS}/none")).await, 404);
        has_status(&server.admin.get("/admin/records/record?uri=nonsense").await, 400);

        let links = async |query: &str| {
            server.admin.get(&format!("{LINKS}{ALICE}/{STATUS}/root{query}")).await.expect(200)
        };
        let (one, two) = (format!("at://{BOB}/{STATUS}/one"), format!("at://{BOB}/{STATUS}/two"));
        let all = json!({"collections": [{"collection": STATUS, "records": [
            {"uri": two, "paths": ["subject"]}, {"uri": one, "paths": ["reply.of[]", "reply.root"]},
        ]}]});
        assert_eq!(links("").await, all);
        let place = |page: &Value| page["collections"][0].clone();
        let first = place(&links(&format!("&collection={STATUS}&limit=1")).await);
        assert_eq!(first["records"], json!([place(&all)["records"][0]]));
        let cursor = first["cursor"].as_str().unwrap();
        let rest = place(&links(&format!("&collection={STATUS}&limit=1&cursor={cursor}")).await);
        assert_eq!(rest, json!({"collection": STATUS, "records": [place(&all)["records"][1]]}));
        assert_eq!(links("x").await, json!({"collections": []}));
        for query in
            ["&cursor=x", "&limit=x", "&collection=statuses", &format!("&collection={STATUS}&cursor=x")]
        {
            has_status(&server.admin.get(&format!("{LINKS}{ALICE}/{STATUS}/root{query}")).await, 400);
        }
        has_status(&server.admin.get("/admin/records/backlinks?uri=root").await, 400);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn are_counted_and_their_collections_named() {
    on_each_server(|server| async move {
        assert_eq!(
            server.admin.get("/admin/stats").await.expect(200),
            json!({"total_records": 0, "collections": []})
        );
        server.add_status_lexicons().await;
        server.add(NewLexicon::new(record_lexicon("com.example.sign").to_string())).await;
        server.stream.put(ALICE, "com.example.sign", "s", "{}");
        server.stream.put(ALICE, STATUS, "a", "{}");
        server.write(BOB, "b", "{}").await;
        let stats = server.admin.get("/admin/stats").await.expect(200);
        let collections =
            json!([{"collection": "com.example.sign", "count": 1}, {"collection": STATUS, "count": 2}]);
        assert_eq!(stats, json!({"total_records": 3, "collections": collections}));
        let collections = server.admin.get("/admin/records/collections").await.expect(200);
        assert_eq!(collections, json!({"collections": ["com.example.sign", STATUS]}));
    })
    .await;
}

async fn exists(server: &Server, did: &str, rkey: &str) -> bool {
    let uri = format!("at://{did}/{STATUS}/{rkey}");
    server.client.get_with("/xrpc/com.example.getStatuses", &[("uri", &uri)]).await.status == 200
}

#[tokio::test(flavor = "multi_thread")]
async fn one_can_be_taken_out() {
    on_each_server(|server| async move {
        server.add_status_lexicons().await;
        server.stream.put(ALICE, STATUS, "a", "{}");
        server.write(BOB, "b", "{}").await;
        let path = format!("/admin/records?uri=at://{ALICE}/{STATUS}/a");
        let encoded = path.replace(':', "%3A").replace("//", "%2F%2F");
        assert_eq!(server.admin.delete(&encoded).await.status, 204);
        assert!(!exists(&server, ALICE, "a").await && exists(&server, BOB, "b").await);
        assert_eq!(server.admin.delete(&path).await.expect(404), json!({"error": "record not found"}));
        for path in
            ["/admin/records", "/admin/records?uri=", "/admin/records?uri=at://did:web:a.invalid/x.y.z"]
        {
            has_status(&server.admin.delete(path).await, 400);
        }
        let stats = server.admin.get("/admin/stats").await.expect(200);
        assert_eq!(stats["total_records"], 1);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_collection_can_be_emptied() {
    on_each_server(|server| async move {
        server.add_status_lexicons().await;
        server.stream.put(ALICE, STATUS, "a", "{}");
        server.write(BOB, "b", "{}").await;
        let path = "/admin/records/collection";
        let emptied = server.admin.delete(&format!("{path}?collection={STATUS}")).await.expect(200);
        assert_eq!(emptied, json!({"deleted": 2}));
        assert!(!exists(&server, ALICE, "a").await);
        server.write(ALICE, "c", "{}").await;
        assert!(exists(&server, ALICE, "c").await, "what comes later is indexed");
        for query in ["", "?collection=", "?collection=statuses"] {
            has_status(&server.admin.delete(&format!("{path}{query}")).await, 400);
        }
    })
    .await;
}
