//! What others say (spec/social.md §4.7): who says it is proven, what it needs is fetched, and then it becomes true in one transaction,
//! together with the fact that it has.
//!
//! - [`check`] is everything that needs only the request;
//! - [`verify`] says who sent it;
//! - [`prepare`] fetches what the effect needs, so that no transaction waits for another server;
//! - [`effects`] are what an activity does, each with the rule of who may do it.

mod check;
mod effects;
mod notes;
mod prepare;
mod processed;
mod relevance;
mod verify;

use std::sync::Arc;

use activitypub::object::{Activity, ActivityType, Actor, Document};
use http::StatusCode;
use http::request::Parts;
use server::Problem;
use store::Conn;
use tracing::debug;

use crate::Error;
use crate::actors::{KeyOwner, Unknown, known};
use crate::bounds::Origin;
use crate::domains::Gate;
use crate::fetch::Budget;
use crate::hosts;
use crate::services::Services;

pub(crate) use self::effects::{Effect, let_go};
pub(crate) use self::notes::{Incoming, keep_fetched};
use self::prepare::Prepared;

/// Takes an activity in. Whatever is well formed and signed is answered with 202, whether or not it means anything here.
pub(crate) async fn receive(services: &Services, parts: &Parts, body: &[u8]) -> Result<StatusCode, Problem> {
    let outcome = Box::pin(pipeline(services, parts, body)).await;
    let label = match &outcome {
        Ok(label) => *label,
        Err(problem) => problem.status.as_str(),
    };
    metrics::counter!("belvedere_federation_inbox_total", "outcome" => label.to_owned()).increment(1);
    outcome.map(|_| StatusCode::ACCEPTED)
}

async fn pipeline(services: &Services, parts: &Parts, body: &[u8]) -> Result<&'static str, Problem> {
    check::content_type(parts)?;
    let document = Document::parse(body, services.config.inbox_max_bytes).map_err(bad)?;
    let activity = Activity::read(document.node()).map_err(bad)?;
    check::is_foreign(services, &activity)?;
    let (host, actor) = (activity.actor.authority().to_owned(), activity.actor.as_str().to_owned());
    let gate = services.gate;
    let known = services.state.read_brief(move |conn| standing(conn, gate, &host, &actor));
    let known = known.await.map_err(Error::from)?;
    if known.shut_out {
        return Ok("shut_out");
    }
    let ends_itself = activity.activity_type == Some(ActivityType::Delete)
        && activity.object.as_ref().and_then(activitypub::object::Reference::address).as_ref()
            == Some(&activity.actor);
    if ends_itself && !known.is_known {
        return Ok("unknown_is_gone");
    }
    let signed = verify::read(services, parts, body)?;
    let budget = Budget::new();
    let owner = match verify::verify(services, &budget, parts, &signed).await {
        Ok(owner) => owner,
        // Of another host nobody's word is taken for it that somebody is gone.
        Err(verify::Refused::Key(Unknown::Gone))
            if ends_itself && signed.key_id().address().same_host(&activity.actor) =>
        {
            services.bounds.may_ask(&Origin::of(parts), activity.actor.authority()).await?;
            return confirm_end(services, &budget, &activity).await;
        }
        Err(refused) => return Err(refused.into()),
    };
    // To the letter: what is known of somebody is found by their name as they write it.
    if owner.owner.as_str() != activity.actor.as_str() && !faults::mutant!("federation-signer-not-actor") {
        // Somebody passes it on. What it is about may be true: its own server says so, or not.
        if services.bounds.may_ask(&Origin::of(parts), activity.actor.authority()).await.is_ok() {
            notes::look_at_origin(services, &activity);
        }
        return Ok("passed_on");
    }
    activity.check_host().map_err(bad)?;
    if known.suspended {
        return Ok("suspended");
    }
    act(services, &budget, &owner, &activity, body).await
}

/// An activity of its signer.
async fn act(
    services: &Services,
    budget: &Budget,
    owner: &Arc<KeyOwner>,
    activity: &Activity<'_>,
    body: &[u8],
) -> Result<&'static str, Problem> {
    let key = processed::key(activity, body);
    let again = key.clone();
    if services.state.read_brief(move |conn| processed::is_done(conn, &again)).await.map_err(Error::from)? {
        return Ok("again");
    }
    let prepared = match Box::pin(prepare::prepare(services, budget, owner, activity)).await {
        Ok(prepared) => prepared,
        Err(error) if matches!(&error, Error::Fetch(error) if error.is_transient()) => {
            // Its server sends it again.
            return Err(Problem::new(
                StatusCode::SERVICE_UNAVAILABLE,
                "What this needs cannot be fetched now",
            )
            .caused_by(error));
        }
        Err(Error::Object(error)) => return Err(bad(error)),
        Err(error) => {
            debug!(%error, actor = %activity.actor, "an activity means nothing here");
            Prepared::nothing()
        }
    };
    let (names, host) = (services.names.clone(), activity.actor.authority().to_owned());
    let (after, effect) = (prepared.after, Arc::new(prepared.effect));
    let commit = move |conn: &mut Conn<'_>| -> Result<effects::Told, Error> {
        let now = clock::now_micros();
        if !processed::first(conn, now, &key)? {
            return Ok(effects::Told::new());
        }
        hosts::heard(conn, now, &host)?;
        effects::apply(&mut effects::Applying { conn, now, names: &names }, &effect)
    };
    let told = services.state.write(commit).await?;
    let changed = !told.is_empty();
    services.tell(told).await;
    after.run(services, changed);
    Ok("done")
}

/// What is known of an actor before anything is verified.
struct Standing {
    shut_out: bool,
    is_known: bool,
    suspended: bool,
}

fn standing(conn: &mut Conn<'_>, gate: Gate, host: &str, actor: &str) -> Result<Standing, store::Error> {
    let shut_out = gate.shuts_out(conn, host)?;
    let known = known(conn, actor)?;
    Ok(Standing {
        shut_out,
        is_known: known.is_some(),
        suspended: known.is_some_and(|known| known.suspended),
    })
}

/// A key that is gone cannot say that its owner is: their server can.
async fn confirm_end(
    services: &Services,
    budget: &Budget,
    activity: &Activity<'_>,
) -> Result<&'static str, Problem> {
    let fetcher = services.actors.fetcher();
    fetcher.try_again(&activity.actor);
    match fetcher.object(budget, &activity.actor).await {
        Err(crate::fetch::FetchError::Gone) => {
            let (actor, names) = (activity.actor.clone(), services.names.clone());
            let end = move |conn: &mut Conn<'_>| {
                let now = clock::now_micros();
                let mut applying = effects::Applying { conn, now, names: &names };
                effects::apply(&mut applying, &Effect::Ended(actor.clone()))
            };
            let told = services.state.write(end).await?;
            services.tell(told).await;
            Ok("gone")
        }
        _ => Err(Problem::unauthorized("The key is gone and its owner is not")),
    }
}

#[expect(clippy::needless_pass_by_value, reason = "it stands where errors are mapped")]
fn bad(error: activitypub::object::ObjectError) -> Problem {
    Problem::bad_request(error.to_string())
}

/// The description of whoever signed, fetched, once, if only their key is remembered.
pub(super) async fn actor_of(
    services: &Services,
    budget: &Budget,
    owner: &KeyOwner,
) -> Result<Arc<Actor>, Error> {
    if let Some(actor) = owner.actor.get() {
        return Ok(Arc::clone(actor));
    }
    let actor = services.actors.fetch(budget, &owner.owner).await?;
    Ok(Arc::clone(owner.actor.get_or_init(|| actor)))
}

/// Who signed a request without a body. Whose host is shut out need not prove anything.
pub(crate) async fn signer(
    services: &Services,
    budget: &Budget,
    parts: &Parts,
) -> Result<Arc<KeyOwner>, Problem> {
    let signed = verify::read(services, parts, &[])?;
    let (host, gate) = (signed.key_id().address().authority().to_owned(), services.gate);
    let shut_out = services.state.read_brief(move |conn| gate.shuts_out(conn, &host));
    if shut_out.await.map_err(Error::from)? {
        return Err(Problem::forbidden("This server does not show anything to yours"));
    }
    Ok(verify::verify(services, budget, parts, &signed).await?)
}
