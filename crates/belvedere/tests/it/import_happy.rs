//! `belvedere import happy`

use data_encoding::BASE64;
use serde_json::{Value, json};
use testkit::{Belvedere, BelvedereOptions, TestDatabase, databases};
use tokio_postgres::NoTls;

use crate::place::{Outcome, Place, outcome};

/// The master secret of the contract's vectors (spec/sync.md §1.2, §8.1).
const SECRET: &str = "test-master-secret";

/// A token of the account `u1` that a server with that secret gave out.
const TOKEN: &str = "eyJhbGciOiJFZERTQSJ9.eyJzdWIiOiJ1MSIsImlhdCI6MTc4MDAwMDAwMCwibmJmIjoxNzgwMDAwMDAwLCJpc3MiOiJoYW5keSIsImp0aSI6IjRiMGMifQ.UV7PudFkNh5NK8FN_PqmLdSpjbOo2y7c7VmjdjzvrvIDmmOrKNNk2QKiNxErE0orqBHMcT49q-j88EHHE04YCA";

/// A picture of one pixel.
const PICTURE: &str =
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

const ATTACHMENT: &str = "/v1/sessions/s1/attachments/a.enc";

/// Runs statements in a PostgreSQL; the first column of the rows of the last one.
async fn ask(database: &TestDatabase, sql: &str) -> Vec<String> {
    let (client, connection) = tokio_postgres::connect(&database.url(), NoTls).await.unwrap();
    let connection = tokio::spawn(connection);
    let messages = client.simple_query(sql).await.unwrap();
    let row = |message: &tokio_postgres::SimpleQueryMessage| match message {
        tokio_postgres::SimpleQueryMessage::Row(row) => row.get(0).map(str::to_owned),
        _ => None,
    };
    let rows = messages.iter().filter_map(row).collect();
    drop(client);
    _ = connection.await;
    rows
}

/// The lines that the documentation tells to make of an embedded database.
async fn dumped(database: &TestDatabase) -> String {
    let tables = "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace
                  ORDER BY relname";
    let mut lines = String::new();
    for table in ask(database, tables).await {
        let rows = format!("SELECT row_to_json(x)::text FROM \"{table}\" x ORDER BY ctid");
        let line = |row: String| format!("{{\"table\":\"{table}\",\"row\":{}}}\n", row.replace('\n', " "));
        lines.extend(ask(database, &rows).await.into_iter().map(line));
    }
    lines
}

fn import(place: &Place, arguments: &[&str]) -> Outcome {
    let arguments = [&["import", "happy"], arguments].concat();
    outcome(place.command(&arguments).env("HANDY_MASTER_SECRET", SECRET))
}

fn imported(place: &Place, arguments: &[&str]) -> Value {
    let outcome = import(place, &[arguments, &["--json"]].concat());
    assert_eq!(outcome.code, Some(0), "{outcome:?}");
    serde_json::from_str(&outcome.stdout).unwrap()
}

/// `[imported, already here, replaced, skipped]` of the kinds of which there are any.
fn counts(report: &Value) -> Vec<(&str, [u64; 4])> {
    let count = |kind: &Value| {
        ["imported", "already_here", "replaced", "skipped"].map(|name| kind[name].as_u64().unwrap())
    };
    let kinds = report["kinds"].as_array().unwrap().iter();
    let kinds = kinds.map(|kind| (kind["kind"].as_str().unwrap(), count(kind)));
    kinds.filter(|(_, counts)| *counts != [0; 4]).collect()
}

const FIRST: [(&str, [u64; 4]); 10] = [
    ("accounts", [2, 0, 0, 1]),
    ("GitHub users", [1, 0, 0, 0]),
    ("push tokens", [1, 0, 0, 0]),
    ("relationships", [2, 0, 0, 0]),
    ("values", [1, 0, 0, 0]),
    ("tokens of vendors", [1, 0, 0, 0]),
    ("machines", [1, 0, 0, 0]),
    ("sessions", [1, 0, 0, 1]),
    ("access keys", [1, 0, 0, 0]),
    ("messages", [700, 0, 0, 1]),
];

async fn serve(place: &Place) -> Belvedere {
    let nowhere = "http://127.0.0.1:1";
    let options = BelvedereOptions::new(place.path()).with("DATABASE_URL", &place.database.url());
    let mut options = options
        .with("PLC_URL", nowhere)
        .with("RELAY_URL", nowhere)
        .with("JETSTREAM_URL", "ws://127.0.0.1:1")
        .with("APPS", "appview,sync");
    options.data_dir = place.path().join("data");
    options.arguments.push("--dev".into());
    Belvedere::start(&options).await
}

#[tokio::test(flavor = "multi_thread")]
async fn everything_works_here_and_nothing_is_written_there() {
    let Some(old) = TestDatabase::postgres().await else { return };
    ask(&old, include_str!("happy.sql")).await;
    let dump = dumped(&old).await;
    for database in databases().await {
        let place = Place::on(database);
        place.write("files/sessions/s1/attachments/a.enc", "sealed");
        place.write("files/sessions/nobody/attachments/b.enc", "sealed");
        place
            .write("files/public/users/u1/avatars/github_x.png", &BASE64.decode(PICTURE.as_bytes()).unwrap());
        let url = old.url();
        let rehearsed = imported(&place, &[&url, "--dry-run"]);
        assert_eq!(counts(&rehearsed), FIRST, "{rehearsed:#}");
        let report = imported(&place, &[&url, "--files", "files"]);
        let files = [("attachments", [1, 0, 0, 1]), ("pictures of people", [1, 0, 0, 1])];
        assert_eq!(counts(&report), [&FIRST[..], &files].concat(), "{report:#}");
        assert_eq!(report["left_behind"][0]["rows"], 1);
        let again = imported(&place, &[&url]);
        let unchanged = FIRST.map(|(kind, [added, .., skipped])| (kind, [0, added, 0, skipped]));
        assert_eq!(counts(&again), unchanged, "{again:#}");

        let server = serve(&place).await;
        let http = server.client.with_bearer(TOKEN);
        let found = http.get("/v1/sessions").await.expect(200)["sessions"][0].clone();
        assert_eq!((&found["metadata"], &found["seq"]), (&json!("opaque\n\\\"text"), &json!(700)));
        let messages = http.get("/v3/sessions/s1/messages?after_seq=698").await.expect(200);
        assert_eq!(messages["messages"][1]["content"]["c"], "content 700");
        assert_eq!(http.get("/v1/connect/openai/token").await.expect(200), json!({ "token": "sk-test" }));
        let profile = http.get("/v1/account/profile").await.expect(200);
        assert_eq!((&profile["github"]["login"], &profile["avatar"]["width"]), (&json!("ann"), &json!(1)));
        let url = profile["avatar"]["url"].as_str().unwrap();
        assert_eq!(url, format!("{}/files/public/users/u1/avatars/github_x.png", server.client.base()));
        let picture = server.client.get(url.strip_prefix(server.client.base()).unwrap()).await;
        assert_eq!((picture.status, picture.header("content-type")), (200, "image/png"));
        assert_eq!(http.get(ATTACHMENT).await.text, "sealed");
    }
    assert_eq!(dumped(&old).await, dump, "nothing has changed there");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dump_is_as_good_and_bad_lines_are_counted() {
    let Some(old) = TestDatabase::postgres().await else { return };
    ask(&old, include_str!("happy.sql")).await;
    let dump = dumped(&old).await + "no row\n{\"table\":\"Session\",\"row\":{\"id\":\n";
    for database in databases().await {
        let place = Place::on(database);
        place.write("happy.ndjson", &dump);
        let report = imported(&place, &["happy.ndjson"]);
        let mut expected = FIRST;
        expected[7].1[3] += 1;
        assert_eq!(counts(&report), expected, "{report:#}");
        assert_eq!((&report["strange_lines"], &report["tokens_are_good"]), (&json!(1), &json!(true)));
        let text = import(&place, &["happy.ndjson"]).stdout;
        assert!(text.contains("skipped: accounts: u3: its key is no key"), "{text}");
        assert!(!text.contains(SECRET));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_happy_server_is_refused() {
    let place = Place::on(TestDatabase::sqlite());
    place.write("other.sql", "CREATE TABLE x (id text);\n");
    for (source, problem) in [
        ("other.sql", "neither a Happy database nor a dump"),
        ("nothing.ndjson", "cannot open nothing.ndjson"),
        ("postgres://me:hush@127.0.0.1:1/happy", "cannot open postgres://me:***@127.0.0.1:1/happy"),
    ] {
        let outcome = import(&place, &[source]);
        assert_eq!(outcome.code, Some(1), "{outcome:?}");
        assert!(outcome.stderr.contains(problem) && !outcome.stderr.contains("hush"), "{outcome:?}");
    }
}
