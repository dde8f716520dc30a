//! Sending a blob to a hold, in parts (spec/registry.md §3.3).
//!
//! The hold says where each part goes: to itself, or to its bucket. Parts are read from where the blob is staged as they are sent, a few
//! at a time, so memory stays flat however large it is.

use std::time::Duration;

use atproto::Did;
use blobs::Blob;
use oci::Digest;
use serde::Deserialize;
use serde_json::{Value, json};

use super::call::Call;
use super::part::Sending;
use super::{HoldError, Holds, RemoteHold};

/// How long a part may take, and the hold at the end, which reads all of it once more.
pub(super) const PART: Duration = Duration::from_mins(10);
const END: Duration = Duration::from_mins(30);

const INITIATE: &str = "io.atcr.hold.initiateUpload";
pub(super) const COMPLETE: &str = "io.atcr.hold.completeUpload";
const ABORT: &str = "io.atcr.hold.abortUpload";

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Initiated {
    upload_id: String,
}

impl Holds {
    /// Sends a blob, in the name of `user`, unless the hold has it. When this returns, the hold has it.
    pub(crate) async fn put(
        &self,
        hold: &RemoteHold,
        user: &Did,
        digest: &Digest,
        blob: &Blob,
    ) -> Result<(), HoldError> {
        if self.has(hold, Some(user), user, digest).await? {
            return Ok(());
        }
        let begun = self.procedure::<Initiated>(hold, user, INITIATE, &json!({ "digest": digest })).await;
        if matches!(begun, Err(HoldError::Denied { .. })) {
            self.dismiss(hold, user).await?;
        }
        let sending = Sending { holds: self, hold, user, id: begun?.upload_id };
        match sending.all(digest, blob).await {
            Ok(()) => {
                self.saw(&hold.did, digest, blob.size());
                Ok(())
            }
            Err(error) => {
                // What remains of it there is the hold's to forget, if it does not hear this.
                let body = json!({ "uploadId": sending.id });
                let _: Result<Value, _> = self.procedure(hold, user, ABORT, &body).await;
                Err(error)
            }
        }
    }

    /// Calls a procedure in somebody's name; once more with another token if the hold does not take the one that is remembered.
    pub(super) async fn procedure<T: serde::de::DeserializeOwned>(
        &self,
        hold: &RemoteHold,
        user: &Did,
        nsid: &'static str,
        body: &Value,
    ) -> Result<T, HoldError> {
        let call = |token| {
            let call = Call::post(&hold.did, hold.method(nsid), body).token(Some(token));
            if nsid == COMPLETE { call.patience(END) } else { call }
        };
        let token = self.token(user, &hold.did, nsid).await?;
        match self.json(call(token)).await {
            Err(HoldError::Denied { .. }) => {
                self.refuse_token(user, &hold.did, nsid);
                let token = self.token(user, &hold.did, nsid).await?;
                self.json(call(token)).await
            }
            answer => answer,
        }
    }
}
