//! The default procedure: one record of the target collection is made, replaced or removed.

use atproto::{Nsid, RecordKey};
use axum::response::Response;
use records::RepoWrite;
use server::Problem;

use super::input::Input;
use super::{Party, Xrpc, arguments, session};
use crate::Action;
use crate::catalogue::LoadedLexicon;
use crate::relay::relay;

/// What the PDS answers, unchanged, be it a success or a refusal.
pub(super) async fn answer(
    xrpc: &Xrpc,
    lexicon: &LoadedLexicon,
    party: &Party,
    body: &[u8],
) -> Result<Response, Problem> {
    if party.is_nobody() {
        // Nobody learns from a stranger's body what is wrong with it.
        return Err(session::required());
    }
    let Some(collection) = lexicon.target_collection() else {
        let message = format!("{} has no target_collection configured for procedures", lexicon.id());
        return Err(Problem::bad_request(message));
    };
    let input = Input::read(body)?;
    input.check(&xrpc.catalogue, lexicon)?;
    let session = session::of(xrpc, party, input.delegate.as_ref()).await?;
    let write = write(lexicon.action(), collection, input)?;
    check(xrpc, &write)?;
    let answer = xrpc.records.write(&session, &write).await?.answer;
    relay(&"your PDS", answer.status, &answer.headers, answer.body)
}

/// Refuses a record that would not be indexed, before anything is sent to anybody.
fn check(xrpc: &Xrpc, write: &RepoWrite) -> Result<(), Problem> {
    let Some(record) = write.record() else { return Ok(()) };
    let rkey = write.rkey().map(RecordKey::as_str);
    match xrpc.catalogue.refusal(write.collection(), rkey, record) {
        Some(invalid) => Err(arguments::invalid(format!("invalid record: {invalid}"))),
        None => Ok(()),
    }
}

/// What the call comes to. Without an action it is made out from whether the record has a name already.
fn write(action: Option<Action>, collection: &Nsid, input: Input) -> Result<RepoWrite, Problem> {
    let action = action.unwrap_or(if input.has_uri() { Action::Update } else { Action::Create });
    let of = collection.clone();
    Ok(match action {
        Action::Create => {
            RepoWrite::Create { record: input.into_record(collection), collection: of, rkey: None }
        }
        Action::Update => {
            RepoWrite::Put { rkey: input.rkey()?, record: input.into_record(collection), collection: of }
        }
        Action::Delete => RepoWrite::Delete { rkey: input.rkey()?, collection: of },
    })
}
