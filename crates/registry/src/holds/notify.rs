//! Telling a hold of an image (spec/registry.md §3.3): that it is pushed, so that its blobs stay there, or that it was pulled.

use atproto::Did;
use oci::{Content, Descriptor, Digest, Manifest};
use serde_json::{Value, json};

use super::call::Call;
use super::{HoldError, Holds, RemoteHold};
use crate::Repository;

const NOTIFY: &str = "io.atcr.hold.notifyManifest";

/// What happens to an image.
#[derive(Clone, Copy)]
enum Operation {
    Push,
    Pull,
}

/// An image that a hold is told of.
pub(crate) struct Notice<'n> {
    pub(crate) repository: &'n Repository,
    pub(crate) digest: &'n Digest,
    pub(crate) manifest: &'n Manifest<'n>,
    /// The first of the names it gets.
    pub(crate) tag: Option<&'n str>,
}

impl Holds {
    /// Tells a hold that an image is pushed, by its owner. When this returns, its blobs stay.
    pub(crate) async fn pushed(&self, hold: &RemoteHold, notice: &Notice<'_>) -> Result<(), HoldError> {
        let user = &notice.repository.owner;
        let told = self.procedure::<Value>(hold, user, NOTIFY, &notice.body(Operation::Push)).await;
        if matches!(told, Err(HoldError::Denied { .. })) {
            self.dismiss(hold, user).await?;
        }
        told.map(drop)
    }

    /// Tells a hold that an image was pulled: in the name of whoever did, or else of our own hold, if that can sign for itself.
    pub(crate) async fn pulled(
        &self,
        hold: &RemoteHold,
        user: Option<&Did>,
        notice: &Notice<'_>,
    ) -> Result<(), HoldError> {
        let body = notice.body(Operation::Pull);
        let token = self.token(user.unwrap_or(&self.own), &hold.did, NOTIFY).await.ok();
        let call = Call::post(&hold.did, hold.method(NOTIFY), &body).token(token);
        self.send(call).await.map(drop)
    }
}

impl Notice<'_> {
    fn body(&self, operation: Operation) -> Value {
        let mut manifest = json!({ "mediaType": self.manifest.media_type.as_str() });
        match &self.manifest.content {
            Content::Image { config, layers } => {
                manifest["config"] = described(config);
                manifest["layers"] = layers.iter().map(described).collect();
            }
            Content::Index { manifests } => manifest["manifests"] = manifests.iter().map(child).collect(),
        }
        let mut body = json!({
            "repository": self.repository.name,
            "userDid": self.repository.owner,
            "manifestDigest": self.digest,
            "manifest": manifest,
            "operation": match operation {
                Operation::Push => "push",
                Operation::Pull => "pull",
            },
        });
        if let Some(tag) = self.tag {
            body["tag"] = tag.into();
        }
        body
    }
}

/// What can be had from elsewhere is described, too; it is for the hold to pass it over.
fn described(descriptor: &Descriptor<'_>) -> Value {
    json!({ "digest": descriptor.digest, "size": descriptor.size, "mediaType": descriptor.media_type })
}

fn child(descriptor: &Descriptor<'_>) -> Value {
    let mut child = described(descriptor);
    if let Some(platform) = &descriptor.platform {
        child["platform"] = json!({ "os": platform.os, "architecture": platform.architecture });
    }
    child
}
