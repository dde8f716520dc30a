//! `GET /api/registry/search`: repositories and people.

use atproto::Handle;
use axum::extract::State;
use identity::Local as _;
use serde::{Deserialize, Serialize};
use server::{Json, Problem, Query};
use utoipa::{IntoParams, ToSchema};

use super::paging;
use super::views::{CardView, OwnerView};
use super::visit::Visit;
use crate::index::{self, Order};
use crate::refusal::Refusal;
use crate::registry::Registry;

/// Bytes of a question.
pub(super) const MAX_QUESTION: usize = 256;

/// How far a list goes.
pub(super) const FARTHEST: u32 = 1_000;

/// People who are named at most.
const PEOPLE: u32 = 10;

#[derive(Deserialize, IntoParams)]
pub(super) struct Asked {
    /// Words or beginnings of words, a handle, or `handle/words`; at most 256 bytes.
    q: String,
    /// What comes first. Default: relevance.
    #[serde(default)]
    #[param(inline)]
    sort: Sort,
    /// Where the previous page ended.
    cursor: Option<String>,
    /// How many, from 1 to 100. Default: 30.
    #[param(value_type = Option<u32>)]
    limit: Option<String>,
}

/// An order of what is found.
#[derive(Clone, Copy, Default, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = RegistrySearchOrder)]
pub(super) enum Sort {
    #[default]
    Relevance,
    Stars,
    Recent,
}

/// What was found.
#[derive(Serialize, ToSchema)]
#[schema(as = RegistrySearchResult)]
pub(super) struct Answer {
    repositories: Vec<CardView>,
    /// How many there are; of very common words not all are counted.
    total: u64,
    /// On the first page, people whose handles begin so.
    users: Vec<OwnerView>,
    /// Where this page ends, if there are more.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    cursor: Option<String>,
}

pub(super) async fn search(
    State(registry): State<Registry>,
    visit: Visit,
    Query(asked): Query<Asked>,
) -> Result<Json<Answer>, Problem> {
    let (question, limit) = (question(&asked.q)?, paging::limit(asked.limit.as_deref())?);
    let offset = paging::offset(asked.cursor.as_deref(), FARTHEST)?;
    let order = match asked.sort {
        Sort::Relevance => Order::Relevance,
        Sort::Stars => Order::Stars,
        Sort::Recent => Order::Recent,
    };
    registry.know_owner(&question).await?;
    let found = registry.index.search(&question, order, offset, limit).await.map_err(Refusal::from)?;
    let name = asked.q.trim().trim_start_matches('@');
    let users = match offset {
        0 if !name.is_empty() => registry.index.owners_named(name, PEOPLE).await.map_err(Refusal::from)?,
        _ => Vec::new(),
    };
    let end = offset + limit;
    let cursor = (u64::from(end) < found.total && end <= FARTHEST).then(|| end.to_string());
    Ok(Json(Answer {
        repositories: registry.cards(&visit, found.cards).await?,
        total: found.total,
        users: users.into_iter().map(|user| OwnerView { did: user.did, handle: Some(user.handle) }).collect(),
        cursor,
    }))
}

/// What is looked for; 400 if it is too long.
pub(super) fn question(text: &str) -> Result<index::Query, Problem> {
    if text.len() > MAX_QUESTION || text.contains('\0') {
        return Err(Problem::bad_request(format!("`q` has at most {MAX_QUESTION} bytes")));
    }
    Ok(index::Query::parse(text))
}

impl Registry {
    /// Makes sure that people who are at home here are found by their names as soon as they have something.
    pub(super) async fn know_owner(&self, question: &index::Query) -> Result<(), Problem> {
        let handle = question.owner().and_then(|owner| Handle::parse(owner).ok());
        if let Some(owner) = handle.and_then(|handle| self.authors.directory.by_handle(&handle)) {
            self.handle_of(&owner).await?;
        }
        Ok(())
    }
}
