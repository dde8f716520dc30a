//! One connected socket, as whoever feeds it sees it.

use std::sync::atomic::{AtomicU8, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use serde_json::value::RawValue;
use socketioxide::extract::SocketRef;
use socketioxide::{SendError, SocketError};
use tokio_util::sync::CancellationToken;

use super::Owed;
use crate::updates::{Audience, Scope, Update};

/// Whether a person looks at the app (spec/sync.md §3.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum AppState {
    /// It never said.
    Unknown,
    Active,
    Background,
}

/// A socket that is told what happens.
pub(crate) struct Listener {
    /// Its Socket.IO id.
    pub(crate) id: Arc<str>,
    pub(crate) scope: Scope,
    /// The row id of the token it came with, which may be revoked.
    pub(crate) token: Arc<str>,
    pub(crate) socket: SocketRef,
    /// Cancelled when the socket may be spoken to. Its client may be quicker than the server's own note of that.
    pub(crate) begun: CancellationToken,
    /// Cancelled when the socket is gone.
    pub(crate) gone: CancellationToken,
    pub(crate) owed: Owed,
    app_state: AtomicU8,
    /// If it could not take everything: the number of the last update it took. It gets the rest from the log.
    behind: Mutex<Option<i64>>,
}

impl Listener {
    pub(crate) fn new(socket: SocketRef, scope: Scope, token: Arc<str>, owed: Owed) -> Self {
        let id = socket.id.as_str().into();
        let app_state = AtomicU8::new(AppState::Unknown as u8);
        let (begun, gone) = (CancellationToken::new(), CancellationToken::new());
        Self { id, scope, token, socket, begun, gone, owed, app_state, behind: Mutex::new(None) }
    }

    pub(crate) fn set_app_state(&self, state: AppState) {
        self.app_state.store(state as u8, Ordering::Relaxed);
    }

    pub(crate) fn is_watched(&self) -> bool {
        self.scope == Scope::User && self.app_state.load(Ordering::Relaxed) == AppState::Active as u8
    }

    pub(super) fn behind(&self) -> Option<i64> {
        *self.behind.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn set_behind(&self, after: Option<i64>) {
        *self.behind.lock().unwrap_or_else(PoisonError::into_inner) = after;
    }

    /// Tells it, if it is for it. `false`: it takes no more for now.
    pub(super) fn tell(&self, update: &Update) -> bool {
        let is_own =
            update.except.as_ref() == Some(&self.id) && !faults::mutant!("sync-told-back-to-its-sender");
        let concerns = update.audience.reaches(&self.scope) && !is_own;
        !concerns || self.emit("update", &update.envelope)
    }

    /// Tells it of something that passes. What it cannot take now it need not know.
    pub(super) fn mention(&self, audience: &Audience, body: &RawValue) {
        if audience.reaches(&self.scope) {
            self.emit("ephemeral", body);
        }
    }

    fn emit(&self, event: &str, body: &RawValue) -> bool {
        let has_room = self.owed.give(body.get().len()) || faults::mutant!("sync-given-without-bound");
        has_room
            && !matches!(
                self.socket.emit(event, body),
                Err(SendError::Socket(SocketError::InternalChannelFull))
            )
    }
}
