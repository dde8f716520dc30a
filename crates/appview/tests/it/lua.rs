//! What scripts find in a running server, asked by scripts: each function, golden.

use serde_json::{Value, json};

use crate::harness::{ALICE, GET_STATUSES, STATUS, Server, on_each_server};

/// The answer of a query whose script is `handle() BODY end`.
async fn ask(server: &Server, body: &str) -> Value {
    let id = format!("xrpc.query:{GET_STATUSES}");
    let script = json!({ "id": id, "body": format!("function handle()\n{body}\nend") });
    let put = server.admin.post("/admin/scripts", &script).await;
    assert!(put.status < 300, "{body}: {put:?}");
    server.client.get(&format!("/xrpc/{GET_STATUSES}")).await.expect(200)
}

/// The message of the error that `expression` raises.
async fn fail(server: &Server, expression: &str) -> String {
    let body =
        format!("local ok, message = pcall(function() return {expression} end)\nreturn {{ ok, message }}");
    let answer = ask(server, &body).await;
    assert_eq!(answer[0], json!(false), "{expression}: {answer}");
    answer[1].as_str().unwrap().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn own_tables_keep_what_scripts_write() {
    on_each_server(|server| async move {
        server.add_status_lexicons().await;
        let created = "return db.raw('CREATE TABLE votes (subject TEXT PRIMARY KEY, n INTEGER, weight DOUBLE PRECISION)')";
        assert_eq!(ask(&server, created).await, json!([]));
        let insert = "db.raw('INSERT INTO votes VALUES ($1, $2, $3)', { 'a', 1, 0.5 })
                      db.raw('INSERT INTO votes VALUES ($1, $2, $3)', { 'b', nil, 2, n = 3 })
                      return db.raw('INSERT INTO votes VALUES ($1, $2, NULL) RETURNING n', { 'c', 3 })";
        assert_eq!(ask(&server, insert).await, json!([{ "n": 3 }]));
        let all = ask(&server, "return db.raw('SELECT * FROM votes ORDER BY subject')").await;
        let expected = json!([
            { "subject": "a", "n": 1, "weight": 0.5 }, { "subject": "b", "weight": 2.0 }, { "subject": "c", "n": 3 },
        ]);
        assert_eq!(all, expected);
        let empty = "return { nothing = db.raw('SELECT 1 AS one WHERE 1 = 0'), backend = db.backend() }";
        let backend = server.store.state.engine().name();
        assert_eq!(ask(&server, empty).await, json!({ "nothing": [], "backend": backend }));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn own_sql_sees_the_index_and_nothing_else() {
    on_each_server(|server| async move {
        server.add_status_lexicons().await;
        server.write(ALICE, "r", r#"{"status":"here","to":"at://did:web:x.invalid/a.b.c/d"}"#).await;
        let uri = format!("at://{ALICE}/{STATUS}/r");
        for table in ["happyview_records", "records"] {
            let sql = format!(
                "return db.raw('SELECT uri, did, collection, rkey FROM {table} WHERE collection = $1', {{ '{STATUS}' }})"
            );
            let expected = json!([{ "uri": uri, "did": ALICE, "collection": STATUS, "rkey": "r" }]);
            assert_eq!(ask(&server, &sql).await, expected);
        }
        let refs = ask(&server, "return db.raw('SELECT * FROM happyview_record_refs')").await;
        assert_eq!(
            refs,
            json!([{ "source_uri": uri, "target_uri": "at://did:web:x.invalid/a.b.c/d", "collection": STATUS }])
        );
        assert_eq!(ask(&server, "return db.raw('SELECT * FROM happyview_labels')").await, json!([]));
        for table in ["happyview_lexicons", "lexicons"] {
            let sql = format!(
                "local found = db.raw('SELECT * FROM {table} WHERE id = $1', {{ '{GET_STATUSES}' }})[1]
                 local text = found.lexicon_json
                 found.of = (type(text) == 'string' and json.decode(text) or text).id
                 found.lexicon_json, found.backfill, found.created_at, found.updated_at = nil, nil, nil, nil
                 return found"
            );
            let expected = json!({
                "id": GET_STATUSES, "of": GET_STATUSES, "revision": 1, "lexicon_type": "query", "target_collection": STATUS,
                "source": "manual",
            });
            assert_eq!(ask(&server, &sql).await, expected);
        }
        for table in ["happyview_jobs", "jobs"] {
            let sql = format!("return db.raw('SELECT id, job_type, status, input, progress, result, error, created_by, inherit_auth, started_at, completed_at, created_at FROM {table}')");
            assert_eq!(ask(&server, &sql).await, json!([]));
        }
        for (sql, reason) in [
            ("SELECT * FROM happyview_users", "protected internal HappyView table 'happyview_users'"),
            ("SELECT * FROM HappyView_api_keys", "protected internal HappyView table"),
            ("SELECT * FROM \"state\".users", ""),
            ("SELECT * FROM users", ""),
            ("SELECT * FROM appview_script_variables", ""),
            ("SELECT * FROM \"state\".appview_script_variables", ""),
            ("SELECT count(*) FROM \"state\".appview_script_variables", ""),
            ("WITH lexicons AS (SELECT * FROM \"state\".appview_scripts) SELECT * FROM lexicons", ""),
            ("SELECT idempotency_key FROM jobs", ""),
            ("UPDATE lexicons SET revision = 9", ""),
            ("SELECT * FROM \"index\".record_rows", ""),
            ("DELETE FROM happyview_records", ""),
            ("DROP TABLE votes", "refuses DROP"),
            ("ATTACH 'state.db' AS s", "refuses ATTACH"),
            ("PRAGMA database_list", "refuses PRAGMA"),
            ("COPY votes TO '/tmp/x'", "refuses COPY"),
            ("SELECT pg_read_file('/etc/passwd')", ""),
            ("SELECT 1; SELECT 2", "more than one statement"),
            ("SELECT $1", "has 1 parameters"),
        ] {
            let message = fail(&server, &format!("db.raw([[{sql}]])")).await;
            assert!(message.contains(reason), "{sql}: {message}");
        }
        let table = fail(&server, "db.raw('SELECT $1', { {} })").await;
        assert!(table.contains("parameter 1 must be"), "{table}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_record_script_writes_happens_once_for_an_event() {
    on_each_server(|server| async move {
        server.add_status_lexicons().await;
        ask(&server, "return db.raw('CREATE TABLE seen (n INTEGER)')").await;
        ask(&server, "return db.raw('CREATE TABLE done (uri TEXT)')").await;
        ask(&server, "return db.raw('CREATE TABLE may (succeed INTEGER)')").await;
        let body = "function handle()
            local before = db.raw('SELECT count(*) AS n FROM seen')[1].n
            db.raw('INSERT INTO seen VALUES ($1)', { before })
            db.raw('INSERT INTO done VALUES ($1)', { uri })
            if #db.raw('SELECT succeed FROM may') == 0 then error('not yet') end
            record.n = before
            return record
        end
        ";
        let script = json!({ "id": format!("record.index:{STATUS}"), "body": body });
        assert_eq!(server.admin.post("/admin/scripts", &script).await.status, 201);
        server.write(ALICE, "r", r#"{"status":"one"}"#).await;
        let count =
            async || ask(&server, "return db.raw('SELECT count(*) AS n FROM seen')").await[0]["n"].clone();
        let dead = async || server.admin.get("/admin/dead-letters/count").await.expect(200)["count"].clone();
        server.eventually("a dead letter", async || dead().await == 1).await;
        // Four tries: each read what was there by then, and wrote what none had written before.
        assert_eq!(count().await, json!(4));
        let done =
            async || ask(&server, "return db.raw('SELECT count(*) AS n FROM done')").await[0]["n"].clone();
        assert_eq!(done().await, json!(1));
        ask(&server, "return db.raw('INSERT INTO may VALUES (1)')").await;
        let letters = server.admin.get("/admin/dead-letters").await.expect(200);
        let retry = format!("/admin/dead-letters/{}/retry", letters["dead_letters"][0]["id"]);
        assert_eq!(server.admin.post(&retry, &json!({})).await.status, 200);
        let uri = format!("at://{ALICE}/{STATUS}/r");
        assert_eq!(ask(&server, &format!("return db.get('{uri}').n")).await, json!(4));
        assert_eq!(done().await, json!(1));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_trial_only_reads_own_tables() {
    on_each_server(|server| async move {
        server.add_status_lexicons().await;
        server.write(ALICE, "r", r#"{"status":"here"}"#).await;
        ask(&server, "return db.raw('CREATE TABLE seen (n INTEGER)')").await;
        let path = format!("/admin/scripts/record.index:{STATUS}/test");
        let tried = async |sql: &str| {
            let body = format!("function handle() return {{ rows = db.raw('{sql}') }} end");
            let trial = json!({ "uri": format!("at://{ALICE}/{STATUS}/r"), "body": body });
            server.admin.post(&path, &trial).await.expect(200)
        };
        assert_eq!(tried("SELECT * FROM seen").await["result"], json!({ "rows": [] }));
        let refused = tried("INSERT INTO seen VALUES (1)").await;
        assert!(refused["error"].as_str().unwrap().contains("in a trial"), "{refused}");
        assert_eq!(ask(&server, "return db.raw('SELECT * FROM seen')").await, json!([]));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_record_that_cannot_be_named_is_not_here() {
    on_each_server(|server| async move {
        server.add_status_lexicons().await;
        server.write(ALICE, "r", r#"{"status":"here"}"#).await;
        let body = format!(
            "local all = Record.load_all({{ 'nonsense', 'at://{ALICE}/{STATUS}/r', 'at://{ALICE}' }})
             return {{ Record.load('nonsense') == nil, all[1] == nil, all[2].status, all[3] == nil }}"
        );
        assert_eq!(ask(&server, &body).await, json!([true, true, "here", true]));
    })
    .await;
}
