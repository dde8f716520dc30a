//! Making one blob of parts.

use atproto::Did;
use oci::{Digest, UploadId};

use super::PartsError;
use super::begun::Begun;
use super::rows::{self, Part};
use crate::Hold;

/// A part as its sender names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedPart {
    /// Its number.
    pub number: u32,
    /// What was answered when it was sent.
    pub etag: String,
}

impl Hold {
    /// Puts the named parts together, which have to be in order and become the blob `digest`; its size in bytes. If they are something
    /// else, the upload is over, and they are removed.
    pub async fn complete_parts(
        &self,
        id: UploadId,
        owner: &Did,
        digest: &Digest,
        named: &[NamedPart],
    ) -> Result<u64, PartsError> {
        let state = &self.inner().state;
        let expected = rows::expected(state, id.to_string(), owner.clone()).await?;
        if let Some(expected) = expected.filter(|expected| expected != digest) {
            return Err(PartsError::Other { expected });
        }
        let sent = rows::parts(state, id.to_string()).await?;
        let parts = chosen(&sent, named)?;
        let whole = self.whole(&parts, digest).await;
        if matches!(whole, Ok(_) | Err(PartsError::Digest { .. })) {
            // Another request may have ended it in the same moment, with the same outcome.
            let ended = rows::end(state, id.to_string(), owner.clone()).await.unwrap_or_default();
            let made = whole.is_ok().then_some(digest);
            self.sweep_parts(ended, made).await?;
        }
        whole
    }

    async fn whole(&self, parts: &[&Part], digest: &Digest) -> Result<u64, PartsError> {
        let blobs = self.blobs();
        if let [only] = parts
            && only.digest.algorithm() == digest.algorithm()
        {
            // What is to be removed must not look as if somebody was about to need it.
            if only.digest != *digest {
                return Err(PartsError::Digest { found: only.digest });
            }
            let is_here = blobs.touch(digest).await?;
            return is_here.then_some(only.size).ok_or(PartsError::Missing(only.number));
        }
        let upload = Begun::new(blobs, digest.algorithm()).await?;
        for part in parts {
            let blob = blobs.open(&part.digest).await?.ok_or(PartsError::Missing(part.number))?;
            upload.append(blob.read(0..blob.size())).await?;
        }
        Ok(upload.finish(digest).await?)
    }
}

/// The parts that are named, if all of them were sent and are named in order.
fn chosen<'a>(sent: &'a [Part], named: &[NamedPart]) -> Result<Vec<&'a Part>, PartsError> {
    if named.is_empty() || named.windows(2).any(|pair| pair[0].number >= pair[1].number) {
        return Err(PartsError::NoParts);
    }
    let find = |named: &NamedPart| {
        let index = sent.binary_search_by_key(&named.number, |part| part.number).ok();
        let part = index.and_then(|index| sent.get(index));
        let is_it = |part: &&Part| part.digest.to_hex() == named.etag.trim_matches('"');
        part.filter(is_it).ok_or(PartsError::Missing(named.number))
    };
    named.iter().map(find).collect()
}
