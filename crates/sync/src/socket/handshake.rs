//! Who is at the door (spec/sync.md §3.2).

use std::fmt::Display;
use std::sync::Arc;
use std::time::{Duration, Instant};

use futures::future::BoxFuture;
use serde::Deserialize;
use serde_json::Value as Json;
use server::Sent;
use socketioxide::adapter::LocalAdapter;
use socketioxide::extract::{SocketRef, TryData};
use socketioxide::handler::{ConnectHandler, FromConnectParts, Value};
use socketioxide::socket::Socket;

use super::connection::Connection;
use super::dispatch::Dispatcher;
use super::server::CONNECT_TIMEOUT;
use crate::client::claimed_name;
use crate::live::{AppState, Feed, Listener, Owed};
use crate::services::Services;
use crate::tokens::Identity;
use crate::updates::Scope;

/// Lets sockets in.
#[derive(Clone)]
pub(super) struct Entrance(pub(super) Services);

/// As the library has it: what a middleware answers.
type Verdict<'a> = BoxFuture<'a, Result<(), Box<dyn Display + Send>>>;

impl ConnectHandler<LocalAdapter, ()> for Entrance {
    /// Called in the moment in which the client is told that it is connected: what happens from now on it is told, so
    /// there must be nothing to wait for.
    fn call(&self, socket: Arc<Socket>, _: Option<Value>) {
        if let Some(Admitted { connection, after }) = socket.extensions.remove::<Admitted>() {
            let on_end = connection.clone();
            socket.on_disconnect(async move || on_end.end());
            connection.begin(after);
        }
    }

    fn call_middleware<'a>(&'a self, socket: Arc<Socket>, auth: &'a Option<Value>) -> Verdict<'a> {
        Box::pin(async move {
            let Ok(socket_ref) = SocketRef::from_connect_parts(&socket, auth);
            let Ok(TryData(auth)) = TryData::<Auth>::from_connect_parts(&socket, auth);
            let admitted = admit(self.0.clone(), socket_ref, auth.unwrap_or_default()).await;
            admitted.map_err(|refusal| Box::new(refusal) as Box<dyn Display + Send>)
        })
    }
}

/// What `40{…}` carries. Fields of another type than they should have count as absent.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Auth {
    token: Json,
    client_type: Json,
    session_id: Json,
    machine_id: Json,
    app_state: Json,
    happy_client: Json,
    /// Not of the reference: the number of the last update the client knows; it is told what came after it.
    since: Json,
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
async fn admit(services: Services, socket: SocketRef, auth: Auth) -> Result<(), &'static str> {
    let token = text(&auth.token).ok_or("Missing authentication token")?;
    let scope = scope(&auth)?;
    let refused = "Invalid authentication token";
    let (Identity { account, token }, feed, position) =
        identify(&services, token).await.ok_or(UNREACHABLE)?.ok_or(refused)?;
    let owed = Owed::new(services.relay.hub().ledger.clone(), connection(&socket));
    let listener = Arc::new(Listener::new(socket.clone(), scope, token, owed));
    match text(&auth.app_state) {
        Some("active") => listener.set_app_state(AppState::Active),
        Some(_) => listener.set_app_state(AppState::Background),
        None => {}
    }
    let after = auth.since.as_i64().map_or(position, |since| since.clamp(0, position));
    let client = text(&auth.happy_client).or_else(|| claimed_name(&socket.req_parts().headers));
    if let Some(client) = client {
        services.clients.admit(client);
    }
    let meters = services.clients.sockets(client);
    let connection = Arc::new(Connection::new(services, account, feed, listener, meters));
    socket.on_fallback(Dispatcher(connection.clone()));
    socket.extensions.insert(Admitted { connection, after });
    Ok(())
}

/// What the client is not told: its connection has been closed by then, so that it comes again.
const UNREACHABLE: &str = "Try again";

/// How long to wait before asking the database again.
const PAUSE: Duration = Duration::from_secs(1);

/// Whose token it is, with the account's feed and its position; nothing inside if it is nobody's. A client that is refused does not
/// come again, so while the database does not answer it waits, and nothing at all is the answer when its connection has been closed
/// for that.
async fn identify(services: &Services, token: &str) -> Option<Option<(Identity, Arc<Feed>, i64)>> {
    let asked = Instant::now();
    loop {
        match services.tokens.verify_anew(token).await {
            Ok(None) => return Some(None),
            Ok(Some(identity)) => {
                let feed = services.relay.hub().open(&identity.account);
                match feed.position().await {
                    Ok(position) => return Some(Some((identity, feed, position))),
                    Err(error) => tracing::debug!(%error, "a socket waits for the log"),
                }
            }
            Err(error) => tracing::debug!(%error, "a socket waits for its token to be verified"),
        }
        if asked.elapsed() > CONNECT_TIMEOUT + PAUSE {
            return None;
        }
        tokio::time::sleep(PAUSE).await;
    }
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

/// What the connection was sent on which the socket stays: one that began by polling goes on with others.
fn connection(socket: &SocketRef) -> Option<Sent> {
    let opened = socket.req_parts();
    let query = opened.uri.query().unwrap_or_default();
    let stays = query.split('&').any(|parameter| parameter == "transport=websocket");
    opened.extensions.get::<Sent>().filter(|_| stays).cloned()
}

/// A text that says something.
fn text(value: &Json) -> Option<&str> {
    value.as_str().filter(|text| !text.is_empty() && text.len() <= 1024)
}
