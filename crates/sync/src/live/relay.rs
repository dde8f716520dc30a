//! Writes, then tells.

use std::sync::Arc;

use store::{Conn, Database, Engine};

use super::Hub;
use super::bus::{Bus, Outgoing};
use super::turns::Turns;
use crate::Error;
use crate::updates::{Tx, Update};

/// How often a transaction that others were in the way of is begun again here, after the store has given up.
const MAX_ATTEMPTS: u32 = 5;

/// The one way in which the data of accounts changes. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Relay {
    inner: Arc<Inner>,
}

struct Inner {
    state: Database,
    hub: Hub,
    turns: Turns,
    /// To the other instances, if there can be any.
    bus: Option<Bus>,
}

impl Relay {
    /// With what it says to other instances, if there can be any: only one works on a folder of SQLite.
    pub(crate) fn new(state: Database) -> (Self, Option<Outgoing>) {
        let hub = Hub::new(state.clone());
        let (bus, outgoing) = match state.engine() {
            Engine::Postgres => Some(Bus::new()).unzip(),
            Engine::Sqlite => (None, None),
        };
        (Self { inner: Arc::new(Inner { state, hub, turns: Turns::new(), bus }) }, outgoing)
    }

    pub(super) fn bus(&self) -> Option<&Bus> {
        self.inner.bus.as_ref()
    }

    pub(crate) fn hub(&self) -> &Hub {
        &self.inner.hub
    }

    pub(crate) fn state(&self) -> &Database {
        &self.inner.state
    }

    /// A look-up of a few rows.
    pub(crate) async fn read<T, F>(&self, f: F) -> Result<T, Error>
    where
        T: Send + 'static,
        F: Fn(&mut Conn<'_>) -> Result<T, Error> + Send + 'static,
    {
        self.inner.state.read_brief(f).await
    }

    /// A list, which may take a while.
    pub(crate) async fn list<T, F>(&self, f: F) -> Result<T, Error>
    where
        T: Send + 'static,
        F: Fn(&mut Conn<'_>) -> Result<T, Error> + Send + 'static,
    {
        self.inner.state.read(f).await
    }

    /// Closes the sockets that came with a token, wherever they are.
    pub(crate) fn close_sockets(&self, account: &str, token: &str) {
        self.close_sockets_here(account, token);
        self.say_revoked(account, token);
    }

    pub(super) fn close_sockets_here(&self, account: &str, token: &str) {
        let Some(feed) = self.inner.hub.find(account) else { return };
        let closing: Vec<_> =
            feed.listeners().iter().filter(|listener| &*listener.token == token).cloned().collect();
        for listener in closing {
            // One that cannot be told that it is closed is told nothing else either.
            feed.leave(&listener.id);
            let _ = listener.socket.clone().disconnect();
        }
    }

    /// Runs `f` in one transaction and tells the sockets what it said, once it is committed. It is carried out and told
    /// to the end also when the caller goes away.
    pub(crate) async fn write<T, F>(&self, account: &Arc<str>, f: F) -> Result<T, Error>
    where
        T: Send + 'static,
        F: Fn(&mut Tx<'_, '_>) -> Result<T, Error> + Send + Sync + 'static,
    {
        let (relay, account, f) = (self.clone(), account.clone(), Arc::new(f));
        let work = async move {
            let (value, updates) = relay.commit(&account, f).await?;
            relay.told(updates).await;
            Ok(value)
        };
        tokio::spawn(work).await.map_err(|_| Error::Ended)?
    }

    async fn commit<T, F>(&self, account: &str, f: Arc<F>) -> Result<(T, Vec<Update>), Error>
    where
        T: Send + 'static,
        F: Fn(&mut Tx<'_, '_>) -> Result<T, Error> + Send + Sync + 'static,
    {
        let Inner { state, turns, .. } = &*self.inner;
        let _turn = match state.engine() {
            Engine::Postgres => Some(turns.take(account).await),
            Engine::Sqlite => None,
        };
        let mut attempt = 1;
        loop {
            let f = f.clone();
            let run = move |conn: &mut Conn<'_>| {
                let mut tx = Tx::new(conn);
                let value = f(&mut tx)?;
                Ok((value, tx.log()?))
            };
            match state.write(run).await {
                Err(Error::Store(error))
                    if attempt < MAX_ATTEMPTS && error.kind() == store::ErrorKind::Conflict =>
                {
                    attempt += 1;
                }
                outcome => return outcome,
            }
        }
    }

    /// Tells the sockets of each account what was committed.
    async fn told(&self, updates: Vec<Update>) {
        let mut accounts: Vec<String> = updates.iter().map(|update| (*update.account).to_owned()).collect();
        accounts.dedup();
        if !accounts.is_empty() {
            self.say_look(accounts);
        }
        for updates in updates.chunk_by(|one, next| one.account == next.account) {
            if let Some(feed) = self.inner.hub.find(&updates[0].account) {
                feed.committed(updates).await;
            }
        }
    }
}
