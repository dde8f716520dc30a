//! `GET /api/registry/repos`: one repository.

use std::collections::BTreeMap;

use axum::extract::State;
use serde::Serialize;
use server::{Json, Problem, Query};
use utoipa::ToSchema;

use super::named::Named;
use super::stats::StatsView;
use super::views::CardView;
use super::visit::Visit;
use crate::Repository;
use crate::index::Face;
use crate::refusal::Refusal;
use crate::registry::Registry;

/// A repository.
#[derive(Serialize, ToSchema)]
#[schema(as = RegistryRepository)]
#[expect(clippy::struct_excessive_bools, reason = "each is a member of the answer")]
pub(super) struct RepositoryView {
    #[serde(flatten)]
    pub(super) card: CardView,
    /// What the newest image says of itself: the annotations of its manifest, and where there is none the labels of its config.
    pub(super) annotations: BTreeMap<String, String>,
    /// A picture.
    #[schema(required)]
    avatar: Option<String>,
    /// Whether its owner has written a page.
    has_page: bool,
    stats: StatsView,
    /// Whether whoever is signed in likes it.
    starred: bool,
    /// Whether it is theirs.
    mine: bool,
    /// Whether there may be more in it, because not all of the owner's repository could be read yet.
    partial: bool,
}

pub(super) async fn show(
    State(registry): State<Registry>,
    visit: Visit,
    Query(named): Query<Named>,
) -> Result<Json<RepositoryView>, Problem> {
    let repository = registry.named(&named.repository).await?;
    registry.shown(&visit, &repository).await.map(Json)
}

impl RepositoryView {
    pub(super) fn avatar(&self) -> Option<&str> {
        self.avatar.as_deref()
    }
}

impl Registry {
    /// A repository as whoever looks sees it; 404 if there is none.
    pub(super) async fn shown(
        &self,
        visit: &Visit,
        repository: &Repository,
    ) -> Result<RepositoryView, Problem> {
        let partial = self.load_to_show(&visit.asked, &repository.owner).await?;
        let handle = self.handle_of(&repository.owner).await?;
        let face = self.face(visit, repository).await?;
        let annotations = self.said(visit, &face).await?;
        let Face { mut card, page, is_starred, .. } = face;
        card.handle = handle;
        let avatar = page.as_ref().and_then(|page| page.avatar.clone());
        let avatar = match avatar {
            Some(cid) => self.blob_url(&repository.owner, &cid).await,
            None => icon(&annotations),
        };
        let mut cards = self.cards(visit, vec![card]).await?;
        Ok(RepositoryView {
            card: cards.pop().ok_or_else(no_such_repository)?,
            annotations,
            avatar,
            has_page: page.is_some(),
            stats: self.totals(repository).await?.into(),
            starred: is_starred,
            mine: visit.viewer.as_ref() == Some(&repository.owner),
            partial,
        })
    }

    /// What the index knows of a repository; 404 if there is none.
    pub(super) async fn face(&self, visit: &Visit, repository: &Repository) -> Result<Face, Problem> {
        let face = self.index.face(repository, visit.viewer.as_ref()).await.map_err(Refusal::from)?;
        face.ok_or_else(no_such_repository)
    }

    /// The annotations of the newest image, and the labels of its config.
    pub(super) async fn said(&self, visit: &Visit, face: &Face) -> Result<BTreeMap<String, String>, Problem> {
        let mut said = face.annotations.clone();
        let digest = face.card.config.as_deref().and_then(|config| oci::Digest::parse(config).ok());
        if let Some(digest) = digest
            && self.may_read(visit).await?
            && let Some(config) = self.config(&digest).await?
        {
            for (key, value) in config.labels {
                said.entry(key).or_insert(value);
            }
        }
        Ok(said)
    }

    /// Where anybody reads a blob of somebody's.
    async fn blob_url(&self, owner: &atproto::Did, cid: &str) -> Option<String> {
        let mut url = if self.authors.is_hosted(owner) {
            url::Url::parse(&format!("{}/", self.auth.config().base_url)).ok()?
        } else {
            self.authors.resolver.resolve_did(owner).await.ok()?.pds.clone()?
        };
        let path = format!("{}/xrpc/com.atproto.sync.getBlob", url.path().trim_end_matches('/'));
        url.set_path(&path);
        url.query_pairs_mut().append_pair("did", owner.as_str()).append_pair("cid", cid);
        Some(url.into())
    }
}

/// The picture that an image names itself, if it is at an address of the web.
fn icon(annotations: &BTreeMap<String, String>) -> Option<String> {
    let url = url::Url::parse(annotations.get("io.atcr.icon")?).ok()?;
    (url.scheme() == "https").then(|| url.into())
}

pub(super) fn no_such_repository() -> Problem {
    Problem::not_found("there is no such repository")
}
