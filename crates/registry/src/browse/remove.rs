//! Removing tags, manifests and whole repositories: for their owner, where anything is deleted at all.

use axum::extract::State;
use http::StatusCode;
use oci::{Actions, Reference, Tag};
use serde::{Deserialize, Serialize};
use server::{Json, Problem, Query};
use utoipa::{IntoParams, ToSchema};

use super::named::{Named, NamedManifest};
use super::visit::Visit;
use crate::authors::Author;
use crate::manifests::{self, Cleared};
use crate::refusal::Refusal;
use crate::registry::Registry;
use crate::{Repository, lexicon};

/// Which tag of which repository.
#[derive(Deserialize, IntoParams)]
pub(super) struct NamedTag {
    /// The whole name, as container clients write it: `alice.example.com/team/app`.
    repository: String,
    /// The tag.
    tag: String,
}

/// What is gone of a repository.
#[derive(Serialize, ToSchema)]
#[schema(as = RegistryRemoved)]
pub(super) struct Removed {
    /// Manifests.
    removed: usize,
    /// Whether there are more: then ask once more.
    more: bool,
}

pub(super) async fn tag(
    State(registry): State<Registry>,
    visit: Visit,
    Query(named): Query<NamedTag>,
) -> Result<StatusCode, Problem> {
    let tag = Tag::parse(&named.tag).map_err(|error| Problem::bad_request(error.message().to_owned()))?;
    one(&registry, &visit, &named.repository, &Reference::Tag(tag)).await
}

pub(super) async fn manifest(
    State(registry): State<Registry>,
    visit: Visit,
    Query(named): Query<NamedManifest>,
) -> Result<StatusCode, Problem> {
    one(&registry, &visit, &named.repository, &Reference::Digest(named.digest()?)).await
}

pub(super) async fn repository(
    State(registry): State<Registry>,
    visit: Visit,
    Query(named): Query<Named>,
) -> Result<Json<Removed>, Problem> {
    let (repository, author) = registry.deletable(&visit, &named.repository).await?;
    registry.load_to_list(&visit.asked, &repository).await?;
    let Cleared { removed, more } = manifests::clear(&registry, &author, &visit.asked, &repository).await?;
    if !more {
        let collection = lexicon::page_collection();
        registry.load_collection(&visit.asked, &repository.owner, &collection).await?;
        let pages = registry.index.page_rkeys(&repository).await.map_err(Refusal::from)?;
        registry.delete_all(&author, &collection, pages).await?;
    }
    Ok(Json(Removed { removed, more }))
}

async fn one(
    registry: &Registry,
    visit: &Visit,
    name: &str,
    reference: &Reference,
) -> Result<StatusCode, Problem> {
    let (repository, author) = registry.deletable(visit, name).await?;
    manifests::remove(registry, &author, &visit.asked, &repository, reference).await?;
    Ok(StatusCode::NO_CONTENT)
}

impl Registry {
    /// A repository that whoever is signed in may delete from.
    async fn deletable(&self, visit: &Visit, name: &str) -> Result<(Repository, Author), Problem> {
        let (repository, author) = self.own(visit, name).await?;
        if !self.bounds.delete {
            return Err(Problem::forbidden("nothing is deleted here"));
        }
        let allowed = self.auth.may(visit.viewer.as_ref(), &repository).await?;
        if !allowed.allow(Actions::DELETE) {
            return Err(Problem::forbidden("you are not in the crew of this server's hold"));
        }
        Ok((repository, author))
    }
}
