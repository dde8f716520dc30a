//! Which client is meant by a name on the command line.

use accounts::clients::{ApiClient, ClientError, ClientRegistry};
use anyhow::Result;

use crate::failure::Failure;

/// The client with this id or client key.
pub(super) async fn find(named: &str, clients: &ClientRegistry) -> Result<ApiClient> {
    match clients.get(named).await {
        Ok(client) => Ok(client),
        Err(ClientError::NoSuchClient) => {
            let with_key = clients.list(None).await?.into_iter().find(|client| client.client_key == named);
            Ok(with_key.ok_or_else(|| missing(named))?)
        }
        Err(error) => Err(error.into()),
    }
}

fn missing(named: &str) -> Failure {
    Failure::new(
        format!("there is no API client with the id or key `{named}`"),
        "`belvedere client list` shows those there are",
    )
}
