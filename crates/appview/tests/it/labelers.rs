//! Labelers as clients, operators and scripts see them.

use appview::NewLexicon;
use atproto::data;
use serde_json::{Value, json};
use store::Store;
use testkit::HttpClient;
use testkit::labeler::{Directory, Labeler, say};

use crate::harness::{
    ALICE, GET_STATUSES, STATUS, Server, Surroundings, has_status, on_each_server, schemas,
};

const LABELERS: &str = "/admin/labelers";
const LIST: &str = "/xrpc/com.example.getStatuses";

/// A server, and a labeler that it listens to.
async fn start(store: Store) -> (Server, Labeler) {
    let directory = Directory::start().await;
    let plc = directory.url().to_string();
    let labeler = Labeler::start("mod", move |did, document| directory.put(did, document)).await;
    let server = Server::launch(store, Surroundings { plc, ..Surroundings::nobody() }).await;
    server.add_status_lexicons().await;
    has_status(&server.admin.post(LABELERS, &json!({ "did": labeler.did })).await, 201);
    (server, labeler)
}

fn uri(rkey: &str) -> String {
    format!("at://{ALICE}/{STATUS}/{rkey}")
}

/// Waits until message `seq` is stored.
async fn heard(server: &Server, seq: i64) {
    server
        .eventually("it is heard", async || {
            server.admin.get(LABELERS).await.expect(200)[0]["cursor"].as_i64() >= Some(seq)
        })
        .await;
}

fn listening(client: &HttpClient, header: &str) -> HttpClient {
    client.with_header("atproto-accept-labelers", header)
}

fn vals(record: &Value) -> Vec<&str> {
    record["_labels"].as_array().unwrap().iter().map(|label| label["val"].as_str().unwrap()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn are_in_answers_for_those_who_ask() {
    testkit::on_each_engine(&schemas(), |store| async move {
        let (server, labeler) = start(store).await;
        let did = labeler.did.as_str();
        server.write(ALICE, "a", r#"{"status":"a","labels":{"values":[{"val":"own"}]}}"#).await;
        server.write(ALICE, "b", r#"{"status":"b","_labels":"mine"}"#).await;
        let before = server.client.get(LIST).await;
        let expired = say(did, &uri("a"), "expired").until("2026-01-01T00:00:01Z");
        labeler.say(&[say(did, &uri("a"), "spam"), expired, say(did, &uri("b"), "!takedown")]);
        heard(&server, 1).await;
        assert_eq!(server.client.get(LIST).await.text, before.text, "who does not ask is told the same");

        let answer = listening(&server.client, &format!("{did}, did:plc:nobody")).get(LIST).await;
        assert_eq!(answer.header("atproto-content-labelers"), did);
        let records = answer.json()["records"].take();
        let by = |status: &str| {
            records.as_array().unwrap().iter().find(|record| record["status"] == status).unwrap().clone()
        };
        assert_eq!(vals(&by("a")), ["spam", "own"]);
        assert_eq!(by("a")["labels"]["values"][0]["val"], "own", "as its author wrote it");
        assert_eq!(vals(&by("b")), ["!takedown"]);
        assert_eq!(by("a")["_labels"][0]["src"], did);

        let redacting = listening(&server.client, &format!("{did};redact"));
        let records = redacting.get(LIST).await.json()["records"].take();
        assert_eq!(records.as_array().unwrap().len(), 1, "{records}");
        let one = |rkey: &str| format!("{LIST}?uri={}", uri(rkey));
        assert_eq!(vals(&redacting.get(&one("a")).await.expect(200)["record"]), ["spam", "own"]);
        has_status(&redacting.get(&one("b")).await, 404);
        has_status(&listening(&server.client, "alice.example.com").get(LIST).await, 400);

        // A labeler that is paused is silent at once.
        let path = format!("{LABELERS}/{did}");
        drop(server.admin.patch(&path, &json!({ "status": "paused" })).await.expect(200));
        let answer = listening(&server.client, did).get(LIST).await;
        assert!(!answer.headers.contains_key("atproto-content-labelers"));
        assert_eq!(vals(&answer.json()["records"][0]).len() + vals(&answer.json()["records"][1]).len(), 1);
        let shown = server.admin.get(&format!("/admin/records?collection={STATUS}")).await.expect(200);
        assert!(shown.to_string().contains("\"spam\""), "what it has said stays: {shown}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn are_about_the_version_that_they_name() {
    testkit::on_each_engine(&schemas(), |store| async move {
        let (server, labeler) = start(store).await;
        let did = labeler.did.as_str();
        let write = async |status: &str| {
            let record = json!({ "status": status }).to_string();
            let cid = data::record::inspect(record.as_bytes(), &data::Limits::default()).unwrap().cid;
            let cid = cid.unwrap().to_string();
            server.ingested(server.stream.put_as(ALICE, STATUS, "a", &record, &cid)).await;
            cid
        };
        let first = write("first").await;
        let shown = async || {
            let page = server.admin.get(&format!("/admin/records?collection={STATUS}")).await.expect(200);
            page["records"][0].clone()
        };
        let say = |val: &str| say(did, &uri("a"), val);
        labeler.say(&[say("any"), say("!takedown").of_version(&first), say("spam").of_version(&first)]);
        heard(&server, 1).await;
        let other = "xyz.statusphere.other";
        let script = format!(
            "function handle() return {{ labels = atproto.get_labels('{}'), none = atproto.get_labels('{}') }} end",
            uri("a"),
            uri("elsewhere")
        );
        let query = json!({ "lexicon": 1, "id": other, "defs": { "main": { "type": "query" } } });
        server.add(NewLexicon::new(query.to_string())).await;
        let id = format!("xrpc.query:{other}");
        has_status(&server.admin.post("/admin/scripts", &json!({ "id": id, "body": script })).await, 201);

        let told = async || {
            let listening_to = |header: &str| listening(&server.client, header);
            let (client, redacting) = (listening_to(did), listening_to(&format!("{did};redact")));
            let records = client.get(LIST).await.expect(200)["records"].take();
            let one = client.get(&format!("{LIST}?uri={}", uri("a"))).await.expect(200)["record"].take();
            assert_eq!(records[0]["_labels"], one["_labels"]);
            let of_scripts = server.client.get(&format!("/xrpc/{other}")).await.expect(200);
            assert_eq!(of_scripts["none"], json!([]));
            let vals = |labels: &Value| -> Vec<String> {
                let vals = labels.as_array().unwrap().iter();
                vals.map(|label| label["val"].as_str().unwrap().to_owned()).collect()
            };
            let all = vals(&one["_labels"]);
            assert_eq!(vals(&of_scripts["labels"]), all, "scripts are told the same");
            assert_eq!(vals(&shown().await["labels"]), all, "and so are operators");
            let is_redacted = redacting.get(LIST).await.expect(200)["records"].as_array().unwrap().is_empty();
            (all, is_redacted)
        };
        let (all, is_redacted) = told().await;
        assert_eq!((all, is_redacted), (["!takedown", "any", "spam"].map(str::to_owned).to_vec(), true));
        write("second").await;
        assert_ne!(shown().await["cid"], first);
        assert_eq!(told().await, (vec!["any".to_owned()], false));
        write("first").await;
        assert!(told().await.1, "it is that version again");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn are_seen_by_scripts_and_decided_about_by_them() {
    testkit::on_each_engine(&schemas(), |store| async move {
        let (server, labeler) = start(store).await;
        let did = labeler.did.as_str();
        server.write(ALICE, "a", r#"{"status":"a","labels":{"values":[{"val":"own"}]}}"#).await;
        let put = async |id: String, body: &str| {
            has_status(&server.admin.post("/admin/scripts", &json!({ "id": id, "body": body })).await, 201);
        };
        put(
            format!("labeler.apply:{STATUS}"),
            "function handle()
               if val == 'rumour' then return nil end
               if val == 'bad' then error('on purpose') end
               return { val = 'checked-' .. val }
             end",
        )
        .await;
        put(
            format!("xrpc.query:{GET_STATUSES}"),
            &format!(
                "function handle()
                   return {{ one = atproto.get_labels('{a}'), all = atproto.get_labels_batch({{ '{a}', '{ALICE}' }}) }}
                 end",
                a = uri("a")
            ),
        )
        .await;
        let spam = say(did, &uri("a"), "spam");
        let words = [spam.clone(), say(did, &uri("a"), "rumour"), say(did, &uri("a"), "bad"), say(did, ALICE, "bot")];
        labeler.say(&words);
        heard(&server, 1).await;
        let labels = server.client.get(LIST).await.expect(200);
        let told = |labels: &Value| -> Vec<String> {
            labels.as_array().unwrap().iter().map(|label| label["val"].as_str().unwrap().to_owned()).collect()
        };
        assert_eq!(told(&labels["one"]), ["bad", "checked-spam", "own"]);
        assert_eq!(told(&labels["all"][uri("a")]), ["bad", "checked-spam", "own"]);
        assert_eq!(told(&labels["all"][ALICE]), ["bot"]);

        // What takes a label back goes through the script, too.
        labeler.say(&[spam.negated().at(1)]);
        heard(&server, 2).await;
        assert_eq!(told(&server.client.get(LIST).await.expect(200)["one"]), ["bad", "own"]);

        let letters = async || server.admin.get("/admin/dead-letters").await.expect(200)["dead_letters"].take();
        server.eventually("it is given up", async || letters().await[0].is_object()).await;
        let letter = letters().await[0].take();
        for (field, value) in [
            ("lexicon_id", format!("labeler.apply:{STATUS}")),
            ("uri", uri("a")),
            ("did", did.to_owned()),
            ("collection", STATUS.to_owned()),
            ("rkey", "bad".to_owned()),
            ("action", "label".to_owned()),
        ] {
            assert_eq!(letter[field], value, "{letter}");
        }
        has_status(&server.admin.post(&format!("/admin/dead-letters/{}/retry", letter["id"]), &json!({})).await, 400);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn are_added_paused_and_removed() {
    on_each_server(|server| async move {
        for (body, status) in [(json!({ "did": "alice.example.com" }), 400), (json!({}), 422)] {
            has_status(&server.admin.post(LABELERS, &body).await, status);
        }
        let path = format!("{LABELERS}/did:plc:nobody");
        let paused = json!({ "status": "paused" });
        has_status(&server.admin.patch(&path, &paused).await, 404);
        has_status(&server.admin.delete(&path).await, 404);
        has_status(&server.admin.post(LABELERS, &json!({ "did": "did:plc:nobody" })).await, 201);
        has_status(&server.admin.patch(&path, &json!({ "status": "asleep" })).await, 422);
        assert_eq!(server.admin.patch(&path, &paused).await.expect(200)["status"], "paused");
        has_status(&server.admin.post(LABELERS, &json!({ "did": "did:plc:nobody" })).await, 201);
        let listed = server.admin.get(LABELERS).await.expect(200);
        let [labeler] = &listed.as_array().unwrap()[..] else { panic!("one labeler") };
        assert_eq!((&labeler["status"], &labeler["cursor"]), (&json!("active"), &Value::Null));
        let reader = server.caller(&["labelers:read"]).await;
        drop(reader.get(LABELERS).await.expect(200));
        has_status(&reader.patch(&path, &paused).await, 403);
        has_status(&reader.post(LABELERS, &json!({ "did": "did:plc:nobody" })).await, 403);
        has_status(&reader.delete(&path).await, 403);
        has_status(&server.admin.delete(&path).await, 204);
        assert_eq!(server.admin.get(LABELERS).await.expect(200), json!([]));
    })
    .await;
}
