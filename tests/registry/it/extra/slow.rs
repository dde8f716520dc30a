//! Clients that take their time cost the server no memory.

use registry_conformance::client::{Client, Request};
use registry_conformance::content::{Algorithm, Blob};
use reqwest::Method;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::{Scene, push_blob};
use crate::ours::ALICE;

const CLIENTS: usize = 32;
const BYTES: usize = 16 << 20;

/// For 32 clients that each have 16 MiB under way; half a MiB each would be 16.
const MOST: usize = 24 << 20;

#[tokio::test(flavor = "multi_thread")]
async fn who_reads_slowly_or_writes_slowly_holds_no_memory() {
    let scene = Scene::new().await;
    let repository = scene.repository();
    let blob = Blob::random(Algorithm::Sha256, BYTES);
    push_blob(repository, &blob.digest, &blob.bytes).await.expect(&[201]).unwrap();
    let address = scene.registry.server.url().strip_prefix("http://").unwrap().to_owned();
    let before = memory(scene.registry.server.pid());

    let mut streams = Vec::new();
    for number in 0..CLIENTS {
        let mut stream = TcpStream::connect(&address).await.unwrap();
        // Half of them read the beginning of a blob and no more; the others send all but the end of one.
        if number % 2 == 0 {
            let path = repository.path(&blob.path());
            let request = format!("GET {path} HTTP/1.1\r\nhost: {address}\r\n\r\n");
            stream.write_all(request.as_bytes()).await.unwrap();
            let mut beginning = [0; 4_096];
            stream.read_exact(&mut beginning).await.unwrap();
            assert!(beginning.starts_with(b"HTTP/1.1 200"), "{}", String::from_utf8_lossy(&beginning[..200]));
        } else {
            let upload = repository.begin().await.unwrap();
            let path = upload.split_once(&*address).unwrap().1;
            let authorization = authorization(&scene, path).await;
            let head = format!(
                "PATCH {path} HTTP/1.1\r\nhost: {address}\r\nauthorization: {authorization}\r\ncontent-length: {BYTES}\r\n\r\n"
            );
            stream.write_all(head.as_bytes()).await.unwrap();
            stream.write_all(&blob.bytes[..BYTES - 1]).await.unwrap();
        }
        streams.push(stream);
    }
    let held = memory(scene.registry.server.pid()).saturating_sub(before);
    assert!(held < MOST, "{held} bytes for {CLIENTS} slow clients");
    // The readers were waited for: the rest of the blob still comes.
    let mut rest = vec![0; BYTES - 4_096];
    streams[0].read_exact(&mut rest).await.unwrap();
}

/// What the client would send with such a request.
async fn authorization(scene: &Scene, path: &str) -> String {
    let bare = scene.alice.send_bare(&Request::new(Method::PATCH, path)).await.unwrap();
    assert_eq!(bare.status, 401);
    let client = Client::new(&scene.registry.target(ALICE)).unwrap();
    client.authorization(bare.header("www-authenticate").unwrap()).await.unwrap().unwrap()
}

/// Memory of a process that no file stands behind.
fn memory(pid: u32) -> usize {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("RssAnon:")).unwrap();
    line.split_whitespace().next().unwrap().parse::<usize>().unwrap() << 10
}
