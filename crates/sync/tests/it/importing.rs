//! Taking over what a Happy server kept.

use accounts::Imported::{Added, Kept, Replaced};
use data_encoding::BASE64;
use image::ImageFormat;
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use serde_json::{Value, json};
use sync::import::{Kind, Outcome};

use crate::github::drawn;
use crate::happy::{
    AT, LATER, account, done, importer, message, refusals, rows, session, take, take_server, timed,
};
use crate::imported_tokens::{SECRET, token};
use crate::site::on_each_site;

#[tokio::test(flavor = "multi_thread")]
async fn clients_go_on_where_they_were() {
    on_each_site(|site| async move {
        take_server(&site, Some(SECRET), Added).await;
        let http = site.client.with_bearer(&token("u1", &json!({})));
        let profile = http.get("/v1/account/profile").await.expect(200);
        assert_eq!((&profile["id"], &profile["github"]["login"]), (&json!("u1"), &json!("ann")));
        let settings = http.get("/v1/account/settings").await.expect(200);
        assert_eq!(settings, json!({ "settings": "set", "settingsVersion": 3 }));
        let sessions = http.get("/v1/sessions").await.expect(200);
        let found = &sessions["sessions"][0];
        assert_eq!((&found["id"], &found["dataEncryptionKey"]), (&json!("s1"), &json!(BASE64.encode(&[0, 255]))));
        assert_eq!((&found["metadataVersion"], &found["seq"]), (&json!(2), &json!(2)));
        assert_eq!(found["updatedAt"], 1_780_556_889_123_i64);
        let messages = http.get("/v3/sessions/s1/messages").await.expect(200);
        let second = json!({ "t": "encrypted", "c": "content of g2" });
        assert_eq!((&messages["messages"][1]["id"], &messages["messages"][1]["content"]), (&json!("g2"), &second));
        let new = json!({ "messages": [{ "localId": "new", "content": "c" }, { "localId": "local g1", "content": "c" }] });
        let posted = http.post("/v3/sessions/s1/messages", &new).await.expect(200);
        assert_eq!((&posted["messages"][0]["id"], &posted["messages"][1]["seq"]), (&json!("g1"), &json!(3)));
        let value = http.get("/v1/kv/k").await.expect(200);
        assert_eq!(value, json!({ "key": "k", "value": "AQ==", "version": 4 }));
        assert_eq!(http.get("/v1/machines").await.expect(200)[0]["daemonStateVersion"], 6);
        assert_eq!(http.get("/v1/artifacts/a1").await.expect(200)["body"], "Yg==");
        let access = http.get("/v1/access-keys/s1/m1").await.expect(200);
        assert_eq!(access["accessKey"]["dataVersion"], 2);
        assert_eq!(http.get("/v1/connect/openai/token").await.expect(200), json!({ "token": "sk-test" }));
        assert_eq!(http.get("/v1/feed").await.expect(200)["items"][0]["cursor"], "0-1");
        assert_eq!(http.get("/v1/friends").await.expect(200)["friends"][0]["id"], "u2");
        let usage = http.post("/v1/usage/query", &json!({ "sessionId": "s1" })).await.expect(200);
        assert_eq!(usage["usage"][0]["tokens"]["total"].as_f64(), Some(3.0));
        assert_eq!(http.get("/v1/push-tokens").await.expect(200)["tokens"][0]["token"], "device");
        let missed = http.get("/v1/updates/since/40").await.expect(200);
        assert_eq!(missed["seq"], 41, "the counter goes on from that of the old server");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn again_changes_nothing_and_brings_what_is_newer() {
    on_each_site(|site| async move {
        take_server(&site, Some(SECRET), Added).await;
        take_server(&site, Some(SECRET), Kept).await;
        let importer = importer(&site.store, None).await;
        let mut newer = session("s1", "u1", LATER);
        newer["metadata"] = json!("newer");
        newer["seq"] = json!(1);
        assert_eq!(done(&take(&importer, Kind::Session, &[newer]).await), [Replaced]);
        assert_eq!(done(&take(&importer, Kind::Session, &[session("s1", "u1", AT)]).await), [Kept]);
        let more = [message("g1", "s1", 1), message("g3", "s1", 3)];
        assert_eq!(done(&take(&importer, Kind::SessionMessage, &more).await), [Kept, Added]);
        let http = site.client.with_bearer(&token("u1", &json!({})));
        let found = http.get("/v1/sessions").await.expect(200)["sessions"][0].clone();
        assert_eq!((&found["metadata"], &found["seq"]), (&json!("newer"), &json!(3)));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_number_that_was_given_twice_costs_no_message() {
    on_each_site(|site| async move {
        take_server(&site, Some(SECRET), Added).await;
        let importer = importer(&site.store, None).await;
        for expected in [Added, Kept] {
            let twin = take(&importer, Kind::SessionMessage, &[message("twin", "s1", 2)]).await;
            assert_eq!(done(&twin), [expected]);
        }
        let http = site.client.with_bearer(&token("u1", &json!({})));
        let messages = http.get("/v3/sessions/s1/messages").await.expect(200);
        let ids: Vec<_> = messages["messages"].as_array().unwrap().iter().map(|it| &it["id"]).collect();
        assert_eq!(ids, ["g1", "g2", "twin"]);
    })
    .await;
}

/// Numbers, names and ids that collide in every way.
fn colliding(session: &str, chance: [u8; 3]) -> Value {
    let [number, name, id] = chance.map(i64::from);
    let mut row = message(&format!("g{id}"), session, number % 12);
    row["localId"] = if name % 4 == 0 { Value::Null } else { json!(format!("l{name}")) };
    row
}

#[tokio::test(flavor = "multi_thread")]
async fn many_messages_at_once_are_taken_as_one_after_the_other() {
    on_each_site(|site| async move {
        take_server(&site, Some(SECRET), Added).await;
        let importer = importer(&site.store, None).await;
        take(&importer, Kind::Session, &[session("many", "u1", AT), session("each", "u1", AT)]).await;
        let http = site.client.with_bearer(&token("u1", &json!({})));
        for _ in 0..4 {
            let chances: Vec<[u8; 3]> =
                (0..40).map(|_| rand::random::<[u8; 3]>().map(|it| it % 24)).collect();
            let rows: Vec<Value> = chances.iter().map(|chance| colliding("many", *chance)).collect();
            let many = take(&importer, Kind::SessionMessage, &rows).await;
            let mut each = Vec::new();
            for chance in &chances {
                each.extend(take(&importer, Kind::SessionMessage, &[colliding("each", *chance)]).await);
            }
            let taken = |outcomes: &[Outcome]| outcomes.iter().map(|it| it.taken.clone()).collect::<Vec<_>>();
            assert_eq!(taken(&many), taken(&each), "{chances:?}");
            let [many, each] = ["many", "each"].map(|id| format!("/v3/sessions/{id}/messages?limit=500"));
            let [many, each] = [http.get(&many).await.expect(200), http.get(&each).await.expect(200)];
            assert_eq!(many, each, "{chances:?}");
            let newest = many["messages"].as_array().unwrap().last().map(|it| it["seq"].clone());
            let sessions = http.get("/v1/sessions").await.expect(200);
            for session in sessions["sessions"].as_array().unwrap() {
                let is_one_of_them = session["id"] != "s1";
                assert!(!is_one_of_them || Some(&session["seq"]) == newest.as_ref(), "{sessions}");
            }
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_row_that_cannot_come_holds_up_no_other() {
    on_each_site(|site| async move {
        take_server(&site, Some(SECRET), Added).await;
        let person = site.person().await;
        let (own, id) = (person.session("own").await, person.id().await);
        let importer = importer(&site.store, None).await;
        let mut stolen = session(&own, "u1", LATER);
        stolen["metadata"] = json!("stolen");
        let mut nul = session("s2", "u1", AT);
        nul["metadata"] = json!("a\0b");
        let mut taken = session("s3", "u1", AT);
        taken["tag"] = json!("tag of s1");
        let rows = [
            json!({}),
            nul,
            session("s4", "nobody", AT),
            session("s5", &id, AT),
            stolen,
            taken,
            session("s6", "u1", AT),
        ];
        let outcomes = take(&importer, Kind::Session, &rows).await;
        assert_eq!(refusals(&outcomes).len(), 6, "{outcomes:?}");
        assert!(outcomes.iter().any(|it| it.name == "s6" && it.taken == Ok(Added)));
        assert_eq!(person.http.get("/v1/sessions").await.expect(200)["sessions"][0]["metadata"], "opaque");

        // The database itself refuses the second: its id is that of another report.
        let report = |id: &str, key: &str| {
            let data = json!({ "tokens": { "total": 1 }, "cost": { "total": 1 } });
            timed(json!({ "id": id, "key": key, "accountId": "u1", "sessionId": null, "data": data }), AT)
        };
        let rows = [report("r2", "x"), report("r1", "y"), report("r3", "z")];
        let outcomes = take(&importer, Kind::UsageReport, &rows).await;
        let good: Vec<_> = outcomes.iter().filter(|it| it.taken.is_ok()).map(|it| it.name.as_str()).collect();
        assert_eq!((good, refusals(&outcomes).len()), (vec!["r2", "r3"], 1));

        let wrong = |field: &str, value: Value| {
            let mut row = message("w", "s1", 9);
            row[field] = value;
            row
        };
        let rows = [
            wrong("content", json!({ "t": "plain", "c": "x" })),
            wrong("seq", json!(0)),
            wrong("sessionId", json!("none")),
            wrong("createdAt", json!("yesterday")),
        ];
        assert_eq!(refusals(&take(&importer, Kind::SessionMessage, &rows).await).len(), 4);
        let sealed = timed(json!({ "accountId": "u1", "vendor": "gemini", "token": "\\x00" }), AT);
        let outcomes = take(&importer, Kind::ServiceAccountToken, &[sealed]).await;
        assert!(refusals(&outcomes)[0].contains("HANDY_MASTER_SECRET"));
        let mut twin = account("u9", 1);
        twin["username"] = json!("twin");
        assert!(refusals(&take(&importer, Kind::Account, &[twin]).await)[0].contains("u1"));
        let attachment = |session: &str, name: &str, size: usize| {
            importer.attachment(session.to_owned(), name.to_owned(), vec![0; size])
        };
        assert_eq!(attachment("s1", "a.enc", 4).await.unwrap().taken, Ok(Added));
        assert_eq!(attachment("s1", "a.enc", 4).await.unwrap().taken, Ok(Kept));
        let avatar = |account: &str, path: &str, content: Vec<u8>| {
            importer.avatar(account.to_owned(), format!("public/users/{path}"), content)
        };
        let png = drawn(8, 4, ImageFormat::Png);
        for (account, path, content) in [
            ("u1", "u2/avatars/x.png", png.clone()),
            ("u1", "u1/avatars/x.jpg", png.clone()),
            ("u1", "u1/avatars/../x.png", png.clone()),
            ("u1", "u1/avatars/x.png", b"GIF89a".to_vec()),
            ("u9", "u9/avatars/x.png", png.clone()),
        ] {
            assert!(avatar(account, path, content).await.unwrap().taken.is_err(), "{path}");
        }
        assert_eq!(avatar("u1", "u1/avatars/x.png", png.clone()).await.unwrap().taken, Ok(Added));
        assert_eq!(avatar("u1", "u1/avatars/y.png", png).await.unwrap().taken, Ok(Kept));
        assert_eq!(site.client.get("/files/public/users/u1/avatars/x.png").await.status, 200);
        for (session, name, size) in [("none", "a", 1), ("s1", "..", 1), ("s1", "b", 10_485_761)] {
            assert!(attachment(session, name, size).await.unwrap().taken.is_err(), "{session}/{name}");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_a_row_says_the_import_goes_on() {
    on_each_site(|site| async move {
        take_server(&site, Some(SECRET), Added).await;
        let importer = importer(&site.store, Some(SECRET)).await;
        let value = prop_oneof![
            Just(json!(null)),
            Just(json!("\\xzz")),
            Just(json!("a\0")),
            any::<i64>().prop_map(|number| json!(number)),
            Just(json!(1e300)),
            Just(json!({ "t": "encrypted" })),
            Just(json!("x".repeat(2000))),
            ".{0,40}".prop_map(|text| json!(text)),
        ];
        let server = rows();
        let rows = (0..server.len(), any::<prop::sample::Index>(), value);
        let cases: Vec<_> = {
            let mut runner = TestRunner::default();
            (0..150).map(|_| rows.new_tree(&mut runner).unwrap().current()).collect()
        };
        for (at, column, value) in cases {
            let (kind, mut row) = (server[at].0, server[at].1[0].clone());
            let columns: Vec<String> = row.as_object().unwrap().keys().cloned().collect();
            row[&columns[column.index(columns.len())]] = value;
            assert_eq!(take(&importer, kind, &[row]).await.len(), 1);
        }
    })
    .await;
}
