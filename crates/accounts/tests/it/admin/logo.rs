//! `/admin/settings/logo`, and the logo as everybody sees it.

use accounts::Actor;
use reqwest::Method;
use serde_json::json;
use testkit::{Answer, HttpClient};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

use super::people::key;
use crate::clients::site::on_each_site;

const PATH: &str = "/admin/settings/logo";
const SVG: &str = r#"<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>"#;
const LARGEST: usize = 5 << 20;

/// One part of a form: its head below `Content-Disposition: form-data; `, and its bytes.
type Part<'a> = (&'a str, &'a [u8]);

fn file(content_type: &str) -> String {
    format!("name=\"logo\"; filename=\"logo\"\r\nContent-Type: {content_type}")
}

/// Sends a form as browsers do.
async fn upload(http: &HttpClient, parts: &[Part<'_>]) -> Answer {
    let mut body = Vec::new();
    for (head, bytes) in parts {
        body.extend(format!("--edge\r\nContent-Disposition: form-data; {head}\r\n\r\n").bytes());
        body.extend(*bytes);
        body.extend(b"\r\n");
    }
    body.extend(b"--edge--\r\n");
    let request =
        http.request(Method::PUT, PATH).header("content-type", "multipart/form-data; boundary=edge");
    http.send(request.body(body)).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_logo_is_uploaded_shown_to_all_and_removed() {
    on_each_site(async |site| {
        let http = key(&site, &["settings:manage"]).await;
        let missing = site.http.get("/settings/logo").await;
        assert_eq!(missing.expect(404), json!({ "error": "there is no logo" }));

        let svg = file("image/svg+xml");
        let png = file("image/png");
        let parts: [Part<'_>; 3] = [("name=\"note\"", b"no file"), (&svg, SVG.as_bytes()), (&png, b"later")];
        drop(upload(&http, &parts).await.expect(204));
        let shown = site.http.get("/settings/logo").await;
        assert_eq!((shown.status, &*shown.text), (200, SVG), "the first file counts");
        for (header, value) in [
            ("content-type", "image/svg+xml"),
            ("cache-control", "public, max-age=3600"),
            ("content-security-policy", "sandbox; default-src 'none'"),
            ("x-content-type-options", "nosniff"),
        ] {
            assert_eq!(shown.header(header), value, "{header}");
        }

        drop(http.delete(PATH).await.expect(204));
        drop(http.delete(PATH).await.expect(204));
        assert_eq!(site.http.get("/settings/logo").await.status, 404);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_small_image_in_a_form_is_refused() {
    on_each_site(async |site| {
        let http = key(&site, &["settings:manage"]).await;
        let png = file("image/png");
        let large = vec![7; LARGEST + 1];
        let (html, bare) = (file("text/html"), "name=\"logo\"; filename=\"logo\"");
        let cases: [(&str, Part<'_>); 5] = [
            ("no image", (&html, b"<script>")),
            ("no type", (bare, b"x")),
            ("empty", (&png, b"")),
            ("no file", ("name=\"logo\"", b"x")),
            ("too large", (&png, &large)),
        ];
        for (what, part) in cases {
            assert_eq!(upload(&http, &[part]).await.status, 400, "{what}");
        }
        assert_eq!(upload(&http, &[]).await.status, 400);
        assert_eq!(http.put(PATH, &json!({ "value": "x" })).await.status, 400, "no form at all");
        assert_eq!(site.http.get("/settings/logo").await.status, 404);

        let largest = vec![7; LARGEST];
        drop(upload(&http, &[(&png, &largest)]).await.expect(204));
        assert_eq!(site.http.get("/settings/logo").await.text.len(), LARGEST);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_that_breaks_off_changes_nothing() {
    on_each_site(async |site| {
        let http = key(&site, &["settings:manage"]).await;
        let head = format!("--edge\r\nContent-Disposition: form-data; {}\r\n\r\nhalf", file("image/png"));
        let request =
            http.request(Method::PUT, PATH).header("content-type", "multipart/form-data; boundary=edge");
        assert_eq!(http.send(request.body(head)).await.status, 400);
        assert_eq!(site.http.get("/settings/logo").await.status, 404);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_upload_far_too_large_is_refused_before_it_is_read() {
    on_each_site(async |site| {
        let key =
            site.accounts.keys.create(&Actor::LocalOperator, "test", &["settings:manage"]).await.unwrap();
        let address = site.http.base().strip_prefix("http://").unwrap();
        let mut stream = TcpStream::connect(address).await.unwrap();
        let head = format!(
            "PUT {PATH} HTTP/1.1\r\nhost: {address}\r\nauthorization: Bearer {}\r\n\
             content-type: multipart/form-data; boundary=edge\r\ncontent-length: {}\r\n\r\n",
            key.key,
            LARGEST + (64 << 10)
        );
        stream.write_all(head.as_bytes()).await.unwrap();
        let mut status = [0; 12];
        stream.read_exact(&mut status).await.unwrap();
        assert_eq!(&status, b"HTTP/1.1 413");
    })
    .await;
}
