//! Refreshing the tokens of a session: exactly once, whoever asks and however often.
//!
//! Within this process, callers share one task, which goes on when all of them have gone. Between instances, the row is
//! claimed for a while; the others wait until its version changes. A claim ends by itself if its holder dies.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use futures::{
    FutureExt,
    future::{BoxFuture, Shared},
};
use identity::Identity;
use store::v;
use tokio::time::{Instant, sleep};
use tracing::{error, warn};

use super::{
    PdsSessions,
    row::{Grant, Sealed},
    save::load,
    tokens::Tokens,
};
use crate::{
    clock::{micros, now_micros},
    pds::PdsError,
};

/// Longer than a refresh can take: finding the server and asking it twice.
const CLAIM: time::Duration = time::Duration::seconds(90);

/// How often the row is looked at while somebody else refreshes.
const POLL: Duration = Duration::from_millis(100);

/// For how long new tokens are tried to be stored when the database fails.
const PERSISTENCE: Duration = Duration::from_mins(2);

type Renewal = Shared<BoxFuture<'static, Result<Arc<Grant>, PdsError>>>;

/// The refreshes under way in this process, by session.
#[derive(Default)]
pub(super) struct Renewals {
    running: Mutex<HashMap<Arc<str>, Renewal>>,
}

impl Renewals {
    fn lock(&self) -> MutexGuard<'_, HashMap<Arc<str>, Renewal>> {
        self.running.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A renewal under way; it is over when this is dropped, even by a panic.
struct Task {
    sessions: PdsSessions,
    seen: Arc<Grant>,
}

impl Drop for Task {
    fn drop(&mut self) {
        self.sessions.shared.renewals.lock().remove(&self.seen.id);
    }
}

/// The outcome of asking for the right to refresh.
enum Claim {
    Granted,
    /// Tokens that are newer than those that were seen.
    Newer(Box<Sealed>),
    /// Somebody else is at it.
    Taken,
    Gone,
}

impl PdsSessions {
    /// The session with newer tokens than `seen`, which somebody else may have got already.
    pub(super) async fn renew(&self, seen: &Arc<Grant>) -> Result<Arc<Grant>, PdsError> {
        loop {
            let renewal = self.renewal(seen);
            let renewed = renewal.await?;
            // A renewal that had begun before `seen` was read may bring just that.
            if renewed.version > seen.version {
                return Ok(renewed);
            }
            tokio::task::yield_now().await;
        }
    }

    /// The renewal that is under way, or a new one.
    fn renewal(&self, seen: &Arc<Grant>) -> Renewal {
        let mut running = self.shared.renewals.lock();
        if let Some(renewal) = running.get(&seen.id) {
            return renewal.clone();
        }
        let task = Task { sessions: self.clone(), seen: seen.clone() };
        let task = self.shared.errands.spawn(async move { task.sessions.renew_alone(&task.seen).await });
        let renewal = task.map(|joined| joined.unwrap_or(Err(PdsError::Busy))).boxed().shared();
        running.insert(seen.id.clone(), renewal.clone());
        renewal
    }

    async fn renew_alone(&self, seen: &Arc<Grant>) -> Result<Arc<Grant>, PdsError> {
        let patience = Instant::now() + CLAIM.unsigned_abs();
        loop {
            match self.claim(seen).await? {
                Claim::Granted => return self.renew_claimed(seen).await,
                Claim::Newer(sealed) => return Ok(Arc::new(sealed.open(&self.shared.vault)?)),
                Claim::Gone => return Err(PdsError::Ended),
                Claim::Taken if Instant::now() > patience => return Err(PdsError::Busy),
                Claim::Taken => sleep(POLL).await,
            }
        }
    }

    async fn claim(&self, seen: &Grant) -> Result<Claim, PdsError> {
        let (id, version, now) = (seen.id.clone(), seen.version, now_micros());
        let until = now.saturating_add(micros(CLAIM));
        let claim = self.shared.state.write(move |conn| {
            let claimed = conn.execute(
                "UPDATE pds_sessions SET refreshing_until = $3 \
                 WHERE id = $1 AND version = $2 AND (refreshing_until IS NULL OR refreshing_until <= $4)",
                &[v(&*id), v(version), v(until), v(now)],
            )?;
            if claimed > 0 {
                return Ok::<_, store::Error>(Claim::Granted);
            }
            Ok(match load(conn, &id)? {
                None => Claim::Gone,
                Some(sealed) if sealed.version != version => Claim::Newer(Box::new(sealed)),
                Some(_) => Claim::Taken,
            })
        });
        Ok(claim.await?)
    }

    async fn renew_claimed(&self, seen: &Arc<Grant>) -> Result<Arc<Grant>, PdsError> {
        let outcome = match self.exchange(seen).await {
            Ok(tokens) => self.keep(seen, tokens).await,
            // Asking again can never help.
            Err(error) if matches!(error, PdsError::Ended) || error.is_refusal("invalid_grant") => {
                self.give_up(seen).await
            }
            Err(error) => {
                self.release(seen).await?;
                Err(error)
            }
        };
        let label = match &outcome {
            Ok(_) => "renewed",
            Err(PdsError::Ended) => "ended",
            Err(_) => "failed",
        };
        metrics::counter!("pds_session_renewals_total", "outcome" => label).increment(1);
        outcome
    }

    /// Asks the authorization server. From the moment the request is sent, the old refresh token may be void.
    async fn exchange(&self, seen: &Grant) -> Result<Tokens, PdsError> {
        let Some(refresh_token) = &seen.refresh_token else { return Err(PdsError::Ended) };
        if self.has_moved(seen).await {
            return Err(PdsError::Ended);
        }
        let server = self.shared.authorities.with_issuer(&seen.issuer).await?;
        let grant = [
            ("grant_type", "refresh_token"),
            ("refresh_token", refresh_token),
            ("client_id", &seen.client_id),
        ];
        let answer = self.shared.authorities.tokens(&server, &seen.key, &grant).await?;
        if answer.sub != seen.did {
            warn!(issuer = seen.issuer, did = %seen.did, found = %answer.sub, "tokens for another account");
            return Err(PdsError::Ended);
        }
        let mut tokens = Tokens::of(answer);
        // A server that sends none goes on accepting the old one (RFC 6749 §6).
        tokens.refresh_token.get_or_insert_with(|| refresh_token.clone());
        Ok(tokens)
    }

    /// Whether the account has a new home by now, whose answers count; the old one's do not. What is remembered of it may
    /// be from before it moved to the home that this session is with, so the document is looked at again.
    async fn has_moved(&self, seen: &Grant) -> bool {
        let elsewhere = |identity: Arc<Identity>| {
            identity.pds.as_ref().is_some_and(|pds| pds.origin() != seen.pds.origin())
        };
        let resolver = &self.shared.resolver;
        resolver.resolve_did(&seen.did).await.is_ok_and(elsewhere)
            && resolver.refresh(&seen.did).await.is_ok_and(elsewhere)
    }

    /// Stores new tokens, which nobody uses before that. The old ones are void, so a failing database is asked again.
    async fn keep(&self, seen: &Grant, tokens: Tokens) -> Result<Arc<Grant>, PdsError> {
        let give_up = Instant::now() + PERSISTENCE;
        let mut pause = POLL;
        let stored = loop {
            match self.replace(&seen.id, seen.version, &tokens).await {
                Err(cause) if Instant::now() < give_up => {
                    error!(%cause, did = %seen.did, "cannot store refreshed tokens; will go on trying");
                    sleep(pause).await;
                    pause = (pause * 2).min(Duration::from_secs(1));
                }
                outcome => break outcome?,
            }
        };
        if !stored {
            // Somebody signed out, or registered new tokens, in the meantime.
            self.revoke(Grant { refresh_token: tokens.refresh_token, ..seen.clone() });
        }
        self.grant(&seen.id).await?.ok_or(PdsError::Ended)
    }

    /// Removes a session that its authorization server does not know any more, unless there are newer tokens.
    async fn give_up(&self, seen: &Grant) -> Result<Arc<Grant>, PdsError> {
        let (id, version) = (seen.id.clone(), seen.version);
        let deleted = self.shared.state.write(move |conn| {
            conn.execute("DELETE FROM pds_sessions WHERE id = $1 AND version = $2", &[v(&*id), v(version)])
        });
        deleted.await?;
        self.grant(&seen.id).await?.ok_or(PdsError::Ended)
    }

    async fn release(&self, seen: &Grant) -> Result<(), PdsError> {
        let (id, version) = (seen.id.clone(), seen.version);
        let released = self.shared.state.write(move |conn| {
            let sql = "UPDATE pds_sessions SET refreshing_until = NULL WHERE id = $1 AND version = $2";
            conn.execute(sql, &[v(&*id), v(version)])
        });
        released.await?;
        Ok(())
    }
}
