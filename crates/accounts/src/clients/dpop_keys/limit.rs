//! How many keys can be asked for.

use tracing::warn;

use crate::clients::{ApiClient, ClientError, Clients, RateLimit};

/// Anybody can ask for keys of a public client, and each is kept for an hour: no more than 36,000 and this capacity.
const LIMIT: RateLimit = RateLimit { capacity: 1000, refill_rate: 10.0 };

impl Clients {
    /// Counts a key that a client asks for.
    pub(super) async fn limit_keys(&self, client: &ApiClient) -> Result<(), ClientError> {
        let bucket = format!("dpop-keys:{}", client.client_key);
        match self.parts.cache.token_bucket(&bucket, LIMIT.capacity, LIMIT.refill_rate, 1).await {
            Ok(decision) if decision.allowed => Ok(()),
            Ok(decision) => {
                Err(ClientError::TooMany { retry_after: decision.retry_after.unwrap_or_default() })
            }
            Err(error) => {
                warn!(%error, "keys are not counted");
                Ok(())
            }
        }
    }
}
