//! Queries over HTTP, on records of a real PDS.

use std::io::Read;

use flate2::read::GzDecoder;
use reqwest::Method;
use serde_json::{Value, json};
use testkit::{Answer, Belvedere, HttpClient, TestDatabase};

use crate::paging::pages_hold_while_records_come_and_go;
use crate::samples::{GET_POST, LIKE, POST, list_of, post};
use crate::scene::Scene;
use crate::view::listed;
use crate::wait::{PATIENCE, until};

#[tokio::test(flavor = "multi_thread")]
async fn they_answer_as_specified_on_sqlite() {
    they_answer_as_specified(TestDatabase::sqlite()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn they_answer_as_specified_on_postgres() {
    if let Some(database) = TestDatabase::postgres().await {
        they_answer_as_specified(database).await;
    }
}

async fn they_answer_as_specified(database: TestDatabase) {
    let Some(scene) = Scene::set(database).await else { return };
    let server = scene.start_with_samples(&scene.place).await;
    // With the one that was waited for, 101 posts: one page of the greatest size and one record.
    scene.network.seed(4, 25, &[POST, LIKE]).await;
    until_there(&scene, &server, 101).await;
    limits(&server).await;
    cursors(&server).await;
    edits_keep_their_place(&scene, &server).await;
    one_author(&scene, &server).await;
    one_record(&scene, &server).await;
    errors(&scene, &server).await;
    browsers(&server).await;
    compression(&server).await;
    blobs(&scene, &server).await;
    pages_hold_while_records_come_and_go(&scene, &server).await;
}

async fn list(server: &Belvedere, query: &[(&str, &str)]) -> Answer {
    server.client.get_with(&format!("/xrpc/{}", list_of(POST)), query).await
}

fn uris(page: &Value) -> Vec<&str> {
    page["records"].as_array().unwrap().iter().map(|record| record["uri"].as_str().unwrap()).collect()
}

async fn until_there(scene: &Scene, server: &Belvedere, count: usize) {
    scene.network.settle().await;
    until("the records have arrived", PATIENCE, async || {
        (listed(&server.client, list_of(POST), &[]).await.len() == count).then_some(())
    })
    .await;
}

async fn limits(server: &Belvedere) {
    assert_eq!(uris(&list(server, &[]).await.expect(200)).len(), 20);
    for (limit, expected) in [("0", 1), ("-1", 1), ("1", 1), ("7", 7), ("100", 100), ("1000", 100)] {
        let page = list(server, &[("limit", limit)]).await.expect(200);
        assert_eq!(uris(&page).len(), expected, "{limit}");
    }
    for limit in ["", "abc", "2.5"] {
        assert_eq!(list(server, &[("limit", limit)]).await.status, 400, "{limit:?}");
    }
}

async fn cursors(server: &Belvedere) {
    let all = list(server, &[("limit", "100")]).await.expect(200);
    let cursor = all["cursor"].as_str().unwrap();
    let last = list(server, &[("limit", "100"), ("cursor", cursor)]).await.expect(200);
    assert_eq!((uris(&last).len(), last.get("cursor")), (1, None));
    // The pages before and after a cursor are the same list, whatever their sizes.
    let first = list(server, &[("limit", "60")]).await.expect(200);
    let second =
        list(server, &[("limit", "40"), ("cursor", first["cursor"].as_str().unwrap())]).await.expect(200);
    assert_eq!([uris(&first), uris(&second)].concat(), uris(&all));
    // A last page that is full has no cursor either.
    let rest =
        list(server, &[("limit", "41"), ("cursor", first["cursor"].as_str().unwrap())]).await.expect(200);
    assert_eq!((uris(&rest).len(), rest.get("cursor")), (41, None));
    for cursor in ["", "20", "nonsense", &cursor[1..], &format!("{cursor}A")] {
        let error = list(server, &[("cursor", cursor)]).await.expect(400);
        assert!(error["error"].is_string(), "{cursor:?}: {error}");
    }
}

async fn edits_keep_their_place(scene: &Scene, server: &Belvedere) {
    let before = list(server, &[("limit", "100")]).await.expect(200);
    let edited = uris(&before)[50];
    let [did, collection, rkey] = edited.strip_prefix("at://").unwrap().split('/').collect::<Vec<_>>()[..]
    else {
        panic!("{edited}")
    };
    scene.network.update_record(did, collection, rkey, &post("edited")).await;
    until("the edit is served", PATIENCE, async || {
        let after = list(server, &[("limit", "100")]).await.expect(200);
        assert_eq!(uris(&after), uris(&before));
        (after["records"][50]["text"] == "edited").then_some(())
    })
    .await;
}

async fn one_author(scene: &Scene, server: &Belvedere) {
    let accounts = scene.active_accounts().await;
    let page = list(server, &[("did", &accounts[1].did), ("limit", "25")]).await.expect(200);
    assert_eq!((uris(&page).len(), page.get("cursor")), (25, None));
    let own = format!("at://{}/{POST}/", accounts[1].did);
    assert!(uris(&page).iter().all(|uri| uri.starts_with(&own)));
    let nobody = list(server, &[("did", "did:plc:aaaaaaaaaaaaaaaaaaaaaaaa")]).await.expect(200);
    assert_eq!(nobody, json!({ "records": [] }));
    for did in ["", "somebody", accounts[1].handle.as_str()] {
        assert_eq!(list(server, &[("did", did)]).await.status, 400, "{did:?}");
    }
    let twice = [("did", accounts[1].did.as_str()), ("did", accounts[2].did.as_str())];
    assert_eq!(list(server, &twice).await.status, 400);
}

async fn one_record(scene: &Scene, server: &Belvedere) {
    let account = scene.active_accounts().await.remove(1);
    for collection in [POST, LIKE] {
        let record = scene.network.list_records(&account, collection).await.remove(0);
        let mut expected = record.value;
        expected["uri"] = json!(record.uri);
        for query in [GET_POST, list_of(POST)] {
            let by_did = server.client.get_with(&format!("/xrpc/{query}"), &[("uri", &record.uri)]).await;
            assert_eq!(by_did.expect(200), json!({ "record": expected }));
        }
        let by_handle = record.uri.replace(&account.did, &account.handle);
        let by_handle = server.client.get_with(&format!("/xrpc/{GET_POST}"), &[("uri", &by_handle)]).await;
        assert_eq!(by_handle.expect(200), json!({ "record": expected }));
    }
    let get = async |uri: &str| server.client.get_with(&format!("/xrpc/{GET_POST}"), &[("uri", uri)]).await;
    let missing = get(&format!("at://{}/{POST}/nothing", account.did)).await.expect(404);
    assert_eq!(missing["error"], "record not found");
    for uri in ["", "at://", "https://example.com", &format!("at://{}", account.did)] {
        assert_eq!(get(uri).await.status, 400, "{uri:?}");
    }
}

async fn errors(scene: &Scene, server: &Belvedere) {
    let get = async |nsid: &str| server.client.get(&format!("/xrpc/{nsid}")).await;
    assert_eq!(get(POST).await.expect(400)["error"], format!("{POST} is not a query endpoint"));
    assert_eq!(get(GET_POST).await.expect(400)["message"], "parameter uri: is required");
    let unknown = get("com.example.unknown").await.expect(502);
    assert!(unknown["error"].as_str().unwrap().contains("lexicons of example.com have no authority"));
    assert_eq!(get("unknown").await.status, 400);
    let query = list_of(POST);
    let posted = server.client.post(&format!("/xrpc/{query}"), &json!({})).await.expect(400);
    assert_eq!(posted["error"], format!("{query} is not a procedure endpoint"));
    let key = scene.place.admin(server);
    assert_eq!(key.get(&format!("/xrpc/{query}")).await.status, 401, "no admin key opens anything here");
    assert_eq!(server.client.get("/admin/stats").await.status, 401);
}

async fn browsers(server: &Belvedere) {
    let path = format!("/xrpc/{}", list_of(POST));
    let client = server.client.with_header("accept-encoding", "identity");
    let page = client.get(&path).await;
    assert_eq!((page.header("access-control-allow-origin"), page.header("vary")), ("", "Origin"));
    let head = client.send(client.request(Method::HEAD, &path)).await;
    assert_eq!((head.status, head.text.as_str()), (200, ""));
    assert_eq!(head.header("content-length"), page.text.len().to_string());

    let browser = server.client.with_header("origin", "https://app.example");
    for status in [200, 400] {
        let answer = browser.get(&format!("{path}?limit={}", if status == 200 { "1" } else { "x" })).await;
        assert_eq!(answer.status, status);
        assert_eq!(answer.header("access-control-allow-origin"), "https://app.example");
        assert_eq!(answer.header("access-control-allow-credentials"), "");
    }
    let preflight = browser.request(Method::OPTIONS, &path).header("access-control-request-method", "GET");
    let preflight = browser.send(preflight).await;
    assert_eq!(preflight.status, 204);
    assert!(preflight.header("access-control-allow-methods").contains("GET"));
    assert_eq!(preflight.header("access-control-max-age"), "86400");
}

async fn compression(server: &Belvedere) {
    // One that does not decompress by itself.
    let client = reqwest::Client::builder().no_proxy().no_gzip().no_brotli().no_zstd().build().unwrap();
    let url = format!("{}/xrpc/{}?limit=100", server.url(), list_of(POST));
    let plain = client.get(&url).send().await.unwrap();
    assert!(!plain.headers().contains_key("content-encoding"));
    let plain = plain.text().await.unwrap();
    let packed = client.get(&url).header("accept-encoding", "gzip").send().await.unwrap();
    assert_eq!(packed.headers()["content-encoding"], "gzip");
    let packed = packed.bytes().await.unwrap();
    assert!(packed.len() < plain.len() / 2, "{} of {}", packed.len(), plain.len());
    let mut unpacked = String::new();
    GzDecoder::new(&*packed).read_to_string(&mut unpacked).unwrap();
    assert_eq!(unpacked, plain);
}

/// The link to a blob leads to its bytes.
async fn blobs(scene: &Scene, server: &Belvedere) {
    let author = scene.active_accounts().await.remove(0);
    let session = scene.network.create_session(&author).await;
    let upload = session.client.request(Method::POST, "/xrpc/com.atproto.repo.uploadBlob");
    let upload = upload.header("content-type", "text/plain").body("not really a picture");
    let blob = session.client.send(upload).await.expect(200)["blob"].take();
    let mut record = post("with a picture");
    record["picture"] = blob;
    let written = session.create_record(POST, &record).await;
    scene.caught_up(server).await;
    let answer =
        server.client.get_with(&format!("/xrpc/{GET_POST}"), &[("uri", &written.uri)]).await.expect(200);
    let url = answer["record"]["picture"]["url"].as_str().unwrap_or_else(|| panic!("no url in {answer}"));
    assert_eq!(HttpClient::new(url).get("").await.text, "not really a picture");
    // Comparing whole records knows nothing of links.
    let rkey = written.uri.rsplit('/').next().unwrap();
    scene.network.delete_record(&author.did, POST, rkey).await;
}
