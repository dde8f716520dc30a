//! Following and blocking those of a table.

use axum::body::Bytes;
use axum::extract::{Path, State};
use futures::StreamExt;
use serde::Serialize;
use server::{Json, Problem};
use utoipa::ToSchema;

use super::csv::{MAX_ROWS, addresses};
use crate::Error;
use crate::relations::Act;
use crate::services::Services;
use crate::wire::Me;

/// People who are looked for at the same time.
const AT_ONCE: usize = 4;

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
    let each = futures::stream::iter(accounts).map(|account| {
        let services = services.clone();
        async move {
            let done = match services.anybody(&account).await {
                Ok(user) => act.by(&services, me, user.id).await,
                Err(error) => Err(error),
            };
            done.map_err(|error| Failed { account, reason: Problem::from(error).message.into_owned() })
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
