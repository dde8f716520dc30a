//! `POST /v1/voice/conversations`.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::State;
use bytes::Bytes;
use serde::{Deserialize, Serialize};
use server::{Json, Problem};

use super::granted::Granted;
use super::name::name;
use super::refusal::Refusal;
use super::turn::in_turn;
use super::usage::remembered_at;
use super::{CONVERSATIONS, FREE, HARD};
use crate::services::{Services, Shared};
use crate::wire::{Body, Label, Owner};

const FAILED: &str = "Failed to get voice credentials";

/// Conversations that an account may ask for in a minute, granted or not.
const MAX_REQUESTS: i64 = 30;

/// The longest name of an agent, in bytes.
const MAX_AGENT: usize = 200;

/// How long somebody who pays is not asked about again. Whoever does not is, so that paying counts at once.
const PAID: Duration = Duration::from_mins(5);

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Wanted {
    agent_id: Label,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Verdict {
    allowed: bool,
    #[serde(flatten)]
    outcome: Outcome,
    agent_id: String,
    used_seconds: i64,
    limit_seconds: i64,
}

#[derive(Serialize)]
#[serde(untagged, rename_all_fields = "camelCase")]
enum Outcome {
    Granted { conversation_token: String, conversation_id: String, eleven_user_id: String },
    Denied { reason: &'static str },
}

pub(super) async fn grant(
    State(services): State<Services>,
    owner: Owner,
    Body(Wanted { agent_id }): Body<Wanted>,
) -> Result<Json<Verdict>, Refusal> {
    services.voice.elevenlabs()?;
    services.voice.revenuecat()?;
    if agent_id.is_empty() || agent_id.len() > MAX_AGENT {
        let words = format!("body/agentId must have 1 to {MAX_AGENT} bytes");
        return Err(Refusal::Problem(Problem::bad_request(words).named("Error")));
    }
    let (cache, key) = (services.cache.clone(), format!("sync:voice:asked:{}", owner.account));
    if cache.increment(&key, 1, Duration::from_mins(1)).await.map_err(Refusal::because(FAILED))?
        > MAX_REQUESTS
    {
        return Err(Refusal::too_many());
    }
    let work = decide(services, owner.account.clone(), agent_id.into_string());
    in_turn(cache, owner.account, FAILED, work).await.map(Json)
}

/// The order of the checks is the protocol's.
async fn decide(services: Services, account: Arc<str>, agent_id: String) -> Result<Verdict, Refusal> {
    let Shared { cache, voice, .. } = &*services;
    let now = clock::now_micros() / 1_000_000;
    let name = name(services.relay.state(), &account).await?;
    let elevenlabs = voice.elevenlabs()?;
    let used = elevenlabs.used(&name, now).await.map_err(Refusal::because(FAILED))?;
    let counted = used.conversations;
    let granted = Granted::read(cache, &account, &counted, now).await.map_err(Refusal::because(FAILED))?;
    let conversations = i64::try_from(counted.len()).unwrap_or(i64::MAX).saturating_add(granted.count());
    let verdict = |limit_seconds, outcome| Verdict {
        allowed: matches!(outcome, Outcome::Granted { .. }),
        outcome,
        agent_id: agent_id.clone(),
        used_seconds: used.seconds,
        limit_seconds,
    };
    let denied = |limit, reason| Ok(verdict(limit, Outcome::Denied { reason }));
    if conversations >= CONVERSATIONS {
        return denied(HARD, "voice_conversation_limit_reached");
    }
    if used.seconds >= HARD {
        return denied(HARD, "voice_hard_limit_reached");
    }
    let has_free_time = used.seconds < FREE;
    if !has_free_time && !pays(&services, &account).await? {
        return denied(FREE, "subscription_required");
    }
    let ticket = elevenlabs.ticket(&name, &agent_id).await.map_err(Refusal::because(FAILED))?;
    let Some(conversation) = ticket.conversation() else {
        tracing::warn!("voice: a ticket of ElevenLabs names no conversation");
        return Err(Refusal::Failed("Failed to get conversation ID"));
    };
    granted.add(cache, conversation.clone(), now).await.map_err(Refusal::because(FAILED))?;
    // A remembered usage that is a little old does no harm.
    let _ = cache.delete(&remembered_at(&account)).await;
    let outcome = Outcome::Granted {
        conversation_token: ticket.token,
        conversation_id: conversation,
        eleven_user_id: name.clone(),
    };
    Ok(verdict(if has_free_time { FREE } else { HARD }, outcome))
}

async fn pays(services: &Services, account: &str) -> Result<bool, Refusal> {
    let key = format!("sync:voice:paid:{account}");
    if services.cache.get(&key).await.map_err(Refusal::because(FAILED))?.is_some() {
        return Ok(true);
    }
    let now = clock::now_micros() / 1_000;
    let pays = services.voice.revenuecat()?.pays(account, now).await.map_err(Refusal::because(FAILED))?;
    if pays {
        services.cache.set(&key, Bytes::from_static(b"1"), PAID).await.map_err(Refusal::because(FAILED))?;
    }
    Ok(pays)
}
