//! `io.atcr.hold.notifyManifest`: a registry tells of a push or a pull. The manifest itself may be anywhere.

use std::collections::HashSet;

use atproto::Did;
use axum::extract::State;
use hold::{Kept, Layer, Rights};
use oci::{Digest, is_foreign};
use serde::Deserialize;
use serde_json::{Value, json};
use server::{Json, Problem};

use crate::input::{self, Asked};
use crate::refusal::{invalid, of_hold, refused};
use crate::service::Served;

/// Blobs of one image.
const MOST_LAYERS: usize = 10_000;

/// Bytes of a media type.
const LONGEST_TYPE: usize = 128;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Input {
    repository: String,
    user_did: String,
    manifest_digest: String,
    operation: Option<String>,
    #[serde(default)]
    pub(crate) manifest: Manifest,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct Manifest {
    config: Option<Blob>,
    layers: Vec<Blob>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Blob {
    digest: String,
    media_type: Option<String>,
}

/// An image, as it was told.
struct Image {
    owner: Did,
    repository: String,
    digest: Digest,
}

pub(crate) async fn notify(State(service): State<Served>, request: Asked) -> Result<Json<Value>, Problem> {
    const METHOD: &str = "io.atcr.hold.notifyManifest";
    let caller = service.caller(request.headers(), METHOD).await?;
    let Some(subject) = caller.subject().cloned() else {
        return Err(crate::refusal::auth_required("this takes a token of an account, or for one"));
    };
    let rights = service.hold.rights(Some(&subject)).await.map_err(of_hold)?;
    let Input { repository, user_did, manifest_digest, operation, manifest } = request.json().await?;
    let operation = operation.as_deref().unwrap_or("push");
    input::repository(&repository, "InvalidRequest")?;
    let owner = input::did(&user_did, "InvalidRequest")?;
    let image = Image { owner, repository, digest: input::digest(&manifest_digest)? };
    match operation {
        "push" => push(&service, &subject, rights, image, manifest).await,
        "pull" => pull(&service, &subject, rights, image).await,
        _ => Err(refused("InvalidOperation", "the operation is push or pull")),
    }
}

/// Of a push, what its image needs is kept from now on, if all of it is here and its owner has the room. Nobody pushes for another.
async fn push(
    service: &Served,
    subject: &Did,
    rights: Rights,
    image: Image,
    manifest: Manifest,
) -> Result<Json<Value>, Problem> {
    if image.owner != *subject {
        return Err(refused("UserMismatch", "the token is not that of userDid"));
    }
    rights.to_write().map_err(of_hold)?;
    let Image { owner, repository, digest } = image;
    let layers = layers(service, manifest).await?;
    let hold = &service.hold;
    let before = hold.needed_by(&owner, &repository, &digest).await.map_err(of_hold)?;
    let needed = layers.len() as u64;
    let kept = Kept { owner: owner.clone(), repository: repository.clone(), manifest: digest, layers };
    hold.keep(kept).await.map_err(of_hold)?;
    // A list of manifests needs no blob; it counts where something is that it may be a list of.
    let counts = needed > 0 || hold.has_images_of(&owner, &repository).await.map_err(of_hold)?;
    let key = (subject.clone(), owner.clone(), repository.clone(), digest, true);
    let is_counted = counts && service.recent.is_new(key);
    if is_counted {
        hold.count_push(&owner, &repository);
    }
    Ok(answer("push", is_counted, needed.saturating_sub(before)))
}

/// Of a pull, it is counted. Whose image it is has nothing to do with who pulls; but there has to be one.
async fn pull(service: &Served, subject: &Did, rights: Rights, image: Image) -> Result<Json<Value>, Problem> {
    rights.to_read().map_err(of_hold)?;
    let Image { owner, repository, digest } = image;
    let counts = service.hold.has_images_of(&owner, &repository).await.map_err(of_hold)?;
    let key = (subject.clone(), owner.clone(), repository.clone(), digest, false);
    let is_counted = counts && service.recent.is_new(key);
    if is_counted {
        service.hold.count_pull(&owner, &repository);
    }
    Ok(answer("pull", is_counted, 0))
}

fn answer(operation: &str, is_counted: bool, layers: u64) -> Json<Value> {
    Json(json!({
        "success": true, "operation": operation, "statsUpdated": is_counted,
        "layersCreated": layers, "postCreated": false,
    }))
}

/// What the image needs, each once, as large as it is here.
async fn layers(service: &Served, manifest: Manifest) -> Result<Vec<Layer>, Problem> {
    let named = named(manifest)?;
    let mut layers = Vec::with_capacity(named.len());
    for (digest, media_type) in named {
        let size = service.hold.blobs().head(&digest).await.map_err(|error| of_hold(error.into()))?;
        let size = size.ok_or_else(|| of_hold(hold::Error::Missing(digest)))?;
        layers.push(Layer { digest, size, media_type });
    }
    Ok(layers)
}

/// What a manifest names, each once, with its type. Layers that are nowhere kept are not among them.
pub(crate) fn named(manifest: Manifest) -> Result<Vec<(Digest, String)>, Problem> {
    let blobs: Vec<_> = manifest.config.into_iter().chain(manifest.layers).collect();
    if blobs.len() > MOST_LAYERS {
        return Err(invalid(format!("an image has at most {MOST_LAYERS} layers")));
    }
    let (mut named, mut seen) = (Vec::with_capacity(blobs.len()), HashSet::new());
    for Blob { digest, media_type } in blobs {
        let media_type = media_type.unwrap_or_else(|| "application/octet-stream".to_owned());
        if media_type.len() > LONGEST_TYPE || !media_type.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(invalid("a mediaType is not one"));
        }
        let digest = input::digest(&digest)?;
        if !is_foreign(&media_type) && seen.insert(digest) {
            named.push((digest, media_type));
        }
    }
    Ok(named)
}
