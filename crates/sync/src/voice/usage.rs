//! `GET /v1/voice/usage`.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::State;
use bytes::Bytes;
use http::header::CONTENT_TYPE;
use serde::Serialize;

use super::name::name;
use super::refusal::Refusal;
use super::turn::in_turn;
use super::{CONVERSATIONS, FREE, HARD};
use crate::services::Services;
use crate::wire::Owner;

const FAILED: &str = "Failed to get voice usage";

/// How long an answer is good for: apps ask again and again.
const REMEMBERED: Duration = Duration::from_secs(10);

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Usage {
    used_seconds: i64,
    limit_seconds: i64,
    conversation_count: usize,
    conversation_limit: i64,
    eleven_user_id: String,
}

type Answer = Result<([(http::HeaderName, &'static str); 1], Bytes), Refusal>;

pub(super) async fn show(State(services): State<Services>, owner: Owner) -> Answer {
    services.voice.elevenlabs()?;
    let key = remembered_at(&owner.account);
    let json = match services.cache.get(&key).await.map_err(Refusal::because(FAILED))? {
        Some(json) => json,
        None => {
            in_turn(services.cache.clone(), owner.account.clone(), FAILED, find(services, owner.account, key))
                .await?
        }
    };
    Ok(([(CONTENT_TYPE, "application/json")], json))
}

/// Where an answer is remembered, until something is granted.
pub(super) fn remembered_at(account: &str) -> String {
    format!("sync:voice:usage:{account}")
}

async fn find(services: Services, account: Arc<str>, key: String) -> Result<Bytes, Refusal> {
    // Somebody had the turn before.
    if let Some(json) = services.cache.get(&key).await.map_err(Refusal::because(FAILED))? {
        return Ok(json);
    }
    let now = clock::now_micros();
    let name = name(services.relay.state(), &account).await?;
    let used = services.voice.elevenlabs()?.used(&name, now / 1_000_000);
    let pays = async {
        match &services.voice.revenuecat {
            Some(revenuecat) => revenuecat.pays(&account, now / 1_000).await,
            None => Ok(false),
        }
    };
    let (used, pays) = tokio::try_join!(used, pays).map_err(Refusal::because(FAILED))?;
    let usage = Usage {
        used_seconds: used.seconds,
        limit_seconds: if pays { HARD } else { FREE },
        conversation_count: used.conversations.len(),
        conversation_limit: CONVERSATIONS,
        eleven_user_id: name,
    };
    let json = serde_json::to_vec(&usage).map_err(|error| crate::Error::Encoding(error.into()))?;
    let json = Bytes::from(json);
    services.cache.set(&key, json.clone(), REMEMBERED).await.map_err(Refusal::because(FAILED))?;
    Ok(json)
}
