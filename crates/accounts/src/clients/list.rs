//! Listing and showing clients.

use store::v;

use super::{ApiClient, ClientError, ClientRegistry};

impl ClientRegistry {
    /// Every client, or those made through one of them, newest first.
    pub async fn list(&self, parent_id: Option<&str>) -> Result<Vec<ApiClient>, ClientError> {
        let parent = parent_id.map(str::to_owned);
        self.state
            .read(move |conn| {
                let sql = format!(
                    "SELECT {} FROM api_clients c WHERE CAST($1 AS TEXT) IS NULL OR c.parent_client_id = $1 \
                     ORDER BY c.created_at DESC, c.id DESC",
                    ApiClient::COLUMNS
                );
                conn.query(&sql, &[v(parent.as_deref())], ApiClient::read)
            })
            .await
    }

    /// The client with this row id.
    pub async fn get(&self, id: &str) -> Result<ApiClient, ClientError> {
        let id = id.to_owned();
        let found = self.state.read(move |conn| {
            let sql = format!("SELECT {} FROM api_clients c WHERE c.id = $1", ApiClient::COLUMNS);
            conn.query_opt(&sql, &[v(&id)], ApiClient::read)
        });
        found.await?.ok_or(ClientError::NoSuchClient)
    }

    /// The clients that a user made through a client, newest first.
    pub(super) async fn list_owned(
        &self,
        parent_id: &str,
        owner: &str,
    ) -> Result<Vec<ApiClient>, ClientError> {
        let (parent_id, owner) = (parent_id.to_owned(), owner.to_owned());
        self.state
            .read(move |conn| {
                let sql = format!(
                    "SELECT {} FROM api_clients c WHERE c.parent_client_id = $1 AND c.owner_did = $2 \
                     ORDER BY c.created_at DESC, c.id DESC",
                    ApiClient::COLUMNS
                );
                conn.query(&sql, &[v(&parent_id), v(&owner)], ApiClient::read)
            })
            .await
    }
}
