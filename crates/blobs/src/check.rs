//! Whether a bucket is fit for use.

use bytes::Bytes;

use crate::{Bucket, Error};

/// The one object that is ever written to find out.
const NAME: &str = "belvedere-check";

const CONTENT: &[u8] = b"Belvedere may write, read and remove objects here.";

/// Somebody else who checks at the same moment may have removed it: then again.
const ATTEMPTS: u32 = 3;

/// What cannot be done in a bucket, and why.
#[derive(Debug, thiserror::Error)]
pub enum Unfit {
    /// Objects cannot be stored.
    #[error("an object cannot be stored: {0}")]
    Write(#[source] Error),
    /// What was stored cannot be read.
    #[error("an object cannot be read: {0}")]
    Read(#[source] Error),
    /// What was stored comes back as something else.
    #[error("an object comes back with another content than it was stored with")]
    Content,
    /// Objects cannot be removed.
    #[error("an object cannot be removed: {0}")]
    Remove(#[source] Error),
}

impl Unfit {
    /// What whoever runs the server can do about it.
    #[must_use]
    pub fn advice(&self) -> &'static str {
        match self {
            Self::Write(Error::NotFound) => "make the bucket, or correct its name in s3_url",
            Self::Write(Error::Denied(_)) | Self::Read(Error::Denied(_)) | Self::Remove(Error::Denied(_)) => {
                "check key, secret and region in s3_url; the key must be allowed to put, get and delete objects of the bucket"
            }
            Self::Content | Self::Read(Error::NotFound) => {
                "check that s3_url names the service itself, and nothing that caches its answers"
            }
            Self::Write(_) | Self::Read(_) | Self::Remove(_) => {
                "check that the service runs, and host, port and tls in s3_url"
            }
        }
    }
}

impl Bucket {
    /// Stores, reads and removes one tiny object, which is called the same every time.
    pub async fn check(&self) -> Result<(), Unfit> {
        let mut read = Err(Unfit::Read(Error::NotFound));
        for _ in 0..ATTEMPTS {
            self.put(NAME, Bytes::from_static(CONTENT)).await.map_err(Unfit::Write)?;
            read = self.get(NAME, 1024).await.map_err(Unfit::Read);
            if !matches!(read, Err(Unfit::Read(Error::NotFound))) {
                break;
            }
        }
        let read = read?;
        self.remove(NAME).await.map_err(Unfit::Remove)?;
        if read == CONTENT { Ok(()) } else { Err(Unfit::Content) }
    }
}
