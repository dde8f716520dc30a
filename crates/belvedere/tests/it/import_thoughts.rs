//! `belvedere import thoughts`

use data_encoding::BASE64;
use serde_json::{Value, json};
use testkit::{Belvedere, BelvedereOptions, S3Service, TestDatabase, databases};
use tokio_postgres::NoTls;

use crate::place::Place;

/// A picture of one pixel.
const PICTURE: &str =
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

const ANN: &str = "0a000000-0000-4000-8000-00000000000a";

const FIRST: &str = "/social/thoughts/10000000-0000-4000-8000-000000000001";

/// `[imported, already here, replaced, skipped]`
const EXPECTED: [(&str, [u64; 4]); 16] = [
    ("people", [5, 0, 0, 1]),
    ("people elsewhere", [2, 0, 0, 0]),
    ("thoughts", [5, 0, 0, 1]),
    ("tags of thoughts", [1, 0, 0, 0]),
    ("follows here", [2, 0, 0, 0]),
    ("followers elsewhere", [1, 0, 0, 1]),
    ("follows elsewhere", [2, 0, 0, 0]),
    ("top friends", [1, 0, 0, 0]),
    ("blocks", [1, 0, 0, 0]),
    ("blocks elsewhere", [1, 0, 0, 0]),
    ("blocked hosts", [1, 0, 0, 0]),
    ("likes", [1, 0, 0, 0]),
    ("boosts", [1, 0, 0, 0]),
    ("boosts elsewhere", [1, 0, 0, 1]),
    ("notifications", [2, 0, 0, 1]),
    ("API keys", [1, 0, 0, 1]),
];

/// An old server, filled.
async fn old() -> Option<TestDatabase> {
    let database = TestDatabase::postgres().await?;
    let (client, connection) = tokio_postgres::connect(&database.url(), NoTls).await.unwrap();
    let connection = tokio::spawn(connection);
    client.batch_execute(include_str!("thoughts.sql")).await.unwrap();
    drop(client);
    _ = connection.await;
    Some(database)
}

fn counts(report: &Value) -> Vec<(&str, [u64; 4])> {
    let count = |kind: &Value| {
        ["imported", "already_here", "replaced", "skipped"].map(|name| kind[name].as_u64().unwrap())
    };
    let kinds = report["kinds"].as_array().unwrap().iter();
    kinds.map(|kind| (kind["kind"].as_str().unwrap(), count(kind))).collect()
}

async fn serve(place: &Place) -> Belvedere {
    let nowhere = "http://127.0.0.1:1";
    let options = BelvedereOptions::new(place.path()).with("DATABASE_URL", &place.database.url());
    let mut options = options
        .with("PLC_URL", nowhere)
        .with("RELAY_URL", nowhere)
        .with("JETSTREAM_URL", "ws://127.0.0.1:1")
        .with("APPS", "social");
    options.data_dir = place.path().join("data");
    options.arguments.push("--dev".into());
    Belvedere::start(&options).await
}

#[tokio::test(flavor = "multi_thread")]
async fn everybody_goes_on_as_before() {
    let Some(old) = old().await else { return };
    for database in databases().await {
        let place = Place::on(database);
        let picture = BASE64.decode(PICTURE.as_bytes()).unwrap();
        place.write(&format!("media/users/{ANN}/avatar.png"), &picture);
        place.write("media/users/0c000000-0000-4000-8000-00000000000c/avatar.avif", "no picture");
        let url = old.url();
        let command = ["import", "thoughts", &url];
        let with_pictures = [&command[..], &["--media", "media"]].concat();
        let pictures = |imported, here| ("pictures of people", [imported, here, 0, 2]);
        let all = |pictures| [&EXPECTED[..], &[pictures]].concat();

        let rehearsed = place.json(&[&with_pictures[..], &["--dry-run"]].concat());
        assert_eq!(counts(&rehearsed), all(pictures(1, 0)), "{rehearsed:#}");
        assert!(!place.path().join("data/social").exists(), "a rehearsal leaves no pictures");
        let report = place.json(&command);
        assert_eq!(counts(&report), EXPECTED, "{report:#}");
        assert_eq!(report["left_behind"][0]["rows"], 1);
        let report = place.json(&with_pictures);
        let unchanged: Vec<_> =
            EXPECTED.iter().map(|(kind, [added, .., skipped])| (*kind, [0, *added, 0, *skipped])).collect();
        assert_eq!(counts(&report), [&unchanged[..], &[pictures(1, 0)]].concat(), "{report:#}");
        let again = place.json(&with_pictures);
        assert_eq!(counts(&again), [&unchanged[..], &[pictures(0, 1)]].concat(), "{again:#}");

        works(&place).await;
    }
}

/// Passwords, the key, the actor, thoughts with what is counted of them, follows and notifications.
async fn works(place: &Place) {
    let server = serve(place).await;
    let sign_in = async |name: &str, password: &str| {
        server.client.post("/social/auth/login", &json!({ "username": name, "password": password })).await
    };
    let token = sign_in("ann", "correct horse staple").await.expect(200)["token"].clone();
    assert_eq!(sign_in("ben", "correct horse battery").await.status, 200, "bcrypt of an older import");
    for (name, password) in [
        ("ann", "correct horse battery"),
        ("cat", "not a hash"),
        ("zoe@there.example", ""),
        ("instance", "!service-actor-no-login"),
    ] {
        assert_eq!(sign_in(name, password).await.status, 401, "{name}");
    }
    let key = server.client.with_header("x-api-key", "old-key");
    let me = key.get("/social/users/me").await.expect(200);
    assert_eq!(
        (&me["id"], &me["username"], &me["displayName"]),
        (&json!(ANN), &json!("Ann"), &json!("Ann A."))
    );
    assert_eq!((&me["followersCount"], &me["followingCount"]), (&json!(1), &json!(2)));
    assert_eq!(me["profileFields"], json!([{ "name": "site", "value": "ann.example" }]));
    assert!(me["customCss"].as_str().unwrap().contains("#profile-page-Ann"), "{me}");
    let avatar = me["avatarUrl"].as_str().unwrap();
    let shown = server.client.get(avatar.strip_prefix(server.client.base()).unwrap()).await;
    assert_eq!((shown.status, shown.header("content-type")), (200, "image/png"));

    let ann = server.client.with_bearer(token.as_str().unwrap());
    let first = ann.get(FIRST).await.expect(200);
    let counted = ["likeCount", "boostCount", "replyCount"].map(|name| first[name].as_i64().unwrap());
    assert_eq!(counted, [1, 1, 1], "{first:#}");
    assert_eq!((&first["tags"], &first["mood"]), (&json!(["thought"]), &json!("happy")));
    assert_eq!(first["createdAt"], "2026-04-01T08:00:00Z");
    let home = ann.get("/social/feed").await.expect(200);
    let texts: Vec<_> =
        home["items"].as_array().unwrap().iter().map(|item| item["content"].as_str().unwrap()).collect();
    assert_eq!(texts.len(), 5, "{texts:?}");
    assert!(texts.contains(&"A secret for @ann"), "who is mentioned sees it: {texts:?}");
    assert!(
        texts.contains(&"To myself")
            && texts.iter().any(|text| text.contains("<b>there</b>") || text.contains("there"))
    );
    assert!(!home.to_string().contains("<script"), "{home:#}");
    let private = server.client.get("/social/thoughts/10000000-0000-4000-8000-000000000004").await;
    assert_eq!(private.status, 404);
    let notifications = ann.get("/social/notifications").await.expect(200);
    assert_eq!(notifications["items"].as_array().unwrap().len(), 2, "{notifications:#}");

    let document = server.client.with_header("accept", "application/activity+json");
    let actor = document.get(&format!("/users/{ANN}")).await.expect(200);
    let public_key = actor["publicKey"]["publicKeyPem"].as_str().unwrap();
    assert!(
        include_str!("thoughts.sql").contains(public_key.trim()),
        "others know the key that it signs with"
    );
    server.terminate().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn pictures_come_from_a_bucket_and_go_to_one() {
    let (Some(old), Some(service)) = (old().await, S3Service::start()) else { return };
    let url = service.good_url();
    let bucket = blobs::Bucket::new(blobs::Location::parse(&url).unwrap()).unwrap();
    let picture = BASE64.decode(PICTURE.as_bytes()).unwrap();
    bucket.put(&format!("users/{ANN}/avatar.png"), picture.into()).await.unwrap();
    let place = Place::on(TestDatabase::sqlite());
    let (old, arguments) = (old.url(), ["--media", &url, "--json"]);
    let mut command = place.command(&[&["import", "thoughts", &old][..], &arguments].concat());
    let outcome = crate::place::outcome(command.env("S3_URL", &url));
    assert_eq!(outcome.code, Some(0), "{outcome:?}");
    let report: Value = serde_json::from_str(&outcome.stdout).unwrap();
    assert_eq!(counts(&report).last().unwrap(), &("pictures of people", [1, 0, 0, 2]), "{report:#}");
    assert_eq!(service.count("social/users"), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_thoughts_server_is_refused() {
    let place = Place::on(TestDatabase::sqlite());
    let refused = place.failure(&["import", "thoughts", "postgres://me:hush@127.0.0.1:1/thoughts"]);
    assert!(
        refused.contains("postgres://me:***@127.0.0.1:1/thoughts") && !refused.contains("hush"),
        "{refused}"
    );
    let Some(empty) = TestDatabase::postgres().await else { return };
    let refused = place.failure(&["import", "thoughts", &empty.url()]);
    assert!(refused.contains("is no Thoughts database"), "{refused}");
}
