//! A blob that is being read.

use std::io;
use std::ops::Range;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use futures::Stream;
use futures::stream::BoxStream;

use crate::folder::{FileBlob, FileChunks};
use crate::objects::ObjectBlob;

/// Its content does not change, so any number of ranges can be read of it, also at once.
pub struct Blob(Place);

enum Place {
    File(FileBlob),
    Object(ObjectBlob),
}

impl Blob {
    /// In bytes.
    #[must_use]
    pub fn size(&self) -> u64 {
        match &self.0 {
            Place::File(blob) => blob.size(),
            Place::Object(blob) => blob.size(),
        }
    }

    /// The bytes from `range.start` up to `range.end`, or up to the end of the blob if that comes first.
    pub fn read(&self, range: Range<u64>) -> Chunks {
        match &self.0 {
            Place::File(blob) => Chunks(Source::File(blob.read(range))),
            Place::Object(blob) => Chunks(Source::Object(blob.read(range))),
        }
    }
}

impl From<FileBlob> for Blob {
    fn from(blob: FileBlob) -> Self {
        Self(Place::File(blob))
    }
}

impl From<ObjectBlob> for Blob {
    fn from(blob: ObjectBlob) -> Self {
        Self(Place::Object(blob))
    }
}

/// A range of a blob, as it is sent. Reads when it is asked for more, and not before. A blob that ends too early is an error.
#[must_use = "nothing is read unless somebody asks"]
pub struct Chunks(Source);

enum Source {
    File(FileChunks),
    Object(BoxStream<'static, io::Result<Bytes>>),
}

impl Stream for Chunks {
    type Item = io::Result<Bytes>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        match &mut self.0 {
            Source::File(chunks) => Pin::new(chunks).poll_next(cx),
            Source::Object(chunks) => Pin::new(chunks).poll_next(cx),
        }
    }
}
