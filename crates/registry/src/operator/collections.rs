//! `/admin/registry/collect`.

use axum::extract::State;
use events::{Event, kinds};
use hold::{Run, Standing};
use http::StatusCode;
use serde::Serialize;
use server::{Caller, Json, Problem};
use utoipa::ToSchema;

use super::Operator;
use crate::moment;
use crate::refusal::Refusal;

/// Collections that are shown.
const SHOWN: u32 = 10;

/// What became of garbage.
#[derive(Serialize, ToSchema)]
#[schema(as = RegistryCollections)]
pub(super) struct Overview {
    /// Whether one is under way, on whichever instance.
    running: bool,
    /// How many blobs there were to be looked at when one last came to its end: as many are likely to be looked at now.
    #[schema(required)]
    expected: Option<u64>,
    /// The newest, newest first.
    collections: Vec<RunView>,
}

/// A collection.
#[derive(Serialize, ToSchema)]
#[schema(as = RegistryCollection)]
pub(super) struct RunView {
    id: i64,
    state: RunState,
    /// The DID of who asked for it; null stands for the server itself, or a command.
    #[schema(required)]
    actor: Option<String>,
    #[schema(format = DateTime)]
    started_at: String,
    #[schema(required, format = DateTime)]
    ended_at: Option<String>,
    /// Blobs that were looked at, garbage included.
    blobs: u64,
    /// What they come to.
    bytes: u64,
    /// Blobs that were removed.
    garbage: u64,
    /// Bytes that this freed.
    freed: u64,
    /// Blobs that no image needs, but which are too young to go.
    young: u64,
    /// Why it did not come to its end.
    #[schema(required)]
    error: Option<String>,
}

/// How a collection stands.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = RegistryCollectionState)]
pub(super) enum RunState {
    /// Somebody is at it.
    Running,
    /// All was looked at.
    Done,
    /// It ended before, as its error says.
    Failed,
    /// Whoever was at it has died.
    BrokenOff,
}

pub(super) async fn show(State(operator): State<Operator>) -> Result<Json<Overview>, Problem> {
    let hold = &operator.registry.hold;
    let runs = hold.runs(SHOWN).await.map_err(Refusal::from)?;
    let done = hold.last_done().await.map_err(Refusal::from)?;
    Ok(Json(Overview {
        running: runs.iter().any(|run| run.standing() == Standing::Running),
        expected: done.map(|run| run.collected.blobs.saturating_sub(run.collected.garbage)),
        collections: runs.into_iter().map(RunView::from).collect(),
    }))
}

/// Begins one, which goes on after this was answered.
pub(super) async fn begin(
    State(operator): State<Operator>,
    caller: Caller,
) -> Result<(StatusCode, Json<RunView>), Problem> {
    let actor = caller.principal.did();
    let begun = operator.collector.begin(actor).await.map_err(Refusal::from)?;
    let Some(collection) = begun else {
        return Err(Problem::conflict(
            "garbage is being collected already: look at it, and wait until it is done",
        ));
    };
    let id = collection.id();
    if operator.asked.try_send(collection).is_err() {
        return Err(Problem::new(StatusCode::SERVICE_UNAVAILABLE, "the server is about to end"));
    }
    operator.events.record(Event::new(kinds::REGISTRY_COLLECTION_STARTED).actor(actor));
    let runs = operator.registry.hold.runs(SHOWN).await.map_err(Refusal::from)?;
    let run = runs.into_iter().find(|run| run.id == id);
    let run = run.ok_or_else(|| Problem::internal("a collection that was just begun is not there"))?;
    Ok((StatusCode::ACCEPTED, Json(run.into())))
}

impl From<Run> for RunView {
    fn from(run: Run) -> Self {
        let state = match run.standing() {
            Standing::Running => RunState::Running,
            Standing::Done => RunState::Done,
            Standing::Failed => RunState::Failed,
            Standing::BrokenOff => RunState::BrokenOff,
        };
        let hold::Collected { blobs, bytes, garbage, freed, young } = run.collected;
        Self {
            id: run.id,
            state,
            actor: run.actor,
            started_at: moment(run.started_at),
            ended_at: run.ended_at.map(moment),
            blobs,
            bytes,
            garbage,
            freed,
            young,
            error: run.error,
        }
    }
}
