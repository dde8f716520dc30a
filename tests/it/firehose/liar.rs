//! Somebody between a host and whoever follows it.

use std::sync::{Arc, Mutex};

use atproto::Did;
use atproto::car::CarWriter;
use atproto::crypto::PrivateKey;
use atproto::firehose::{CommitMessage, Frame, PATH, ReceivedCommit, RepoOp};
use atproto::repo::Commit;
use bytes::Bytes;
use futures::{SinkExt, StreamExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::handshake::server::{Request, Response};

/// What is done to the next commit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Lie {
    /// It is not passed on.
    LeaveOut,
    /// One of its operations is not passed on.
    LeaveOutOne,
    /// The relay signs a commit of its own.
    SignYourself,
}

/// Passes everything on but for one lie at a time; ended when dropped.
pub(super) struct Liar {
    url: String,
    next: Arc<Mutex<Option<Lie>>>,
    serving: JoinHandle<()>,
}

impl Liar {
    pub(super) async fn start(host: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("ws://{}", listener.local_addr().unwrap());
        let next = Arc::new(Mutex::new(None));
        let (host, lie) = (host.trim_end_matches('/').to_owned(), Arc::clone(&next));
        let serving = tokio::spawn(async move {
            loop {
                let (socket, _) = listener.accept().await.unwrap();
                tokio::spawn(pass_on(socket, host.clone(), Arc::clone(&lie)));
            }
        });
        Self { url, next, serving }
    }

    pub(super) fn url(&self) -> &str {
        &self.url
    }

    /// Lies about the next commit of several operations.
    pub(super) fn tell(&self, lie: Lie) {
        *self.next.lock().unwrap() = Some(lie);
    }

    pub(super) fn has_lied(&self) -> bool {
        self.next.lock().unwrap().is_none()
    }
}

impl Drop for Liar {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

async fn pass_on(socket: TcpStream, host: String, lie: Arc<Mutex<Option<Lie>>>) {
    let mut query = String::new();
    #[expect(clippy::result_large_err, reason = "the callback is the library's")]
    let note = |request: &Request, response: Response| {
        request.uri().query().unwrap_or_default().clone_into(&mut query);
        Ok(response)
    };
    let mut follower = tokio_tungstenite::accept_hdr_async(socket, note).await.unwrap();
    let upstream = format!("{host}{PATH}?{query}");
    let (mut host, _) = tokio_tungstenite::connect_async(upstream.trim_end_matches('?')).await.unwrap();
    while let Some(Ok(message)) = host.next().await {
        let Message::Binary(bytes) = &message else { continue };
        let instead = twisted(bytes, &lie).unwrap_or_else(|| vec![bytes.clone()]);
        for bytes in instead {
            if follower.send(Message::Binary(bytes)).await.is_err() {
                return;
            }
        }
    }
}

/// What is sent instead of a message: perhaps nothing; `None` if it is passed on as it is.
fn twisted(bytes: &Bytes, lie: &Mutex<Option<Lie>>) -> Option<Vec<Bytes>> {
    let Ok(Frame::Commit(commit)) = Frame::decode(bytes) else { return None };
    if commit.ops.len() < 2 {
        return None;
    }
    Some(match lie.lock().unwrap().take()? {
        Lie::LeaveOut => Vec::new(),
        Lie::LeaveOutOne => {
            let shorter = ReceivedCommit { ops: commit.ops[1..].to_vec(), ..*commit };
            vec![message(&shorter)]
        }
        Lie::SignYourself => vec![message(&signed_by_nobody(*commit))],
    })
}

/// The same tree, under a signature that is not the account's.
fn signed_by_nobody(commit: ReceivedCommit) -> ReceivedCommit {
    let (did, rev): (Did, _) = (commit.did.clone(), commit.rev);
    let proof = commit.prove().unwrap();
    let data = proof.signed.unverified().data;
    let signed = Commit { did, rev, data }.sign(&PrivateKey::generate_k256());
    let mut car = CarWriter::new(&signed.cid);
    car.block(&signed.cid, &signed.block);
    // The blocks of the other file, which begin behind its header.
    let header = 1 + usize::from(commit.blocks[0]);
    let blocks = [&car.take(), &commit.blocks[header..]].concat();
    ReceivedCommit { commit: signed.cid, blocks: blocks.into(), ..commit }
}

fn message(commit: &ReceivedCommit) -> Bytes {
    let ops: Vec<RepoOp> =
        commit.ops.iter().map(|op| RepoOp { path: op.path.clone(), cid: op.cid, prev: op.prev }).collect();
    let message = CommitMessage {
        seq: commit.seq,
        did: &commit.did,
        commit: &commit.commit,
        rev: commit.rev,
        since: commit.since,
        blocks: &commit.blocks,
        ops: &ops,
        prev_data: commit.prev_data.as_ref(),
        time: commit.time.as_deref().unwrap_or_default(),
    };
    message.encode().into()
}
