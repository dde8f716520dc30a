//! Bringing our own DID up to date.

use atproto::Did;
use events::{Event, kinds};
use serde_json::json;

use super::contents::Contents;
use crate::{
    clock::now_micros,
    service::{Mode, Published, Service, ServiceError, ServiceIdentity, instance::note_published},
};

impl Service {
    /// Has the directory list the entries and keys there are now, registering the DID if need be. What others put into
    /// the document stays, and so do its names and rotation keys.
    pub async fn sync(&self, actor: Option<&str>) -> Result<(), ServiceError> {
        let actor = actor.map(str::to_owned);
        self.exclusively(|service| async move { service.sync_alone(actor.as_deref()).await }).await
    }

    async fn sync_alone(&self, actor: Option<&str>) -> Result<(), ServiceError> {
        let identity = self.parts.state.read(|conn| ServiceIdentity::in_mode(conn, Mode::DidPlc)).await?;
        let Some(did) = identity.registered else {
            // After the setup this is the only way to a DID for whoever changed their mind.
            return self.register_alone(actor).await.map(drop);
        };
        let contents = Contents::of(&*self.snapshot().await?, &self.endpoint()?);
        let latest = self.latest(&did).await?;
        let gone = ServiceError::Unchangeable("the DID was given up: nothing can follow");
        let mut next = latest.next().ok_or(gone)?;
        contents.put_into(&mut next, &identity.published.of(&did))?;
        if latest.next().as_ref() != Some(&next) {
            let key = self.rotation_key().await?;
            if !next.rotation_keys.contains(&key.public().did_key()) {
                return Err(ServiceError::Unchangeable(
                    "the rotation key of this server may no longer change the DID; change it with the key that may",
                ));
            }
            self.submit(&did, &next.sign(&key)?).await?;
        }
        self.note_synced(&did, contents.published(&did), actor).await
    }

    /// Remembers what is ours in the document, and that what was known of it is outdated.
    pub(super) async fn note_synced(
        &self,
        did: &Did,
        published: Published,
        actor: Option<&str>,
    ) -> Result<(), ServiceError> {
        let now = now_micros();
        let detail = json!({ "services": published.services });
        self.changed(move |conn| note_published(conn, &published, now)).await?;
        self.parts.resolver.invalidate(did).await;
        let event = Event::new(kinds::SERVICE_ENTRY_PLC_SYNCED).actor(actor).subject(did.as_str());
        self.parts.events.record(event.detail(detail));
        Ok(())
    }
}
