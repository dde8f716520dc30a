//! The routes of artifacts.

use axum::extract::State;
use serde::{Deserialize, Serialize};
use server::{Access, Json, Problem, Route};
use store::Conn;
use uuid::Uuid;
use uuid::fmt::Hyphenated;

use super::read::{Listed, find, list, size, sizes};
use super::{Artifact, Changes, NewArtifact, Outcome, Part};
use crate::limits::MAX_BODY;
use crate::portion::{Fit, Laden};
use crate::services::Services;
use crate::wire::{Body, Done, Opaque, Owner, Params, failed};

pub(crate) fn routes() -> Vec<Route<Services>> {
    let (known, path) = (Access::Authenticated, "/v1/artifacts/{id}");
    vec![
        Route::get("/v1/artifacts", known, "The artifacts changed last, without bodies", show_all),
        Route::post("/v1/artifacts", known, "Makes an artifact", create).body_limit(MAX_BODY),
        Route::get(path, known, "One artifact", show),
        Route::post(path, known, "Changes an artifact, if it is as expected", change).body_limit(MAX_BODY),
        Route::delete(path, known, "Deletes an artifact", remove),
    ]
}

async fn show_all(
    State(services): State<Services>,
    owner: Owner,
) -> Result<Laden<Json<Vec<Listed>>>, Problem> {
    let account = owner.account.clone();
    let fit = move |conn: &mut Conn<'_>| sizes(conn, &account);
    let read = move |conn: &mut Conn<'_>, fit: &Fit| list(conn, &owner.account, fit.rows);
    let portion = services.relay.portion(fit, read).await;
    let (artifacts, _, place) = portion.map_err(failed("Failed to get artifacts"))?;
    Ok(Laden(Json(artifacts), place))
}

async fn show(
    State(services): State<Services>,
    owner: Owner,
    Params([id]): Params<1>,
) -> Result<Laden<Json<Artifact>>, Problem> {
    let (account, which) = (owner.account.clone(), id.clone());
    let fit = move |conn: &mut Conn<'_>| size(conn, &account, &which);
    let read = move |conn: &mut Conn<'_>, _: &Fit| find(conn, &owner.account, &id);
    let portion = services.relay.portion(fit, read).await;
    let (artifact, _, place) = portion.map_err(failed("Failed to get artifact"))?;
    Ok(Laden(Json(artifact), place))
}

async fn create(
    State(services): State<Services>,
    owner: Owner,
    Body(new): Body<NewArtifact>,
) -> Result<Json<Artifact>, Problem> {
    // Its other forms are none here: clients would not know their own ids again.
    let is_uuid = new.id.len() == Hyphenated::LENGTH && Uuid::parse_str(&new.id).is_ok();
    if !is_uuid {
        return Err(Problem::bad_request("body/id Invalid uuid").named("Error"));
    }
    let account = owner.account.clone();
    let artifact = services.relay.write(&owner.account, move |tx| super::create(tx, &account, &new)).await;
    artifact.map(Json).map_err(failed("Failed to create artifact"))
}

/// A part counts if both of its fields are there.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Wanted {
    header: Option<Opaque>,
    expected_header_version: Option<u32>,
    body: Option<Opaque>,
    expected_body_version: Option<u32>,
}

impl From<Wanted> for Changes {
    fn from(wanted: Wanted) -> Self {
        let part = |data: Option<Opaque>, expected: Option<u32>| {
            let (data, expected) = data.zip(expected)?;
            Some(Part { data: data.into_string(), expected: expected.into() })
        };
        Self {
            header: part(wanted.header, wanted.expected_header_version),
            body: part(wanted.body, wanted.expected_body_version),
        }
    }
}

#[derive(Default, Serialize)]
#[serde(rename_all = "camelCase")]
struct Changed {
    success: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    header_version: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    body_version: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    current_header_version: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    current_header: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    current_body_version: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    current_body: Option<String>,
}

async fn change(
    State(services): State<Services>,
    owner: Owner,
    Params([id]): Params<1>,
    Body(wanted): Body<Wanted>,
) -> Result<Json<Changed>, Problem> {
    let (account, changes) = (owner.account.clone(), Changes::from(wanted));
    let update = services.relay.write(&owner.account, move |tx| super::update(tx, &account, &id, &changes));
    Ok(Json(match update.await.map_err(failed("Failed to update artifact"))? {
        Outcome::Written { header, body } => {
            Changed { success: true, header_version: header, body_version: body, ..Changed::default() }
        }
        Outcome::Mismatch { header, body } => {
            let ((header_version, header), (body_version, body)) = (header.unzip(), body.unzip());
            Changed {
                error: Some("version-mismatch"),
                current_header_version: header_version,
                current_header: header,
                current_body_version: body_version,
                current_body: body,
                ..Changed::default()
            }
        }
    }))
}

async fn remove(
    State(services): State<Services>,
    owner: Owner,
    Params([id]): Params<1>,
) -> Result<Json<Done>, Problem> {
    let account = owner.account.clone();
    let deletion = services.relay.write(&owner.account, move |tx| super::delete(tx, &account, &id));
    deletion.await.map_err(failed("Failed to delete artifact"))?;
    Ok(Json(Done::YES))
}
