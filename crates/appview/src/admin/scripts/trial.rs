//! `POST /admin/scripts/{id}/test`.

use ::scripts::{NewScript, On, RecordInput, Trigger};
use atproto::{AtUri, Did, Nsid, RecordKey};
use axum::extract::State;
use lua::{Returned, ScriptError};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use server::{Json, Path, Problem};
use utoipa::ToSchema;

use super::{not_found, problem};
use crate::admin::Admin;
use crate::scripting::limits;

/// The record that a script is tried on. Nothing is stored, sent or written by it.
#[derive(Deserialize, ToSchema)]
#[schema(as = ScriptTest)]
pub(crate) struct Request {
    /// The AT URI of a record that is here.
    uri: String,
    /// `create`, `update` or `delete`. Default: `update`.
    action: Option<String>,
    /// The source to try. Default: the one that is stored.
    body: Option<String>,
}

/// What the script did.
#[derive(Serialize, ToSchema)]
#[schema(as = ScriptTestResult)]
pub(super) struct Answer {
    /// What `handle` returned; null for nil.
    #[schema(value_type = Option<Object>, required)]
    result: Option<Box<RawValue>>,
    /// `store`, `replace`, `leave out`, `delete` or `keep`: what would become of the record.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    outcome: Option<&'static str>,
    /// What went wrong, if something did.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    error: Option<String>,
    /// The line of the script where.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    line: Option<u32>,
    /// What it passed to `log`.
    log: Vec<String>,
    /// Of the Lua machine.
    instructions: u64,
    /// The script's own time, in microseconds.
    elapsed_us: u64,
    /// The most that the machine held.
    memory_bytes: u64,
}

/// Runs it once, with what it would be given.
pub(crate) async fn trial(
    State(admin): State<Admin>,
    Path(id): Path<String>,
    Json(request): Json<Request>,
) -> Result<Json<Answer>, Problem> {
    let library = &admin.scripting.library;
    let stored = library.scripts().get(&id).await.map_err(problem)?;
    let body = request.body.or(stored.map(|script| script.body)).ok_or_else(not_found)?;
    let new = NewScript { id, script_type: "lua".to_owned(), body, description: None };
    let (trigger, program) = library.scripts().check(&new).await.map_err(problem)?;
    let Trigger::Record(..) = trigger else {
        return Err(Problem::bad_request("only scripts of records can be tried; call the others"));
    };
    let action = match request.action.as_deref() {
        None | Some("update") => On::Update,
        Some("create") => On::Create,
        Some("delete") => On::Delete,
        Some(_) => return Err(Problem::bad_request("action must be create, update or delete")),
    };
    let (did, collection, rkey) = name(&request.uri)?;
    let record = admin.records.get(&did, &collection, &rkey).await.map_err(Problem::internal)?;
    let record = record.ok_or_else(|| Problem::not_found("record not found"))?;
    let event_id = format!("{}#test", request.uri);
    let input = RecordInput { action, did, collection, rkey, event_id, cid: None, record: Some(record.json) };
    let limits = limits(&admin.settings);
    let run = input.run(&trigger.to_string(), library.variables(), limits, None);
    Ok(Json(match library.scripts().engine().run(&program, run).await {
        Ok(outcome) => {
            let (result, then) = match (outcome.returned, action) {
                (Returned::Nil, On::Delete) => (None, "keep"),
                (Returned::Nil, _) => (None, "leave out"),
                (Returned::Table(json) | Returned::Other(json), On::Delete) => (Some(json), "delete"),
                (Returned::Table(json), _) => (Some(json), "replace"),
                (Returned::Other(json), _) => (Some(json), "store"),
            };
            Answer {
                result,
                outcome: Some(then),
                error: None,
                line: None,
                log: outcome.log,
                instructions: outcome.stats.instructions,
                elapsed_us: u64::try_from(outcome.stats.elapsed.as_micros()).unwrap_or(u64::MAX),
                memory_bytes: outcome.stats.memory_peak as u64,
            }
        }
        Err(error) => failed(&error),
    }))
}

fn failed(error: &ScriptError) -> Answer {
    let (instructions, elapsed_us, memory_bytes) = (0, 0, 0);
    let (line, error) = (error.line(), Some(error.to_string()));
    Answer {
        result: None,
        outcome: None,
        error,
        line,
        log: Vec::new(),
        instructions,
        elapsed_us,
        memory_bytes,
    }
}

fn name(uri: &str) -> Result<(Did, Nsid, RecordKey), Problem> {
    let uri = AtUri::parse(uri).ok();
    let name = uri.as_ref().and_then(AtUri::as_record);
    name.map(|(did, collection, rkey)| (did.clone(), collection.clone(), rkey.clone()))
        .ok_or_else(|| Problem::bad_request("uri must be at://DID/COLLECTION/RKEY"))
}
