//! `belvedere import happyview`

use serde_json::{Value, json};
use store::Engine;
use testkit::HappyviewLayout::{New, Old};
use testkit::{Belvedere, BelvedereOptions, Happyview, HappyviewLayout, TestDatabase, databases};

use crate::place::{Outcome, Place, outcome};

/// A fresh place, and a HappyView database on the same engine, for each engine.
async fn each(layout: HappyviewLayout, test: impl AsyncFn(Place, Happyview)) {
    for (here, there) in databases().await.into_iter().zip(databases().await) {
        test(Place::on(here), Happyview::create(there, layout).await).await;
    }
}

/// Runs the command with the key of the old server in the environment.
fn import(place: &Place, old: &Happyview, arguments: &[&str]) -> Outcome {
    let url = old.url();
    let arguments = [&["import", "happyview", &url], arguments].concat();
    let mut command = place.command(&arguments);
    outcome(command.env("TOKEN_ENCRYPTION_KEY", Happyview::token_encryption_key()))
}

fn imported(place: &Place, old: &Happyview, arguments: &[&str]) -> Value {
    let outcome = import(place, old, &[arguments, &["--json"]].concat());
    assert_eq!(outcome.code, Some(0), "{outcome:?}");
    serde_json::from_str(&outcome.stdout).unwrap()
}

/// `[imported, already here, replaced, skipped]`
fn counts(report: &Value, kind: &str) -> [u64; 4] {
    let kinds = report["kinds"].as_array().unwrap();
    let kind = kinds.iter().find(|found| found["kind"] == kind).unwrap();
    ["imported", "already_here", "replaced", "skipped"].map(|name| kind[name].as_u64().unwrap())
}

fn skips<'r>(report: &'r Value, kind: &str) -> Vec<(&'r str, &'r str)> {
    let kinds = report["kinds"].as_array().unwrap();
    let kind = kinds.iter().find(|found| found["kind"] == kind).unwrap();
    let skips = kind["skips"].as_array().unwrap().iter();
    skips.map(|skip| (skip["item"].as_str().unwrap(), skip["reason"].as_str().unwrap())).collect()
}

/// A server that finds nobody in the network, and need not. It does not have the key of the old one.
async fn serve(place: &Place) -> Belvedere {
    let nowhere = "http://127.0.0.1:1";
    let options = BelvedereOptions::new(place.path()).with("DATABASE_URL", &place.database.url());
    let mut options =
        options.with("PLC_URL", nowhere).with("RELAY_URL", nowhere).with("JETSTREAM_URL", "ws://127.0.0.1:1");
    // The master key is where the commands made it.
    options.data_dir = place.path().join("data");
    options.arguments.push("--dev".into());
    Belvedere::start(&options).await
}

#[tokio::test(flavor = "multi_thread")]
async fn everything_of_the_new_layout_works_here() {
    each(New, async |place, old| {
        let report = imported(&place, &old, &[]);
        for (kind, expected) in [
            ("settings", [5, 0, 0, 2]),
            ("domains", [2, 0, 0, 0]),
            ("users", [2, 0, 0, 0]),
            ("API keys", [2, 0, 0, 0]),
            ("API clients", [2, 0, 0, 0]),
            ("shared accounts", [1, 0, 0, 0]),
            ("script variables", [2, 0, 0, 0]),
            ("scripts", [2, 0, 0, 0]),
            ("scripts of lexicons", [0; 4]),
            ("lexicons", [3, 0, 0, 0]),
            ("labelers", [2, 0, 0, 0]),
            ("dead letters", [2, 0, 0, 0]),
            ("service entries", [1, 0, 0, 0]),
            ("verification methods", [1, 0, 0, 0]),
            ("service identity", [1, 0, 0, 0]),
            ("records that only scripts have made", [1, 0, 0, 0]),
        ] {
            assert_eq!(counts(&report, kind), expected, "{kind}: {report:#}");
        }
        let left: Vec<_> =
            report["left_behind"].as_array().unwrap().iter().map(|left| &left["what"]).collect();
        assert_eq!(left, ["permissioned spaces"]);
        assert_eq!(report["collections"], json!(["com.example.note"]));
        let job = report["backfill_job"].as_str().unwrap();
        assert_eq!(place.json(&["backfill", "list"])[0]["id"], job);

        let users = place.json(&["user", "list"]);
        assert_eq!(users[0]["id"], "0b7e3c52-9d6e-4a11-8f5d-1f3c5a6b7c01");
        assert_eq!((&users[0]["is_super"], &users[1]["is_super"]), (&json!(true), &json!(false)));
        assert_eq!(users[0]["created_at"], "2026-02-17T08:00:00.000Z");
        let note = place.json(&["lexicon", "show", "com.example.note"]);
        assert_eq!((&note["revision"], &note["source"]), (&json!(3), &json!("network")));
        let script = place.json(&["script", "show", "record.index:com.example.note"]);
        assert_eq!(script["description"], "keeps notes");
        let client = place.json(&["client", "show", Happyview::CLIENT_KEY]);
        assert_eq!(client["allowed_origins"], json!(["https://beta.example.com"]));
        let child = place.json(&["client", "show", "hvc_33333333333333333333333333333333"]);
        assert_eq!(child["parent_client_id"], client["id"]);

        works(&place).await;
    })
    .await;
}

/// The imported key, secret, origin, variable, script, query and identity, on a server that has never seen the old one's key.
async fn works(place: &Place) {
    let server = serve(place).await;
    let admin = server.client.with_bearer(Happyview::API_KEY);
    assert_eq!(admin.get("/admin/stats").await.status, 200, "the key goes on working");
    assert_eq!(admin.get("/admin/users").await.status, 403, "and does no more than it did");
    let revoked = server.client.with_bearer(Happyview::REVOKED_KEY);
    assert_eq!(revoked.get("/admin/stats").await.status, 401);

    let hello = "/xrpc/com.example.hello";
    let expected = json!({ "secret": "told in secret", "method": "com.example.hello" });
    let client = server.client.with_header("x-client-key", Happyview::CLIENT_KEY);
    let proved = client.with_header("x-client-secret", Happyview::CLIENT_SECRET);
    assert_eq!(proved.get(hello).await.expect(200), expected);
    assert_eq!(client.with_header("x-client-secret", "hvs_0").get(hello).await.status, 401);

    let enforce = admin.put("/admin/settings/enforce_client_origin", &json!({ "value": "true" })).await;
    assert_eq!(enforce.status, 204, "{}", enforce.text);
    for (origin, status) in [
        ("https://notes.example.com", 200),
        ("https://beta.example.com", 200),
        ("https://evil.example.com", 401),
    ] {
        assert_eq!(client.with_header("origin", origin).get(hello).await.status, status, "{origin}");
    }

    let identity = admin.get("/admin/service-identity").await;
    let identity = identity.expect(200);
    assert_eq!(identity["mode"], "did_plc");
    assert_eq!((&identity["has_signing_key"], &identity["setup_complete"]), (&json!(true), &json!(true)));
    let proxy = admin.get("/admin/settings/xrpc-proxy").await;
    assert_eq!(proxy.expect(200), json!({ "mode": "allowlist", "nsids": ["app.bsky.*"] }));
    assert_eq!(server.client.get("/settings/logo").await.status, 200);
    server.terminate().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn scripts_of_the_old_layout_get_triggers() {
    each(Old, async |place, old| {
        let report = imported(&place, &old, &["--no-backfill"]);
        assert_eq!(counts(&report, "scripts of lexicons"), [2, 0, 0, 1], "{report:#}");
        let [(item, reason)] = skips(&report, "scripts of lexicons")[..] else { panic!("{report:#}") };
        assert_eq!(item, "xrpc.object:com.example.object");
        assert!(reason.contains("is no trigger"), "{reason}");
        assert_eq!(counts(&report, "dead letters"), [1, 0, 0, 0]);
        assert_eq!(report["backfill_job"], Value::Null);
        assert_eq!(place.json(&["backfill", "list"]), json!([]));
        let notes =
            report["kinds"].as_array().unwrap().iter().flat_map(|kind| kind["notes"].as_array().unwrap());
        let notes: Vec<_> = notes.map(|note| note["note"].as_str().unwrap()).collect();
        assert!(notes[0].contains("there is no permission network-lexicons:read here"), "{notes:?}");

        let server = serve(&place).await;
        let admin = server.client.with_bearer(Happyview::API_KEY);
        assert_eq!(admin.get("/admin/stats").await.status, 200);
        let hello = server.client.get("/xrpc/com.example.hello").await;
        assert_eq!(hello.expect(200)["secret"], "told in plain");
        server.terminate().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn importing_twice_changes_nothing_and_replace_does() {
    each(New, async |place, old| {
        imported(&place, &old, &[]);
        let listed =
            || ["user", "lexicon", "script", "client", "backfill"].map(|what| place.json(&[what, "list"]));
        let before = listed();
        let again = imported(&place, &old, &[]);
        for kind in again["kinds"].as_array().unwrap() {
            assert_eq!((&kind["imported"], &kind["replaced"]), (&json!(0), &json!(0)), "{kind}");
        }
        assert_eq!(counts(&again, "dead letters"), [0, 2, 0, 0]);
        assert_eq!(again["backfill_job"], Value::Null, "a job is about it already");
        assert_eq!(listed(), before);

        let key = place.json(&["key", "list"]);
        let key = key.as_array().unwrap().iter().find(|key| key["name"] == "laptop").unwrap();
        place.json(&["key", "revoke", key["id"].as_str().unwrap()]);
        place.json(&["client", "update", Happyview::CLIENT_KEY, "--name", "Changed"]);
        old.execute(
            "UPDATE happyview_scripts SET body = 'function handle() return true end' WHERE id LIKE 'record%';
             UPDATE happyview_script_variables SET value = 'another' WHERE key = 'PLAIN'",
        )
        .await;
        let replaced = imported(&place, &old, &["--replace"]);
        for (kind, expected) in [
            ("settings", [0, 0, 5, 2]),
            ("domains", [0, 2, 0, 0]),
            ("users", [0, 0, 2, 0]),
            ("API keys", [0, 0, 2, 0]),
            ("API clients", [0, 0, 2, 0]),
            ("shared accounts", [0, 0, 1, 0]),
            ("script variables", [0, 0, 2, 0]),
            ("scripts", [0, 0, 2, 0]),
            ("lexicons", [0, 0, 3, 0]),
            ("service identity", [0, 1, 0, 0]),
        ] {
            assert_eq!(counts(&replaced, kind), expected, "{kind}: {replaced:#}");
        }
        assert_eq!(place.json(&["client", "show", Happyview::CLIENT_KEY])["name"], "Notes");
        let script = place.json(&["script", "show", "record.index:com.example.note"]);
        assert_eq!(
            (&script["revision"], &script["body"]),
            (&json!(2), &json!("function handle() return true end"))
        );
        let keys = place.json(&["key", "list"]);
        assert!(keys.as_array().unwrap().iter().all(|key| key["revoked_at"].is_string()), "{keys}");
    })
    .await;
}

/// More than one page of them, in which some are no records.
#[tokio::test(flavor = "multi_thread")]
async fn records_that_only_scripts_have_made_are_taken_over_page_by_page() {
    const KIND: &str = "records that only scripts have made";
    const MANY: usize = 230;
    each(New, async |place, old| {
        let local =
            |key: &str, record: &str| format!("('at://did:plc:alice/com.example.local/{key}', '{record}')");
        let mut rows: Vec<String> =
            (0..MANY).map(|n| local(&format!("r{n:03}"), &format!("{{\"n\":{n}}}"))).collect();
        rows.push(local("r001x", "[]"));
        rows.push("('at://alice.example.com/com.example.local/a', '{}')".to_owned());
        old.execute(&format!("INSERT INTO happyview_records (uri, record) VALUES {}", rows.join(", "))).await;
        let taken = MANY as u64 + 1;
        let report = imported(&place, &old, &["--no-backfill"]);
        assert_eq!(counts(&report, KIND), [taken, 0, 0, 2], "{report:#}");
        let reasons = skips(&report, KIND);
        assert!(reasons[0].0.starts_with("at://alice") && reasons[0].1.contains("at://DID"), "{reasons:?}");
        assert!(reasons[1].0.ends_with("/r001x"), "{reasons:?}");
        let last = place.json(&["record", "get", "at://did:plc:alice/com.example.local/r229"]);
        assert_eq!(last["record"]["n"], 229);

        assert_eq!(counts(&imported(&place, &old, &["--no-backfill"]), KIND), [0, taken, 0, 2]);
        let replaced = imported(&place, &old, &["--no-backfill", "--replace"]);
        assert_eq!(counts(&replaced, KIND), [0, 0, taken, 2]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rehearsal_tells_the_same_and_changes_nothing() {
    each(New, async |place, old| {
        place.json(&["user", "add", "did:web:bob.example.com"]);
        let rehearsed = imported(&place, &old, &["--dry-run"]);
        assert_eq!(rehearsed["dry_run"], true);
        assert_eq!(counts(&rehearsed, "users"), [1, 1, 0, 0]);
        assert_eq!(rehearsed["backfill_job"], Value::Null);
        assert_eq!(place.json(&["user", "list"]).as_array().unwrap().len(), 1);
        assert_eq!(place.json(&["lexicon", "list"]), json!([]));
        let real = imported(&place, &old, &[]);
        assert_eq!(real["kinds"], rehearsed["kinds"]);
        assert_eq!(real["collections"], rehearsed["collections"]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rehearsal_before_the_first_start_makes_no_files() {
    let (place, old) =
        (Place::on(TestDatabase::sqlite()), Happyview::create(TestDatabase::sqlite(), Old).await);
    let text = import(&place, &old, &["--dry-run"]);
    assert_eq!(text.code, Some(0), "{text:?}");
    assert!(text.stdout.starts_with("This is what importing "), "{text:?}");
    assert_eq!(std::fs::read_dir(place.database.dir().unwrap()).unwrap().count(), 0);
    assert_eq!(std::fs::read_dir(place.path()).unwrap().count(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_makes_no_sense_is_skipped_with_a_reason() {
    each(New, async |place, old| {
        old.execute(
            "INSERT INTO happyview_users (id, did) VALUES ('x', 'alice'), ('', 'did:web:empty.example.com');
             INSERT INTO happyview_scripts (id, body) VALUES
             ('xrpc.query:com.example.broken', 'function handle( return 1 end'),
             ('xrpc.query:com.example.headless', 'return 1'),
             ('xrpc.query:com.example.endless', 'while true do end function handle() end'),
             ('record.upsert:com.example.note', 'function handle() end'),
             ('record.index:-', 'function handle() end');
             INSERT INTO happyview_scripts (id, body, script_type) VALUES ('xrpc.query:com.example.js', 'x', 'js');
             INSERT INTO happyview_script_variables (key, value) VALUES ('not a name', 'x');
             INSERT INTO happyview_lexicons (id, lexicon_json, token_cost) VALUES
             ('com.example.other', '{\"lexicon\":1,\"id\":\"com.example.else\",\"defs\":{}}', NULL),
             ('com.example.cost', '{\"lexicon\":1,\"id\":\"com.example.cost\",\"defs\":{\"main\":{\"type\":\"query\"}}}', -1),
             ('com.example.empty', '{}', NULL);
             INSERT INTO happyview_labeler_subscriptions (did, status) VALUES ('labels.example.com', 'active');
             INSERT INTO happyview_domains (id, url) VALUES ('z', 'http://plain.example.com'), ('y', 'https://a.example.com/path');
             INSERT INTO happyview_api_clients (id, client_key, name, client_id_url, client_uri, redirect_uris, is_active) VALUES
             ('j', 'hvc_4', 'Evil', 'https://evil.example.com/', 'https://evil.example.com', '[\"javascript:alert(1)\"]', TRUE);
             INSERT INTO happyview_dead_letter_scripts (script_ref, host_kind, payload) VALUES
             ('record.index:com.example.note', 'record', '{\"did\":\"nobody\"}'), ('nothing', 'label', '{}');
             INSERT INTO happyview_service_entries (fragment_id, service_type) VALUES ('#atproto_pds', 'X');",
        )
        .await;
        let report = imported(&place, &old, &[]);
        for (kind, skipped) in [
            ("users", 1),
            ("scripts", 6),
            ("script variables", 1),
            ("lexicons", 3),
            ("labelers", 1),
            ("domains", 2),
            ("API clients", 1),
            ("dead letters", 2),
            ("service entries", 1),
        ] {
            assert_eq!(counts(&report, kind)[3], skipped, "{kind}: {report:#}");
        }
        let broken = skips(&report, "scripts");
        let broken = broken.iter().find(|(item, _)| *item == "xrpc.query:com.example.broken").unwrap();
        assert!(broken.1.starts_with("the script is not stored: "), "{broken:?}");
        let text = import(&place, &old, &["--dry-run"]).stdout;
        assert!(text.contains("belvedere script add xrpc.query:com.example.broken FILE"), "{text}");
        works(&place).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_the_key_what_is_encrypted_is_listed() {
    each(New, async |place, old| {
        if old.engine() == Engine::Sqlite {
            old.execute(
                "INSERT INTO happyview_script_variables (key, value) VALUES ('BYTES', {sealed-bytes:x})",
            )
            .await;
        }
        let report = place.json(&["import", "happyview", &old.url()]);
        assert_eq!(counts(&report, "service identity"), [0, 0, 0, 1]);
        assert_eq!(counts(&report, "verification methods"), [0, 0, 0, 1]);
        let [(_, reason)] = skips(&report, "service identity")[..] else { panic!("{report:#}") };
        assert!(reason.contains("TOKEN_ENCRYPTION_KEY of the old server was not given"), "{reason}");
        let bytes = u64::from(old.engine() == Engine::Sqlite);
        assert_eq!(counts(&report, "script variables"), [2, 0, 0, bytes]);

        // With it, what was skipped comes along.
        let key = Happyview::token_encryption_key();
        let url = old.url();
        let report = place.json(&["import", "happyview", &url, "--token-encryption-key", &key]);
        assert_eq!(counts(&report, "service identity"), [1, 0, 0, 0]);
        assert_eq!(counts(&report, "verification methods"), [1, 0, 0, 0]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn mistakes_are_answered_with_what_to_do() {
    let place = Place::on(TestDatabase::sqlite());
    let old = Happyview::create(TestDatabase::sqlite(), Old).await;
    let (url, folder) = (old.url(), place.path().display().to_string());
    for (arguments, problem, help) in [
        (&["missing.db"][..], "there is no file missing.db", "DATABASE_URL of the old server"),
        (&[&*folder], "is a folder", "name the database file"),
        (&["mysql://h/d"], "neither a file nor a URL", "sqlite://PATH"),
        (
            &[&url, "--token-encryption-key", "short"],
            "is not 32 bytes in base64",
            "environment of the old server",
        ),
    ] {
        let error = place.failure(&[&["import", "happyview"], arguments].concat());
        let lines: Vec<&str> = error.lines().collect();
        assert_eq!(lines.len(), 2, "{error}");
        assert!(lines[0].starts_with("error: ") && lines[0].contains(problem), "{error}");
        assert!(lines[1].starts_with("help: ") && lines[1].contains(help), "{error}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_super_user_who_is_here_stays_it() {
    let place = Place::on(TestDatabase::sqlite());
    let old = Happyview::create(TestDatabase::sqlite(), New).await;
    place.json(&["user", "add", "did:web:boss.example.com"]);
    place.json(&["user", "transfer-super", "did:web:boss.example.com"]);
    let text = import(&place, &old, &[]).stdout;
    assert!(
        text.contains("note: users: did:plc:ewvi7nxzyoun6zhxrhs64oiz: they are not the super user here"),
        "{text}"
    );
    let users = place.json(&["user", "list"]);
    let supers: Vec<_> = users.as_array().unwrap().iter().filter(|user| user["is_super"] == true).collect();
    assert_eq!(supers.len(), 1);
    assert_eq!(supers[0]["did"], "did:web:boss.example.com");
}
