//! `atproto.blob_download` and `atproto.blob_upload`.

use atproto::Cid;
use serde_json::{Value, json};
use testkit::{Answer, Device};

use super::{ACT, failed, script};
use crate::fake_pds::{FakePds, MALLORY, UPLOAD_BLOB};
use crate::harness::{Server, schemas};
use crate::people::call;

const GET_BLOB: &str = "/xrpc/com.atproto.sync.getBlob";
const BYTES: &str = "the bytes of a picture";

/// A PDS with a blob, and somebody who calls a procedure.
struct Scene {
    fake: FakePds,
    server: Server,
    device: Device,
}

impl Scene {
    async fn set(store: store::Store) -> Self {
        let fake = FakePds::start().await;
        fake.says_as(GET_BLOB, 200, "image/png", BYTES);
        let (server, device) = fake.meet(store).await;
        Self { fake, server, device }
    }

    async fn act(&self, body: &str) -> Answer {
        script(&self.server, &format!("xrpc.procedure:{ACT}"), &format!("function handle() {body} end"))
            .await;
        call(&self.device, ACT, &json!({})).await
    }

    async fn refused(&self, body: &str, status: u16) -> Value {
        let answer = self.act(body).await;
        assert_eq!(answer.status, status, "{body}: {answer:?}");
        serde_json::from_str(&answer.text).unwrap()
    }
}

fn download(content: &str) -> String {
    format!("atproto.blob_download('{MALLORY}', '{}')", Cid::raw_sha256(content.as_bytes()))
}

#[tokio::test(flavor = "multi_thread")]
async fn bytes_go_from_one_pds_to_another_and_never_into_lua() {
    testkit::on_each_engine(&schemas(), |store| async move {
        let scene = Scene::set(store).await;
        let blob = json!({ "$type": "blob", "ref": { "$link": "bafkrei" }, "mimeType": "image/webp", "size": 22 });
        scene.fake.says(UPLOAD_BLOB, 200, &json!({ "blob": blob }));
        let body = format!(
            "local got = {}
             local put = atproto.blob_upload(got.handle, 'image/webp')
             atproto.blob_upload(got.handle)
             return {{ got.mimeType, got.size, got.handle:size(), got.handle:mime_type(), put, #json.encode(got.handle) }}",
            download(BYTES)
        );
        let answer = scene.act(&body).await.expect(200);
        assert_eq!(answer, json!(["image/png", 22, 22, "image/png", { "blob": blob }, 2]));
        assert_eq!(*scene.fake.uploaded().borrow(), 2 * BYTES.len());
        let asked = scene.fake.asked(UPLOAD_BLOB);
        let types: Vec<_> = asked.iter().map(|headers| headers["content-type"].to_str().unwrap()).collect();
        assert_eq!((types, &asked[0]["content-length"]), (vec!["image/webp", "image/png"], &"22".parse().unwrap()));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_the_blob_is_refused() {
    testkit::on_each_engine(&schemas(), |store| async move {
        let scene = Scene::set(store).await;
        for (call, message) in [
            (download("other bytes"), "sent is not"),
            ("atproto.blob_download('nobody', 'x')".to_owned(), "nobody"),
            (format!("atproto.blob_download('{MALLORY}', 'x')"), "x"),
            (format!("atproto.blob_download('{MALLORY}')"), "cid must be a string"),
            (download(BYTES).replace(MALLORY, "did:plc:aaaaaaaaaaaaaaaaaaaaaaaa"), "did:plc:aaaa"),
        ] {
            let error = scene.refused(&call, 500).await;
            assert!(error["message"].as_str().unwrap().contains(message), "{call}: {error}");
        }
        scene.fake.says(GET_BLOB, 404, &json!({ "error": "BlobNotFound" }));
        let error = scene.refused(&download(BYTES), 500).await;
        assert!(error["message"].as_str().unwrap().contains("answered 404"), "{error}");
        let giant = "x".repeat((50 << 20) + 1);
        scene.fake.says_as(GET_BLOB, 200, "image/png", &giant);
        let error = scene.refused(&download(&giant), 500).await;
        assert!(
            error["message"].as_str().unwrap().contains("too large")
                || error["message"].as_str().unwrap().contains("52428800"),
            "{error}"
        );
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_holds_fifty_at_most_and_no_handle_can_be_made_up() {
    testkit::on_each_engine(&schemas(), |store| async move {
        let scene = Scene::set(store).await;
        let many = format!(
            "local n = 0 while pcall(function() return {} end) do n = n + 1 end return n",
            download(BYTES)
        );
        assert_eq!(scene.act(&many).await.expect(200), 50);
        // What was held is free again.
        assert_eq!(scene.act(&many).await.expect(200), 50);
        for forged in [
            "{}",
            "'blob-0'",
            "0",
            "nil",
            "setmetatable({}, getmetatable(got.handle) or nil)",
            "{ token = 'blob-0' }",
        ] {
            let body = format!("local got = {} atproto.blob_upload({forged}, 'image/png')", download(BYTES));
            let error = scene.refused(&body, 500).await;
            assert!(
                error["message"].as_str().unwrap().contains("a handle of blob_download expected"),
                "{forged}: {error}"
            );
        }
        assert_eq!(*scene.fake.uploaded().borrow(), 0);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn only_who_may_write_uploads() {
    testkit::on_each_engine(&schemas(), |store| async move {
        let scene = Scene::set(store).await;
        let upload =
            format!("local got = {} return atproto.blob_upload(got.handle, 'image/png')", download(BYTES));
        let error = failed(&scene.server, &upload, 401).await;
        assert!(error["error"].as_str().unwrap().contains("session with their PDS"), "{error}");
        scene.fake.says(UPLOAD_BLOB, 400, &json!({ "error": "BlobTooLarge", "message": "no" }));
        let error = scene.refused(&upload, 500).await;
        assert!(error["message"].as_str().unwrap().contains("BlobTooLarge"), "{error}");
        scene.fake.says_as(UPLOAD_BLOB, 200, "text/html", "<script>");
        let error = scene.refused(&upload, 500).await;
        assert!(error["message"].as_str().unwrap().contains("what the PDS answered"), "{error}");
        let wrong = upload.replace("'image/png'", r"'a\nb'");
        let error = scene.refused(&wrong, 500).await;
        assert!(error["message"].as_str().unwrap().contains("media type"), "{error}");
    })
    .await;
}
