//! A directory of identities that knows one.

use std::io::{BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::thread::JoinHandle;

use anyhow::Context;
use atproto::Did;
use atproto::crypto::PublicKey;
use serde_json::json;

/// Answers every request with the same DID document; ends with the first connection after it is dropped.
#[derive(Debug)]
pub(super) struct Directory {
    address: SocketAddr,
    thread: Option<JoinHandle<()>>,
}

impl Directory {
    /// A directory in which `did` signs with `key`.
    pub(super) fn start(did: &Did, key: &PublicKey) -> anyhow::Result<Self> {
        let document = json!({
            "id": did,
            "verificationMethod": [{
                "id": format!("{did}#atproto"),
                "type": "Multikey",
                "controller": did,
                "publicKeyMultibase": key.multikey(),
            }],
            "service": [],
        });
        let listener = TcpListener::bind("127.0.0.1:0").context("binding the directory")?;
        let address = listener.local_addr()?;
        let answer = answer(&document.to_string());
        let thread = std::thread::Builder::new().name("directory".to_owned()).spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                if !serve(stream, &answer).unwrap_or(true) {
                    return;
                }
            }
        })?;
        Ok(Self { address, thread: Some(thread) })
    }

    pub(super) fn url(&self) -> String {
        format!("http://{}", self.address)
    }
}

fn answer(document: &str) -> Vec<u8> {
    let length = document.len();
    format!(
        "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n{document}"
    )
    .into_bytes()
}

/// Answers one request; false if there was none.
fn serve(mut stream: TcpStream, answer: &[u8]) -> std::io::Result<bool> {
    let mut lines = BufReader::new(stream.try_clone()?).lines();
    let Some(_request) = lines.next().transpose()? else { return Ok(false) };
    for line in lines {
        if line?.is_empty() {
            break;
        }
    }
    stream.write_all(answer)?;
    Ok(true)
}

impl Drop for Directory {
    fn drop(&mut self) {
        // A connection without a request is the word to end.
        let said = TcpStream::connect(self.address).is_ok();
        if let (true, Some(thread)) = (said, self.thread.take()) {
            let _ = thread.join();
        }
    }
}
