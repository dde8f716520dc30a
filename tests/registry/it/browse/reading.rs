//! What a push looks like to people.

use registry_conformance::content::{Algorithm, Builder};
use serde_json::{Value, json};

use super::{Scene, described, last, names, plain};

#[tokio::test(flavor = "multi_thread")]
async fn a_push_is_there_at_once() {
    let scene = Scene::new().await;
    let annotations = json!({
        "org.opencontainers.image.title": "An app",
        "org.opencontainers.image.description": "It does [things](docs/things.md).",
        "org.opencontainers.image.source": "https://github.com/alice/app",
    });
    let set = described(&["v1", "latest"], &annotations);
    scene.push("alice.test/team/app", &set).await;

    let home = scene.read("").await;
    let card = &home["recent"][0];
    assert_eq!((&card["title"], &card["kind"]), (&json!("An app"), &json!("container_image")));
    assert_eq!(
        (&card["digest"], &card["platforms"]),
        (&json!(last(&set).digest), &json!(["linux/arm64/v8"]))
    );
    assert_eq!(home["starred"], json!([]));

    let of = "?repository=alice.test/team/app";
    let repository = scene.read(&format!("/repos{of}")).await;
    assert_eq!(
        (&repository["name"], &repository["repository"]),
        (&json!("alice.test/team/app"), &json!("team/app"))
    );
    assert_eq!(repository["owner"], json!({ "did": "did:web:alice.test", "handle": "alice.test" }));
    assert_eq!(
        repository["annotations"]["org.opencontainers.image.licenses"], "MIT",
        "labels of the config count, too"
    );
    assert_eq!(
        (&repository["partial"], &repository["mine"], &repository["starred"]),
        (&json!(false), &json!(false), &json!(false))
    );
    // However the owner is spelled.
    for other in ["did:web:alice.test/team/app", "did-web-alice.test/team/app"] {
        assert_eq!(scene.read(&format!("/repos?repository={other}")).await, repository, "{other}");
    }

    let tags = scene.read(&format!("/repos/tags{of}&limit=1")).await;
    assert_eq!((names(&tags["tags"]), &tags["cursor"]), (vec!["latest"], &json!("latest")));
    assert_eq!(tags["tags"][0]["platforms"], json!(["linux/arm64/v8"]));
    let rest = scene.read(&format!("/repos/tags{of}&cursor=latest")).await;
    assert_eq!((names(&rest["tags"]), rest.get("cursor")), (vec!["v1"], None));

    let readme = scene.read(&format!("/repos/readme{of}")).await;
    assert_eq!(readme["source"], "description");
    let html = readme["html"].as_str().unwrap();
    assert!(html.contains("href=\"https://github.com/alice/app/blob/HEAD/docs/things.md\""), "{html}");

    let user = scene.read("/users/alice.test").await;
    assert_eq!(
        (&user["did"], names(&user["repositories"])),
        (&json!("did:web:alice.test"), vec!["alice.test/team/app"])
    );
    assert_eq!(scene.read("/users/bob.test").await["repositories"], json!([]));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_manifest_is_taken_apart() {
    let scene = Scene::new().await;
    let set = described(&["v1"], &json!({ "a": "b" }));
    scene.push("alice.test/app", &set).await;
    for reference in ["v1", &last(&set).digest] {
        let shown =
            scene.read(&format!("/repos/manifest?repository=alice.test/app&reference={reference}")).await;
        assert_eq!((&shown["digest"], &shown["raw"]), (&json!(last(&set).digest), &last(&set).json));
        assert_eq!((&shown["tags"], &shown["annotations"]), (&json!(["v1"]), &json!({ "a": "b" })));
        let commands: Vec<&Value> =
            shown["layers"].as_array().unwrap().iter().map(|layer| &layer["command"]).collect();
        assert_eq!(commands, ["COPY app /app", "RUN chmod +x /app"]);
        assert_eq!((&shown["config"]["cmd"], &shown["config"]["env"]), (&json!(["/app"]), &json!(["A=b"])));
        assert_eq!(
            (&shown["hold"]["here"], &shown["artifact_type"]),
            (&json!(true), &json!("application/vnd.oci.image.config.v1+json"))
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn platforms_and_what_is_about_an_image_are_shown_with_it() {
    let scene = Scene::new().await;
    let mut builder = Builder::new("index and a signature", Algorithm::Sha256);
    let index = builder.platforms(&["multi"], json!({}));
    builder.artifact(&[], "application/vnd.example.signature", json!({ "subject": index }));
    scene.push("alice.test/app", &builder.done()).await;
    let digest = index["digest"].as_str().unwrap();
    let of = "?repository=alice.test/app";
    let shown = scene.read(&format!("/repos/manifest{of}&reference=multi")).await;
    let platforms: Vec<&Value> =
        shown["manifests"].as_array().unwrap().iter().map(|one| &one["platform"]).collect();
    assert_eq!(
        (platforms, &shown["kind"]),
        (vec![&json!("linux/amd64"), &json!("linux/arm64")], &json!("multi_platform_image"))
    );
    let repository = scene.read(&format!("/repos{of}")).await;
    assert_eq!(
        (&repository["digest"], &repository["platforms"]),
        (&json!(digest), &json!(["linux/amd64", "linux/arm64"]))
    );
    let referrers = scene.read(&format!("/repos/referrers{of}&digest={digest}")).await;
    assert_eq!(referrers["referrers"][0]["artifact_type"], "application/vnd.example.signature");
    let manifests = scene.read(&format!("/repos/manifests{of}&limit=2")).await;
    assert_eq!(manifests["manifests"][0]["digest"], digest, "what is about others is not among them");
    let cursor = manifests["cursor"].as_str().unwrap();
    let rest = scene.read(&format!("/repos/manifests{of}&limit=2&cursor={cursor}")).await;
    assert_eq!((rest["manifests"].as_array().unwrap().len(), rest.get("cursor")), (1, None));
}

#[tokio::test(flavor = "multi_thread")]
async fn pulls_and_pushes_are_counted() {
    let scene = Scene::new().await;
    scene.push("alice.test/app", &plain(&["v1"])).await;
    // Counts are written every second.
    let stats = loop {
        let stats = scene.read("/repos/stats?repository=alice.test/app").await;
        if stats["pushes"] != 0 {
            break stats;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    };
    assert!(stats["last_push"].is_string() && stats["partial"] == false, "{stats}");
    let user = scene.read("/users/alice.test").await;
    assert_eq!(user["repositories"][0]["stats"]["pushes"], stats["pushes"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_there_is_not_is_said_and_nonsense_refused() {
    let scene = Scene::new().await;
    let digest = format!("sha256:{}", "0".repeat(64));
    let long = "x".repeat(300);
    for (what, status) in [
        ("/repos?repository=alice.test/app", 404),
        ("/repos?repository=nobody.test/app", 404),
        ("/repos?repository=alice.test", 400),
        ("/repos?repository=alice.test/../app", 400),
        ("/repos", 400),
        ("/repos/readme?repository=alice.test/app", 404),
        ("/repos/manifest?repository=alice.test/app&reference=v1", 404),
        ("/repos/manifest?repository=alice.test/app&reference=-", 400),
        (&format!("/repos/manifest?repository=alice.test/app&reference={digest}"), 404),
        ("/repos/referrers?repository=alice.test/app&digest=sha256:0", 400),
        ("/repos/tags?repository=alice.test/app&limit=x", 400),
        (&format!("/repos/tags?repository=alice.test/app&cursor={long}x"), 400),
        ("/repos/manifests?repository=alice.test/app&cursor=x", 400),
        ("/users/nobody.test", 404),
        ("/users/no%20body", 400),
        (&format!("/search?q={long}"), 400),
        ("/search?q=a&sort=x", 400),
        ("/search?q=a&cursor=100000", 400),
        ("/search?q=a%00", 400),
        ("/nothing", 404),
    ] {
        let answer = scene.anybody().get(&format!("/api/registry{what}")).await;
        assert_eq!(answer.status, status, "{what}: {answer:?}");
        assert!(answer.json()["error"].is_string(), "{what}: {answer:?}");
    }
    assert_eq!(scene.read("/repos/tags?repository=alice.test/app").await["tags"], json!([]));
}
