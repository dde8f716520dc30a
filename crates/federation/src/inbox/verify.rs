//! Who sent a request (spec/social.md §4.7, steps 5 and 6; §4.8).

use std::sync::Arc;
use std::time::SystemTime;

use activitypub::signature::{Request, SignatureError, Signed, Terms, Window};
use http::request::Parts;
use server::Problem;

use crate::actors::{KeyOwner, Unknown};
use crate::bounds::{Origin, TooMuch};
use crate::fetch::Budget;
use crate::services::Services;

/// A key that is known for longer may have been replaced, in microseconds.
const DOUBTFUL: i64 = 300_000_000;

/// Why a request is not believed: 401, and 429 if that was not even looked at.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Refused {
    #[error(transparent)]
    Signature(#[from] SignatureError),
    #[error(transparent)]
    Key(#[from] Unknown),
    #[error("too much has come from there")]
    TooMuch(TooMuch),
}

impl From<Refused> for Problem {
    fn from(refused: Refused) -> Self {
        match refused {
            Refused::TooMuch(too_much) | Refused::Key(Unknown::TooMuch(too_much)) => too_much.into(),
            refused => Self::unauthorized(refused.to_string()),
        }
    }
}

/// Everything about the signature of a request that needs no key.
pub(crate) fn read(services: &Services, parts: &Parts, body: &[u8]) -> Result<Signed, Refused> {
    let address = services.names.address();
    let target = parts.uri.path_and_query().map_or("/", |target| target.as_str());
    let target = format!("{}{target}", services.names.prefix());
    let request = Request {
        method: &parts.method,
        scheme: address.url().scheme(),
        authority: address.authority(),
        target: &target,
        headers: &parts.headers,
    };
    let window = Window(services.config.signature_window);
    Ok(Signed::read(&request, &Terms { now: SystemTime::now(), window, body })?)
}

/// Whose signature it is, whose host then has to keep to its own bounds.
pub(crate) async fn verify(
    services: &Services,
    budget: &Budget,
    parts: &Parts,
    signed: &Signed,
) -> Result<Arc<KeyOwner>, Refused> {
    let from = Origin::of(parts);
    let owner = believe(services, budget, &from, signed).await?;
    services.bounds.admit_host(&from, owner.owner.authority()).await.map_err(Refused::TooMuch)?;
    Ok(owner)
}

/// A key that does not fit and has been known for a while is asked for once more: it may be another now.
async fn believe(
    services: &Services,
    budget: &Budget,
    from: &Origin,
    signed: &Signed,
) -> Result<Arc<KeyOwner>, Refused> {
    let owner = services.actors.key(budget, from, signed.key_id(), false).await?;
    let refused = match signed.verify(&owner.key) {
        Ok(()) => return Ok(owner),
        Err(refused) => refused,
    };
    if clock::now_micros() - owner.since < DOUBTFUL / i64::from(services.config.time_scale.max(1)) {
        return Err(refused.into());
    }
    let fresh = services.actors.key(budget, from, signed.key_id(), true).await?;
    signed.verify(&fresh.key)?;
    Ok(fresh)
}
