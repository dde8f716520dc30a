//! Names and digests that mean something else to somebody: paths, encodings, line ends.

use registry_conformance::content::{Algorithm, Blob, Builder};
use serde_json::json;

use super::{Scene, image, push, push_blob};
use crate::wire;

#[tokio::test(flavor = "multi_thread")]
async fn nobody_reaches_what_is_not_of_the_registry() {
    let scene = Scene::new().await;
    let repository = scene.repository();
    let blob = Blob::random(Algorithm::Sha256, 64);
    push_blob(repository, &blob.digest, &blob.bytes).await.expect(&[201]).unwrap();
    let url = scene.registry.server.url();
    let hex = blob.digest.strip_prefix("sha256:").unwrap();
    let mut lines: Vec<String> = [
        "../../../../etc/passwd",
        "..%2f..%2f..%2f..%2fetc%2fpasswd",
        "sha256:..%2f..%2fetc%2fpasswd",
        "sha256:../../../etc/passwd",
        "sha256:%2e%2e%2f%2e%2e%2f",
        "sha256:%00",
        "sha256:",
        "sha1:da39a3ee5e6b4b0d3255bfef95601890afd80709",
        "%ff%fe",
        "sha256%253A0000",
    ]
    .map(|digest| format!("/v2/alice.test/one/blobs/{digest}"))
    .into();
    lines.push(format!("/v2/alice.test/one/blobs/sha256:{}", hex.to_uppercase()));
    lines.extend(
        [
            "Alice.test/one",
            "alice.test/%C3%BCber",
            "alice.test/one%00",
            "alice.test/../bob.test/one",
            "alice.test//one",
            "alice.test/one%2f..%2ftwo",
            "%2e%2e/one",
            "alice.test/one%0d%0aset-cookie:%20a=b",
        ]
        .map(|name| format!("/v2/{name}/blobs/{}", blob.digest)),
    );
    for path in lines {
        let answer = wire::send(url, &format!("GET {path}"), "").await;
        assert!([400, 401, 404].contains(&answer.status), "{path}: {} {}", answer.head, answer.body);
        assert!(!answer.body.contains("root:"), "{path}: {}", answer.body);
        assert!(!answer.head.to_lowercase().contains("\r\nset-cookie"), "{path}: {}", answer.head);
    }
    // What is only written differently is the same.
    let path = format!("/v2/alice.test/one/blobs/sha256%3A{hex}");
    let answer = scene.alice.send(&registry_conformance::client::Request::get(path)).await.unwrap();
    answer.expect(&[200]).unwrap().expect_body(&blob.bytes).unwrap();
}

/// What a client says ends up in headers of the answer, and adds none.
#[tokio::test(flavor = "multi_thread")]
async fn nobody_writes_headers_for_others() {
    let scene = Scene::new().await;
    let repository = scene.repository();
    push(repository, &image(&["a", "b", "c"])).await;
    for query in
        ["n=1&last=a%0d%0aset-cookie:%20x=y", "n=1&last=%3E%3B%20rel%3D%22self", "last=%00&n=2", "n=1%0d%0a"]
    {
        let answer = repository.get(&format!("tags/list?{query}")).await.unwrap();
        assert!([200, 400].contains(&answer.status), "{query}: {}", answer.text());
        assert!(answer.header("set-cookie").is_none(), "{query}");
        if let Some(link) = answer.header("link") {
            assert!(link.is_ascii() && link.matches(';').count() == 1, "{query}: {link}");
        }
    }
    let mut builder = Builder::new("artifacts", Algorithm::Sha256);
    let subject = builder.image(&["subject"]);
    for _ in 0..2 {
        builder.artifact(&[], "x>; rel=\"self", json!({ "subject": subject }));
    }
    push(repository, &builder.done()).await;
    let (digest, evil) = (subject["digest"].as_str().unwrap(), "x%3E%3B%20rel%3D%22self");
    let answer = repository.get(&format!("referrers/{digest}?n=1&artifactType={evil}")).await.unwrap();
    let link = answer.expect(&[200]).unwrap().header("link").unwrap().to_owned();
    assert!(link.contains(evil) && link.matches(';').count() == 1, "{link}");
    let long = "x".repeat(5_000);
    let answer = repository.get(&format!("manifests/{long}")).await.unwrap();
    assert!([400, 404, 414].contains(&answer.status), "{}", answer.status);
    assert!(answer.body.len() < 1_000, "it is not repeated at length");
}
