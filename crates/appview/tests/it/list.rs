//! The default query without `uri`.

use appview::NewLexicon;
use serde_json::{Value, json};
use testkit::Answer;

use crate::harness::{
    ALICE, BOB, GET_STATUSES, STATUS, Server, has_status, on_each_server, query_lexicon, query_of,
};

const PATH: &str = "/xrpc/com.example.getStatuses";

async fn get(server: &Server, query: &[(&str, &str)]) -> Answer {
    server.client.get_with(PATH, query).await
}

/// The `status` of each record of a page.
fn statuses(page: &Value) -> Vec<&str> {
    page["records"].as_array().unwrap().iter().map(|record| record["status"].as_str().unwrap()).collect()
}

/// A server with records `s0` (the oldest) to `s<count - 1>` of Alice.
async fn with_statuses(server: &Server, count: usize) {
    server.add_status_lexicons().await;
    for number in 0..count {
        server.stream.put(ALICE, STATUS, &format!("r{number}"), &format!(r#"{{"status":"s{number}"}}"#));
    }
    server.write(BOB, "other", r#"{"status":"bob"}"#).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn newest_first_with_their_uris() {
    on_each_server(|server| async move {
        with_statuses(&server, 2).await;
        let answer = get(&server, &[]).await;
        assert_eq!(answer.header("content-type"), "application/json");
        insta::allow_duplicates! { insta::assert_json_snapshot!("page", answer.expect(200)); }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn limits_are_clamped_and_nonsense_is_refused() {
    on_each_server(|server| async move {
        with_statuses(&server, 110).await;
        for (limit, expected) in [
            (None, 20),
            (Some("0"), 1),
            (Some("-1"), 1),
            (Some("1"), 1),
            (Some("5"), 5),
            (Some("100"), 100),
            (Some("1000"), 100),
            (Some("99999999999999999999999"), 100),
        ] {
            let query: Vec<_> = limit.map(|limit| ("limit", limit)).into_iter().collect();
            assert_eq!(statuses(&get(&server, &query).await.expect(200)).len(), expected, "{limit:?}");
        }
        for limit in ["abc", "", "2.5", "1e2", "null"] {
            let error = get(&server, &[("limit", limit)]).await.expect(400);
            assert_eq!(error, json!({"error": "limit must be an integer from 1 to 100"}), "{limit:?}");
        }
        let error = get(&server, &[("limit", "1"), ("limit", "2")]).await.expect(400);
        assert_eq!(error, json!({"error": "limit must be given once"}));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_type_a_lexicon_gives_to_limit_does_not_matter() {
    on_each_server(|server| async move {
        with_statuses(&server, 3).await;
        for declared in ["integer", "number", "string"] {
            let mut lexicon = query_lexicon("com.example.odd");
            lexicon["defs"]["main"]["parameters"]["properties"]["limit"] = json!({"type": declared});
            let lexicon = NewLexicon::new(lexicon.to_string());
            server.add(NewLexicon { target_collection: Some(STATUS.to_owned()), ..lexicon }).await;
            let page = server.client.get("/xrpc/com.example.odd?limit=2").await.expect(200);
            assert_eq!(statuses(&page).len(), 2, "{declared}");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_follow_each_other_until_the_last_which_has_no_cursor() {
    on_each_server(|server| async move {
        with_statuses(&server, 4).await;
        let mut seen = Vec::new();
        let mut cursor: Option<String> = None;
        loop {
            let mut query = vec![("limit", "2"), ("did", ALICE)];
            query.extend(cursor.as_deref().map(|cursor| ("cursor", cursor)));
            let page = get(&server, &query).await.expect(200);
            assert_eq!(page["records"].as_array().unwrap().len(), 2);
            seen.extend(statuses(&page).into_iter().map(str::to_owned));
            match page.get("cursor") {
                Some(next) => cursor = Some(next.as_str().unwrap().to_owned()),
                None => break,
            }
        }
        assert_eq!(seen, ["s3", "s2", "s1", "s0"], "two full pages and nothing after them");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_arrives_between_two_pages_does_not_shift_them() {
    on_each_server(|server| async move {
        with_statuses(&server, 4).await;
        let first = get(&server, &[("limit", "3")]).await.expect(200);
        assert_eq!(statuses(&first), ["bob", "s3", "s2"]);
        server.stream.put(ALICE, STATUS, "new1", r#"{"status":"n1"}"#);
        server.stream.put(ALICE, STATUS, "r3", r#"{"status":"s3, edited"}"#);
        server.write(BOB, "new2", r#"{"status":"n2"}"#).await;
        let cursor = first["cursor"].as_str().unwrap();
        let second = get(&server, &[("limit", "3"), ("cursor", cursor)]).await.expect(200);
        assert_eq!(statuses(&second), ["s1", "s0"]);
        assert_eq!(second.get("cursor"), None);
        let fresh = get(&server, &[("limit", "4")]).await.expect(200);
        assert_eq!(statuses(&fresh), ["n2", "n1", "bob", "s3, edited"], "an edit keeps its place");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deleted_record_is_gone_and_its_cursor_still_works() {
    on_each_server(|server| async move {
        with_statuses(&server, 3).await;
        let first = get(&server, &[("limit", "2")]).await.expect(200);
        assert_eq!(statuses(&first), ["bob", "s2"]);
        server.ingested(server.stream.delete(ALICE, STATUS, "r2")).await;
        let cursor = first["cursor"].as_str().unwrap();
        let second = get(&server, &[("limit", "2"), ("cursor", cursor)]).await.expect(200);
        assert_eq!(statuses(&second), ["s1", "s0"]);
        assert_eq!(statuses(&get(&server, &[]).await.expect(200)), ["bob", "s1", "s0"]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn one_author() {
    on_each_server(|server| async move {
        with_statuses(&server, 2).await;
        assert_eq!(statuses(&get(&server, &[("did", BOB)]).await.expect(200)), ["bob"]);
        assert_eq!(statuses(&get(&server, &[("did", ALICE)]).await.expect(200)), ["s1", "s0"]);
        let nobody = get(&server, &[("did", "did:plc:aaaaaaaaaaaaaaaaaaaaaaaa")]).await;
        assert_eq!(nobody.text, r#"{"records":[]}"#);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn malformed_parameters_are_named() {
    on_each_server(|server| async move {
        with_statuses(&server, 0).await;
        for (query, message) in [
            (("cursor", "20"), "malformed cursor"),
            (("cursor", ""), "malformed cursor"),
            (("cursor", "\u{0}"), "malformed cursor"),
            (("cursor", "AAAA"), "malformed cursor"),
        ] {
            let error = get(&server, &[query]).await.expect(400);
            assert!(error["error"].as_str().unwrap().starts_with(message), "{query:?}: {error}");
        }
        for did in ["alice.example.com", ""] {
            let message = format!("parameter did: must have the format did, but it is {did:?}");
            let error = get(&server, &[("did", did)]).await.expect(400);
            assert_eq!(error, json!({"error": "InvalidRequest", "message": message}));
        }
        let flood = vec![("x", "1"); 1001];
        let error = get(&server, &flood).await.expect(400);
        assert_eq!(error, json!({"error": "the request has more than 1000 query parameters"}));
        // What is not percent-encoded UTF-8 is text like any other.
        has_status(&server.client.get(&format!("{PATH}?limit=5&%ff=%zz&&=&limit2")).await, 200);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_query_needs_a_collection() {
    on_each_server(|server| async move {
        server.add(NewLexicon::new(query_lexicon(GET_STATUSES).to_string())).await;
        let message = "com.example.getStatuses has no target_collection configured for list queries";
        assert_eq!(get(&server, &[]).await.expect(400), json!({ "error": message }));
        server.add(query_of(GET_STATUSES, "com.example.nothing")).await;
        assert_eq!(get(&server, &[]).await.text, r#"{"records":[]}"#, "a collection nobody has heard of");
    })
    .await;
}

/// Bodies are put together from pieces, so whatever a record contains they must stay JSON.
#[tokio::test(flavor = "multi_thread")]
async fn records_go_out_as_they_are() {
    on_each_server(|server| async move {
        with_statuses(&server, 0).await;
        let odd = [
            "{}",
            r#"{"uri":"at://did:plc:somebody/else.x.y/z"}"#,
            r#"{"\u0075ri":"escaped","reply":{"uri":"nested"},"u":1}"#,
            "{\"text\":\"\u{2028}\u{2029}\u{feff}\u{10ffff}\",\"\":\"\"}",
            r#"{"text":"\"\\\/\b\f\n\r\t\u00e9\ud83d\ude00</script>"}"#,
            r#"{"n":[0,-1,9007199254740991,true,null,[],{}]}"#,
            r#"{"labels":{"$type":"com.atproto.label.defs#selfLabels","values":[{"val":"spoiler"}]}}"#,
            r#"{"cursor":"c","records":[{}]}"#,
        ];
        for (number, record) in odd.iter().enumerate() {
            server.stream.put(ALICE, STATUS, &format!("odd{number}"), record);
        }
        server.write(ALICE, "last", r#"{"status":"last"}"#).await;
        let page = get(&server, &[("did", ALICE)]).await.expect(200);
        for (number, record) in odd.iter().rev().enumerate() {
            let number = odd.len() - 1 - number;
            let uri = format!("at://{ALICE}/{STATUS}/odd{number}");
            let mut expected: Value = serde_json::from_str(record).unwrap();
            expected["uri"] = uri.clone().into();
            assert_eq!(page["records"][odd.len() - number], expected, "{record}");
            // In the text there is one `uri` only: readers differ in which of two they believe.
            let one = server.client.get_with(PATH, &[("uri", &uri)]).await;
            assert!(one.text.starts_with(&format!(r#"{{"record":{{"uri":"{uri}""#)), "{}", one.text);
            assert_eq!(one.expect(200)["record"], expected);
            assert!(!one.text.contains(r"\u0075ri") && !one.text.contains("somebody"), "{}", one.text);
        }
    })
    .await;
}
