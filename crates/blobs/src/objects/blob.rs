//! A blob of a bucket that is being read.

use std::io::{self, ErrorKind};
use std::ops::Range;
use std::sync::Arc;

use bytes::Bytes;
use futures::stream::BoxStream;
use futures::{FutureExt, StreamExt, TryFutureExt, TryStreamExt, stream};
use object_store::aws::AmazonS3;
use object_store::path::Path;
use object_store::{GetOptions, ObjectStore};

/// An object whose size is known.
pub(crate) struct ObjectBlob {
    pub(super) store: Arc<AmazonS3>,
    pub(super) key: Path,
    pub(super) size: u64,
}

impl ObjectBlob {
    pub(crate) fn size(&self) -> u64 {
        self.size
    }

    /// Asks for the range when the first of it is wanted.
    pub(crate) fn read(&self, range: Range<u64>) -> BoxStream<'static, io::Result<Bytes>> {
        let range = range.start..range.end.min(self.size);
        if range.is_empty() {
            return stream::empty().boxed();
        }
        let (store, key) = (Arc::clone(&self.store), self.key.clone());
        let options = GetOptions { range: Some(range.into()), ..GetOptions::default() };
        async move { store.get_opts(&key, options).await }
            .map_ok(|found| found.into_stream().map_err(failed))
            .map_err(failed)
            .into_stream()
            .try_flatten()
            .boxed()
    }
}

fn failed(error: object_store::Error) -> io::Error {
    let kind = match &error {
        object_store::Error::NotFound { .. } => ErrorKind::NotFound,
        _ => ErrorKind::Other,
    };
    io::Error::new(kind, error)
}
