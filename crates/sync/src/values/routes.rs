//! The routes of keys and values.

use std::sync::Arc;

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use serde::{Deserialize, Serialize};
use serde_json::json;
use server::{Access, Json, Problem, Route};
use store::Conn;

use super::mutate::{Mutation, mutate};
use super::read::{Item, get, get_all, list, size_of_all, sizes};
use crate::limits::MAX_BODY;
use crate::portion::{Fit, Laden};
use crate::services::Services;
use crate::wire::{Body, Label, Owner, Params, Search, failed};

/// Keys of one request.
const MAX_KEYS: usize = 100;

pub(crate) fn routes() -> Vec<Route<Services>> {
    let known = Access::Authenticated;
    vec![
        Route::get("/v1/kv", known, "Values by the beginning of their key", show_all),
        Route::post("/v1/kv", known, "Writes values, if all are as expected", write).body_limit(MAX_BODY),
        Route::post("/v1/kv/bulk", known, "Several values", show_some),
        Route::get("/v1/kv/{key}", known, "One value", show),
    ]
}

async fn show(
    State(services): State<Services>,
    owner: Owner,
    Params([key]): Params<1>,
) -> Result<Json<Item>, Problem> {
    let item = services.relay.read(move |conn| get(conn, &owner.account, &key)).await;
    item.map(Json).map_err(failed("Failed to get value"))
}

#[derive(Deserialize)]
struct Filter {
    prefix: Option<Label>,
    limit: Option<i64>,
}

#[derive(Serialize)]
struct Items {
    items: Vec<Item>,
}

async fn show_all(
    State(services): State<Services>,
    owner: Owner,
    Search(filter): Search<Filter>,
) -> Result<Laden<Json<Items>>, Problem> {
    let limit = match filter.limit.unwrap_or(100) {
        limit if (1..=1000).contains(&limit) => limit,
        _ => return Err(Problem::bad_request("querystring/limit must be 1 to 1000").named("Error")),
    };
    let prefix = filter.prefix.unwrap_or_default();
    let (account, beginning) = (owner.account.clone(), prefix.clone());
    let fit = move |conn: &mut Conn<'_>| sizes(conn, &account, &beginning, limit);
    let read = move |conn: &mut Conn<'_>, fit: &Fit| list(conn, &owner.account, &prefix, fit.rows);
    let portion = services.relay.portion(fit, read).await;
    let (items, _, place) = portion.map_err(failed("Failed to list items"))?;
    Ok(Laden(Json(Items { items }), place))
}

#[derive(Deserialize)]
struct Keys {
    keys: Vec<Label>,
}

#[derive(Serialize)]
struct Values {
    values: Vec<Item>,
}

async fn show_some(
    State(services): State<Services>,
    owner: Owner,
    Body(Keys { keys }): Body<Keys>,
) -> Result<Laden<Json<Values>>, Problem> {
    check_count("keys", keys.len())?;
    let (account, keys) = (owner.account, Arc::new(keys));
    let (of, wanted) = (account.clone(), keys.clone());
    let fit = move |conn: &mut Conn<'_>| size_of_all(conn, &of, &names(&wanted));
    let read = move |conn: &mut Conn<'_>, _: &Fit| get_all(conn, &account, &names(&keys));
    let portion = services.relay.portion(fit, read).await;
    let (values, _, place) = portion.map_err(failed("Failed to get values"))?;
    Ok(Laden(Json(Values { values }), place))
}

fn names(keys: &[Label]) -> Vec<&str> {
    keys.iter().map(|key| &**key).collect()
}

#[derive(Deserialize)]
struct Mutations {
    mutations: Vec<Mutation>,
}

async fn write(
    State(services): State<Services>,
    owner: Owner,
    Body(Mutations { mutations }): Body<Mutations>,
) -> Result<Response, Problem> {
    check_count("mutations", mutations.len())?;
    let account = owner.account.clone();
    let bytes = mutations.iter().map(Mutation::bytes).sum();
    let outcome =
        services.relay.write_little(&owner.account, bytes, move |tx| mutate(tx, &account, &mutations));
    Ok(match outcome.await.map_err(failed("Failed to mutate values"))? {
        Ok(results) => Json(json!({ "success": true, "results": results })).into_response(),
        Err(errors) => {
            (StatusCode::CONFLICT, Json(json!({ "success": false, "errors": errors }))).into_response()
        }
    })
}

fn check_count(what: &str, count: usize) -> Result<(), Problem> {
    if (1..=MAX_KEYS).contains(&count) {
        return Ok(());
    }
    Err(Problem::bad_request(format!("body/{what} must be 1 to {MAX_KEYS}")).named("Error"))
}
