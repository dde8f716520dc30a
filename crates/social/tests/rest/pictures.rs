//! Pictures that people upload.

use std::io::Cursor;

use image::{ImageFormat, RgbImage};
use testkit::Answer;

use crate::site::{BASE, Person, on_each_site, on_each_site_of};

fn png() -> Vec<u8> {
    let mut file = Cursor::new(Vec::new());
    RgbImage::new(3, 2).write_to(&mut file, ImageFormat::Png).unwrap();
    file.into_inner()
}

async fn upload(person: &Person, path: &str, content: &[u8]) -> Answer {
    let head = "--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.png\"\r\nContent-Type: image/png\r\n\r\n";
    let body = [head.as_bytes(), content, b"\r\n--x--\r\n"].concat();
    let request = person.http.request("PUT".parse().unwrap(), path);
    person.http.send(request.header("content-type", "multipart/form-data; boundary=x").body(body)).await
}

#[tokio::test(flavor = "multi_thread")]
async fn pictures_are_shown_to_anybody() {
    on_each_site(|site| async move {
        let ann = site.person("ann").await;
        let first = upload(&ann, "/social/users/me/avatar", &png()).await.expect(200);
        let url = first["avatarUrl"].as_str().unwrap().to_owned();
        let path = url.strip_prefix(BASE).unwrap();
        let shown = site.client.get(path).await;
        assert_eq!(shown.status, 200);
        assert_eq!(
            (shown.header("content-type"), shown.header("x-content-type-options")),
            ("image/png", "nosniff")
        );
        assert_eq!(shown.header("content-security-policy"), "default-src 'none'; sandbox");
        let known = site.client.with_header("if-none-match", shown.header("etag"));
        assert_eq!(known.get(path).await.status, 304);
        for (known, status) in [
            (format!("\"other\", W/{}", shown.header("etag")), 304),
            ("*".to_owned(), 304),
            ("\"other\"".to_owned(), 200),
        ] {
            let asked = site.client.with_header("if-none-match", &known);
            assert_eq!(asked.get(path).await.status, status, "{known}");
        }
        let banner = upload(&ann, "/social/users/me/banner", &png()).await.expect(200);
        assert!(banner["headerUrl"].as_str().unwrap().contains("/banner-"));
        ann.http.patch("/social/users/me", &serde_json::json!({ "avatarUrl": "" })).await.expect(200);
        assert_eq!(site.client.get(path).await.status, 404, "what is not shown is not kept");
        assert!(std::fs::read_dir(site.pictures.path()).unwrap().count() <= 1);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_picture_is_refused() {
    on_each_site_of(
        |config| social::SocialConfig { upload_max_bytes: 1000, ..config },
        |site| async move {
            let ann = site.person("ann").await;
            let avatar = "/social/users/me/avatar";
            for other in
                [b"<svg/>".to_vec(), b"{\"type\":\"Person\"}".to_vec(), png()[..20].to_vec(), Vec::new()]
            {
                upload(&ann, avatar, &other).await.expect(422);
            }
            upload(&ann, avatar, &[0; 1001]).await.expect(413);
            ann.sends("PUT", avatar, &serde_json::json!({})).await.expect(400);
            for path in
                ["/media/../state.db", "/media/users/x/y.html", "/media/users/..%2f..%2fstate.db", "/media/x"]
            {
                site.client.get(path).await.expect(404);
            }
        },
    )
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn pictures_go_with_a_thought() {
    on_each_site(|site| async move {
        let (ann, eve) = (site.person("ann").await, site.person("eve").await);
        let sent = send_picture(&ann, "Two by three, and black").await.expect(201);
        assert_eq!((&sent["description"], &sent["width"]), (&"Two by three, and black".into(), &3.into()));
        let with =
            |ids: &[&serde_json::Value]| serde_json::json!({ "content": "look", "attachmentIds": ids });
        // Only its owner puts it into a thought, and into one.
        eve.sends("POST", "/social/thoughts", &with(&[&sent["id"]])).await.expect(422);
        let thought = ann.sends("POST", "/social/thoughts", &with(&[&sent["id"]])).await.expect(201);
        assert_eq!(thought["attachments"], serde_json::json!([sent]));
        ann.sends("POST", "/social/thoughts", &with(&[&sent["id"]])).await.expect(422);
        let path = sent["url"].as_str().unwrap().strip_prefix(BASE).unwrap().to_owned();
        assert_eq!(site.client.get(&path).await.status, 200);

        send_picture(&ann, &"x".repeat(1501)).await.expect(422);
        send_picture(&ann, &"x".repeat(6001)).await.expect(413);
        let nothing = send_picture(&ann, "").await.expect(201);
        assert_eq!(nothing["description"], serde_json::Value::Null);
        upload(&ann, "/social/media", &png()).await.expect(405);
    })
    .await;
}

async fn send_picture(person: &Person, description: &str) -> Answer {
    let head = format!(
        "--x\r\nContent-Disposition: form-data; name=\"description\"\r\n\r\n{description}\r\n\
         --x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.png\"\r\nContent-Type: image/png\r\n\r\n"
    );
    let body = [head.as_bytes(), &png(), b"\r\n--x--\r\n"].concat();
    let request = person.http.request("POST".parse().unwrap(), "/social/media");
    person.http.send(request.header("content-type", "multipart/form-data; boundary=x").body(body)).await
}
