//! Reading layers by `com.atproto.sync.getBlob` (spec/registry.md §4.5).

use reqwest::Method;
use serde_json::json;

use super::{Scene, Somebody, digest_of, refused};

const METHOD: &str = "com.atproto.sync.getBlob";

impl Scene {
    fn path_of(&self, digest: &str, more: &str) -> String {
        format!("/xrpc/{METHOD}?did={}&cid={digest}{more}", self.writer.did)
    }

    async fn signed(&self, somebody: &Somebody, digest: &str, method: &str) -> String {
        let path = self.path_of(digest, &format!("&repo=app&method={method}"));
        let described = self.of(somebody, METHOD).get(&path).await.expect(200);
        assert_eq!((&described["method"], &described["headers"]), (&json!(method), &json!({})));
        assert!(described["expiresAt"].as_str().unwrap().ends_with('Z'));
        described["url"].as_str().unwrap().strip_prefix(self.server().url()).unwrap().to_owned()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn gives_bytes_parts_of_them_and_their_size() {
    let scene = Scene::new(&[]).await;
    let digest = scene.send(&scene.writer, "0123456789", 4).await;
    let whole = scene.nobody().get(&scene.path_of(&digest, "")).await;
    assert_eq!(
        (whole.status, whole.text.as_str(), whole.header("docker-content-digest")),
        (200, "0123456789", &*digest)
    );
    let ranged = scene.nobody().with_header("range", "bytes=2-4").get(&scene.path_of(&digest, "")).await;
    assert_eq!((ranged.status, ranged.text.as_str()), (206, "234"));
    assert_eq!(ranged.header("content-range"), "bytes 2-4/10");
    let beyond = scene.nobody().with_header("range", "bytes=20-").get(&scene.path_of(&digest, "")).await;
    assert_eq!((beyond.status, beyond.header("content-range")), (416, "bytes */10"));
    let head = scene.nobody().request(Method::HEAD, &scene.path_of(&digest, ""));
    let head = scene.nobody().send(head).await;
    assert_eq!((head.status, head.header("content-length"), head.text.as_str()), (200, "10", ""));
    let encoded = digest.replace(':', "%3A");
    assert_eq!(scene.nobody().get(&scene.path_of(&encoded, "")).await.status, 200);
    refused(&scene.nobody().get(&scene.path_of(&digest_of("nowhere"), "")).await, 404, "BlobNotFound");
    refused(
        &scene.nobody().get(&scene.path_of(&digest_of("nowhere"), "&method=GET")).await,
        404,
        "BlobNotFound",
    );
    refused(&scene.nobody().get(&scene.path_of(&digest, "&method=DELETE")).await, 400, "InvalidRequest");
    // What is no digest of the registry's is a blob of a repository, or none.
    let answer = scene.nobody().get(&format!("/xrpc/{METHOD}?did={}&cid=sha256:abc", scene.hold)).await;
    refused(&answer, 400, "InvalidRequest");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_signed_url_is_good_for_one_blob_one_method_and_a_while() {
    let scene = Scene::new(&[("HOLD_PUBLIC", "false")]).await;
    let digest = scene.send(&scene.writer, "private", 100).await;
    let other = scene.send(&scene.writer, "another", 100).await;
    refused(&scene.nobody().get(&scene.path_of(&digest, "")).await, 401, "AuthRequired");
    refused(
        &scene.of(&scene.stranger, METHOD).get(&scene.path_of(&digest, "&method=GET")).await,
        403,
        "Forbidden",
    );
    let get = scene.signed(&scene.reader, &digest, "GET").await;
    assert_eq!(scene.nobody().get(&get).await.text, "private");
    let head =
        async |path: &str| scene.nobody().send(scene.nobody().request(Method::HEAD, path)).await.status;
    assert_eq!(head(&get).await, 401);
    let for_head = scene.signed(&scene.reader, &digest, "HEAD").await;
    assert_eq!((head(&for_head).await, scene.nobody().get(&for_head).await.status), (200, 401));
    let (unsigned, signature) = get.split_once("&signature=").unwrap();
    let (start, expires) = unsigned.split_once("&expires=").unwrap();
    let later = expires.parse::<u64>().unwrap() + 1;
    for forged in [
        get.replace(&digest.replace(':', "%3A"), &other.replace(':', "%3A")),
        format!("{start}&expires={later}&signature={signature}"),
        format!("{start}&expires=1&signature={signature}"),
        format!("{start}&signature={signature}"),
        format!("{unsigned}&signature="),
        format!("{unsigned}&signature={}", &signature[1..]),
    ] {
        refused(&scene.nobody().get(&forged).await, 401, "AuthRequired");
    }
}
