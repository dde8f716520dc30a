//! One layer: looked for, mounted, or sent.

use std::time::Duration;

use oci::Digest;

use super::{Copier, Place};
use crate::registry::Begun;
use crate::stream::{Ending, verified};
use crate::{Error, limits};

/// How often a layer is begun again whose transfer broke off.
const TRIES: u32 = 4;

/// What became of a layer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    /// It was there.
    There,
    /// It was in another repository of the same owner.
    Mounted,
    /// It was sent, so many bytes.
    Sent(u64),
}

impl Copier<'_> {
    pub(super) async fn blob(
        &self,
        place: &Place<'_>,
        (digest, size): (Digest, u64),
    ) -> Result<Outcome, Error> {
        if size > limits::BLOB {
            return Err(Error::TooMuch {
                what: "bytes in a layer",
                limit: usize::try_from(limits::BLOB).unwrap_or(0),
            });
        }
        if self.to.has_blob(place.to.as_str(), &digest).await? {
            return Ok(Outcome::There);
        }
        let mut tries = 0;
        loop {
            tries += 1;
            match self.sent(place, (digest, size)).await {
                Err(error) if error.is_transient() && tries < TRIES => {
                    tokio::time::sleep(Duration::from_millis(250 << tries)).await;
                }
                outcome => return outcome,
            }
        }
    }

    async fn sent(&self, place: &Place<'_>, (digest, size): (Digest, u64)) -> Result<Outcome, Error> {
        let upload = match self.to.begin(place.to.as_str(), &digest).await? {
            Begun::Mounted => return Ok(Outcome::Mounted),
            Begun::Upload(upload) => upload,
        };
        let bytes = self.source.blob(place.from, &digest).await?;
        let bytes = bytes.ok_or_else(|| Error::Missing(format!("the layer {digest}")))?;
        let ending = Ending::default();
        let bytes = verified(bytes, (digest, size), ending.clone(), self.sent.clone());
        let sent = self.to.send(place.to.as_str(), upload, (&digest, size), bytes).await;
        // Where the source is to blame, what the other side says of it is beside the point.
        match (ending.take(), sent) {
            (Some(error), _) | (None, Err(error)) => Err(error),
            (None, Ok(())) => Ok(Outcome::Sent(size)),
        }
    }
}
