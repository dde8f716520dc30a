//! Sources that are no registries, or mean harm: each is refused with a word, and ends.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;

use registry_conformance::content::Algorithm;

use super::{complaint, import};
use crate::ours::{Blobs, Registry};

/// Status, headers, body.
type Said = (u16, String, Vec<u8>);

/// The status of an answer that does not end.
const ENDLESS: u16 = 418;

/// A server that answers each path with what this says: status, headers, body.
fn serve(answer: impl Fn(&str) -> Said + Send + Sync + 'static) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let answer = Arc::new(answer);
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let answer = answer.clone();
            std::thread::spawn(move || one(stream, &*answer));
        }
    });
    url
}

fn one(mut stream: TcpStream, answer: &dyn Fn(&str) -> Said) {
    let (mut head, mut byte) = (Vec::new(), [0]);
    while !head.ends_with(b"\r\n\r\n") && stream.read(&mut byte).is_ok_and(|read| read > 0) {
        head.push(byte[0]);
    }
    let head = String::from_utf8_lossy(&head).into_owned();
    let path = head.split(' ').nth(1).unwrap_or_default();
    let (status, headers, body) = answer(path);
    if status == ENDLESS {
        let _ = write!(stream, "HTTP/1.1 {status} X\r\nconnection: close\r\n\r\n");
        while stream.write_all(&[b'x'; 8 << 10]).is_ok() {}
        return;
    }
    let length = body.len();
    let _ = write!(
        stream,
        "HTTP/1.1 {status} X\r\nconnection: close\r\ncontent-length: {length}\r\n{headers}\r\n"
    );
    let _ = stream.write_all(&body);
}

fn json(text: &str) -> Said {
    (200, "content-type: application/json\r\n".to_owned(), text.as_bytes().to_vec())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_source_that_is_none_is_told_from_one() {
    let ours = Registry::start(&Blobs::Folder).await;
    let said = |source: String| complaint(import(&ours, &source).args(["--repository", "app"]));
    let tags = |answer: fn(&str) -> Said| serve(answer);

    let page = tags(|_| (200, "content-type: text/html\r\n".to_owned(), b"<html>".to_vec()));
    assert!(said(page).contains("answers something else"));
    let endless = tags(|path| {
        let n: usize = path.rsplit('=').next().and_then(|n| n.parse().ok()).unwrap_or_default();
        let link = format!(
            "content-type: application/json\r\nlink: </v2/app/tags/list?x={}>; rel=\"next\"\r\n",
            n + 1
        );
        let names: Vec<String> = (0..9_000).map(|tag| format!("{n}-{tag}")).collect();
        (200, link, serde_json::json!({ "tags": names }).to_string().into_bytes())
    });
    assert!(said(endless).contains("more than 100000 tags"));
    let circle = tags(|path| (200, format!("link: <{path}>; rel=\"next\"\r\n"), b"{\"tags\":[]}".to_vec()));
    assert!(said(circle).contains("next page of a list is nowhere"));
    let away =
        tags(|_| (200, "link: <http://127.0.0.1:1/v2/>; rel=\"next\"\r\n".into(), b"{\"tags\":[]}".to_vec()));
    assert!(said(away).contains("next page of a list is nowhere"));
    let inward = tags(|_| (302, "location: http://10.0.0.1/v2/\r\n".into(), Vec::new()));
    assert!(said(inward).contains("refused"));
    let large = tags(|_| (200, String::new(), vec![b' '; 5 << 20]));
    assert!(said(large).contains("larger than"));

    let manifest =
        |answer: fn() -> Said| {
            serve(move |path| {
                if path.contains("/tags/") { json("{\"tags\":[\"v1\",\"../x\",\"v2\"]}") } else { answer() }
            })
        };
    let heavy = said(manifest(|| (200, String::new(), vec![b' '; 9 << 20])));
    assert!(heavy.contains("larger than") && heavy.contains("is not a tag"), "{heavy}");
    let old = said(manifest(|| {
        let headers = "content-type: application/vnd.docker.distribution.manifest.v1+prettyjws\r\n";
        (200, headers.to_owned(), br#"{"schemaVersion":1}"#.to_vec())
    }));
    assert!(old.contains("schema 1 is too old"), "{old}");
    let odd = said(manifest(|| (404, String::new(), b"\x1b[31m".to_vec())));
    assert!(odd.contains("does not have it"), "{odd}");
    let closed = said("http://127.0.0.1:9".to_owned());
    assert!(closed.contains("no connection to the host"), "{closed}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refusal_that_should_be_a_layer_is_not_read_to_its_end() {
    let ours = Registry::start(&Blobs::Folder).await;
    let config = Algorithm::Sha256.digest(b"{}");
    let manifest = format!(
        r#"{{"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json","layers":[],
            "config":{{"mediaType":"application/vnd.oci.image.config.v1+json","digest":"{config}","size":2}}}}"#
    );
    let source = serve(move |path| match path {
        path if path.contains("/tags/") => json("{\"tags\":[\"v1\"]}"),
        path if path.contains("/manifests/v1") => json(&manifest),
        path if path.contains("/blobs/") => (ENDLESS, String::new(), Vec::new()),
        _ => json("{}"),
    });
    let said = complaint(import(&ours, &source).args(["--repository", "app"]));
    assert!(said.contains("answered 418") && said.contains("read a layer: xxx"), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_repository_that_cannot_be_listed_holds_up_no_other() {
    let ours = Registry::start(&Blobs::Folder).await;
    let source = serve(|path| match path {
        path if path.contains("/gone/") => (404, String::new(), Vec::new()),
        _ => json("{\"tags\":[]}"),
    });
    let said = complaint(import(&ours, &source).args(["--repository", "gone", "--repository", "app"]));
    assert!(said.contains("the repository gone is named, and the source does not have it"), "{said}");
    assert!(said.contains("\"repositories\":1") || said.contains("\"repositories\": 1"), "{said}");

    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().join("docker/registry/v2");
    let tags = root.join("repositories/app/_manifests/tags");
    for dir in [&tags, &root.join("blobs"), &root.join("repositories/other/_manifests")] {
        std::fs::create_dir_all(dir).unwrap();
    }
    std::fs::write(tags.join("odd"), "").unwrap();
    let said = complaint(&mut import(&ours, folder.path().to_str().unwrap()));
    assert!(said.contains("a tag of app") && said.contains("is passed over"), "{said}");
    assert!(said.contains("\"repositories\":2") || said.contains("\"repositories\": 2"), "{said}");
}
