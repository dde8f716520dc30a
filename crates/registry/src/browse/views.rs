//! What lists are made of, as it is answered.

use serde::Serialize;
use utoipa::ToSchema;

use crate::index::Card;
use crate::lexicon::Kind;
use crate::moment;

/// Somebody who owns repositories.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = RegistryOwner)]
pub(super) struct OwnerView {
    pub(super) did: String,
    /// What they are called; null where nobody can tell, or not yet.
    #[schema(required)]
    pub(super) handle: Option<String>,
}

/// What people call a manifest.
#[derive(Debug, Clone, Copy, Serialize, ToSchema, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
#[schema(as = RegistryArtifactKind)]
pub(super) enum KindView {
    ContainerImage,
    MultiPlatformImage,
    HelmChart,
    Other,
}

/// A repository in a list.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = RegistryRepositorySummary)]
pub(super) struct CardView {
    /// The whole name, which is what other routes take and clients pull.
    pub(super) name: String,
    pub(super) owner: OwnerView,
    /// The name without its owner.
    pub(super) repository: String,
    #[schema(required)]
    pub(super) title: Option<String>,
    #[schema(required)]
    pub(super) description: Option<String>,
    /// Of the newest image; so are digest, tag, platforms and size.
    pub(super) kind: KindView,
    pub(super) digest: String,
    #[schema(required)]
    pub(super) tag: Option<String>,
    /// `linux/amd64`; of an image without an index only if its config is here and may be read.
    pub(super) platforms: Vec<String>,
    /// In bytes.
    pub(super) size: u64,
    #[schema(format = DateTime)]
    pub(super) pushed_at: String,
    pub(super) stars: u64,
    /// What to type to get it.
    pub(super) pull: String,
}

impl From<Kind> for KindView {
    fn from(kind: Kind) -> Self {
        match kind {
            Kind::Image => Self::ContainerImage,
            Kind::Index => Self::MultiPlatformImage,
            Kind::Chart => Self::HelmChart,
            Kind::Other => Self::Other,
        }
    }
}

impl CardView {
    /// `service` is the host that clients write in front of names.
    pub(super) fn of(card: Card, service: &str) -> Self {
        let name = card.name();
        let reference = match &card.tag {
            Some(tag) => format!("{name}:{tag}"),
            None => format!("{name}@{}", card.digest),
        };
        Self {
            pull: pull(card.kind, service, &reference),
            name,
            owner: OwnerView { did: card.owner.to_string(), handle: card.handle },
            repository: card.repository,
            title: card.title,
            description: card.description,
            kind: card.kind.into(),
            digest: card.digest,
            tag: card.tag,
            platforms: card.platforms,
            size: card.size,
            pushed_at: moment(card.pushed_at),
            stars: card.stars,
        }
    }
}

/// The command that fetches a thing of this kind.
fn pull(kind: Kind, service: &str, reference: &str) -> String {
    match kind {
        Kind::Image | Kind::Index => format!("docker pull {service}/{reference}"),
        Kind::Chart => match reference.rsplit_once(':').filter(|_| !reference.contains('@')) {
            Some((name, version)) => format!("helm pull oci://{service}/{name} --version {version}"),
            None => format!("oras pull {service}/{reference}"),
        },
        Kind::Other => format!("oras pull {service}/{reference}"),
    }
}
