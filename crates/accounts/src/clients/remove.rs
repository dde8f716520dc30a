//! Removing a client.

use events::{Event, kinds};
use serde_json::json;
use store::v;

use super::{ApiClient, ClientError, ClientRegistry, Clients};

impl Clients {
    /// Removes a client as [`ClientRegistry::remove`] does, and has its users' PDSes told that its sessions are over.
    pub async fn remove(&self, by: Option<&str>, id: &str) -> Result<(), ClientError> {
        let client = self.get(id).await?;
        self.remove_client(by, &client).await
    }

    pub(super) async fn remove_client(
        &self,
        by: Option<&str>,
        client: &ApiClient,
    ) -> Result<(), ClientError> {
        // Before: they go with the client.
        let revocations = self.parts.pds.revocations_of_app(&client.id).await?;
        self.registry.remove_client(by, client).await?;
        self.parts.pds.revoke_later(revocations);
        Ok(())
    }
}

impl ClientRegistry {
    /// Removes a client with its children, keys, sessions and delegations, on this instance at once and on others
    /// within seconds. `by` is the DID of whoever does it.
    pub async fn remove(&self, by: Option<&str>, id: &str) -> Result<(), ClientError> {
        let client = self.get(id).await?;
        self.remove_client(by, &client).await
    }

    async fn remove_client(&self, by: Option<&str>, client: &ApiClient) -> Result<(), ClientError> {
        let id = client.id.clone();
        let removed =
            self.state.write(move |conn| conn.execute("DELETE FROM api_clients WHERE id = $1", &[v(&id)]));
        if removed.await? == 0 {
            return Err(ClientError::NoSuchClient);
        }
        self.changes.note();
        self.events.record(
            Event::new(kinds::API_CLIENT_DELETED)
                .actor(by)
                .subject(&client.id)
                .detail(json!({ "name": client.name })),
        );
        Ok(())
    }
}
