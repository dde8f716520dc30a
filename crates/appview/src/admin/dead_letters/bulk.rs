//! `/admin/dead-letters/bulk/…`.

use std::pin::pin;
use std::time::Duration;

use ::scripts::{Filter, Retried};
use axum::extract::State;
use futures::{StreamExt, stream};
use serde::Deserialize;
use server::{Json, Problem};
use utoipa::ToSchema;

use super::Done;
use crate::RetryError;
use crate::admin::{Admin, scripts::problem};

/// Named in one request.
const MAX: usize = 500;

/// Read in one go.
const PAGE: u32 = 500;

/// Tried at the same time: scripts, which share their places with others, and records that are fetched.
const SCRIPTS_AT_ONCE: usize = 3;
const RECORDS_AT_ONCE: usize = 8;

/// Room for trying all that there are. Whoever waits no longer finds what was tried resolved.
pub(super) const TIME_LIMIT: Duration = Duration::from_mins(10);

/// Which dead letters; `ids` or `all`.
#[derive(Deserialize, ToSchema)]
#[schema(as = DeadLetterSelection)]
pub(crate) struct Request {
    /// These, at most 500: numbers, or the same as strings.
    #[schema(value_type = Option<Vec<i64>>)]
    ids: Option<Vec<Id>>,
    /// All that wait for somebody when the request comes.
    #[serde(default)]
    all: bool,
    /// Of those only the ones of this collection.
    collection: Option<String>,
}

/// A number, which in paths is text.
#[derive(Deserialize)]
#[serde(untagged)]
enum Id {
    Number(i64),
    Text(String),
}

/// Nothing is done about them any more.
pub(crate) async fn dismiss(
    State(admin): State<Admin>,
    Json(request): Json<Request>,
) -> Result<Json<Done>, Problem> {
    let letters = &admin.scripting.dead_letters;
    match selected(request)? {
        Selection::These(ids) => letters.dismiss_all(ids).await,
        Selection::All(collection) => letters.dismiss_open(collection).await,
    }
    .map_err(problem)?;
    Ok(Json(Done { ok: true }))
}

/// Those that fail again stay, and so do those of labels.
pub(crate) async fn retry(
    State(admin): State<Admin>,
    Json(request): Json<Request>,
) -> Result<Json<Done>, Problem> {
    let retries = &admin.scripting.retries;
    each(&admin, request, SCRIPTS_AT_ONCE, |id| retries.retry(id)).await
}

/// Those that fail again stay, and so do those whose author's PDS is of no help.
pub(crate) async fn reindex(
    State(admin): State<Admin>,
    Json(request): Json<Request>,
) -> Result<Json<Done>, Problem> {
    let retries = &admin.scripting.retries;
    each(&admin, request, RECORDS_AT_ONCE, |id| retries.reindex(id)).await
}

/// Tries what was asked for, so many at a time, page by page.
async fn each<F>(
    admin: &Admin,
    request: Request,
    at_once: usize,
    attempt: impl Fn(i64) -> F,
) -> Result<Json<Done>, Problem>
where
    F: Future<Output = Result<Retried, RetryError>>,
{
    let (mut ids, collection, mut goes_on) = match selected(request)? {
        Selection::These(ids) => (ids, None, false),
        Selection::All(collection) => (Vec::new(), collection, true),
    };
    let mut before = None;
    loop {
        if goes_on {
            // Those that stay are passed by, and those that come meanwhile are newer.
            let filter = Filter { collection: collection.clone(), resolved: Some(false) };
            let letters = admin.scripting.dead_letters.list(filter, before, PAGE).await.map_err(problem)?;
            ids = letters.into_iter().map(|letter| letter.id).collect();
            before = ids.last().copied();
            goes_on = ids.len() == PAGE as usize;
        }
        let attempts = std::mem::take(&mut ids).into_iter().map(&attempt);
        let mut tried = pin!(stream::iter(attempts).buffer_unordered(at_once));
        while let Some(tried) = tried.next().await {
            past_others(tried)?;
        }
        if !goes_on {
            return Ok(Json(Done { ok: true }));
        }
    }
}

/// What keeps one from being tried does not keep the others; what is wrong here does.
fn past_others(tried: Result<Retried, RetryError>) -> Result<(), Problem> {
    match tried {
        Err(RetryError::Scripts(error)) => Err(problem(error)),
        Ok(_) | Err(RetryError::Label | RetryError::Source(_)) => Ok(()),
    }
}

enum Selection {
    These(Vec<i64>),
    /// Of this collection, or of every one.
    All(Option<String>),
}

fn selected(request: Request) -> Result<Selection, Problem> {
    match (request.ids, request.all) {
        (Some(ids), _) if ids.len() > MAX => Err(Problem::bad_request(format!("ids may have {MAX} at most"))),
        (Some(ids), _) => ids.into_iter().map(Id::number).collect::<Result<_, _>>().map(Selection::These),
        (None, true) => Ok(Selection::All(request.collection)),
        (None, false) => Err(Problem::bad_request("give ids or all")),
    }
}

impl Id {
    fn number(self) -> Result<i64, Problem> {
        match self {
            Self::Number(number) => Ok(number),
            Self::Text(text) => {
                text.parse().map_err(|_| Problem::bad_request("ids are the numbers of dead letters"))
            }
        }
    }
}
