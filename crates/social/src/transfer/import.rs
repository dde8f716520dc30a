//! Following and blocking those of a table.

use std::time::{Duration, Instant};

use axum::body::Bytes;
use axum::extract::{Path, State};
use futures::StreamExt;
use http::StatusCode;
use serde::Serialize;
use server::{Json, Problem};
use utoipa::ToSchema;

use super::csv::{MAX_ROWS, addresses};
use crate::relations::Act;
use crate::services::Services;
use crate::users::User;
use crate::wire::Me;
use crate::{Error, Id};

/// People who are looked for at the same time.
const AT_ONCE: usize = 4;

/// How long unknown people are waited for, which is less than the route may take, and how long nobody asks when too many were asked for.
const PATIENCE: Duration = Duration::from_mins(9);
const PAUSE: Duration = Duration::from_secs(2);

/// What became of a table.
#[derive(Serialize, ToSchema)]
#[schema(as = SocialImported)]
pub(super) struct Imported {
    /// How many accounts it was done with.
    done: usize,
    /// Those with whom it could not be done, and why.
    failed: Vec<Failed>,
}

/// An account.
#[derive(Serialize, ToSchema)]
#[schema(as = SocialImportFailed)]
struct Failed {
    account: String,
    reason: String,
}

pub(super) async fn import(
    State(services): State<Services>,
    Me(me): Me,
    Path(what): Path<String>,
    body: Bytes,
) -> Result<Json<Imported>, Problem> {
    let act = match &*what {
        "following" => Act::Follow,
        "blocks" => Act::Block,
        "mutes" => Act::Mute { notifications: true, ends_at: None },
        _ => return Err(Error::NotFound("table").into()),
    };
    let table = std::str::from_utf8(&body).map_err(|_| Error::BadRequest("the table is not UTF-8".into()))?;
    let accounts = addresses(table);
    if accounts.len() > MAX_ROWS {
        return Err(
            Error::Invalid(format!("the table has more than {MAX_ROWS} accounts; send it in parts")).into()
        );
    }
    let until = Instant::now() + PATIENCE;
    let each = futures::stream::iter(accounts).map(|account| {
        let services = services.clone();
        async move {
            let done = match find(&services, me, &account, until).await {
                Ok(user) => act.by(&services, me, user.id).await.map_err(Problem::from),
                Err(problem) => Err(problem),
            };
            done.map_err(|problem| Failed { account, reason: problem.message.into_owned() })
        }
    });
    let mut imported = Imported { done: 0, failed: Vec::new() };
    let mut each = std::pin::pin!(each.buffer_unordered(AT_ONCE));
    while let Some(outcome) = each.next().await {
        match outcome {
            Ok(()) => imported.done += 1,
            Err(failed) => imported.failed.push(failed),
        }
    }
    Ok(Json(imported))
}

/// Whoever has this address. Those who are known here are there at once; for the others this waits, with all who look up others.
async fn find(services: &Services, me: Id, account: &str, until: Instant) -> Result<User, Problem> {
    loop {
        match services.anybody(me, account).await {
            Err(problem) if problem.status != StatusCode::TOO_MANY_REQUESTS => return Err(problem),
            Err(_) if Instant::now() < until => tokio::time::sleep(PAUSE).await,
            Err(problem) => {
                let why = "too many of the table had to be looked up; send it again later";
                return Err(Problem::new(problem.status, why));
            }
            found => return found,
        }
    }
}
