//! What every verification and every document is made of, read together.

use std::sync::Arc;

use store::Conn;

use super::{
    Service, ServiceError, entries::ServiceEntry, instance::ServiceIdentity, methods::VerificationMethod,
};

/// The state of the service identity at one moment.
#[derive(Debug)]
pub(crate) struct Snapshot {
    pub(crate) identity: Option<ServiceIdentity>,
    pub(crate) entries: Vec<ServiceEntry>,
    pub(crate) methods: Vec<VerificationMethod>,
}

impl Snapshot {
    pub(crate) fn load(conn: &mut Conn<'_>) -> Result<Self, ServiceError> {
        Ok(Self {
            identity: ServiceIdentity::load(conn)?,
            entries: ServiceEntry::load(conn)?,
            methods: VerificationMethod::load(conn)?,
        })
    }
}

impl Service {
    /// The state of moments ago, or of now if it was changed through this instance.
    pub(crate) async fn snapshot(&self) -> Result<Arc<Snapshot>, ServiceError> {
        if let Some(snapshot) = self.recent.get(&()) {
            return Ok(snapshot);
        }
        let began = self.recent.begin();
        let snapshot = Arc::new(self.parts.state.read(Snapshot::load).await?);
        self.recent.keep((), snapshot.clone(), began);
        Ok(snapshot)
    }

    /// Changes something in one transaction; snapshots from before are forgotten.
    pub(crate) async fn changed<T: Send + 'static>(
        &self,
        change: impl Fn(&mut Conn<'_>) -> Result<T, ServiceError> + Send + 'static,
    ) -> Result<T, ServiceError> {
        let outcome = self.parts.state.write(change).await;
        self.changes.note();
        outcome
    }
}
