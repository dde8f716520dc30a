//! Whether the directory says what it should.

use super::contents::Contents;
use crate::service::{Mode, Service, snapshot::Snapshot};

impl Service {
    /// Whether the document of a DID in the directory lists all that it should. `false` in other modes, and if nobody can
    /// say.
    pub(crate) async fn is_in_directory(&self, snapshot: &Snapshot) -> bool {
        let in_directory = |mode| matches!(mode, Mode::DidPlc | Mode::AttachAccount);
        if !snapshot.identity.as_ref().is_some_and(|identity| in_directory(identity.mode)) {
            return false;
        }
        let (dids, Ok(endpoint)) = (self.dids(snapshot), self.endpoint()) else {
            return false;
        };
        let Some(did) = dids.first() else {
            return false;
        };
        let Ok(identity) = self.parts.resolver.refresh(did).await else {
            return false;
        };
        let Contents { services, verification_methods } = Contents::of(snapshot, &endpoint);
        let listed = |name: &str| identity.document.service(name);
        let key = |name: &str| identity.document.key(name);
        let nothing_to_list = services.is_empty() && verification_methods.is_empty();
        !nothing_to_list
            && services.iter().all(|(name, ours)| {
                listed(name).is_some_and(|there| there.kind == ours.kind && there.endpoint == ours.endpoint)
            })
            && verification_methods
                .iter()
                .all(|(name, ours)| key(name).is_some_and(|there| there.did_key() == *ours))
    }
}
