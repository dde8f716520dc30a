//! A query or procedure that is a script.

use std::sync::Arc;
use std::time::Instant;

use atproto::Did;
use axum::response::Response;
use events::{Event, EventLog, kinds};
use http::StatusCode;
use lua::{Global, Limit, Limits, Program, Returned, Run, ScriptError};
use scripts::{Library, Trigger};
use serde_json::value::{RawValue, to_raw_value};
use serde_json::{Value, json};

use super::{Acting, Chain, Reach};
use crate::xrpc::{Party, reply};
use accounts::pds::PdsSession;

/// One call of a method that a script answers.
pub(crate) struct Call {
    pub(crate) trigger: Trigger,
    pub(crate) program: Program,
    /// The NSID.
    pub(crate) method: String,
    /// The collection of the lexicon, or nothing.
    pub(crate) collection: String,
    /// Coerced, a JSON object.
    pub(crate) params: Value,
    /// The body of a procedure, without what is said about the call.
    pub(crate) input: Option<Value>,
    /// Who calls, as the script is told.
    pub(crate) caller: Option<Did>,
    pub(crate) party: Party,
    pub(crate) chain: Chain,
    /// The account that is written for in place of the caller.
    pub(crate) delegate: Option<Did>,
    pub(crate) session: Option<PdsSession>,
}

impl Call {
    /// Runs the script; what it returns is the answer.
    pub(crate) async fn run(self, library: &Library, limits: Limits, events: &EventLog) -> Response {
        let globals = self.globals(library);
        let Self { trigger, program, method, input, caller, party, chain, delegate, session, .. } = self;
        let (trigger, chain) = (trigger.to_string(), chain.begun());
        let who = caller.clone();
        let depth = chain.depth();
        let context = Arc::new(Acting {
            trigger: trigger.clone(),
            caller,
            session,
            delegate,
            job: None,
            reach: Reach::of(party, chain),
        });
        let run = Run { globals, limits, context, depth };
        let began = Instant::now();
        match library.scripts().engine().run(&program, run).await {
            Ok(outcome) => {
                if events.is_verbose() {
                    let (who, took) = (who.as_ref().map(Did::as_str), began.elapsed().as_millis());
                    let took = u64::try_from(took).unwrap_or(u64::MAX);
                    let detail = json!({ "method": method, "caller_did": who, "duration_ms": took });
                    events.record(Event::new(kinds::SCRIPT_EXECUTED).subject(&trigger).detail(detail));
                }
                reply::json(match outcome.returned {
                    Returned::Nil => b"null".to_vec(),
                    Returned::Table(json) | Returned::Other(json) => {
                        String::from(Box::<str>::from(json)).into_bytes()
                    }
                })
            }
            Err(error) => {
                let (source, who) = (program.source(), who.as_ref().map(Did::as_str));
                let detail = json!({
                    "error": error.to_string(), "script_source": source, "input": input, "caller_did": who, "method": method,
                });
                events.record(Event::new(kinds::SCRIPT_ERROR).subject(&trigger).detail(detail));
                failed(&method, &error)
            }
        }
    }

    /// What the script finds in its global variables.
    pub(super) fn globals(&self, library: &Library) -> Vec<(&'static str, Global)> {
        let mut globals = vec![
            ("method", Global::text(&self.method)),
            ("params", raw(&self.params).into()),
            ("collection", Global::text(&self.collection)),
            ("env", library.variables().into()),
        ];
        let text = |did: &Did| Global::text(did.as_str());
        globals.extend(self.caller.as_ref().map(|did| ("caller_did", text(did))));
        if let Some(input) = &self.input {
            globals.push(("input", raw(input).into()));
            globals.extend(self.delegate.as_ref().map(|did| ("delegate_did", text(did))));
        }
        globals
    }
}

/// As JSON.
pub(super) fn raw(value: &Value) -> Box<RawValue> {
    to_raw_value(value).unwrap_or_else(|_| RawValue::NULL.to_owned())
}

/// The answer of a script that failed (spec/appview.md §3.1).
fn failed(method: &str, error: &ScriptError) -> Response {
    let (status, kind) = match error {
        ScriptError::Auth(message) => return answer(StatusCode::UNAUTHORIZED, &json!({ "error": message })),
        ScriptError::Limit(Limit::Instructions | Limit::Time) => (StatusCode::REQUEST_TIMEOUT, "timeout"),
        ScriptError::Limit(Limit::Memory | Limit::Output) => (StatusCode::INTERNAL_SERVER_ERROR, "memory"),
        ScriptError::Syntax { .. } | ScriptError::TooLarge { .. } => {
            (StatusCode::INTERNAL_SERVER_ERROR, "syntax")
        }
        ScriptError::NoHandle => (StatusCode::INTERNAL_SERVER_ERROR, "missing_handle"),
        _ => (StatusCode::INTERNAL_SERVER_ERROR, "runtime"),
    };
    let (message, line) = (error.to_string(), error.line());
    let body = json!({ "error": "script_error", "errorType": kind, "message": message, "method": method, "line": line });
    answer(status, &body)
}

fn answer(status: StatusCode, body: &Value) -> Response {
    let mut response = reply::json(body.to_string().into_bytes());
    *response.status_mut() = status;
    response
}
