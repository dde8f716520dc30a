//! The routes of pairing (spec/sync.md §1.3, §1.4).

use std::convert::Infallible;

use accounts::limits::address;
use axum::extract::{FromRequestParts, State};
use http::request::Parts;
use serde::{Deserialize, Serialize};
use server::{Json, Problem};

use super::pairing::{self, Kind, Outcome, Request, box_key};
use crate::Error;
use crate::client::client_name;
use crate::services::Services;
use crate::wire::{Body, Done, Label, Opaque, Owner, Search};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Wish {
    public_key: Label,
    #[serde(default, rename = "supportsV2")]
    supports_v2: Option<bool>,
}

#[derive(Serialize)]
#[serde(tag = "state", rename_all = "lowercase")]
pub(super) enum Reply {
    Requested,
    Authorized { token: String, response: String },
}

async fn ask(kind: Kind, services: Services, from: Stranger, wish: Wish) -> Result<Json<Reply>, Problem> {
    let request = Request {
        kind,
        key: box_key(&wish.public_key).ok_or_else(invalid_key)?,
        supports_v2: wish.supports_v2.unwrap_or(false),
        client: from.client,
        address: from.address,
    };
    let ask = move |conn: &mut store::Conn<'_>| pairing::request(conn, &request);
    Ok(Json(match services.relay.state().write(ask).await? {
        Outcome::Waiting => Reply::Requested,
        Outcome::Authorized { token, response } => Reply::Authorized { token, response },
    }))
}

/// Whoever asks to be let in.
pub(super) struct Stranger {
    client: Option<String>,
    address: String,
}

impl<S: Sync> FromRequestParts<S> for Stranger {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self { client: client_name(&parts.headers), address: address(parts) })
    }
}

pub(super) async fn terminal(
    State(services): State<Services>,
    from: Stranger,
    Body(wish): Body<Wish>,
) -> Result<Json<Reply>, Problem> {
    ask(Kind::Terminal, services, from, wish).await
}

pub(super) async fn device(
    State(services): State<Services>,
    from: Stranger,
    Body(wish): Body<Wish>,
) -> Result<Json<Reply>, Problem> {
    ask(Kind::Device, services, from, wish).await
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Which {
    public_key: String,
}

#[derive(Serialize)]
pub(super) struct Status {
    status: &'static str,
    #[serde(rename = "supportsV2")]
    supports_v2: bool,
}

pub(super) async fn status(
    State(services): State<Services>,
    Search(which): Search<Which>,
) -> Result<Json<Status>, Problem> {
    let found = match box_key(&which.public_key) {
        Some(key) => services.relay.read(move |conn| pairing::status(conn, &key)).await?,
        None => None,
    };
    let (status, supports_v2) = match found {
        None => ("not_found", false),
        Some((false, supports_v2)) => ("pending", supports_v2),
        Some((true, _)) => ("authorized", false),
    };
    Ok(Json(Status { status, supports_v2 }))
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Answer {
    public_key: Label,
    response: Opaque,
}

async fn answer(kind: Kind, services: Services, owner: Owner, answer: Answer) -> Result<Json<Done>, Problem> {
    let key = box_key(&answer.public_key).ok_or_else(invalid_key)?;
    let respond = move |conn: &mut store::Conn<'_>| {
        pairing::respond(conn, kind, &key, &owner.account, &answer.response)
    };
    let waits = services.relay.state().write(respond).await?;
    if waits { Ok(Json(Done::YES)) } else { Err(Error::NotFound("Request").into()) }
}

pub(super) async fn answer_terminal(
    State(services): State<Services>,
    owner: Owner,
    Body(body): Body<Answer>,
) -> Result<Json<Done>, Problem> {
    answer(Kind::Terminal, services, owner, body).await
}

pub(super) async fn answer_device(
    State(services): State<Services>,
    owner: Owner,
    Body(body): Body<Answer>,
) -> Result<Json<Done>, Problem> {
    answer(Kind::Device, services, owner, body).await
}

fn invalid_key() -> Problem {
    Problem::unauthorized("Invalid public key")
}
