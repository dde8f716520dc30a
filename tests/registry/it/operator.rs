//! The hold for whoever runs the server: what it is, who is of its crew, who has how much, and what is garbage.

use std::time::{Duration, Instant};

use registry_conformance::Repository;
use registry_conformance::client::Client;
use registry_conformance::content::{Algorithm, Blob};
use serde_json::{Value, json};
use testkit::{Belvedere, BelvedereOptions, HttpClient, databases};
use tokio::time::sleep;

use crate::extra::image;
use crate::instances::Pair;
use crate::ours::{ALICE, BOB, PASSWORD, target_at};
use crate::stubborn::{has_pushed_blob, pull, push};

const TIERS: &str = r#"{"tiers":{"deckhand":{"quota":"5MB"},"bosun":{"quota":"50MB"}},
    "defaults":{"new_crew_tier":"deckhand"}}"#;
const OF_ALICE: &str = "did:web:alice.test";
const OF_BOB: &str = "did:web:bob.test";
const STRANGER: &str = "did:web:stranger.example";
/// A collection ends by then.
const PATIENCE: Duration = Duration::from_secs(30);

/// A key with these permissions, made on the server's own machine.
fn key(options: &BelvedereOptions, server: &Belvedere, permissions: &[&str]) -> HttpClient {
    let mut arguments = vec!["key", "create", "--json", "--name", "test"];
    for permission in permissions {
        arguments.extend(["--permission", permission]);
    }
    let made = options.command(&arguments).output().unwrap();
    assert!(made.status.success(), "{made:?}");
    let made: Value = serde_json::from_slice(&made.stdout).unwrap();
    server.client.with_bearer(made["key"].as_str().unwrap())
}

async fn until_done(operator: &HttpClient, id: &Value) -> Value {
    let start = Instant::now();
    loop {
        let found = operator.get("/admin/registry/collect").await.expect(200);
        let run = found["collections"].as_array().unwrap().iter().find(|run| run["id"] == *id).unwrap();
        if run["state"] != "running" {
            return run.clone();
        }
        assert!(start.elapsed() < PATIENCE, "{found}");
        sleep(Duration::from_millis(20)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_hold_is_seen_and_looked_after() {
    for database in databases().await {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("tiers.json"), TIERS).unwrap();
        let tiers = folder.path().join("tiers.json").display().to_string();
        let options = [
            ("APPS", "registry"),
            ("DATABASE_URL", &database.url()),
            ("REGISTRY_LOCAL_ACCOUNTS", &format!("{ALICE}:{PASSWORD},{BOB}:{PASSWORD}")),
            ("HOLD_OWNER", OF_BOB),
            ("REGISTRY_QUOTA_FILE", &tiers),
            ("REGISTRY_GC_INTERVAL", "0"),
            ("REGISTRY_GC_GRACE", "0"),
        ];
        let options =
            options.iter().fold(BelvedereOptions::new(folder.path()).at_a_port(), |all, (name, value)| {
                all.with(name, value)
            });
        let server = Belvedere::start(&options).await;
        let reader = key(&options, &server, &["stats:read"]);
        let operator = key(&options, &server, &["stats:read", "settings:manage"]);
        whoever_lacks_a_permission_is_refused(&server, &reader).await;
        the_hold_is_described(&server, &reader).await;
        the_crew_changes(&operator).await;
        let alice = Client::new(&target_at(server.url(), ALICE)).unwrap();
        let bob = Client::new(&target_at(server.url(), BOB)).unwrap();
        let (of_alice, of_bob) = (
            Repository { client: &alice, name: "alice.test/app" },
            Repository { client: &bob, name: "bob.test/app" },
        );
        push(of_alice, &image(&["v1"])).await.unwrap();
        push(of_bob, &image(&["v1"])).await.unwrap();
        who_has_how_much_is_listed(&reader).await;
        garbage_goes_when_somebody_says_so(of_alice, &operator).await;
        pull(of_alice, "v1").await.unwrap();
    }
}

async fn whoever_lacks_a_permission_is_refused(server: &Belvedere, reader: &HttpClient) {
    let member = json!({ "account": STRANGER });
    for client in [&server.client, &server.client.with_bearer("hv_00000000000000000000000000000000")] {
        for path in ["hold", "crew", "usage", "collect"] {
            assert_eq!(client.get(&format!("/admin/registry/{path}")).await.status, 401, "{path}");
        }
        assert_eq!(client.post("/admin/registry/crew", &member).await.status, 401);
        assert_eq!(client.post("/admin/registry/collect", &json!({})).await.status, 401);
        assert_eq!(client.delete(&format!("/admin/registry/crew/{STRANGER}")).await.status, 401);
    }
    let refused =
        json!({ "error": "InsufficientPermissions", "message": "Missing permission: settings:manage" });
    assert_eq!(reader.post("/admin/registry/crew", &member).await.expect(403), refused);
    assert_eq!(reader.post("/admin/registry/collect", &json!({})).await.expect(403), refused);
    assert_eq!(reader.delete(&format!("/admin/registry/crew/{STRANGER}")).await.expect(403), refused);
    let nothing = reader.get("/admin/registry/collect").await.expect(200);
    assert_eq!(nothing, json!({ "running": false, "expected": null, "collections": [] }));
}

async fn the_hold_is_described(server: &Belvedere, reader: &HttpClient) {
    let hold = reader.get("/admin/registry/hold").await.expect(200);
    assert_eq!(hold["url"], server.url());
    assert!(hold["did"].as_str().unwrap().starts_with("did:web:127.0.0.1%3A"), "{hold}");
    assert_eq!(hold["captain"], json!({ "did": OF_BOB, "handle": BOB }));
    let tiers = json!([
        { "name": "deckhand", "quota": 5_000_000, "is_default": true },
        { "name": "bosun", "quota": 50_000_000, "is_default": false },
    ]);
    assert_eq!((&hold["tiers"], &hold["storage"]), (&tiers, &json!("folder")));
    assert_eq!(hold["needed"], json!({ "owners": 0, "blobs": 0, "bytes": 0 }));
    assert_eq!((&hold["stored"], &hold["collection"]), (&Value::Null, &Value::Null));
    assert_eq!((&hold["collects_every"], &hold["grace"]), (&json!(0), &json!(0)));
}

async fn the_crew_changes(operator: &HttpClient) {
    let put = async |body: &Value| operator.post("/admin/registry/crew", body).await;
    let alice = put(&json!({ "account": "@alice.test" })).await.expect(200);
    assert_eq!((&alice["did"], &alice["handle"]), (&json!(OF_ALICE), &json!(ALICE)));
    assert_eq!((&alice["role"], &alice["permissions"]), (&json!("write"), &json!(["blob:write"])));
    let more = json!({
        "account": STRANGER, "permissions": ["crew:admin", "blob:read", "crew:admin"], "tier": "bosun",
    });
    let stranger = put(&more).await.expect(200);
    assert_eq!((&stranger["role"], &stranger["tier"]), (&json!("admin"), &json!("bosun")));
    let changed = put(&json!({ "account": STRANGER, "tier": null })).await.expect(200);
    assert_eq!((&changed["tier"], &changed["added_at"]), (&Value::Null, &stranger["added_at"]));

    let first = operator.get("/admin/registry/crew?limit=1").await.expect(200);
    assert_eq!((&first["crew"], &first["cursor"]), (&json!([alice]), &json!(OF_ALICE)));
    let second = operator.get(&format!("/admin/registry/crew?limit=1&cursor={OF_ALICE}")).await.expect(200);
    assert_eq!(second, json!({ "crew": [changed] }));

    for (body, status) in [
        (json!({ "account": "" }), 400),
        (json!({ "account": "nobody.test" }), 404),
        (json!({ "account": STRANGER, "permissions": [] }), 400),
        (json!({ "account": STRANGER, "permissions": ["blob:delete"] }), 400),
        (json!({ "account": STRANGER, "tier": "admiral" }), 400),
        (json!({ "account": STRANGER, "captain": true }), 422),
        (json!({ "account": "x".repeat(10_000) }), 413),
    ] {
        assert_eq!(put(&body).await.status, status, "{body}");
    }
    for query in ["limit=", "limit=many", "cursor=alice.test"] {
        assert_eq!(operator.get(&format!("/admin/registry/crew?{query}")).await.status, 400, "{query}");
    }
    assert_eq!(operator.delete("/admin/registry/crew/alice.test").await.status, 400);
    assert_eq!(operator.delete(&format!("/admin/registry/crew/{STRANGER}")).await.status, 204);
    assert_eq!(operator.delete(&format!("/admin/registry/crew/{STRANGER}")).await.status, 404);
}

async fn who_has_how_much_is_listed(reader: &HttpClient) {
    let all = reader.get("/admin/registry/usage").await.expect(200);
    let listed = all["usage"].as_array().unwrap();
    assert_eq!((listed.len(), all.get("cursor")), (2, None));
    assert!(listed[0]["bytes"].as_u64() >= listed[1]["bytes"].as_u64(), "{all}");
    let limits = |did| listed.iter().find(|one| one["did"] == did).map(|one| one["limit"].clone()).unwrap();
    assert_eq!(
        (limits(OF_ALICE), limits(OF_BOB)),
        (json!(5_000_000), Value::Null),
        "the captain has no limit"
    );
    let first = reader.get("/admin/registry/usage?limit=1").await.expect(200);
    assert_eq!(first["usage"], json!([listed[0]]));
    let cursor = first["cursor"].as_str().unwrap();
    let second = reader.get(&format!("/admin/registry/usage?limit=1&cursor={cursor}")).await.expect(200);
    assert_eq!(second, json!({ "usage": [listed[1]] }));
    assert_eq!(reader.get("/admin/registry/usage?cursor=1").await.status, 400);
    let hold = reader.get("/admin/registry/hold").await.expect(200);
    let sum: u64 = listed.iter().map(|one| one["bytes"].as_u64().unwrap()).sum();
    assert_eq!((&hold["needed"]["owners"], &hold["needed"]["bytes"]), (&json!(2), &json!(sum)));
}

async fn garbage_goes_when_somebody_says_so(repository: Repository<'_>, operator: &HttpClient) {
    let garbage = Blob::random(Algorithm::Sha256, 1000);
    assert!(has_pushed_blob(repository, &garbage).await.unwrap());
    let begun = operator.post("/admin/registry/collect", &json!({})).await.expect(202);
    assert_eq!(
        begun["state"].as_str().map(|state| ["running", "done"].contains(&state)),
        Some(true),
        "{begun}"
    );
    let run = until_done(operator, &begun["id"]).await;
    assert_eq!((&run["state"], &run["error"]), (&json!("done"), &Value::Null), "{run}");
    assert_eq!((&run["garbage"], &run["freed"], &run["young"]), (&json!(1), &json!(1000), &json!(0)));
    assert!(run["ended_at"].is_string(), "{run}");
    repository.head(&garbage.path()).await.unwrap().expect(&[404]).unwrap();
    let hold = operator.get("/admin/registry/hold").await.expect(200);
    assert_eq!(hold["collection"], run);
    let left = run["bytes"].as_u64().unwrap() - 1000;
    assert_eq!(hold["stored"]["bytes"], json!(left), "{hold}");
    let found = operator.get("/admin/registry/collect").await.expect(200);
    assert_eq!((&found["running"], &found["expected"]), (&json!(false), &hold["stored"]["blobs"]));
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_servers_one_collects() {
    let Some(pair) = Pair::start().await else { return };
    let operators =
        [0, 1].map(|n| key(&pair.options[n], &pair.servers[n], &["stats:read", "settings:manage"]));
    // What both did when they started.
    let start = Instant::now();
    while operators[0].get("/admin/registry/collect").await.expect(200)["running"] == true {
        assert!(start.elapsed() < PATIENCE);
        sleep(Duration::from_millis(20)).await;
    }
    let before = operators[0].get("/admin/registry/collect").await.expect(200);
    let begun = before["collections"].as_array().unwrap().len();
    assert_eq!(begun, 1, "of two that start, one looks for garbage: {before}");
    let (mut accepted, mut refused) = (Vec::new(), 0);
    for _ in 0..20 {
        let nothing = json!({});
        let asked = operators.iter().map(|operator| operator.post("/admin/registry/collect", &nothing));
        for answer in futures::future::join_all(asked).await {
            match answer.status {
                202 => accepted.push(answer.expect(202)["id"].clone()),
                409 => refused += 1,
                other => panic!("{other}: {answer:?}"),
            }
        }
    }
    println!("{} were begun, {refused} refused", accepted.len());
    assert!(!accepted.is_empty() && refused > 0);
    let mut ids = accepted.clone();
    ids.dedup();
    assert_eq!(ids.len(), accepted.len());
    for id in accepted.iter().rev().take(10) {
        // Either sees what the other does.
        for operator in &operators {
            assert_eq!(until_done(operator, id).await["state"], "done");
        }
    }
}
