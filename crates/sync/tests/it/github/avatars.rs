//! The pictures that people show.

use image::ImageFormat;
use reqwest::Method;
use serde_json::{Value, json};
use store::Store;
use sync::SyncParts;
use testkit::on_each_engine;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::stand_in::drawn;
use super::{Scene, on_each};
use crate::bucket::Simulated;
use crate::site::{Person, Site, parts};

impl Scene {
    /// Connects somebody who has this picture; what they show.
    async fn shows(&self, person: &Person, id: u64, picture: &str) -> Value {
        let code = format!("{id}/{picture}");
        self.github.knows(&code, id, &format!("login{id}"), picture);
        assert_eq!(self.connect(person, &code).await, format!("github=connected&user=login{id}"));
        self.profile(person).await["avatar"].clone()
    }
}

fn at(avatar: &Value) -> String {
    format!("/files/{}", avatar["path"].as_str().unwrap())
}

/// What anybody reads there: status, content type and bytes.
async fn read(site: &Site, path: &str) -> (u16, String, Vec<u8>) {
    let answer = reqwest::get(format!("{}{path}", site.client.base())).await.unwrap();
    let kind = answer.headers()["content-type"].to_str().unwrap().to_owned();
    (answer.status().as_u16(), kind, answer.bytes().await.unwrap().to_vec())
}

/// The answer to a path that clients tidy up before they ask for it.
async fn asked_as_it_is(site: &Site, path: &str) -> String {
    let host = site.client.base().strip_prefix("http://").unwrap();
    let mut connection = TcpStream::connect(host).await.unwrap();
    let request = format!("GET {path} HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n\r\n");
    connection.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    connection.read_to_string(&mut answer).await.unwrap();
    answer
}

#[tokio::test(flavor = "multi_thread")]
async fn anybody_sees_them_as_they_came() {
    on_each(|scene| async move {
        let ann = scene.site.person().await;
        let (png, jpeg) = (drawn(300, 200, ImageFormat::Png), drawn(100, 2048, ImageFormat::Jpeg));
        scene.github.has_picture("one", png.clone());
        scene.github.has_picture("two", jpeg.clone());
        let first = scene.shows(&ann, 7, "one").await;
        assert_eq!(read(&scene.site, &at(&first)).await, (200, "image/png".to_owned(), png));
        let answer = scene.site.client.get(&at(&first)).await;
        assert_eq!(answer.header("cache-control"), "public, max-age=31536000, immutable");
        assert_eq!(answer.header("x-content-type-options"), "nosniff");
        let head = scene.site.client.send(scene.site.client.request(Method::HEAD, &at(&first))).await;
        assert_eq!((head.status, head.text.as_str()), (200, ""));
        let second = scene.shows(&ann, 8, "two").await;
        assert_eq!(json!([second["width"], second["height"]]), json!([100, 2048]));
        assert_eq!(read(&scene.site, &at(&second)).await, (200, "image/jpeg".to_owned(), jpeg));
        assert_eq!(scene.site.client.get(&at(&first)).await.status, 404, "an account shows one");
        ann.http.delete(&format!("/v1/account?confirm={}", ann.id().await)).await.expect(200);
        assert_eq!(scene.site.client.get(&at(&second)).await.status, 404, "it goes with its account");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_has_none_that_is_taken_is_connected_without() {
    on_each(|scene| async move {
        let mut bomb = drawn(1, 1, ImageFormat::Png);
        bomb[16..24].copy_from_slice(&[0, 0, 0xff, 0xff, 0, 0, 0xff, 0xff]);
        let mut long = drawn(8, 8, ImageFormat::Png);
        long.resize(2 * 1024 * 1024 + 1, 0);
        scene.github.has_picture("bomb", bomb);
        scene.github.has_picture("long", long);
        scene.github.has_picture("wide", drawn(2049, 1, ImageFormat::Jpeg));
        scene.github.has_picture("gif", b"GIF89a\x01\0\x01\0\0\0\0;".to_vec());
        scene.github.has_picture("svg", b"<svg xmlns=\"http://www.w3.org/2000/svg\"/>".to_vec());
        scene.github.has_picture("empty", Vec::new());
        for (id, picture) in (1..).zip(["bomb", "long", "wide", "gif", "svg", "empty", "missing"]) {
            let person = scene.site.person().await;
            assert_eq!(scene.shows(&person, id, picture).await, json!(null), "{picture}");
            assert!(scene.github.asked().contains(&picture.to_owned()));
        }
        let person = scene.site.person().await;
        for url in [
            json!(null),
            json!(7),
            json!("none"),
            json!("ftp://a/b"),
            json!("http://10.0.0.1/x"),
            json!("file:///etc/passwd"),
        ] {
            scene.github.knows_as("code", json!({ "id": 70, "login": "x", "avatar_url": url }));
            let location = scene.connect(&person, "code").await;
            let expected =
                if url == 7 { "error=github_user_fetch_failed" } else { "github=connected&user=x" };
            assert_eq!(location, expected, "{url}");
            assert_eq!(scene.profile(&person).await["avatar"], json!(null), "{url}");
            person.http.delete("/v1/connect/github").await.expect(200);
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_else_is_there() {
    on_each(|scene| async move {
        let (ann, bob) = (scene.site.person().await, scene.site.person().await);
        scene.github.has_picture("one", drawn(8, 8, ImageFormat::Png));
        let path = at(&scene.shows(&ann, 7, "one").await);
        let session = ann.session("t").await;
        let attachment = format!("/v1/sessions/{session}/attachments/a.enc");
        ann.http.send(ann.http.request(Method::PUT, &attachment).body("sealed")).await.expect(200);
        let (ann_id, bob_id) = (ann.id().await, bob.id().await);
        let nothing = (404, "text/plain; charset=utf-8".to_owned(), b"Not found".to_vec());
        for other in [
            "/files/none".to_owned(),
            "/files/public".to_owned(),
            format!("/files/sessions/{session}/attachments/a.enc"),
            format!("/files/public/users/{ann_id}/avatars/"),
            format!("/files/public/users/{ann_id}/avatars/github_x.png"),
            path.replace(&ann_id, &bob_id),
            path.replace("/avatars/", "/avatars//"),
            path.to_uppercase().replace("/FILES/", "/files/"),
            path.replace(".png", ".jpg"),
            format!("{path}/"),
            format!("/files/{}", &path),
            format!("/files/{}", "x".repeat(200)),
            format!("/files/public/{}", "x/".repeat(1000)),
        ] {
            assert_eq!(read(&scene.site, &other).await, nothing, "{other}");
        }
        for other in ["..%2f..%2fetc%2fpasswd", "public/users/..%2fx", "public/..%5cx"] {
            let (status, _, words) = read(&scene.site, &format!("/files/{other}")).await;
            assert_eq!((status, words.as_slice()), (403, &b"Forbidden"[..]), "{other}");
        }
        for other in ["/files/../v1/version", "/files/%2e%2e/x", "/files/public/%2E./x"] {
            assert!(asked_as_it_is(&scene.site, other).await.starts_with("HTTP/1.1 403 "), "{other}");
        }
        assert_eq!(scene.site.client.get("/files/public/users/%00/avatars/x").await.status, 400);
        for method in [Method::POST, Method::PUT, Method::DELETE] {
            let asked = ann.http.request(method, &path).body("x");
            assert_eq!(ann.http.send(asked).await.status, 404);
        }
        assert_eq!(scene.site.client.get("/files").await.status, 404);
        assert_eq!(scene.site.client.get(&path).await.status, 200);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn they_are_in_the_bucket_where_there_is_one() {
    on_each_engine(&[&sync::SCHEMA], |store: Store| async move {
        let (simulated, bucket) = Simulated::start().await;
        let with = |store: Store| SyncParts { bucket: Some(bucket.clone()), ..parts(store) };
        let scene = Scene::with(|_| with(store.clone())).await;
        let ann = scene.site.person().await;
        let (png, jpeg) = (drawn(8, 8, ImageFormat::Png), drawn(8, 8, ImageFormat::Jpeg));
        scene.github.has_picture("one", png.clone());
        scene.github.has_picture("two", jpeg.clone());
        let first = scene.shows(&ann, 7, "one").await;
        assert_eq!(simulated.contents(), [&png[..]]);
        assert_eq!(read(&scene.site, &at(&first)).await, (200, "image/png".to_owned(), png));
        let second = scene.shows(&ann, 8, "two").await;
        assert_eq!(read(&scene.site, &at(&second)).await.2, jpeg);
        let export = ann.http.get("/v1/account/export").await.text;
        assert!(export.contains(&data_encoding::BASE64.encode(&jpeg)));
        // What is not shown any more goes with the next look round.
        let next = Site::of(with(store.clone())).await;
        simulated.has(1).await;
        assert_eq!(read(&next, &at(&second)).await.2, jpeg, "what is shown does not");
        let without = Site::start(store.clone()).await;
        assert_eq!(without.client.get(&at(&second)).await.status, 503);
        ann.http.delete(&format!("/v1/account?confirm={}", ann.id().await)).await.expect(200);
        let last = Site::of(with(store)).await;
        simulated.has(0).await;
        assert_eq!(last.client.get(&at(&second)).await.status, 404);
    })
    .await;
}
