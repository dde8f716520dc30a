//! Methods that a script answers in place of the default (spec/appview.md §5.2).

use atproto::Nsid;
use axum::response::Response;
use lua::Program;
use scripts::Trigger;
use server::Problem;

use super::arguments::Arguments;
use super::input::ScriptInput;
use super::miss::Party;
use super::{Xrpc, session};
use crate::catalogue::LoadedLexicon;
use crate::scripting::{Call, Chain, limits};

/// A script and its trigger.
pub(super) type Script = (Trigger, Program);

/// The script that answers a query.
pub(super) fn of_query(xrpc: &Xrpc, nsid: &Nsid) -> Option<Script> {
    of(xrpc, Trigger::Query(nsid.clone()))
}

/// The script that carries out a procedure.
pub(super) fn of_procedure(xrpc: &Xrpc, nsid: &Nsid) -> Option<Script> {
    of(xrpc, Trigger::Procedure(nsid.clone()))
}

/// Without a look into the database.
fn of(xrpc: &Xrpc, trigger: Trigger) -> Option<Script> {
    let program = xrpc.scripting.library.program(&trigger)?;
    Some((trigger, program))
}

pub(super) async fn query(
    xrpc: &Xrpc,
    (trigger, program): Script,
    lexicon: &LoadedLexicon,
    arguments: Arguments,
    party: &Party,
    chain: Chain,
) -> Response {
    let call = Call {
        trigger,
        program,
        method: lexicon.id().to_string(),
        collection: collection(lexicon),
        params: arguments.into_value(),
        input: None,
        caller: party.did(),
        party: party.clone(),
        chain,
        delegate: None,
        session: None,
    };
    run(xrpc, call).await
}

pub(super) async fn procedure(
    xrpc: &Xrpc,
    (trigger, program): Script,
    lexicon: &LoadedLexicon,
    party: &Party,
    chain: Chain,
    query: Option<&str>,
    body: &[u8],
) -> Result<Response, Problem> {
    let params = Arguments::read(lexicon.lexicon(), query, &[])?;
    if party.is_nobody() {
        return Err(session::required());
    }
    covers(party, &program, lexicon.id())?;
    let input = ScriptInput::read(if body.is_empty() { b"{}" } else { body })?;
    input.check(&xrpc.catalogue, lexicon)?;
    let delegate = input.delegate.clone();
    // One without a session may call what needs none; the script learns of it when it writes.
    let session = match session::of(xrpc, party, delegate.as_ref()).await {
        Ok(session) => Some(session),
        Err(problem) if delegate.is_some() => return Err(problem),
        Err(_) => None,
    };
    let call = Call {
        trigger,
        program,
        method: lexicon.id().to_string(),
        collection: collection(lexicon),
        params: params.into_value(),
        input: Some(input.into_value()),
        caller: party.did(),
        party: party.clone(),
        chain,
        delegate,
        session,
    };
    Ok(run(xrpc, call).await)
}

/// A token that another server made for somebody is good for one method. A script that calls others would do more with it
/// (spec/appview.md §3.4).
fn covers(party: &Party, program: &Program, method: &Nsid) -> Result<(), Problem> {
    if !party.is_service() {
        return Ok(());
    }
    let others: Vec<&str> =
        program.outbound().iter().map(String::as_str).filter(|nsid| *nsid != method.as_str()).collect();
    if others.is_empty() {
        return Ok(());
    }
    Err(Problem::unauthorized(format!(
        "{method} also calls {}, which the token is not for",
        others.join(", ")
    )))
}

async fn run(xrpc: &Xrpc, call: Call) -> Response {
    let limits = limits(&xrpc.accounts.settings);
    call.run(&xrpc.scripting.library, limits, &xrpc.events).await
}

fn collection(lexicon: &LoadedLexicon) -> String {
    lexicon.target_collection().map(Nsid::to_string).unwrap_or_default()
}
