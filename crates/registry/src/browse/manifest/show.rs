//! Reading one.

use std::collections::BTreeMap;

use axum::extract::State;
use oci::{Content, Digest, Limits, Manifest, Reference};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use server::{Json, Problem, Query};
use utoipa::{IntoParams, ToSchema};

use super::super::config::ConfigView;
use super::super::views::KindView;
use super::super::visit::Visit;
use super::parts::{EntryView, LayerView, entries, layers};
use crate::index::Found;
use crate::lexicon::Kind;
use crate::refusal::Refusal;
use crate::registry::Registry;
use crate::{Repository, manifests, moment};

/// Bytes of a manifest that are answered as they are.
const MAX_RAW: usize = 1 << 20;

#[derive(Deserialize, IntoParams)]
pub(in crate::browse) struct Asked {
    /// The whole name, as container clients write it: `alice.example.com/team/app`.
    repository: String,
    /// A tag or a digest.
    reference: String,
}

/// A manifest, taken apart.
#[derive(Serialize, ToSchema)]
#[schema(as = RegistryManifest)]
pub(in crate::browse) struct ManifestView {
    digest: String,
    media_type: String,
    kind: KindView,
    /// What kind of artifact it says it is, or its config.
    #[schema(required)]
    artifact_type: Option<String>,
    /// Of what it names, in bytes.
    size: u64,
    /// Of itself, in bytes.
    manifest_size: u64,
    /// When its record was written.
    #[schema(required, format = DateTime)]
    created_at: Option<String>,
    /// Its tags, of which there may be more.
    tags: Vec<String>,
    /// The digest of the manifest that it is about.
    #[schema(required)]
    subject: Option<String>,
    annotations: BTreeMap<String, String>,
    hold: HoldView,
    /// How it is run, if its config is here and may be read.
    #[schema(required)]
    config: Option<ConfigView>,
    layers: Vec<LayerView>,
    /// Of an index, what it lists.
    manifests: Vec<EntryView>,
    /// The manifest as it was pushed; null if it is larger than 1 MiB.
    #[schema(required, value_type = Object, nullable)]
    raw: Option<Box<RawValue>>,
}

/// Where layers are.
#[derive(Serialize, ToSchema)]
#[schema(as = RegistryHoldOfManifest)]
struct HoldView {
    /// Null where the record does not say.
    #[schema(required)]
    did: Option<String>,
    /// Whether it is the one of this server.
    here: bool,
}

/// Tags that are told.
const MAX_TAGS: usize = 100;

pub(in crate::browse) async fn show(
    State(registry): State<Registry>,
    visit: Visit,
    Query(asked): Query<Asked>,
) -> Result<Json<ManifestView>, Problem> {
    let reference = Reference::parse(&asked.reference);
    let reference = reference.map_err(|error| Problem::bad_request(error.message().to_owned()))?;
    let repository = registry.named(&asked.repository).await?;
    let found = manifests::find(&registry, &visit.asked, &repository, &reference).await?;
    let found = found.ok_or_else(no_such_manifest)?;
    registry.taken_apart(&visit, &repository, &found).await.map(Json)
}

impl Registry {
    async fn taken_apart(
        &self,
        visit: &Visit,
        repository: &Repository,
        found: &Found,
    ) -> Result<ManifestView, Problem> {
        let bytes = self.contents.of(repository, found).await?.ok_or_else(no_such_manifest)?;
        let media_type = Some(found.media_type.as_str());
        let limits = Limits { bytes: usize::MAX, ..Limits::default() };
        let manifest = Manifest::parse(&bytes, media_type, &limits);
        let manifest = manifest.map_err(|_| Problem::not_found("that manifest makes no sense"))?;
        let pushed = self.index.pushed_as(repository, &found.digest).await.map_err(Refusal::from)?;
        let tagged = self.index.tagged(repository, &Reference::Digest(found.digest)).await;
        let tagged = tagged.map_err(Refusal::from)?.into_iter().take(MAX_TAGS);
        let (config, list, entries, kind, size) = match &manifest.content {
            Content::Image { config, layers: list } => {
                let read = self.readable_config(visit, &config.digest).await?;
                let size = list.iter().fold(config.size, |sum, layer| sum.saturating_add(layer.size));
                let kind = Kind::of_config(&config.media_type);
                (read, list.as_slice(), Vec::new(), kind, size)
            }
            Content::Index { manifests } => {
                let size = manifests.iter().fold(0_u64, |sum, one| sum.saturating_add(one.size));
                (None, &[][..], entries(manifests), Kind::Index, size)
            }
        };
        let raw = (bytes.len() <= MAX_RAW).then(|| serde_json::from_slice(&bytes).ok()).flatten();
        Ok(ManifestView {
            digest: found.digest.to_string(),
            media_type: found.media_type.as_str().to_owned(),
            kind: kind.into(),
            artifact_type: manifest.effective_artifact_type().map(str::to_owned),
            size,
            manifest_size: bytes.len() as u64,
            created_at: pushed.as_ref().map(|pushed| moment(pushed.created_at)),
            tags: tagged.map(|tagged| tagged.tag).collect(),
            subject: manifest.subject.as_ref().map(|subject| subject.digest.to_string()),
            annotations: pushed.map(|pushed| pushed.annotations).unwrap_or_default(),
            hold: HoldView {
                did: found.hold.as_ref().map(ToString::to_string),
                here: found.hold.as_ref() == Some(self.hold.did()),
            },
            layers: layers(list, config.as_ref()),
            manifests: entries,
            config,
            raw,
        })
    }

    /// A config, for whoever may read what is in the hold.
    async fn readable_config(&self, visit: &Visit, digest: &Digest) -> Result<Option<ConfigView>, Problem> {
        if !self.may_read(visit).await? {
            return Ok(None);
        }
        Ok(self.config(digest).await?)
    }
}

fn no_such_manifest() -> Problem {
    Problem::not_found("there is no such manifest in this repository")
}
