//! `/admin/lexicons`.

use serde_json::{Value, json};

use crate::harness::{
    STATUS, Server, has_status, on_each_server, procedure_lexicon, query_lexicon, record_lexicon,
};

#[tokio::test(flavor = "multi_thread")]
async fn are_added_replaced_shown_and_removed() {
    on_each_server(|server| async move {
        let admin = &server.admin;
        let body = json!({"lexicon_json": record_lexicon(STATUS)});
        let added = admin.post("/admin/lexicons", &body).await.expect(201);
        let query = json!({
            "lexicon_json": query_lexicon("com.example.getStatuses"),
            "target_collection": STATUS,
            "token_cost": 3,
        });
        assert_eq!(
            admin.post("/admin/lexicons", &query).await.expect(201),
            json!({"id": "com.example.getStatuses", "revision": 1})
        );
        let procedure = json!({
            "lexicon_json": procedure_lexicon("com.example.setStatus"),
            "target_collection": STATUS,
            "action": "create",
            "backfill": false,
        });
        has_status(&admin.post("/admin/lexicons", &procedure).await, 201);
        assert_eq!(
            admin.post("/admin/lexicons", &procedure).await.expect(200),
            json!({"id": "com.example.setStatus", "revision": 2})
        );
        let list = admin.get("/admin/lexicons").await.expect(200);
        let show = admin.get("/admin/lexicons/com.example.getStatuses").await.expect(200);
        let times = |mut value: Value| {
            for lexicon in value.as_array_mut().map_or(&mut [] as &mut [Value], |list| list) {
                hide_times(lexicon);
            }
            hide_times(&mut value);
            value
        };
        insta::allow_duplicates! {
            insta::assert_json_snapshot!("added", added, { ".backfill_job" => "[job]" });
            insta::assert_json_snapshot!("list", times(list));
            insta::assert_json_snapshot!("show", times(show));
        }
        let gone = admin.delete("/admin/lexicons/com.example.setStatus").await;
        assert_eq!((gone.status, &*gone.text), (204, ""));
        let error = json!({"error": "lexicon not found"});
        assert_eq!(admin.delete("/admin/lexicons/com.example.setStatus").await.expect(404), error);
        assert_eq!(admin.get("/admin/lexicons/com.example.setStatus").await.expect(404), error);
        let again = admin.post("/admin/lexicons", &procedure).await.expect(201);
        assert_eq!(again["revision"], 1, "a removed lexicon starts over");
    })
    .await;
}

fn hide_times(lexicon: &mut Value) {
    for field in ["created_at", "updated_at"] {
        if let Some(time) = lexicon.get_mut(field) {
            assert!(time.as_str().unwrap().ends_with('Z'), "{time}");
            *time = "[time]".into();
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_document_comes_back_byte_for_byte() {
    on_each_server(|server| async move {
        let document = "{ \"lexicon\" : 1,\n\t\"id\":\"com.example.odd\",\"defs\":{},\"x\":1.50e1,\"\\u0000\":\"\\u2028\u{2028}\" }";
        let body = format!("{{\"lexicon_json\": {document} }}");
        let request = server.admin.request(http::Method::POST, "/admin/lexicons");
        has_status(&server.admin.send(request.header("content-type", "application/json").body(body)).await, 201);
        let shown = server.admin.get("/admin/lexicons/com.example.odd").await;
        assert!(shown.text.contains(&format!("\"lexicon_json\":{document}")), "{}", shown.text);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn ids_may_be_percent_encoded() {
    on_each_server(|server| async move {
        let body = json!({"lexicon_json": record_lexicon(STATUS)});
        has_status(&server.admin.post("/admin/lexicons", &body).await, 201);
        let shown = server.admin.get("/admin/lexicons/com%2Eexample%2estatus").await.expect(200);
        assert_eq!(shown["id"], STATUS);
        for id in
            ["a%2Fb", "%00", "%ff", "..", "com.example.status%20", "%F0%9F%98%80", "'; DROP TABLE x; --"]
        {
            let answer = server.admin.get(&format!("/admin/lexicons/{id}")).await;
            assert!([400, 404].contains(&answer.status), "{id}: {answer:?}");
        }
        has_status(&server.admin.delete("/admin/lexicons/com%2Eexample.status").await, 204);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn bad_documents_are_refused_with_the_reason() {
    on_each_server(|server| async move {
        let with = |field: &str, value: Value| {
            let mut lexicon = record_lexicon(STATUS);
            lexicon[field] = value;
            json!({ "lexicon_json": lexicon })
        };
        let action =
            |word: &str| json!({"lexicon_json": procedure_lexicon("com.example.set"), "action": word});
        let collection =
            |nsid: &str| json!({"lexicon_json": query_lexicon("com.example.get"), "target_collection": nsid});
        for (body, message) in [
            (with("lexicon", json!(2)), "`lexicon` must be the number 1"),
            (with("lexicon", json!("1")), "`lexicon` must be the number 1"),
            (with("lexicon", Value::Null), "`lexicon` must be the number 1"),
            (with("id", Value::Null), "`id` must be a string"),
            (with("id", json!(7)), "`id` must be a string"),
            (with("id", json!("status")), "`id`: \"status\" is not a valid NSID"),
            (with("defs", json!([])), "`defs` must be an object"),
            (json!({"lexicon_json": "{}"}), "the lexicon cannot be read: the JSON is not an object"),
            (json!({"lexicon_json": [1]}), "the lexicon cannot be read: the JSON is not an object"),
            (json!({"lexicon_json": null}), "the lexicon cannot be read: the JSON is not an object"),
            (action("upsert"), "action must be create, update, delete or absent, but it is \"upsert\""),
            (action("DELETE"), "action must be create, update, delete or absent, but it is \"DELETE\""),
            (action(&"x".repeat(10_000)), "action must be"),
            (collection("statuses"), "target_collection: \"statuses\" is not a valid NSID"),
            (collection(""), "target_collection: \"\" is not a valid NSID"),
        ] {
            let error = server.admin.post("/admin/lexicons", &body).await.expect(400);
            let error = error["error"].as_str().unwrap();
            assert!(error.starts_with(message), "{message}: {error}");
            assert!(error.len() < 500, "{error}");
        }
        assert_eq!(server.admin.get("/admin/lexicons").await.text, "[]");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn bodies_of_another_shape_are_refused() {
    on_each_server(|server| async move {
        let lexicon = record_lexicon(STATUS);
        for (body, status) in [
            (String::new(), 400),
            ("{".to_owned(), 400),
            ("\u{0}".to_owned(), 400),
            ("[]".to_owned(), 422),
            ("{}".to_owned(), 422),
            (json!({"lexicon_json": lexicon, "backfill": "yes"}).to_string(), 422),
            (json!({"lexicon_json": lexicon, "action": 1}).to_string(), 422),
            (json!({"lexicon_json": lexicon, "token_cost": -1}).to_string(), 422),
            (json!({"lexicon_json": lexicon, "token_cost": 1.5}).to_string(), 422),
            (json!({"lexicon_json": lexicon, "target_collection": {}}).to_string(), 422),
            (format!("{{\"lexicon_json\":{lexicon},\"lexicon_json\":{lexicon}}}"), 422),
        ] {
            let request = server.admin.request(http::Method::POST, "/admin/lexicons");
            let request = request.header("content-type", "application/json").body(body.clone());
            let error = server.admin.send(request).await.expect(status);
            assert!(error["error"].is_string(), "{body}: {error}");
        }
        let plain = server.admin.request(http::Method::POST, "/admin/lexicons").body("{}");
        has_status(&server.admin.send(plain).await, 415);
        has_status(&server.admin.delete("/admin/lexicons").await, 405);
        assert_eq!(server.admin.get("/admin/lexicons").await.text, "[]");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_route_asks_for_its_permission() {
    on_each_server(|server| async move {
        let record = format!("/admin/records?uri=at://did:web:a.invalid/{STATUS}/r");
        let purge = format!("/admin/records/collection?collection={STATUS}");
        let routes = [
            ("POST", "/admin/lexicons", "lexicons:create"),
            ("GET", "/admin/lexicons", "lexicons:read"),
            ("GET", "/admin/lexicons/com.example.status", "lexicons:read"),
            ("DELETE", "/admin/lexicons/com.example.status", "lexicons:delete"),
            ("POST", "/admin/backfill", "backfill:create"),
            ("GET", "/admin/backfill/status", "backfill:read"),
            ("GET", "/admin/backfill/missing", "backfill:read"),
            ("GET", "/admin/backfill/x", "backfill:read"),
            ("POST", "/admin/backfill/x/pause", "backfill:create"),
            ("POST", "/admin/backfill/x/resume", "backfill:create"),
            ("POST", "/admin/backfill/x/cancel", "backfill:create"),
            ("GET", "/admin/backfill/x/repos", "backfill:read"),
            ("GET", "/admin/backfill/x/pds-summary", "backfill:read"),
            ("GET", "/admin/backfill/x/events", "backfill:read"),
            ("GET", "/admin/backfill/x/errors", "backfill:read"),
            ("POST", "/admin/backfill/x/retry-failed", "backfill:create"),
            ("DELETE", "/admin/backfill/x/details", "backfill:create"),
            ("DELETE", "/admin/backfill/details", "backfill:create"),
            ("POST", "/admin/network-lexicons", "lexicons:create"),
            ("GET", "/admin/network-lexicons", "lexicons:read"),
            ("GET", "/admin/network-lexicons/resolve/com.example.status", "lexicons:read"),
            ("DELETE", "/admin/network-lexicons/com.example.status", "lexicons:delete"),
            ("GET", "/admin/stats", "stats:read"),
            ("GET", "/admin/records?collection=com.example.status", "records:read"),
            ("GET", "/admin/records/collections", "records:read"),
            ("DELETE", &record, "records:delete"),
            ("DELETE", &purge, "records:delete"),
        ];
        let useless = server.caller(&["events:read"]).await;
        for (method, path, permission) in routes {
            let request = |client: &testkit::HttpClient| client.request(method.parse().unwrap(), path);
            let anonymous = server.client.send(request(&server.client)).await;
            assert_eq!(anonymous.expect(401), json!({"error": "Authentication required"}), "{method} {path}");
            let error = useless.send(request(&useless)).await.expect(403);
            let message = format!("Missing permission: {permission}");
            assert_eq!(
                error,
                json!({"error": "InsufficientPermissions", "message": message}),
                "{method} {path}"
            );
        }
        purging_needs_both(&server, &purge).await;
    })
    .await;
}

async fn purging_needs_both(server: &Server, purge: &str) {
    let one = server.caller(&["records:delete"]).await.delete(purge).await.expect(403);
    assert_eq!(one["message"], "Missing permission: records:delete-collection");
    let other = server.caller(&["records:delete-collection"]).await.delete(purge).await.expect(403);
    assert_eq!(other["message"], "Missing permission: records:delete");
    let both = server.caller(&["records:delete", "records:delete-collection"]).await;
    assert_eq!(both.delete(purge).await.expect(200), json!({"deleted": 0}));
}
