//! In which hold the blobs of a manifest are, and seeing to it that they stay there.
//!
//! All blobs of an image are in one hold: the one that its owner wants now, or else, if what it needs was sent before that changed, the one
//! where all of it is.
//!
//! The hold is told before the record is written, our own as much as somebody else's: a record whose blobs garbage collection may take would
//! be worse than blobs that are kept for an image that there is not. So of a push that breaks off in between remains room that is taken
//! there (and a push that was counted) until the image is pushed again; and of one for which there is no room remains nothing at all.

use std::collections::BTreeSet;

use futures::{StreamExt, TryStreamExt, stream};
use hold::{Kept, Layer};
use oci::{Digest, Error, ErrorCode, Errors, Manifest};

use crate::Repository;
use crate::asked::Asked;
use crate::blobs::{lies_in, visible};
use crate::destination::Destination;
use crate::holds::{HoldError, Notice, RemoteHold};
use crate::place::Place;
use crate::refusal::Refusal;
use crate::registry::Registry;

/// Blobs that another hold is asked about at once.
const AT_ONCE: usize = 8;

/// A blob that a manifest needs, and where it was found first.
pub(super) struct Needed {
    pub(super) layer: Layer,
    pub(super) place: Place,
}

/// The hold that an image is in.
pub(super) enum In {
    Here,
    Remote(RemoteHold),
}

impl In {
    pub(super) fn place(&self) -> Place {
        match self {
            Self::Here => Place::Here,
            Self::Remote(hold) => Place::In(hold.did.clone()),
        }
    }
}

/// The hold in which all of this is. What is not in the one that the owner wants is missing, if there is none.
pub(super) async fn hold_of(
    registry: &Registry,
    repository: &Repository,
    needed: &[Needed],
    destination: &Destination,
) -> Result<In, Refusal> {
    let wanted = destination.place();
    let mut missing = Vec::new();
    for Needed { layer, place } in needed.iter().filter(|needed| needed.place != wanted) {
        let is_there = lies_in(registry, repository, &layer.digest, &wanted).await?.is_some();
        if !is_there {
            missing.push((layer.digest, place));
        }
    }
    let places: BTreeSet<&Place> = needed.iter().map(|needed| &needed.place).collect();
    match (destination.remote.clone(), missing.as_slice(), places.first()) {
        (None, [], _) => Ok(In::Here),
        (Some(hold), [], _) => Ok(In::Remote(hold)),
        (_, _, Some(Place::Here)) if places.len() == 1 => {
            registry.may_write_here(&repository.owner).await?;
            Ok(In::Here)
        }
        (_, _, Some(Place::In(hold))) if places.len() == 1 => match registry.holds.find(hold).await? {
            Some(hold) => Ok(In::Remote(hold)),
            None => Ok(In::Here),
        },
        _ => Err(unknown(missing.into_iter().map(|(digest, _)| digest))),
    }
}

/// Asks somebody else's hold whether it still has what it should have.
pub(super) async fn ask(
    registry: &Registry,
    asked: &Asked,
    hold: &In,
    repository: &Repository,
    needed: &[Needed],
) -> Result<(), Refusal> {
    let In::Remote(hold) = hold else { return Ok(()) };
    let owner = &repository.owner;
    let questions = needed.iter().map(|Needed { layer, .. }| async move {
        let is_there = registry.holds.has(hold, Some(owner), owner, &layer.digest).await?;
        Ok::<_, Refusal>((!is_there).then_some(layer.digest))
    });
    let questions: Vec<_> = questions.collect();
    let missing: Vec<Option<Digest>> = stream::iter(questions).buffered(AT_ONCE).try_collect().await?;
    let missing: Vec<Digest> = missing.into_iter().flatten().collect();
    if missing.is_empty() {
        return Ok(());
    }
    tracing::info!(hold = %hold.did, count = missing.len(), path = asked.parts.uri.path(), "a hold has lost blobs");
    for digest in &missing {
        registry.links.remove(repository, digest).await?;
    }
    Err(unknown(missing.into_iter()))
}

/// Tells the hold. When this returns, the blobs stay.
pub(super) async fn keep(
    registry: &Registry,
    hold: &In,
    notice: &Notice<'_>,
    needed: Vec<Needed>,
) -> Result<(), Refusal> {
    let repository = notice.repository;
    let hold = match hold {
        In::Here => {
            let image = Kept {
                owner: repository.owner.clone(),
                repository: repository.name.clone(),
                manifest: *notice.digest,
                layers: needed.into_iter().map(|needed| needed.layer).collect(),
            };
            registry.hold.keep(image).await?;
            return Ok(());
        }
        In::Remote(hold) => hold,
    };
    match registry.holds.pushed(hold, notice).await {
        // Its garbage collection was quicker.
        Err(HoldError::Missing { .. }) => Err(ErrorCode::ManifestBlobUnknown.into()),
        told => Ok(told?),
    }
}

fn unknown(missing: impl Iterator<Item = Digest>) -> Refusal {
    let errors = missing.map(|digest| {
        let detail = serde_json::json!({ "digest": digest });
        Error::from(ErrorCode::ManifestBlobUnknown).with_detail(detail)
    });
    match Errors::collect(errors) {
        Some(errors) => errors.into(),
        None => ErrorCode::ManifestBlobUnknown.into(),
    }
}

/// A blob that a manifest needs, if it is in the repository.
pub(super) async fn find(
    registry: &Registry,
    asked: &Asked,
    repository: &Repository,
    descriptor: &oci::Descriptor<'_>,
) -> Result<Option<Needed>, Refusal> {
    let found = visible(registry, asked, repository, &descriptor.digest).await?;
    Ok(found.map(|found| Needed {
        layer: Layer {
            digest: descriptor.digest,
            size: found.size,
            media_type: descriptor.media_type.clone().into_owned(),
        },
        place: found.place,
    }))
}

/// What a hold is told.
pub(super) fn notice<'n>(
    repository: &'n Repository,
    digest: &'n Digest,
    manifest: &'n Manifest<'n>,
    tag: Option<&'n str>,
) -> Notice<'n> {
    Notice { repository, digest, manifest, tag }
}
