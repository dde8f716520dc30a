//! Lexicons that follow their publisher, in a network with a real PDS.

use std::time::Instant;

use http::Method;
use serde_json::{Value, json};
use testkit::network::{Fault, Network, NetworkOptions};
use testkit::{Account, Answer, databases};

use crate::harness::{PATIENCE, Server, has_status, query_of, record_lexicon, schemas};

const SCHEMA: &str = "com.atproto.lexicon.schema";

/// A version of the record lexicon `id`.
fn version(id: &str, description: &str) -> Value {
    let mut lexicon = record_lexicon(id);
    lexicon["defs"]["main"]["description"] = description.into();
    lexicon
}

/// Asks until the answer satisfies `done`.
async fn eventually(server: &Server, path: &str, done: impl Fn(&Answer) -> bool) -> Answer {
    let started = Instant::now();
    loop {
        let answer = server.admin.get(path).await;
        if done(&answer) {
            return answer;
        }
        assert!(started.elapsed() < PATIENCE, "still {answer:?}");
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
}

async fn eventually_at(server: &Server, id: &str, revision: i64) -> Value {
    let path = format!("/admin/lexicons/{id}");
    let at = |answer: &Answer| answer.status == 200 && answer.json()["revision"] == revision;
    eventually(server, &path, at).await.json()
}

async fn network() -> Option<(Network, Account)> {
    if !Network::is_installed() {
        return None;
    }
    let network = Network::start(NetworkOptions::default()).await;
    let publisher = network.create_account("publisher.test").await;
    Some((network, publisher))
}

#[tokio::test(flavor = "multi_thread")]
async fn follow_what_is_published() {
    let Some((network, publisher)) = network().await else { return };
    for database in databases().await {
        let id = &format!("org.example.{}.thing", database.engine().name());
        network.publish_lexicons(&publisher.did, &[version(id, "first")]).await;
        let server = Server::start_in(&network, database.open(&schemas()).await).await;
        previewed_and_added(&server, &publisher, id).await;

        network.publish_lexicons(&publisher.did, &[version(id, "second")]).await;
        let shown = eventually_at(&server, id, 2).await;
        assert_eq!(shown["lexicon_json"]["defs"]["main"]["description"], "second");

        indexed(&server, &network, &publisher, id).await;

        network.delete_record(&publisher.did, SCHEMA, id).await;
        let path = format!("/admin/lexicons/{id}");
        eventually(&server, &path, |answer| answer.status == 404).await;
        // The table is first, and what is in memory follows it.
        let none = json!({"collections": []});
        eventually(&server, "/admin/records/collections", |answer| answer.json() == none).await;
    }
}

async fn previewed_and_added(server: &Server, publisher: &Account, id: &str) {
    let preview = server.admin.get(&format!("/admin/network-lexicons/resolve/{id}")).await.expect(200);
    let mut document = version(id, "first");
    document["$type"] = SCHEMA.into();
    let expected =
        json!({"nsid": id, "authority_did": publisher.did, "type": "record", "lexicon_json": document});
    assert_eq!(preview, expected);
    assert_eq!(server.admin.get("/admin/network-lexicons").await.text, "[]", "looking is not adding");

    let mut added = server.admin.post("/admin/network-lexicons", &json!({"nsid": id})).await.expect(201);
    let job = added["backfill_job"].take();
    assert_eq!(
        added,
        json!({"nsid": id, "authority_did": publisher.did, "revision": 1, "backfill_job": null})
    );
    let jobs = server.admin.get("/admin/backfill/status").await.expect(200);
    assert_eq!((&jobs[0]["id"], &jobs[0]["collection"]), (&job, &json!(id)), "its history is asked for");
    let list = server.admin.get("/admin/network-lexicons").await.expect(200);
    assert_eq!(list.as_array().unwrap().len(), 1);
    for (field, value) in
        [("nsid", json!(id)), ("authority_did", json!(publisher.did)), ("target_collection", json!(null))]
    {
        assert_eq!(list[0][field], value);
    }
    assert!(list[0]["last_fetched_at"].is_string() && list[0]["created_at"].is_string(), "{list}");
    let shown = server.admin.get(&format!("/admin/lexicons/{id}")).await.expect(200);
    assert_eq!(shown["source"], "network");
}

/// Records of the lexicon arrive; one is asked for by its author's handle, and its blob's link works.
async fn indexed(server: &Server, network: &Network, author: &Account, collection: &str) {
    server.add(query_of("com.example.getThing", collection)).await;
    let session = network.create_session(author).await;
    let upload = session.client.request(Method::POST, "/xrpc/com.atproto.repo.uploadBlob");
    let upload = upload.header("content-type", "text/plain").body("the blob");
    let blob = session.client.send(upload).await.expect(200)["blob"].clone();
    let record = json!({"$type": collection, "status": "x", "picture": blob});
    let written = network.create_record(&author.did, collection, None, &record).await;

    let by_did = json!({"uri": written.uri});
    let path = format!("/admin/records?collection={collection}");
    eventually(server, &path, |answer| answer.json()["records"][0]["uri"] == by_did["uri"]).await;
    let by_handle = written.uri.replace(&author.did, &author.handle);
    let one = server.client.get_with("/xrpc/com.example.getThing", &[("uri", &by_handle)]).await.expect(200);
    assert_eq!(one["record"]["uri"], written.uri, "the permanent name");
    let url = one["record"]["picture"]["url"].as_str().unwrap();
    assert!(url.starts_with(&author.pds), "{url}");
    let fetched = testkit::HttpClient::new(url).get("").await;
    assert_eq!((fetched.status, &*fetched.text), (200, "the blob"));
    let list = server.client.get("/xrpc/com.example.getThing").await.expect(200);
    assert_eq!(
        list["records"][0].get("picture"),
        Some(&record["picture"]),
        "only the single record has links"
    );

    let nobody = [("uri", format!("at://nobody.test/{collection}/x"))].map(|(key, uri)| (key, uri));
    let nobody: Vec<_> = nobody.iter().map(|(key, uri)| (*key, uri.as_str())).collect();
    has_status(&server.client.get_with("/xrpc/com.example.getThing", &nobody).await, 404);
}

/// What was published while the server was away, or while it heard nothing.
#[tokio::test(flavor = "multi_thread")]
async fn are_fetched_again_at_start_up() {
    let Some((network, publisher)) = network().await else { return };
    for database in databases().await {
        let id = &format!("org.example.{}.thing", database.engine().name());
        network.publish_lexicons(&publisher.did, &[version(id, "first")]).await;
        let first = Server::start_deaf_in(&network, database.open(&schemas()).await).await;
        has_status(&first.admin.post("/admin/network-lexicons", &json!({"nsid": id})).await, 201);
        drop(first);
        network.publish_lexicons(&publisher.did, &[version(id, "second")]).await;
        let second = Server::start_deaf_in(&network, database.open(&schemas()).await).await;
        eventually_at(&second, id, 2).await;
        drop(second);
        // A publisher that is down does not keep the server from starting with what it has.
        network.publish_lexicons(&publisher.did, &[version(id, "third")]).await;
        network.set_fault(&Fault { status: 500, ..Fault::at("pds", "") }).await;
        let third = Server::start_deaf_in(&network, database.open(&schemas()).await).await;
        assert_eq!(eventually_at(&third, id, 2).await["lexicon_type"], "record");
        assert!(third.catalogue.is_collection(id));
        network.clear_faults().await;
        // Told by another process, which makes the server ask once more.
        third.lexicons().put(query_of("com.example.getThing", id)).await.unwrap();
        eventually_at(&third, id, 3).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn failures_name_the_step() {
    let Some((network, publisher)) = network().await else { return };
    let elsewhere = record_lexicon("org.example.thing");
    network.publish_lexicons(&publisher.did, &[elsewhere]).await;
    for database in databases().await {
        let server = Server::start_in(&network, database.open(&schemas()).await).await;
        for (nsid, status, message) in [
            ("thing", 400, "nsid: \"thing\" is not a valid NSID"),
            ("org.nowhere.thing", 400, "lexicons of nowhere.org have no authority"),
            ("org.example.other", 400, "org.example.other is not published"),
        ] {
            let preview = server.admin.get(&format!("/admin/network-lexicons/resolve/{nsid}")).await;
            let added = server.admin.post("/admin/network-lexicons", &json!({"nsid": nsid})).await;
            for error in [preview.expect(status), added.expect(status)] {
                assert!(error["error"].as_str().unwrap().starts_with(message), "{error}");
            }
        }
        network.set_fault(&Fault { status: 500, ..Fault::at("pds", "getRecord") }).await;
        let down = server.admin.post("/admin/network-lexicons", &json!({"nsid": "org.example.thing"})).await;
        let message = "org.example.thing could not be fetched from the PDS of";
        assert!(down.expect(502)["error"].as_str().unwrap().starts_with(message), "{down:?}");
        network.clear_faults().await;
        let body = json!({"nsid": "org.example.thing", "target_collection": "things"});
        has_status(&server.admin.post("/admin/network-lexicons", &body).await, 400);
        has_status(&server.admin.post("/admin/network-lexicons", &json!({"nsid": 1})).await, 422);
        has_status(&server.admin.post("/admin/network-lexicons", &json!({})).await, 422);
        assert_eq!(server.admin.get("/admin/lexicons").await.text, "[]");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn are_removed_by_their_own_route() {
    let Some((network, publisher)) = network().await else { return };
    network.publish_lexicons(&publisher.did, &[record_lexicon("org.example.thing")]).await;
    for database in databases().await {
        let server = Server::start_in(&network, database.open(&schemas()).await).await;
        server.add_status_lexicons().await;
        let body = json!({"nsid": "org.example.thing"});
        has_status(&server.admin.post("/admin/network-lexicons", &body).await, 201);
        has_status(&server.admin.delete("/admin/network-lexicons/org%2Eexample.thing").await, 204);
        has_status(&server.admin.get("/admin/lexicons/org.example.thing").await, 404);
        let error = json!({"error": "network lexicon not found"});
        for id in ["org.example.thing", "com.example.status", "%00"] {
            assert_eq!(
                server.admin.delete(&format!("/admin/network-lexicons/{id}")).await.expect(404),
                error
            );
        }
        has_status(&server.admin.get("/admin/lexicons/com.example.status").await, 200);
    }
}

/// What a lexicon refers to can be had with it, but for what would be indexed.
#[tokio::test(flavor = "multi_thread")]
async fn come_with_what_they_refer_to() {
    let Some((network, publisher)) = network().await else { return };
    let mut thing = record_lexicon("org.example.thing");
    thing["defs"]["main"]["record"]["properties"] = json!({
        "status": {"type": "ref", "ref": "org.example.defs#short"},
        "other": {"type": "ref", "ref": "org.example.other"},
        "gone": {"type": "ref", "ref": "org.example.gone"},
    });
    let defs = json!({"lexicon": 1, "id": "org.example.defs", "defs": {
        "short": {"type": "ref", "ref": "org.example.more#short"}, "back": {"type": "ref", "ref": "org.example.thing"},
    }});
    let more = json!({"lexicon": 1, "id": "org.example.more", "defs": {"short": {"type": "string", "maxLength": 3}}});
    let documents = [thing, defs, more, record_lexicon("org.example.other")];
    network.publish_lexicons(&publisher.did, &documents).await;
    for database in databases().await {
        let server = Server::start_in(&network, database.open(&schemas()).await).await;
        let body = json!({"nsid": "org.example.thing", "with_references": true, "validation": "flag"});
        let added = server.admin.post("/admin/network-lexicons", &body).await.expect(201);
        assert_eq!(added["references"], json!(["org.example.defs", "org.example.more"]));
        let skipped: Vec<&str> = added["skipped"]
            .as_array()
            .unwrap()
            .iter()
            .map(|skipped| skipped["nsid"].as_str().unwrap())
            .collect();
        assert_eq!(skipped, ["org.example.gone", "org.example.other"]);
        let reason = added["skipped"][1]["reason"].as_str().unwrap();
        assert_eq!(reason, "it is a record, which is only added when it is asked for itself");
        let shown = server.admin.get("/admin/lexicons/org.example.thing").await.expect(200);
        assert_eq!((&shown["validation"], &shown["source"]), (&json!("flag"), &json!("network")));
        assert!(!server.catalogue.is_collection("org.example.other"));
        // Asked for again without them, it stays as it is.
        let again = json!({"nsid": "org.example.thing"});
        let again = server.admin.post("/admin/network-lexicons", &again).await.expect(201);
        assert_eq!((again.get("references"), again.get("skipped")), (None, None));
        let shown = server.admin.get("/admin/lexicons/org.example.thing").await.expect(200);
        assert_eq!(shown["validation"], "flag");
        for nsid in ["org.example.thing", "org.example.defs", "org.example.more"] {
            has_status(&server.admin.delete(&format!("/admin/network-lexicons/{nsid}")).await, 204);
        }
    }
}
