//! Somebody decides.

use std::time::Duration;

use super::{Decision, Flow, LIFE, Pending, UserCode, code_key, decision_key};
use crate::auth::Error;
use crate::auth::tokens::now_seconds;

/// Wrong codes of one guesser within a minute.
const MAX_WRONG: i64 = 5;

/// Why there is nothing to decide.
#[derive(Debug, thiserror::Error)]
pub(in crate::auth) enum Unknown {
    #[error("there is no device with this code; look again at what it shows")]
    Code,
    #[error("this code has expired; start again on the device")]
    Expired,
    #[error("too many wrong codes; try again in a minute")]
    TooMany,
    #[error(transparent)]
    Failed(#[from] Error),
}

impl From<cache::Error> for Unknown {
    fn from(error: cache::Error) -> Self {
        Self::Failed(error.into())
    }
}

impl Flow {
    /// What waits under a code; `guesser` is who asks, whose wrong codes are counted.
    pub(in crate::auth) async fn find(
        &self,
        text: &str,
        guesser: &str,
    ) -> Result<(UserCode, Pending), Unknown> {
        let wrong = format!("registry:wrong-codes:{guesser}");
        let minute = Duration::from_mins(1);
        // Counted before it is looked up, or many could be tried at once.
        if self.cache.increment(&wrong, 1, minute).await? > MAX_WRONG
            && !faults::mutant!("registry-code-guessed")
        {
            return Err(Unknown::TooMany);
        }
        let code = UserCode::parse(text).ok_or(Unknown::Code)?;
        let found = self.cache.get(&code_key(&code)).await?;
        let pending =
            found.and_then(|json| serde_json::from_slice::<Pending>(&json).ok()).ok_or(Unknown::Code)?;
        self.cache.increment(&wrong, -1, minute).await?;
        if pending.expires_at <= now_seconds() {
            return Err(Unknown::Expired);
        }
        Ok((code, pending))
    }

    /// Decides, once: whoever comes second finds nothing.
    pub(in crate::auth) async fn decide(
        &self,
        code: &UserCode,
        decision: &Decision,
    ) -> Result<Pending, Unknown> {
        let found = self.cache.take(&code_key(code)).await?;
        let pending =
            found.and_then(|json| serde_json::from_slice::<Pending>(&json).ok()).ok_or(Unknown::Code)?;
        if pending.expires_at <= now_seconds() {
            return Err(Unknown::Expired);
        }
        let json = serde_json::to_vec(decision).map_err(|error| Error::Asked(error.into()))?;
        self.cache.set(&decision_key(&pending.device), json.into(), LIFE).await?;
        Ok(pending)
    }
}
