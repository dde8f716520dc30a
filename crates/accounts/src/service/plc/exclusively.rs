//! One change of the DID at a time, whichever instance makes it, and to its end.

use std::{panic, time::Duration};

use tracing::warn;

use crate::service::{Service, ServiceError};

/// Longer than the directory and a PDS together take.
const LEASE: Duration = Duration::from_mins(2);

impl Service {
    /// Does something that leads to an operation; an error if somebody else is doing so. Operations form a chain: of two
    /// that follow the same one, the directory takes one at best. The work goes on when whoever asked for it has gone,
    /// so that what the directory took is also noted here.
    pub(super) async fn exclusively<T, F>(
        &self,
        work: impl FnOnce(Service) -> F + Send + 'static,
    ) -> Result<T, ServiceError>
    where
        T: Send + 'static,
        F: Future<Output = Result<T, ServiceError>> + Send,
    {
        let service = self.clone();
        let task = tokio::spawn(async move {
            let lease = service.parts.cache.try_lock("plc-operation", LEASE).await?;
            let lease = lease.ok_or(ServiceError::Busy)?;
            let outcome = work(service).await;
            if let Err(error) = lease.release().await {
                warn!(%error, "the DID cannot be changed again before the lock on it expires");
            }
            outcome
        });
        task.await.unwrap_or_else(|error| match error.try_into_panic() {
            Ok(cause) => panic::resume_unwind(cause),
            // The server is shutting down.
            Err(_) => Err(ServiceError::Busy),
        })
    }
}
