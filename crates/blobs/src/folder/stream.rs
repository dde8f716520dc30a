//! A range of a blob, as it is sent.

use std::fs::File;
use std::io::{self, ErrorKind};
use std::ops::Range;
use std::os::unix::fs::FileExt;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use futures::{FutureExt, Stream};
use tokio::task::JoinHandle;

use super::buffers::{Buffer, Buffers, CHUNK};

/// Reads when it is asked for more, and not before, so a slow reader holds one buffer. A file that ends too early is an error.
#[must_use = "nothing is read unless somebody asks"]
pub(crate) struct FileChunks {
    file: Arc<File>,
    range: Range<u64>,
    buffers: Arc<Buffers>,
    /// What the kernel did not have in memory.
    waiting: Option<JoinHandle<(Buffer, io::Result<usize>)>>,
}

impl FileChunks {
    pub(super) fn new(file: Arc<File>, range: Range<u64>, buffers: Arc<Buffers>) -> Self {
        Self { file, range, buffers, waiting: None }
    }

    /// The next piece: at once if it is in memory, otherwise when somebody who may wait has it.
    fn poll_read(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<Bytes>> {
        if self.waiting.is_none() {
            let left = usize::try_from(self.range.end - self.range.start).unwrap_or(usize::MAX);
            let mut buffer = self.buffers.take(left.min(CHUNK));
            if let Some(length) = read_cached(&self.file, buffer.space(), self.range.start) {
                return Poll::Ready(Ok(buffer.filled(length)));
            }
            let (file, at) = (Arc::clone(&self.file), self.range.start);
            self.waiting = Some(tokio::task::spawn_blocking(move || {
                let read = read(&file, buffer.space(), at);
                (buffer, read)
            }));
        }
        let Some(waiting) = &mut self.waiting else { return Poll::Pending };
        let read = ready!(waiting.poll_unpin(cx));
        self.waiting = None;
        let (buffer, length) = read.map_err(io::Error::other)?;
        Poll::Ready(length.map(|length| buffer.filled(length)))
    }
}

impl Stream for FileChunks {
    type Item = io::Result<Bytes>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        if self.range.is_empty() {
            return Poll::Ready(None);
        }
        let read = ready!(self.poll_read(cx));
        match &read {
            Ok(bytes) => self.range.start += bytes.len() as u64,
            // Nothing comes after an error.
            Err(_) => self.range.start = self.range.end,
        }
        Poll::Ready(Some(read))
    }
}

/// At least one byte, waiting for the disk.
fn read(file: &File, space: &mut [u8], at: u64) -> io::Result<usize> {
    loop {
        match file.read_at(space, at) {
            Ok(0) => return Err(ErrorKind::UnexpectedEof.into()),
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            outcome => return outcome,
        }
    }
}

/// What can be had without waiting. Where the kernel or the file system cannot say, that is nothing.
#[cfg(target_os = "linux")]
fn read_cached(file: &File, space: &mut [u8], at: u64) -> Option<usize> {
    use rustix::io::{ReadWriteFlags, preadv2};

    let mut spaces = [io::IoSliceMut::new(space)];
    preadv2(file, &mut spaces, at, ReadWriteFlags::NOWAIT).ok().filter(|length| *length > 0)
}

#[cfg(not(target_os = "linux"))]
fn read_cached(_: &File, _: &mut [u8], _: u64) -> Option<usize> {
    None
}
