//! Who is at the door (spec/sync.md §3.2).

use std::sync::Arc;

use serde::Deserialize;
use serde_json::Value;
use socketioxide::extract::{SocketRef, TryData};

use super::connection::Connection;
use super::dispatch::Dispatcher;
use crate::live::{AppState, Listener};
use crate::services::Services;
use crate::tokens::Identity;
use crate::updates::Scope;

#[derive(Clone)]
pub(super) struct Handshake {
    pub(super) services: Services,
}

/// What `40{…}` carries. Fields of another type than they should have count as absent.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Auth {
    token: Value,
    client_type: Value,
    session_id: Value,
    machine_id: Value,
    app_state: Value,
    /// Not of the reference: the number of the last update the client knows; it is told what came after it.
    since: Value,
}

/// Whoever is let in, before they are told that they are.
#[derive(Clone)]
struct Admitted {
    connection: Arc<Connection>,
    /// The number of the last update that they need not be told.
    after: i64,
}

/// Verifies the token and gets everything ready: a client says things as soon as it knows that it is connected. The error
/// is what a `CONNECT_ERROR` says.
pub(super) async fn admit(
    Handshake { services }: Handshake,
    socket: SocketRef,
    TryData(auth): TryData<Auth>,
) -> Result<(), &'static str> {
    let auth = auth.unwrap_or_default();
    let token = text(&auth.token).ok_or("Missing authentication token")?;
    let scope = scope(&auth)?;
    let refused = "Invalid authentication token";
    let identity = services.tokens.verify(token).await.ok().flatten().ok_or(refused)?;
    let Identity { account, token } = identity;
    let feed = services.relay.hub().open(&account);
    let position = feed.position().await.map_err(|_| refused)?;
    let listener = Arc::new(Listener::new(socket.clone(), scope, token));
    match text(&auth.app_state) {
        Some("active") => listener.set_app_state(AppState::Active),
        Some(_) => listener.set_app_state(AppState::Background),
        None => {}
    }
    let after = auth.since.as_i64().map_or(position, |since| since.clamp(0, position));
    let connection = Arc::new(Connection::new(services, account, feed, listener));
    socket.on_fallback(Dispatcher(connection.clone()));
    socket.extensions.insert(Admitted { connection, after });
    Ok(())
}

/// Begins to tell it what happens.
pub(super) async fn join(socket: SocketRef) {
    let Some(Admitted { connection, after }) = socket.extensions.remove::<Admitted>() else { return };
    let on_end = connection.clone();
    socket.on_disconnect(async move || on_end.end());
    connection.begin(after).await;
}

fn scope(auth: &Auth) -> Result<Scope, &'static str> {
    match text(&auth.client_type) {
        Some("session-scoped") => match text(&auth.session_id) {
            Some(id) => Ok(Scope::Session(id.into())),
            None => Err("Session ID required for session-scoped clients"),
        },
        Some("machine-scoped") => match text(&auth.machine_id) {
            Some(id) => Ok(Scope::Machine(id.into())),
            None => Err("Machine ID required for machine-scoped clients"),
        },
        _ => Ok(Scope::User),
    }
}

/// A text that says something.
fn text(value: &Value) -> Option<&str> {
    value.as_str().filter(|text| !text.is_empty() && text.len() <= 1024)
}
