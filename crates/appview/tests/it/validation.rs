//! Records and calls against their lexicons, as strictly as each lexicon is taken.

use events::{Query, StoredEvent};
use serde_json::{Value, json};

use crate::harness::{ALICE, BOB, GET_STATUSES, STATUS, Server, has_status, on_each_server, query_lexicon};

const DEFS: &str = "com.example.defs";
const INVALID: &str = "/admin/records/invalid?collection=com.example.status";
const CHECKS: &str = "/admin/records/checks";

/// Statuses of at most so many characters, with a mood that another lexicon defines.
fn statuses(most: u32) -> Value {
    json!({"lexicon": 1, "id": STATUS, "defs": {"main": {"type": "record", "key": "any", "record": {
        "type": "object", "required": ["status"], "properties": {
            "status": {"type": "string", "maxGraphemes": most},
            "mood": {"type": "ref", "ref": "com.example.defs#mood"},
        },
    }}}})
}

fn moods(known: &[&str]) -> Value {
    json!({"lexicon": 1, "id": DEFS, "defs": {"mood": {"type": "string", "enum": known}}})
}

fn record(status: &str) -> String {
    json!({"$type": STATUS, "status": status}).to_string()
}

async fn take(server: &Server, lexicon: Value, validation: &str) -> Value {
    let body = json!({"lexicon_json": lexicon, "validation": validation, "backfill": false});
    let answer = server.admin.post("/admin/lexicons", &body).await;
    assert!(answer.status == 200 || answer.status == 201, "{answer:?}");
    answer.json()
}

/// The keys of the records that are there.
async fn here(server: &Server) -> Vec<String> {
    let list = server.admin.get(&format!("/admin/records?collection={STATUS}")).await.expect(200);
    keys(&list)
}

fn keys(page: &Value) -> Vec<String> {
    let mut keys: Vec<String> = page["records"]
        .as_array()
        .unwrap()
        .iter()
        .map(|record| record["rkey"].as_str().unwrap().to_owned())
        .collect();
    keys.sort();
    keys
}

async fn flagged(server: &Server) -> Vec<String> {
    keys(&server.admin.get(INVALID).await.expect(200))
}

/// Waits until exactly these are said to be wrong.
async fn eventually_flagged(server: &Server, expected: &[&str]) {
    server.eventually(&format!("{expected:?}"), async || flagged(server).await == expected).await;
}

/// Waits until all that is here was compared.
async fn eventually_done(server: &Server, validation: &str) -> Value {
    let is_done = async || {
        let checks = server.admin.get(CHECKS).await.expect(200);
        checks[0]["done"] == true && checks[0]["validation"] == validation
    };
    server.eventually("everything is compared", is_done).await;
    server.admin.get(CHECKS).await.expect(200)[0].clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_wrong_is_kept_beside_the_record() {
    on_each_server(|server| async move {
        take(&server, statuses(3), "flag").await;
        assert_eq!(
            server.admin.get(&format!("/admin/lexicons/{STATUS}")).await.expect(200)["validation"],
            "flag"
        );
        server.write(ALICE, "good", &record("one")).await;
        server.write(ALICE, "bad", &record("four")).await;
        server.write(BOB, "worse", &json!({"$type": STATUS, "status": 7}).to_string()).await;
        eventually_flagged(&server, &["bad", "worse"]).await;
        let mut page = server.admin.get(INVALID).await.expect(200);
        let mut bad = page["records"][0].take();
        assert!(bad["found_at"].take().as_str().unwrap().ends_with('Z'));
        assert_eq!(
            bad,
            json!({
                "uri": format!("at://{ALICE}/{STATUS}/bad"), "did": ALICE, "collection": STATUS, "rkey": "bad",
                "path": "/status", "problem": "longer than 3 graphemes", "found_at": null,
                "record": {"$type": STATUS, "status": "four"},
            })
        );
        let list = server.admin.get(&format!("/admin/records?collection={STATUS}")).await.expect(200);
        let flaws: Vec<&Value> =
            list["records"].as_array().unwrap().iter().map(|record| &record["invalid"]).collect();
        let wrong = json!({"path": "/status", "problem": "must be a string, but it is an integer"});
        assert_eq!(flaws, [&wrong, &json!({"path": "/status", "problem": "longer than 3 graphemes"}), &Value::Null]);

        let first = server.admin.get(&format!("{INVALID}&limit=1")).await.expect(200);
        assert_eq!(keys(&first), ["bad"]);
        let cursor = first["cursor"].as_str().unwrap();
        let second = server.admin.get(&format!("{INVALID}&limit=1&cursor={cursor}")).await.expect(200);
        assert_eq!(keys(&second), ["worse"]);
        has_status(&server.admin.get(&format!("{INVALID}&cursor=x")).await, 400);

        // It becomes right, or goes.
        server.write(ALICE, "bad", &record("for")).await;
        server.ingested(server.stream.delete(BOB, STATUS, "worse")).await;
        eventually_flagged(&server, &[]).await;
        // As does all, when nobody asks any more.
        server.write(ALICE, "bad", &record("four")).await;
        eventually_flagged(&server, &["bad"]).await;
        take(&server, statuses(3), "off").await;
        let is_over = async || server.admin.get(CHECKS).await.expect(200) == json!([]);
        server.eventually("nothing is compared", is_over).await;
        assert_eq!(flagged(&server).await, <[&str; 0]>::default());
        assert_eq!(here(&server).await, ["bad", "good"]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_wrong_is_not_indexed() {
    on_each_server(|server| async move {
        take(&server, statuses(3), "reject").await;
        server.write(ALICE, "good", &record("one")).await;
        server.write(ALICE, "bad", &record("four")).await;
        server.write(ALICE, "untyped", r#"{"status":"x"}"#).await;
        assert_eq!(here(&server).await, ["good"]);
        // A version that is wrong takes the place of none.
        server.write(ALICE, "good", &record("onetwo")).await;
        assert_eq!(here(&server).await, <[&str; 0]>::default());
        server.write(ALICE, "good", &record("two")).await;
        assert_eq!(here(&server).await, ["good"]);
        server.ingested(server.stream.delete(ALICE, STATUS, "good")).await;
        assert_eq!(here(&server).await, <[&str; 0]>::default());
        let told = async || {
            let query = Query { limit: 100, ..Query::default() };
            let page = server.events.query(query).await.unwrap();
            let is_it = |event: &StoredEvent| {
                event.event_type == "record.skipped"
                    && event.detail.contains("/status: longer than 3 graphemes")
            };
            page.events.iter().any(is_it)
        };
        server.eventually("the reason is in the event log", told).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn records_from_before_are_compared_too() {
    on_each_server(|server| async move {
        take(&server, statuses(3), "off").await;
        server.write(ALICE, "good", &record("one")).await;
        server.write(ALICE, "bad", &record("four")).await;
        server.write(BOB, "long", &record("too long")).await;
        assert_eq!(server.admin.get(CHECKS).await.expect(200), json!([]));
        take(&server, statuses(3), "flag").await;
        let check = eventually_done(&server, "flag").await;
        assert_eq!(
            check,
            json!({
                "collection": STATUS, "validation": "flag", "done": true, "checked": 3, "unresolved": 0,
                "invalid": 2, "more": false,
            })
        );
        assert_eq!(flagged(&server).await, ["bad", "long"]);
        // Another lexicon, another judgement.
        take(&server, statuses(4), "flag").await;
        eventually_flagged(&server, &["long"]).await;
        take(&server, statuses(4), "reject").await;
        let is_gone = async || here(&server).await == ["bad", "good"];
        server.eventually("what is wrong is removed", is_gone).await;
        eventually_done(&server, "reject").await;
        assert_eq!(flagged(&server).await, <[&str; 0]>::default());
        // A purge leaves nothing to say.
        take(&server, statuses(1), "flag").await;
        eventually_flagged(&server, &["bad", "good"]).await;
        let purged = server.admin.delete(&format!("/admin/records/collection?collection={STATUS}")).await;
        has_status(&purged, 200);
        assert_eq!(flagged(&server).await, <[&str; 0]>::default());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_another_lexicon_defines_counts() {
    on_each_server(|server| async move {
        take(&server, statuses(3), "flag").await;
        let with_mood = |mood: &str| json!({"$type": STATUS, "status": "x", "mood": mood}).to_string();
        server.write(ALICE, "happy", &with_mood("happy")).await;
        server.write(ALICE, "sad", &with_mood("sad")).await;
        // Unknown, so open; and that is said.
        take(&server, statuses(4), "flag").await;
        let counted = async || server.admin.get(CHECKS).await.expect(200)[0]["unresolved"] == 2;
        server.eventually("what cannot be compared is counted", counted).await;
        assert_eq!(flagged(&server).await, <[&str; 0]>::default());
        let defs = json!({"lexicon_json": moods(&["happy"])});
        has_status(&server.admin.post("/admin/lexicons", &defs).await, 201);
        eventually_flagged(&server, &["sad"]).await;
        assert_eq!(eventually_done(&server, "flag").await["unresolved"], 0);
        let defs = json!({"lexicon_json": moods(&["sad"])});
        has_status(&server.admin.post("/admin/lexicons", &defs).await, 200);
        eventually_flagged(&server, &["happy"]).await;
    })
    .await;
}

/// What was kept is a view: without it, the same comes about again.
#[tokio::test(flavor = "multi_thread")]
async fn a_new_index_ends_up_the_same() {
    on_each_server(|server| async move {
        take(&server, statuses(3), "flag").await;
        server.write(ALICE, "good", &record("one")).await;
        server.write(ALICE, "bad", &record("four")).await;
        eventually_flagged(&server, &["bad"]).await;
        let forgotten = server.store.index.write::<_, store::Error, _>(|conn| {
            conn.execute("DELETE FROM appview_invalid_records", &[])?;
            conn.execute("DELETE FROM appview_checks", &[])?;
            conn.execute("UPDATE appview_check_position SET seq = 0, writes = writes + 1", &[])
        });
        forgotten.await.unwrap();
        server.write(ALICE, "new", &record("three")).await;
        eventually_flagged(&server, &["bad", "new"]).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn modes_are_for_lexicons_that_can_be_taken_strictly() {
    on_each_server(|server| async move {
        let mut vague = statuses(3);
        vague["defs"]["main"]["record"]["properties"]["mood"]["type"] = "feeling".into();
        for (lexicon, validation, message) in [
            (statuses(3), "strict", "validation must be off, flag, reject or absent, but it is \"strict\""),
            (
                query_lexicon(GET_STATUSES),
                "flag",
                "validation is for record and procedure lexicons, but this is one of the type query",
            ),
            (
                vague.clone(),
                "reject",
                "nothing can be validated with a lexicon that is not understood in full: \
                 `defs.main.record.properties.mood` has the type `feeling`, which is none of the language",
            ),
        ] {
            let body = json!({"lexicon_json": lexicon, "validation": validation});
            let refused = server.admin.post("/admin/lexicons", &body).await.expect(400);
            assert_eq!(refused, json!({"error": message}));
        }
        let taken = take(&server, vague, "off").await;
        assert_eq!(taken["warnings"].as_array().unwrap().len(), 1, "{taken}");
        let stranger = server.caller(&["lexicons:read"]).await;
        for path in [INVALID, CHECKS] {
            has_status(&stranger.get(path).await, 403);
            has_status(&server.client.get(path).await, 401);
        }
        has_status(&server.admin.get("/admin/records/invalid?collection=x").await, 400);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn parameters_are_what_the_lexicon_says() {
    on_each_server(|server| async move {
        server.add_status_lexicons().await;
        let strict = json!({"lexicon": 1, "id": "com.example.find", "defs": {"main": {"type": "query",
            "parameters": {"type": "params", "required": ["q"], "properties": {
                "q": {"type": "string", "maxLength": 5},
                "limit": {"type": "integer", "minimum": 1, "maximum": 10, "default": 7},
                "kinds": {"type": "array", "items": {"type": "string", "enum": ["a", "b"]}},
                "did": {"type": "string", "format": "did"},
            }},
        }}});
        let body = json!({"lexicon_json": strict, "target_collection": STATUS});
        has_status(&server.admin.post("/admin/lexicons", &body).await, 201);
        let refused = async |query: &str| {
            let answer = server.client.get(&format!("/xrpc/com.example.find?{query}")).await.expect(400);
            assert_eq!(answer["error"], "InvalidRequest", "{answer}");
            answer["message"].as_str().unwrap().to_owned()
        };
        assert_eq!(refused("").await, "parameter q: is required");
        assert_eq!(refused("q=long+one").await, "parameter q: longer than 5 bytes");
        let did = refused("q=x&did=alice").await;
        assert_eq!(did, "parameter did: must have the format did, but it is \"alice\"");
        // The handler that is there without a script brings `limit` into its range, as it always has.
        for limit in ["0", "-1", "1000", "99999999999999999999"] {
            let answer =
                server.client.get(&format!("/xrpc/com.example.find?q=x&unknown=1&limit={limit}")).await;
            has_status(&answer, 200);
        }
        let script = json!({
            "id": "xrpc.query:com.example.find",
            "body": "function handle() return { params = params } end",
        });
        has_status(&server.admin.post("/admin/scripts", &script).await, 201);
        let found = server.client.get("/xrpc/com.example.find?q=x&kinds=a&more=1").await.expect(200);
        assert_eq!(found["params"], json!({"q": "x", "limit": 7, "kinds": ["a"], "more": "1"}));
        assert_eq!(refused("q=x&limit=1000").await, "parameter limit: more than 10");
        assert_eq!(refused("q=x&limit=ten").await, "parameter limit: must be an integer, but it is \"ten\"");
        assert_eq!(
            refused("q=x&kinds=a&kinds=c").await,
            "parameter kinds: must be one of \"a\", \"b\", but it is \"c\""
        );
    })
    .await;
}
