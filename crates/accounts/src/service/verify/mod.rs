//! Believing a token that another server signed for its user (spec/appview.md §3.4).

mod admission;
mod issuer;
mod meant;
mod refusal;
mod signature;

use std::time::Duration;

use ::time::OffsetDateTime;
use atproto::{
    Nsid,
    service_auth::{Expect, ServiceAuthError, ServiceToken},
};
use bytes::Bytes;
use events::{Event, kinds};
use metrics::counter;
use serde_json::json;

pub use meant::Meant;
pub use refusal::{Refusal, VerifyError};

use super::{Service, snapshot::Snapshot};

/// How many refusals of services become events at once, and how many of them per second in the long run. The metric
/// counts all.
const MAX_DENIED: u32 = 100;
const DENIED_PER_SECOND: f64 = 0.1;

/// A call in somebody's name that may be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServiceCall {
    /// In whose name: a DID; with `#` and a name if it was signed not by the account but by one of its services.
    pub issuer: String,
    /// The method it is for; `None` on routes that are none.
    pub lxm: Option<Nsid>,
}

impl Service {
    /// Believes a token, once, for calling `method`, or a route that is no method; says whom it speaks for.
    ///
    /// What costs nothing is checked first. That a service does not admit the method is only said to an issuer who
    /// is known, and only that is an event: otherwise strangers could fill the log.
    pub async fn verify(&self, token: &str, method: Option<&Nsid>) -> Result<ServiceCall, VerifyError> {
        let outcome = self.verify_token(token, method).await;
        let label = match &outcome {
            Ok(_) => "accepted",
            Err(VerifyError::Refused(refusal)) => refusal.label(),
            Err(VerifyError::Unavailable(_)) => "unavailable",
        };
        counter!("service_auth_tokens_total", "outcome" => label).increment(1);
        outcome
    }

    async fn verify_token(&self, token: &str, method: Option<&Nsid>) -> Result<ServiceCall, VerifyError> {
        let token = ServiceToken::parse(token)?;
        let snapshot = self.snapshot().await.map_err(VerifyError::unavailable)?;
        let now = OffsetDateTime::now_utc().unix_timestamp();
        self.check_claims(&token, &snapshot, method, now)?;
        self.check_signature(&token).await?;
        self.spend(&token, now).await?;
        let fragment = token.audience_fragment.as_deref();
        if let Err(refusal) = admission::admit(&snapshot.entries, fragment, method.map(Nsid::as_str)) {
            self.note_denied(&token, method, &refusal).await;
            return Err(refusal.into());
        }
        Ok(ServiceCall { issuer: issuer::principal(&token), lxm: token.lxm })
    }

    /// Whether the token is for us, the method and the moment.
    fn check_claims(
        &self,
        token: &ServiceToken,
        snapshot: &Snapshot,
        method: Option<&Nsid>,
        now: i64,
    ) -> Result<(), VerifyError> {
        let ours = self.dids(snapshot);
        if ours.is_empty() {
            return Err(Refusal::NotExposed.into());
        }
        let audience = ours.iter().find(|did| **did == token.audience).ok_or(ServiceAuthError::Audience)?;
        Ok(token.check(&Expect { audience, lxm: method, now })?)
    }

    /// Remembers the token until it has expired anyway, on all instances. A stranger cannot spend somebody else's: its
    /// signature is checked first.
    async fn spend(&self, token: &ServiceToken, now: i64) -> Result<(), VerifyError> {
        let seconds = u64::try_from(token.exp.saturating_sub(now)).unwrap_or_default();
        let key = format!("service-token:{}", token.replay_key());
        // A second longer, because `exp` is compared with whole seconds.
        let ttl = Duration::from_secs(seconds + 1);
        match self.parts.cache.set_if_absent(&key, Bytes::new(), ttl).await {
            Ok(true) => Ok(()),
            Ok(false) if faults::mutant!("accounts-service-token-used-twice") => Ok(()),
            Ok(false) => Err(Refusal::Replayed.into()),
            Err(error) => Err(VerifyError::unavailable(error)),
        }
    }

    /// Anybody can have a DID, and sign with it as often as they like: the log takes only so many.
    async fn note_denied(&self, token: &ServiceToken, method: Option<&Nsid>, refusal: &Refusal) {
        let noted = self.parts.cache.token_bucket("service-denied", MAX_DENIED, DENIED_PER_SECOND, 1).await;
        if noted.is_ok_and(|decision| !decision.allowed) {
            return;
        }
        let fragment = token.audience_fragment.as_ref().map(|name| format!("#{name}"));
        let event = Event::new(kinds::SERVICE_AUTH_ACCESS_DENIED).actor(token.issuer.as_str());
        self.parts.events.record(
            event
                .subject(method.map_or("", Nsid::as_str))
                .detail(json!({ "fragment": fragment, "reason": refusal.label() })),
        );
    }
}
