//! How the server is reached: protocol, time bounds and reconnecting.

use crate::Error;
use redis::aio::{ConnectionManager, ConnectionManagerConfig};
use redis::{Client, IntoConnectionInfo, ProtocolVersion};
use std::time::Duration;

/// For one attempt to connect, and for one answer.
const TIMEOUT: Duration = Duration::from_secs(2);

/// Attempts beside the first before commands fail. While the server is away they fail soon rather than queue up; each
/// later command tries again.
const RETRIES: usize = 2;

pub(super) fn client(url: &str) -> Result<Client, Error> {
    let open = || {
        let info = url.into_connection_info()?;
        // RESP3, because with it a broken connection is noticed, and made again, while idle; with RESP2 the next command
        // has to fail first.
        let settings = info.redis_settings().clone().set_protocol(ProtocolVersion::RESP3);
        Client::open(info.set_redis_settings(settings))
    };
    open().map_err(|source| Error::Url { source })
}

pub(super) async fn manager(client: &Client) -> Result<ConnectionManager, Error> {
    let config = ConnectionManagerConfig::new()
        .set_connection_timeout(Some(TIMEOUT))
        .set_response_timeout(Some(TIMEOUT))
        .set_number_of_retries(RETRIES)
        .set_pipeline_buffer_size(1024);
    ConnectionManager::new_with_config(client.clone(), config)
        .await
        .map_err(|source| Error::Connect { server: server(client), source })
}

/// Host and port, for people: without the password.
pub(super) fn server(client: &Client) -> String {
    client.get_connection_info().addr().to_string()
}
