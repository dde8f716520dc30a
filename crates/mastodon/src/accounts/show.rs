//! Looking people up.

use axum::extract::{RawQuery, State};
use axum::response::Response;
use server::{Json, Path, Problem};
use social::Id;
use social::feeds::{Source, Wanted};
use social::users::{self, User};
use store::Conn;

use crate::caller::{Me, Viewer};
use crate::entities::{Account, account, accounts_in_order};
use crate::fields::Fields;
use crate::paging::Paging;
use crate::refusal::Refusal;
use crate::services::Services;
use crate::timelines::{Feed, shown};

/// People who are asked for at once.
const MAX_MANY: usize = 40;

/// Somebody who is there and can be looked at.
pub(crate) fn find(conn: &mut Conn<'_>, id: Id) -> Result<User, social::Error> {
    let found = users::by_id(conn, id)?.filter(|user| !user.is_deleted && user.uuid != users::INSTANCE);
    found.ok_or(social::Error::NotFound("account"))
}

pub(super) async fn show(
    State(services): State<Services>,
    Path(id): Path<i64>,
) -> Result<Json<Account>, Problem> {
    let addresses = services.addresses().clone();
    let found = services.social.ask(move |conn| {
        let user = find(conn, Id(id))?;
        Ok((user.is_local(), account(conn, &addresses, &user)?))
    });
    let (is_local, account) = found.await.map_err(Refusal::from)?;
    if let (false, Some(elsewhere)) = (is_local, services.social.elsewhere()) {
        elsewhere.looked_at(account.id);
    }
    Ok(Json(account))
}

pub(super) async fn several(
    State(services): State<Services>,
    RawQuery(query): RawQuery,
) -> Result<Json<Vec<Account>>, Problem> {
    let asked = Fields::of_form(query.unwrap_or_default().as_bytes());
    let ids: Vec<Id> = asked.list("id").filter_map(|id| id.parse().ok()).take(MAX_MANY).collect();
    let addresses = services.addresses().clone();
    let found = services.social.ask(move |conn| accounts_in_order(conn, &addresses, &ids)).await;
    Ok(Json(found.map_err(Refusal::from)?))
}

/// Only of those who are known here: strangers cannot make the server ask others.
pub(super) async fn look_up(
    State(services): State<Services>,
    RawQuery(query): RawQuery,
) -> Result<Json<Account>, Problem> {
    let asked = Fields::of_form(query.unwrap_or_default().as_bytes());
    let handle = local(asked.filled("acct").unwrap_or_default(), &services).to_owned();
    let addresses = services.addresses().clone();
    let found = services.social.ask(move |conn| {
        let found = users::by_handle(conn, &handle)?.map(|user| find(conn, user.id)).transpose()?;
        account(conn, &addresses, &found.ok_or(social::Error::NotFound("account"))?)
    });
    Ok(Json(found.await.map_err(Refusal::from)?))
}

/// A handle as it is kept: without the sign, and without the host of this server.
pub(crate) fn local<'h>(handle: &'h str, services: &Services) -> &'h str {
    let handle = handle.trim().trim_start_matches('@');
    match handle.rsplit_once('@') {
        Some((name, host)) if host.eq_ignore_ascii_case(services.addresses().domain()) => name,
        _ => handle,
    }
}

pub(super) async fn search(
    State(services): State<Services>,
    Me(me): Me,
    RawQuery(query): RawQuery,
) -> Result<Json<Vec<Account>>, Problem> {
    let asked = Fields::of_form(query.unwrap_or_default().as_bytes());
    Ok(Json(crate::search::people(&services, me, &asked).await?))
}

pub(super) async fn statuses(
    State(services): State<Services>,
    Viewer(viewer): Viewer,
    Path(id): Path<i64>,
    paging: Paging,
) -> Result<Response, Problem> {
    let user = services.social.ask(move |conn| find(conn, Id(id))).await.map_err(Refusal::from)?;
    let asks = |name| paging.fields.flag(name) == Some(true);
    // Nothing is pinned here.
    if asks("pinned") || user.is_suspended {
        return Ok(paging.page(services.base(), Vec::<()>::new(), None));
    }
    if let (false, Some(elsewhere)) = (user.is_local(), services.social.elsewhere()) {
        elsewhere.looked_at(user.id);
    }
    let (originals_only, pictures_only) = (asks("exclude_replies"), asks("only_media"));
    let hide_boosts = asks("exclude_reblogs") || pictures_only;
    let source = Source::Of { user: user.id, boosts: !hide_boosts };
    let feed =
        Feed::of(source).with(|wanted| Wanted { originals_only, pictures_only, hide_boosts, ..wanted });
    shown(&services, viewer, paging, feed).await
}
