//! `/search`.

use axum::extract::State;
use http::StatusCode;
use serde::{Deserialize, Serialize};
use server::{Access, Json, Problem, Query, Route};
use utoipa::{IntoParams, ToSchema};

use super::Words;
use crate::Id;
use crate::feeds::{Entry, Span};
use crate::services::Services;
use crate::thoughts::view::{ThoughtView, views};
use crate::users::view::{self, UserView};
use crate::wire::{Paging, Viewer};

pub(crate) fn routes() -> Vec<Route<Services>> {
    vec![
        Route::get("/social/search", Access::Delegated, "Thoughts and people, by what is in them", search)
            .query::<Question>()
            .query::<Paging>()
            .gives::<Found>(StatusCode::OK),
    ]
}

#[derive(Deserialize, IntoParams)]
struct Question {
    /// 1 to 200 characters. A handle or an address is looked up at its server, for those who are signed in.
    q: String,
}

#[derive(Serialize, ToSchema)]
#[schema(as = SocialSearch)]
struct Found {
    query: String,
    thoughts: Vec<ThoughtView>,
    users: Vec<UserView>,
}

async fn search(
    State(services): State<Services>,
    Viewer(viewer): Viewer,
    Query(Question { q }): Query<Question>,
    Query(paging): Query<Paging>,
) -> Result<Json<Found>, Problem> {
    let words = Words::read(&q)?;
    let (person, thought) = elsewhere(&services, viewer, q.trim()).await?;
    let part = (
        u64::try_from(paging.offset()?).unwrap_or_default(),
        usize::try_from(paging.limit()).unwrap_or_default(),
    );
    let (addresses, now) = (services.addresses().clone(), clock::now_micros());
    let found = services.ask(move |conn| {
        let mut people: Vec<i64> = super::people(conn, viewer, &words, part)?.iter().map(|id| id.0).collect();
        if let Some(Id(person)) = person {
            people.retain(|id| *id != person);
            people.insert(0, person);
        }
        let mut thoughts = super::thoughts(conn, viewer, now, &words, Span::default(), part)?;
        if let Some(thought) = thought {
            thoughts.retain(|id| *id != thought);
            thoughts.insert(0, thought);
        }
        let entry = |id: Id| Entry { at: id, thought: id, boosted_by: None };
        let entries: Vec<Entry> = thoughts.into_iter().map(entry).collect();
        let thoughts = views(conn, &addresses, viewer, &entries)?;
        Ok((thoughts, view::views(conn, &addresses, viewer, &people)?))
    });
    let (thoughts, users) = found.await?;
    Ok(Json(Found { query: q, thoughts, users }))
}

/// What a handle or an address leads to. That a server does not answer is no reason not to look here.
async fn elsewhere(
    services: &Services,
    viewer: Option<Id>,
    q: &str,
) -> Result<(Option<Id>, Option<Id>), Problem> {
    let Some(me) = viewer.filter(|_| !q.contains(char::is_whitespace)) else { return Ok((None, None)) };
    let is_address = q.starts_with("https://") || q.starts_with("http://");
    if is_address && let Some(thought) = services.look_up_thought(me, q).await? {
        return Ok((None, Some(thought)));
    }
    if is_address || q.trim_start_matches('@').contains('@') {
        return Ok((services.look_up_person(me, q).await?, None));
    }
    Ok((None, None))
}
