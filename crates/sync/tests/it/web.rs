//! The web app is served from its folder, and nothing else is.

use std::fs;
use std::os::unix::fs::symlink;

use http::Method;
use serde_json::json;
use sync::{SyncParts, WebApp};
use tempfile::TempDir;
use testkit::on_each_engine;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::site::{Site, parts};

const FOR_EVER: &str = "public, max-age=31536000, immutable";

/// A folder as a build leaves it, in one with a secret.
fn folder() -> TempDir {
    let outside = tempfile::tempdir().unwrap();
    let dir = outside.path().join("app");
    fs::create_dir_all(dir.join("_expo/static/js")).unwrap();
    fs::create_dir_all(dir.join(".well-known")).unwrap();
    for (name, content) in [
        ("index.html", "<!doctype html><html><head><title>t</title></head><body>app</body></html>"),
        ("_expo/static/js/entry-1.js", "0123456789"),
        ("icon.4f1d2c3b.svg", "<svg/>"),
        ("manifest.json", "{}"),
        ("font.woff2", "w"),
        (".env", "SECRET"),
        (".well-known/x", "SECRET"),
        ("v1", "SECRET"),
    ] {
        fs::write(dir.join(name), content).unwrap();
    }
    fs::write(outside.path().join("secret"), "SECRET").unwrap();
    symlink("../secret", dir.join("link")).unwrap();
    symlink("..", dir.join("up")).unwrap();
    outside
}

async fn site(store: store::Store, folder: &TempDir) -> Site {
    let config = json!({ "serverUrl": "https://relay.test", "x": "</script>" });
    let web = WebApp { dir: folder.path().join("app"), config: config.as_object().unwrap().clone() };
    Site::of(SyncParts { web: Some(web), ..parts(store) }).await
}

#[tokio::test(flavor = "multi_thread")]
async fn every_address_of_the_app_is_the_app_with_its_configuration() {
    on_each_engine(&[&sync::SCHEMA], |store| async move {
        let folder = folder();
        let site = site(store, &folder).await;
        let first = site.client.get("/").await;
        assert_eq!(first.status, 200);
        let config = r#"<head><script>window.__HAPPY_CONFIG__ = {"serverUrl":"https://relay.test","x":"\u003c/script\u003e"};</script>"#;
        assert!(first.text.contains(config), "{}", first.text);
        assert_eq!(first.header("content-type"), "text/html; charset=utf-8");
        assert_eq!(first.header("cache-control"), "no-cache");
        let policy = first.header("content-security-policy").to_owned();
        assert!(policy.contains("script-src 'self'") && policy.contains("'sha256-"), "{policy}");
        assert!(!policy.contains("script-src 'self' 'unsafe-inline'") && !policy.contains("'unsafe-eval'"));
        for path in ["/index.html", "/session/1?a=b", "/settings/account", "/missing.js", "/_expo/", "/a//b"] {
            let same = site.client.get(path).await;
            assert_eq!(same.status, 200, "{path}");
            assert_eq!((same.header("etag"), &same.text), (first.header("etag"), &first.text), "{path}");
        }
        let tag = first.header("etag").to_owned();
        for known in [tag.clone(), format!("W/{tag}"), format!("\"x\", {tag}"), "*".to_owned()] {
            let request = site.client.request(Method::GET, "/").header("if-none-match", known);
            let same = site.client.send(request).await;
            assert_eq!((same.status, same.text.as_str(), same.header("etag")), (304, "", tag.as_str()));
        }
        let head = site.client.send(site.client.request(Method::HEAD, "/session/1")).await;
        assert_eq!((head.status, head.text.as_str()), (200, ""));
        assert_eq!(head.header("content-length"), first.text.len().to_string());
        // A new version is there at once.
        fs::write(folder.path().join("app/index.html"), "<head>new").unwrap();
        let request = site.client.request(Method::GET, "/").header("if-none-match", tag);
        assert!(site.client.send(request).await.text.ends_with("</script>new"));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn files_have_their_type_and_are_kept_as_long_as_they_last() {
    on_each_engine(&[&sync::SCHEMA], |store| async move {
        let folder = folder();
        let site = site(store, &folder).await;
        for (path, kind, keep) in [
            ("/_expo/static/js/entry-1.js", "text/javascript", FOR_EVER),
            ("/icon.4f1d2c3b.svg", "image/svg+xml", FOR_EVER),
            ("/manifest.json", "application/json", "no-cache"),
            ("/font.woff2", "font/woff2", "no-cache"),
        ] {
            let file = site.client.get(path).await;
            assert_eq!(file.status, 200, "{path}");
            assert_eq!((file.header("content-type"), file.header("cache-control")), (kind, keep), "{path}");
            assert_eq!(file.header("x-content-type-options"), "nosniff");
            let changed = file.header("last-modified").to_owned();
            let again = site.client.request(Method::GET, path).header("if-modified-since", changed);
            assert_eq!(site.client.send(again).await.status, 304, "{path}");
        }
        let path = "/_expo/static/js/entry-1.js";
        let part = site.client.request(Method::GET, path).header("range", "bytes=2-4");
        let part = site.client.send(part).await;
        assert_eq!((part.status, part.text.as_str()), (206, "234"));
        assert_eq!(part.header("content-range"), "bytes 2-4/10");
        let beyond = site.client.request(Method::GET, path).header("range", "bytes=20-");
        assert_eq!(site.client.send(beyond).await.status, 416);
        let head = site.client.send(site.client.request(Method::HEAD, path)).await;
        assert_eq!((head.text.as_str(), head.header("content-length")), ("", "10"));
    })
    .await;
}

/// What is answered to a path that is sent as it is.
async fn raw(base: &str, path: &str) -> String {
    let mut socket = TcpStream::connect(base.strip_prefix("http://").unwrap()).await.unwrap();
    let request = format!("GET {path} HTTP/1.1\r\nhost: t\r\nconnection: close\r\n\r\n");
    socket.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    socket.read_to_string(&mut answer).await.unwrap();
    answer
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_else_is_there() {
    on_each_engine(&[&sync::SCHEMA], |store| async move {
        let folder = folder();
        let site = site(store, &folder).await;
        let nothing = json!({ "error": "Not found" });
        for path in [
            "/.env",
            "/.well-known/x",
            "/%2eenv",
            "/link",
            "/up/secret",
            "/up%2fsecret",
            "/..%2fsecret",
            "/..%5csecret",
            "/%ff",
            "/x%00",
            "/v2/x",
            "/socket.io/?EIO=4",
            "/metrics",
            "/xrpc/a.b.c",
            "/admin/x",
        ] {
            let answer = site.client.get(path).await;
            assert!(!answer.text.contains("SECRET"), "{path}: {}", answer.text);
            assert_eq!(answer.expect(404), nothing, "{path}");
        }
        let file = site.client.get("/files/x").await;
        assert_eq!((file.status, &*file.text), (404, "Not found"));
        // As no client of good manners would ask.
        for path in
            ["/../secret", "/%2e%2e/secret", "/_expo/.%2E/../../secret", "//../secret", "/./index.html"]
        {
            let answer = raw(site.client.base(), path).await;
            assert!(answer.starts_with("HTTP/1.1 404 ") && !answer.contains("SECRET"), "{path}: {answer}");
        }
        for method in [Method::POST, Method::PUT, Method::DELETE, Method::PATCH] {
            for path in ["/", "/session/1", "/manifest.json"] {
                let answer = site.client.send(site.client.request(method.clone(), path)).await;
                assert_eq!(answer.expect(404), nothing, "{method} {path}");
            }
        }
        let unknown = site.client.get("/v1/unknown").await.expect(404);
        assert_eq!(unknown["path"], "/v1/unknown", "an API answers as it does without the app");
        assert_eq!(site.client.get("/health").await.expect(200)["status"], "ok");
        // Without its page it is not there at all.
        let empty = tempfile::tempdir().unwrap();
        fs::create_dir(empty.path().join("app")).unwrap();
        let empty = self::site(site.store.clone(), &empty).await;
        assert_eq!(empty.client.get("/").await.expect(404), nothing);
        for (name, content) in [("large", vec![b'x'; 4 * 1024 * 1024 + 1]), ("no text", vec![0xff])] {
            fs::write(folder.path().join("app/index.html"), content).unwrap();
            assert_eq!(site.client.get("/").await.expect(404), nothing, "{name}");
        }
    })
    .await;
}
