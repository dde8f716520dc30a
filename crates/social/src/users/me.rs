//! `/social/users/me`.

use axum::extract::State;
use http::StatusCode;
use serde::Deserialize;
use server::{Caller, Json, Principal, Problem};
use utoipa::ToSchema;

use super::pictures::remove_pictures;
use super::{Changes, UserView, update, view};
use crate::auth::confirm;
use crate::services::Services;
use crate::wire::Me;
use crate::{Error, Id, Told};

pub(super) async fn show(State(services): State<Services>, Me(me): Me) -> Result<Json<UserView>, Problem> {
    Ok(Json(shown(&services, me).await?))
}

async fn shown(services: &Services, me: Id) -> Result<UserView, Error> {
    let addresses = services.addresses().clone();
    services.ask(move |conn| view(conn, &addresses, Some(me), me)).await
}

pub(super) async fn change(
    State(services): State<Services>,
    Me(me): Me,
    Json(changes): Json<Changes>,
) -> Result<Json<UserView>, Problem> {
    Ok(Json(apply(&services, me, changes).await?))
}

pub(super) async fn apply(services: &Services, me: Id, changes: Changes) -> Result<UserView, Error> {
    let (addresses, now) = (services.addresses().clone(), clock::now_micros());
    let gone = services.change(move |conn| update(conn, now, &addresses, me, &changes)).await?;
    remove_pictures(services, gone).await;
    shown(services, me).await
}

/// What shows that it is meant.
#[derive(Deserialize, ToSchema)]
#[schema(as = SocialFarewell)]
pub(super) struct Farewell {
    /// Not needed by whoever signed in on this server's pages.
    password: Option<String>,
}

pub(super) async fn delete(
    State(services): State<Services>,
    Me(me): Me,
    caller: Caller,
    Json(Farewell { password }): Json<Farewell>,
) -> Result<StatusCode, Problem> {
    if !matches!(caller.principal, Principal::BrowserSession { .. }) {
        let bucket = format!("social:farewell:{me}");
        accounts::limits::draw(services.cache(), &bucket, (10, 10.0 / 3600.0)).await?;
        confirm(&services, me, &password.unwrap_or_default()).await?;
    }
    let (addresses, now) = (services.addresses().clone(), clock::now_micros());
    let pictures = services.change(move |conn| super::delete(conn, now, &addresses, me)).await?;
    services.live().tell(&Told::Changed { user_id: me.0 }).await;
    remove_pictures(&services, pictures).await;
    Ok(StatusCode::NO_CONTENT)
}
