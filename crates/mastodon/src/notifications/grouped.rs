//! `GET /api/v2/notifications`: the same in groups, each of which has one.

use std::collections::HashSet;

use axum::extract::State;
use axum::response::Response;
use http::header::LINK;
use serde::Serialize;
use serde_json::{Value, json};
use server::{Json, Problem};
use social::Id;

use super::list::page;
use crate::caller::Me;
use crate::entities::{Account, Notification, Status};
use crate::paging::Paging;
use crate::services::Services;

#[derive(Serialize)]
#[expect(clippy::struct_field_names, reason = "the names are those of the protocol")]
struct Groups {
    accounts: Vec<Account>,
    statuses: Vec<Status>,
    notification_groups: Vec<Group>,
}

#[derive(Serialize)]
#[expect(clippy::struct_field_names, reason = "the names are those of the protocol")]
struct Group {
    group_key: String,
    notifications_count: u32,
    #[serde(rename = "type")]
    kind: &'static str,
    most_recent_notification_id: Id,
    page_min_id: Id,
    page_max_id: Id,
    latest_page_notification_at: String,
    sample_account_ids: [Id; 1],
    #[serde(skip_serializing_if = "Option::is_none")]
    status_id: Option<Id>,
}

pub(super) async fn list(
    State(services): State<Services>,
    Me(me): Me,
    paging: Paging,
) -> Result<Response, Problem> {
    let (items, ends) = page(&services, me, &paging).await?;
    let link = paging.page(services.base(), Vec::<()>::new(), ends).headers().get(LINK).cloned();
    let mut response = axum::response::IntoResponse::into_response(Json(groups(items)));
    response.headers_mut().extend(link.map(|link| (LINK, link)));
    Ok(response)
}

fn groups(items: Vec<Notification>) -> Groups {
    let (mut accounts, mut statuses, mut groups) = (Vec::new(), Vec::new(), Vec::new());
    let mut seen = HashSet::new();
    for Notification { id, kind, created_at, group_key, account, status } in items {
        groups.push(Group {
            group_key,
            notifications_count: 1,
            kind,
            most_recent_notification_id: id,
            page_min_id: id,
            page_max_id: id,
            latest_page_notification_at: created_at,
            sample_account_ids: [account.id],
            status_id: status.as_ref().map(|status| status.id),
        });
        if seen.insert(account.id) {
            accounts.push(account);
        }
        statuses.extend(status.filter(|status| seen.insert(status.id)));
    }
    Groups { accounts, statuses, notification_groups: groups }
}

pub(super) async fn policy() -> Json<Value> {
    Json(json!({
        "for_not_following": "accept",
        "for_not_followers": "accept",
        "for_new_accounts": "accept",
        "for_private_mentions": "accept",
        "for_limited_accounts": "accept",
        "summary": { "pending_requests_count": 0, "pending_notifications_count": 0 },
    }))
}
