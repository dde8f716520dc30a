//! `PUT /api/registry/repos/page`: what an owner writes about a repository.

use atproto::RecordKey;
use axum::extract::State;
use http::StatusCode;
use serde::Deserialize;
use serde_json::{Map, Value};
use server::{Json, Problem, Query};
use utoipa::ToSchema;

use super::named::Named;
use super::visit::Visit;
use crate::Repository;
use crate::lexicon::{self, page_record, page_rkey};
use crate::refusal::Refusal;
use crate::registry::Registry;

/// Bytes of a description.
const MAX_DESCRIPTION: usize = 100_000;

/// Bytes of the body: each byte of a description may need six.
pub(super) const BODY: usize = 640 << 10;

/// What is written.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = RegistryPageEdit)]
pub(super) struct Edit {
    /// Markdown, at most 100,000 bytes; null removes it.
    #[schema(required)]
    description: Option<String>,
}

pub(super) async fn put(
    State(registry): State<Registry>,
    visit: Visit,
    Query(named): Query<Named>,
    Json(edit): Json<Edit>,
) -> Result<StatusCode, Problem> {
    if edit.description.as_ref().is_some_and(|text| text.len() > MAX_DESCRIPTION) {
        let text = format!("`description` has at most {MAX_DESCRIPTION} bytes");
        return Err(Problem::new(StatusCode::PAYLOAD_TOO_LARGE, text));
    }
    if edit.description.as_ref().is_some_and(|text| text.contains('\0')) {
        return Err(Problem::bad_request("`description` has a NUL in it"));
    }
    let (repository, author) = registry.own(&visit, &named.repository).await?;
    let _turn = registry.turns.of(&repository.owner).await?;
    let (rkey, mut record) = registry.page_to_write(&visit, &repository).await?;
    match edit.description.filter(|text| !text.is_empty()) {
        Some(text) => record.insert("description".to_owned(), text.into()),
        None => record.remove("description"),
    };
    registry.put(&author, lexicon::page_collection(), rkey, record).await?;
    Ok(StatusCode::NO_CONTENT)
}

impl Registry {
    /// The page as it is now, or an empty one, and its key: the one that it has, whoever wrote it.
    pub(super) async fn page_to_write(
        &self,
        visit: &Visit,
        repository: &Repository,
    ) -> Result<(RecordKey, Map<String, Value>), Problem> {
        let (owner, collection) = (&repository.owner, lexicon::page_collection());
        self.load_collection(&visit.asked, owner, &collection).await?;
        let known = self.index.page(repository).await.map_err(Refusal::from)?;
        let rkey = known.and_then(|page| RecordKey::parse(&page.rkey).ok());
        let rkey = rkey.unwrap_or_else(|| page_rkey(&repository.name));
        let before = self.load_record(&visit.asked, owner, &collection, &rkey).await?;
        let before = before.as_ref().map(|record| &*record.json);
        Ok((rkey, page_record(before, &repository.name, &crate::now())))
    }
}
