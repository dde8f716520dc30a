//! The bytes of a layer on their way: hashed and counted, and not one of them kept.

use std::fs::File;
use std::io::Read;
use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use futures::stream::{self, BoxStream, StreamExt};
use oci::{Digest, Hasher};
use outbound::Incoming;

use crate::{Error, limits};

/// Bytes that are read from a file at once.
const PIECE: usize = 256 << 10;

/// A layer as its source sends it.
pub(crate) type Bytestream = BoxStream<'static, Result<Bytes, Error>>;

/// What comes over the line.
pub(crate) fn of_answer(answer: Incoming) -> Bytestream {
    stream::try_unfold(answer, |mut answer| async move {
        let next = tokio::time::timeout(limits::PAUSE, answer.chunk()).await;
        let piece = next.map_err(|_| Error::Stalled)??;
        Ok(piece.map(|piece| (piece, answer)))
    })
    .boxed()
}

/// What is in a file, read where waiting for the disk keeps nobody.
pub(crate) fn of_file(file: File) -> Bytestream {
    stream::try_unfold(file, |mut file| async move {
        let read = tokio::task::spawn_blocking(move || {
            let mut piece = vec![0; PIECE];
            file.read(&mut piece).map(|length| {
                piece.truncate(length);
                (piece, file)
            })
        });
        let read = read.await.unwrap_or_else(|panicked| Err(std::io::Error::other(panicked)));
        let (piece, file) = read.map_err(|source| Error::Io { path: "a layer".into(), source })?;
        Ok((!piece.is_empty()).then(|| (Bytes::from(piece), file)))
    })
    .boxed()
}

/// Why a stream ended early: whoever sends it learns only that it did.
#[derive(Clone, Default)]
pub(crate) struct Ending(Arc<Mutex<Option<Error>>>);

impl Ending {
    pub(crate) fn take(&self) -> Option<Error> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    fn set(&self, error: Error) -> std::io::Error {
        let text = error.to_string();
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(error);
        std::io::Error::other(text)
    }
}

/// The same bytes, as long as they may be those of this digest and size; other bytes do not end well.
pub(crate) fn verified(
    bytes: Bytestream,
    (digest, size): (Digest, u64),
    ending: Ending,
    count: Arc<dyn Fn(u64) + Send + Sync>,
) -> BoxStream<'static, Result<Bytes, std::io::Error>> {
    let state = (bytes, Some(Hasher::of(digest.algorithm())), 0_u64);
    let checked = stream::try_unfold(state, move |(mut bytes, hasher, came)| {
        let count = count.clone();
        async move {
            let Some(mut hasher) = hasher else { return Ok(None) };
            match bytes.next().await.transpose()? {
                Some(piece) => {
                    hasher.update(&piece);
                    let came = came + piece.len() as u64;
                    // Whoever sends so many bytes does not ask for more: the last of them go only if all are right.
                    let is_wrong = || came == size && hasher.clone().finish().first() != digest;
                    if came > size || is_wrong() {
                        return Err(Error::Damaged(digest));
                    }
                    count(piece.len() as u64);
                    Ok(Some((piece, (bytes, Some(hasher), came))))
                }
                None if came == size && hasher.finish().first() == digest => Ok(None),
                None => Err(Error::Damaged(digest)),
            }
        }
    });
    checked.map(move |piece| piece.map_err(|error| ending.set(error))).boxed()
}
