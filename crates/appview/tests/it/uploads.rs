//! Blobs on their way through.

use std::time::Duration;

use bytes::Bytes;
use futures::{StreamExt, stream};
use http::Method;
use reqwest::Body;
use serde_json::json;
use testkit::{Device, TestDatabase};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::fake_pds::{FakePds, GET_SESSION, UPLOAD_BLOB};
use crate::harness::{PATIENCE, Server, schemas};

const LIMIT: usize = 50 << 20;

async fn world() -> (FakePds, Server, Device, TestDatabase) {
    let fake = FakePds::start().await;
    fake.says(UPLOAD_BLOB, 200, &json!({ "blob": {} }));
    let database = TestDatabase::sqlite();
    let (server, device) = fake.meet(database.open(&schemas()).await).await;
    (fake, server, device, database)
}

/// A body of so many bytes that does not say how many.
fn pieces(bytes: usize) -> Body {
    let piece = Bytes::from(vec![7; 64 << 10]);
    let count = bytes / piece.len();
    Body::wrap_stream(stream::iter((0..count).map(move |_| Ok::<_, std::io::Error>(piece.clone()))))
}

#[tokio::test(flavor = "multi_thread")]
async fn bytes_pass_through_as_they_come() {
    let (fake, _server, device, _database) = world().await;
    let mut uploaded = fake.uploaded();
    // The second half is sent when the PDS has the first.
    let halves = stream::once(async { Ok::<_, std::io::Error>(Bytes::from_static(b"first")) }).chain(
        stream::once(async move {
            tokio::time::timeout(PATIENCE, uploaded.wait_for(|bytes| *bytes == 5)).await.unwrap().unwrap();
            Ok(Bytes::from_static(b"second"))
        }),
    );
    let request = device.signed(Method::POST, UPLOAD_BLOB).header("content-type", "image/png");
    let answer = device.send(request.body(Body::wrap_stream(halves))).await;
    assert_eq!(answer.expect(200), json!({ "blob": {} }));
    assert_eq!(*fake.uploaded().borrow(), 11);
    let asked = fake.asked(UPLOAD_BLOB);
    assert_eq!(asked[0]["content-type"], "image/png");
    assert!(!asked[0].contains_key("content-length"));

    let announced =
        device.signed(Method::POST, UPLOAD_BLOB).header("content-type", "text/plain; charset=utf-8");
    drop(device.send(announced.body("some bytes")).await.expect(200));
    let asked = fake.asked(UPLOAD_BLOB).pop().unwrap();
    assert_eq!(
        (&asked["content-length"], &asked["content-type"]),
        (&"10".parse().unwrap(), &"text/plain; charset=utf-8".parse().unwrap())
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_pds_wants_first_is_found_out_before_the_body_is_sent() {
    let (fake, _server, device, _database) = world().await;
    fake.wants_nonce("newer");
    let request = device.signed(Method::POST, UPLOAD_BLOB).body(pieces(8 << 20));
    drop(device.send(request).await.expect(200));
    assert_eq!((fake.asked(UPLOAD_BLOB).len(), *fake.uploaded().borrow()), (1, 8 << 20));
    // A session that is over needs no bytes to be over.
    let refusal = json!({ "error": "InvalidToken", "message": "gone" });
    fake.says(GET_SESSION, 401, &refusal);
    let request = device.signed(Method::POST, UPLOAD_BLOB).body("bytes");
    assert_eq!(device.send(request).await.expect(401), refusal);
    assert_eq!(fake.asked(UPLOAD_BLOB).len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn there_is_a_limit() {
    let (fake, server, device, _database) = world().await;
    let request = device.signed(Method::POST, UPLOAD_BLOB).body(pieces(LIMIT));
    drop(device.send(request).await.expect(200));
    let request = device.signed(Method::POST, UPLOAD_BLOB).body(pieces(LIMIT + (64 << 10)));
    let answer = device.send(request).await;
    assert_eq!(answer.expect(413), json!({ "error": "Request body too large" }));
    let asked = fake.asked(UPLOAD_BLOB).len();
    assert_eq!(announce(&server, &device, LIMIT + 1).await, "HTTP/1.1 413");
    assert_eq!(fake.asked(UPLOAD_BLOB).len(), asked, "what is announced as too large is not begun");
}

/// The first line of the answer to a request that only announces its body.
async fn announce(server: &Server, device: &Device, bytes: usize) -> String {
    let authority = server.client.base().strip_prefix("http://").unwrap();
    let named = device.signed(Method::POST, UPLOAD_BLOB).build().unwrap();
    // The device names the host itself.
    let mut head = format!("POST {UPLOAD_BLOB} HTTP/1.1\r\ncontent-length: {bytes}\r\n");
    for (name, value) in named.headers() {
        head.extend([name.as_str(), ": ", value.to_str().unwrap(), "\r\n"]);
    }
    let mut socket = TcpStream::connect(authority).await.unwrap();
    socket.write_all((head + "\r\n").as_bytes()).await.unwrap();
    let mut line = [0; 12];
    tokio::time::timeout(Duration::from_secs(10), socket.read_exact(&mut line)).await.unwrap().unwrap();
    String::from_utf8(line.to_vec()).unwrap()
}
