//! `GET /v1/connect/github/callback`: a browser comes back from GitHub, and goes on to the web app in any case.

use std::sync::Arc;

use axum::extract::State;
use axum::extract::rejection::QueryRejection;
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use http::header::{CACHE_CONTROL, LOCATION};
use serde::Deserialize;
use store::{Conn, v};

use super::denial::Denial;
use super::link::Link;
use super::state;
use crate::services::Services;
use crate::wire::Base;
use crate::{Error, avatars, vendors};

/// What GitHub gives the browser to bring.
#[derive(Default, Deserialize)]
pub(super) struct Brought {
    code: Option<String>,
    state: Option<String>,
    /// If the person did not want to after all.
    error: Option<String>,
}

type Query = Result<axum::extract::Query<Brought>, QueryRejection>;

pub(super) async fn callback(State(services): State<Services>, base: Base, query: Query) -> Response {
    let brought = query.map(|query| query.0).unwrap_or_default();
    let mut to = services.github.webapp_url.clone();
    match connect(&services, base, brought).await {
        Ok(login) => {
            to.query_pairs_mut().append_pair("github", "connected").append_pair("user", &login);
        }
        Err(denial) => {
            to.query_pairs_mut().append_pair("error", denial.word());
        }
    }
    (StatusCode::FOUND, [(LOCATION, to.as_str()), (CACHE_CONTROL, "no-store")]).into_response()
}

/// What the account is called now.
async fn connect(services: &Services, base: Base, brought: Brought) -> Result<String, Denial> {
    let app = services.github.app.as_ref().ok_or(Denial::ServerConfig)?;
    let state = brought.state.ok_or(Denial::InvalidState)?;
    let account = state::use_up(&services.vault, &services.cache, &state, clock::now_micros()).await?;
    if let Some(word) = brought.error {
        return Err(Denial::by_github(&word));
    }
    let token = app.exchange(&brought.code.ok_or(Denial::InvalidState)?).await?;
    let user = app.user(&token).await?;
    let login = user.login.clone();
    let Some(known) = find(services, &account).await? else { return Err(Denial::InvalidState) };
    if known.github_id.as_ref() == Some(&user.id) {
        return Ok(login);
    }
    let avatar = match &user.avatar_url {
        Some(url) if known.avatar_source.as_ref() != Some(url) => {
            avatars::fetch(services, &app.outbound, &account, url).await
        }
        _ => None,
    };
    let token = vendors::seal(&services.vault, &account, vendors::GITHUB, token.as_bytes())?;
    let account: Arc<str> = account.into();
    let link = Link { account: account.clone(), user, token, avatar, base };
    services.relay.write(&account, move |tx| link.make(tx)).await?;
    Ok(login)
}

/// What is known of an account before it is connected.
struct Known {
    github_id: Option<String>,
    avatar_source: Option<String>,
}

async fn find(services: &Services, account: &str) -> Result<Option<Known>, Error> {
    let account = account.to_owned();
    let find = move |conn: &mut Conn<'_>| {
        conn.query_opt(
            "SELECT a.github_id, p.source FROM sync_accounts a LEFT JOIN sync_avatars p ON p.account_id = a.id
             WHERE a.id = $1 AND a.public_key NOT LIKE 'deleted:%'",
            &[v(&account)],
            |row| {
                let text = |at| Ok::<_, Error>(row.opt_text(at)?.map(str::to_owned));
                Ok(Known { github_id: text(0)?, avatar_source: text(1)? })
            },
        )
    };
    services.relay.read(find).await
}
