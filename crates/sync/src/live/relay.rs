//! Writes, then tells.

use std::collections::HashSet;
use std::sync::Arc;

use serde_json::json;
use store::{Conn, Database, Engine, v};

use super::Hub;
use super::bus::{Bus, Outgoing};
use super::turns::Turns;
use crate::Error;
use crate::portion::{Fit, Place};
use crate::updates::{Tx, Update};

/// How often a transaction that others were in the way of is begun again here, after the store has given up.
const MAX_ATTEMPTS: u32 = 5;

/// Accounts whose sockets are compared with the tokens there are by one statement.
const FEEDS: usize = 500;

/// Bytes that are written in a moment.
const LITTLE: usize = 64 * 1024;

/// The one way in which the data of accounts changes. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Relay {
    inner: Arc<Inner>,
}

struct Inner {
    state: Database,
    hub: Hub,
    turns: Turns,
    /// As many bytes as may be kept for an account.
    room: i64,
    /// To the other instances, if there can be any.
    bus: Option<Bus>,
}

impl Relay {
    /// Of accounts that keep at most `room` bytes each; with what it says to other instances, if there can be any: only one works on a folder of SQLite.
    pub(crate) fn new(state: Database, room: u64) -> (Self, Option<Outgoing>) {
        let hub = Hub::new(state.clone());
        let (bus, outgoing) = match state.engine() {
            Engine::Postgres => Some(Bus::new()).unzip(),
            Engine::Sqlite => (None, None),
        };
        let room = i64::try_from(room).unwrap_or(i64::MAX);
        (Self { inner: Arc::new(Inner { state, hub, turns: Turns::new(), room, bus }) }, outgoing)
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

    /// A list of rows that may be large: as many as `fit` says, and the place that they have in memory until they are taken.
    pub(crate) async fn portion<T, S, F>(&self, fit: S, read: F) -> Result<(T, Fit, Place), Error>
    where
        T: Send + 'static,
        S: Fn(&mut Conn<'_>) -> Result<Fit, Error> + Send + 'static,
        F: Fn(&mut Conn<'_>, &Fit) -> Result<T, Error> + Send + 'static,
    {
        let fit = self.inner.state.read(fit).await?;
        let place = Place::take(fit.bytes).await?;
        let rows = self.inner.state.read(move |conn| read(conn, &fit)).await?;
        Ok((rows, fit, place))
    }

    /// Closes the sockets that came with a token, wherever they are.
    pub(crate) fn close_sockets(&self, account: &str, token: &str) {
        self.close_sockets_here(account, Some(token));
        self.say_revoked(account, Some(token));
    }

    /// Closes all sockets of an account, wherever they are.
    pub(crate) fn close_all_sockets(&self, account: &str) {
        self.close_sockets_here(account, None);
        self.say_revoked(account, None);
    }

    pub(super) fn close_sockets_here(&self, account: &str, token: Option<&str>) {
        if let Some(feed) = self.inner.hub.find(account) {
            feed.close(|listener| token.is_none_or(|token| &*listener.token == token));
        }
    }

    /// Closes the sockets here whose tokens are gone, whoever removed them and whether or not anybody said so.
    pub(crate) async fn close_strays(&self) -> Result<(), Error> {
        for feeds in self.inner.hub.all().chunks(FEEDS) {
            let mut tokens: Vec<Arc<str>> = Vec::new();
            for feed in feeds {
                tokens.extend(feed.listeners().iter().map(|listener| listener.token.clone()));
            }
            tokens.sort_unstable();
            tokens.dedup();
            let known = self.inner.state.read(move |conn| known_tokens(conn, &tokens)).await?;
            for feed in feeds {
                feed.close(|listener| !known.contains(&*listener.token));
            }
        }
        Ok(())
    }

    /// Runs `f` in one transaction and tells the sockets what it said, once it is committed. It is carried out and told
    /// to the end also when the caller goes away.
    pub(crate) async fn write<T, F>(&self, account: &Arc<str>, f: F) -> Result<T, Error>
    where
        T: Send + 'static,
        F: Fn(&mut Tx<'_, '_>) -> Result<T, Error> + Send + Sync + 'static,
    {
        self.carry_out(account, false, f).await
    }

    /// Like [`write`](Self::write), for a few short statements that write `bytes` of a client's: a little is committed at once.
    pub(crate) async fn write_little<T, F>(&self, account: &Arc<str>, bytes: usize, f: F) -> Result<T, Error>
    where
        T: Send + 'static,
        F: Fn(&mut Tx<'_, '_>) -> Result<T, Error> + Send + Sync + 'static,
    {
        self.carry_out(account, bytes <= LITTLE, f).await
    }

    async fn carry_out<T, F>(&self, account: &Arc<str>, is_brief: bool, f: F) -> Result<T, Error>
    where
        T: Send + 'static,
        F: Fn(&mut Tx<'_, '_>) -> Result<T, Error> + Send + Sync + 'static,
    {
        let (relay, account, f) = (self.clone(), account.clone(), Arc::new(f));
        let work = async move {
            let (value, updates) = relay.commit(&account, is_brief, f).await?;
            faults::crash_point!("sync.after-commit");
            relay.told(updates).await;
            Ok(value)
        };
        tokio::spawn(work).await.map_err(|_| Error::Ended)?
    }

    async fn commit<T, F>(&self, account: &str, is_brief: bool, f: Arc<F>) -> Result<(T, Vec<Update>), Error>
    where
        T: Send + 'static,
        F: Fn(&mut Tx<'_, '_>) -> Result<T, Error> + Send + Sync + 'static,
    {
        let Inner { state, turns, room, .. } = &*self.inner;
        let room = *room;
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
                let log = tx.log(room)?;
                faults::crash_point!("sync.before-commit");
                Ok((value, log))
            };
            let outcome = if is_brief { state.write_brief(run).await } else { state.write(run).await };
            match outcome {
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

/// Those of `tokens` that are good.
fn known_tokens(conn: &mut Conn<'_>, tokens: &[Arc<str>]) -> Result<HashSet<String>, Error> {
    let known = match conn.engine() {
        Engine::Sqlite => {
            let sql = "SELECT id FROM sync_tokens WHERE id IN (SELECT value FROM json_each($1))";
            let tokens: Vec<&str> = tokens.iter().map(|token| &**token).collect();
            conn.query(sql, &[v(&json!(tokens).to_string())], |row| row.string(0))?
        }
        Engine::Postgres => {
            let tokens: Vec<Option<&str>> = tokens.iter().map(|token| Some(&**token)).collect();
            let sql = "SELECT id FROM sync_tokens WHERE id = ANY ($1::text[])";
            conn.query(sql, &[v(tokens.as_slice())], |row| row.string(0))?
        }
    };
    Ok(known.into_iter().collect())
}
