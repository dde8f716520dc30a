//! New tokens in place of old ones: once, however many ask for them.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::Instant;

use super::grant::Grant;
use super::{PasswordError, PdsPasswords};

/// Longer than an exchange may take.
const LEASE: Duration = Duration::from_secs(20);

/// How long somebody waits for another's exchange.
const PATIENCE: Duration = Duration::from_secs(10);

const ASK_AGAIN: Duration = Duration::from_millis(100);

impl PdsPasswords {
    /// What has taken the place of `old`. One task of one instance exchanges it, all others wait for what it keeps.
    pub(super) async fn renew(&self, old: &Grant) -> Result<Arc<Grant>, PasswordError> {
        let lock = format!("registry:pds-renewal:{}:{}", old.did, old.id);
        let deadline = Instant::now() + PATIENCE;
        loop {
            // Taken before the look: nobody has exchanged it since.
            let lease = self.cache.try_lock(&lock, LEASE).await?;
            let current = self.load(&old.did, &old.id).await?.ok_or(PasswordError::Ended)?;
            let is_old = current.access == old.access;
            let outcome = match &lease {
                _ if !is_old => Ok(Some(current)),
                Some(_) => self.exchange_kept(&current).await.map(Some),
                None if Instant::now() >= deadline => Err(PasswordError::Busy),
                None => Ok(None),
            };
            if let Some(lease) = lease {
                lease.release().await?;
            }
            if let Some(grant) = outcome? {
                return Ok(Arc::new(grant));
            }
            tokio::time::sleep(ASK_AGAIN).await;
        }
    }

    async fn exchange_kept(&self, current: &Grant) -> Result<Grant, PasswordError> {
        match self.exchange(current).await {
            Ok(grant) => {
                self.save(&grant).await?;
                Ok(grant)
            }
            Err(PasswordError::Ended) => {
                self.forget(current).await?;
                Err(PasswordError::Ended)
            }
            Err(error) => Err(error),
        }
    }
}
