//! Parts that nobody knows of. Few services that run on one machine list them, so this one says what the protocol has.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use blobs::{BlobStore, Location, Objects, SCHEMA};
use store::v;
use testkit::on_each_engine;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use crate::given::{begin, sha256};
use crate::place::SIZES;

const OLD: &str = "2026-01-02T03:04:05.000Z";

const YOUNG: &str = "2999-01-02T03:04:05.000Z";

fn upload(key: &str, id: &str, initiated: &str) -> String {
    format!(
        "<Upload><Key>{key}</Key><UploadId>{id}</UploadId><StorageClass>STANDARD</StorageClass><Initiated>{initiated}</Initiated></Upload>"
    )
}

fn page(uploads: &str, next: Option<&str>) -> String {
    let next = next.map_or_else(
        || "<IsTruncated>false</IsTruncated>".to_owned(),
        |key| {
            format!(
                "<IsTruncated>true</IsTruncated><NextKeyMarker>{key}</NextKeyMarker><NextUploadIdMarker>a+/=</NextUploadIdMarker>"
            )
        },
    );
    format!(
        r#"<?xml version="1.0"?><ListMultipartUploadsResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Bucket>registry</Bucket>{next}{uploads}</ListMultipartUploadsResult>"#
    )
}

/// What a request is answered with; those that remove something are noted.
fn answer(line: &str, known: &str, removed: &Mutex<Vec<String>>) -> (u16, String) {
    let known = format!("uploads/{known}/whole");
    let stray = "uploads/01890a5d-ac96-774b-bcce-b302099a8057/whole";
    if line.starts_with("DELETE") {
        removed.lock().unwrap().push(line.split(' ').nth(1).unwrap().to_owned());
        (204, String::new())
    } else if line.contains("list-type=2") {
        (200, "<ListBucketResult><IsTruncated>false</IsTruncated></ListBucketResult>".to_owned())
    } else if line.contains("prefix=blobs") {
        let digest = sha256(b"half copied").to_hex();
        let key = format!("blobs/sha256/{}/{digest}", &digest[..2]);
        (200, page(&(upload(&key, "copy", OLD) + &upload("blobs/mine", "other", OLD)), None))
    } else if line.contains("key-marker=") {
        let others = upload("avatars/mine", "other", OLD) + &upload(stray, "young", YOUNG);
        let second = line.contains("upload-id-marker=a%2B%2F%3D");
        (if second { 200 } else { 400 }, page(&(upload(&known, "older", OLD) + &others), None))
    } else {
        (200, page(&(upload(&known, "known", OLD) + &upload(stray, "stray&amp;", OLD)), Some(&known)))
    }
}

#[tokio::test]
async fn parts_that_belong_to_no_upload_are_given_up() {
    on_each_engine(&[&SCHEMA], async |rows| {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let location = Location::parse(&format!("s3://key:secret@{address}/registry?tls=false")).unwrap();
        let store = BlobStore::Objects(Objects::new(location, rows.state.clone(), SIZES).unwrap());
        let id = begin(&store).await.to_string();
        let name = id.clone();
        let sql = "UPDATE blob_uploads SET multipart = 'known' WHERE id = $1";
        rows.state.write(move |c| c.execute(sql, &[v(&name)])).await.unwrap();
        let removed = Arc::<Mutex<Vec<String>>>::default();
        let noted = Arc::clone(&removed);
        let service = tokio::spawn(async move {
            loop {
                let (mut socket, _) = listener.accept().await.unwrap();
                let mut request = vec![0; 8192];
                let length = socket.read(&mut request).await.unwrap();
                let text = String::from_utf8_lossy(&request[..length]).into_owned();
                assert!(text.contains("AWS4-HMAC-SHA256"), "it is not signed: {text}");
                let (status, body) = answer(text.lines().next().unwrap(), &id, &noted);
                let head = format!(
                    "HTTP/1.1 {status} X\r\ncontent-length: {}\r\nconnection: close\r\n\r\n",
                    body.len()
                );
                socket.write_all((head + &body).as_bytes()).await.unwrap();
            }
        });
        assert_eq!(store.expire(Duration::from_hours(1)).await.unwrap(), 0);
        service.abort();
        let mut removed = removed.lock().unwrap().clone();
        removed.sort_unstable();
        let expected = ["?uploadId=copy", "whole?uploadId=stray%26", "/whole?uploadId=older"];
        assert_eq!(removed.len(), expected.len(), "{removed:?}");
        for (removed, expected) in removed.iter().zip(expected) {
            assert!(removed.ends_with(expected), "{removed}: {expected}");
        }
    })
    .await;
}
