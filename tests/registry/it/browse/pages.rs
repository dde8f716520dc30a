//! Pages that need no script, and nothing that anybody writes runs in them.

use serde_json::json;

use super::{Scene, described};

#[tokio::test(flavor = "multi_thread")]
async fn links_are_shown_with_what_they_lead_to() {
    let scene = Scene::new().await;
    let title = "<script>alert(1)</script>\" onload=\"x";
    let annotations = json!({
        "org.opencontainers.image.title": title,
        "org.opencontainers.image.description": "</title><img src=x onerror=alert(1)>",
        "io.atcr.icon": "javascript:alert(1)",
    });
    scene.push("alice.test/team/app", &described(&["v1"], &annotations)).await;
    let page = scene.anybody().get("/r/alice.test/team/app").await;
    assert_eq!(page.status, 200, "{page:?}");
    let policy = page.header("content-security-policy");
    assert!(policy.starts_with("default-src 'none'") && !policy.contains("unsafe"), "{policy}");
    for part in [
        "<meta property=\"og:title\" content=\"&lt;script&gt;alert(1)&lt;/script&gt;&quot; onload=&quot;x\">",
        "<meta property=\"og:type\" content=\"website\">",
        &format!("<link rel=\"canonical\" href=\"{}/r/alice.test/team/app\">", scene.registry.server.url()),
        "/alice.test/team/app:v1</pre>",
        "linux/arm64/v8",
    ] {
        assert!(page.text.contains(part), "{part} in {}", page.text);
    }
    for evil in ["<script", "<img", "javascript:"] {
        assert!(!page.text.contains(evil), "{evil} in {}", page.text);
    }
    let user = scene.anybody().get("/u/alice.test").await;
    assert!(user.text.contains("/r/alice.test/team/app\">team/app</a>"), "{}", user.text);
    assert!(!user.text.contains("<img"), "{}", user.text);
    let readme = scene.read("/repos/readme?repository=alice.test/team/app").await;
    assert!(!readme["html"].as_str().unwrap().contains("onerror"), "{readme}");
    for (path, status) in [
        ("/r/alice.test/nothing", 404),
        ("/r/nobody.test/app", 404),
        ("/r/alice.test/%3Cscript%3E", 400),
        ("/u/%3Cscript%3Ealert(1)", 400),
        ("/u/nobody.test", 404),
    ] {
        let answer = scene.anybody().get(path).await;
        assert_eq!(answer.status, status, "{path}: {answer:?}");
        assert!(
            answer.header("content-type").starts_with("text/html") && !answer.text.contains("<script"),
            "{path}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn how_to_push_is_said_for_this_host() {
    let scene = Scene::new().await;
    let host = scene.registry.server.url().strip_prefix("http://").unwrap();
    let page = scene.anybody().get("/install").await;
    assert!(page.status == 200 && page.text.contains(&format!("docker login {host}")), "{page:?}");
    let data = scene.read("/install").await;
    assert_eq!(data["service"], host);
    let names: Vec<_> = data["clients"].as_array().unwrap().iter().map(|client| &client["name"]).collect();
    assert_eq!(names, ["Credential helper", "docker", "podman", "skopeo", "helm"]);
}
