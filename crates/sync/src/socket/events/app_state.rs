//! `app-state`: whether a person looks at the app.

use serde::Deserialize;

use crate::live::AppState;
use crate::socket::dispatch::Incoming;

#[derive(Deserialize)]
struct Said {
    state: Option<String>,
}

pub(in crate::socket) fn set(mut event: Incoming<'_>) {
    let said = event.data::<Said>().and_then(|said| said.state);
    let state = if said.as_deref() == Some("active") { AppState::Active } else { AppState::Background };
    let connection = event.connection;
    connection.listener.set_app_state(state);
    connection.say_watched();
}
