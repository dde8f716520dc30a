//! The sockets of one account on this instance, and how far they have been told.

use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard};
use std::time::Duration;

use serde_json::value::RawValue;
use store::Database;
use tokio::sync::Mutex;
use tracing::warn;

use super::{Callees, Listener};
use crate::Error;
use crate::portion::Fit;
use crate::rpc::UnderWay;
use crate::updates::{Audience, Update, fit_after, head, read_after};

/// Updates read of the log at once; fewer if they are large.
const PAGE: i64 = 200;

/// How long a socket that takes no more is left alone, at first and at most.
const PATIENCE: Duration = Duration::from_millis(25);
const LONGEST: Duration = Duration::from_secs(1);

/// See the module's documentation.
pub(crate) struct Feed {
    pub(super) account: Arc<str>,
    state: Database,
    /// The number of the update that was told last. Held while telling, so that the order is one.
    told: Mutex<i64>,
    listeners: RwLock<Vec<Arc<Listener>>>,
    pub(crate) callees: Callees,
    /// What the calls of its sockets carry, in bytes.
    pub(crate) carried: UnderWay,
}

impl Feed {
    /// A feed that begins with what comes now.
    pub(super) fn new(account: Arc<str>, state: Database) -> Self {
        let told = Mutex::new(-1);
        let (listeners, callees) = (RwLock::default(), Callees::default());
        Self { account, state, told, listeners, callees, carried: UnderWay::default() }
    }

    /// The number of the newest update that is not to be told to whoever joins now.
    pub(crate) async fn position(&self) -> Result<i64, Error> {
        let mut told = self.told.lock().await;
        if *told < 0 {
            let account = self.account.clone();
            *told = self.state.read_brief(move |conn| head(conn, &account)).await?;
        }
        Ok(*told)
    }

    /// From now on the socket is told everything after number `after`: what passes at once, the rest when it has been
    /// compared with the log.
    pub(crate) fn join(self: &Arc<Self>, listener: Arc<Listener>, after: i64) {
        listener.set_behind(Some(if faults::mutant!("sync-told-too-often") { after - 1 } else { after }));
        self.listeners.write().unwrap_or_else(PoisonError::into_inner).push(listener.clone());
        self.catch_up(listener);
    }

    /// The socket is told nothing more, and asked nothing.
    pub(crate) fn leave(&self, id: &str) {
        self.callees.remove_all(id);
        let mut listeners = self.listeners.write().unwrap_or_else(PoisonError::into_inner);
        listeners.retain(|listener| &*listener.id != id);
    }

    /// Closes the sockets that are meant.
    pub(super) fn close(&self, is_meant: impl Fn(&Listener) -> bool) {
        let meant: Vec<_> = self.listeners().iter().filter(|listener| is_meant(listener)).cloned().collect();
        for listener in meant {
            // One that cannot be told that it is closed is told nothing else either.
            self.leave(&listener.id);
            let _ = listener.socket.clone().disconnect();
        }
    }

    /// Who listens.
    pub(crate) fn listeners(&self) -> RwLockReadGuard<'_, Vec<Arc<Listener>>> {
        self.listeners.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// Tells what was just committed and whatever came before it.
    pub(crate) async fn committed(self: &Arc<Self>, updates: &[Update]) {
        let Some((first, last)) = updates.first().zip(updates.last()) else { return };
        let mut told = self.told.lock().await;
        // Nobody has asked for the position yet: nobody listens.
        if *told < 0 || last.seq <= *told {
            return;
        }
        if first.seq == *told + 1 || faults::mutant!("sync-told-with-a-hole") {
            self.tell(updates);
            *told = last.seq;
        } else {
            self.read_on(&mut told).await;
        }
    }

    /// Tells what is in the log and has not been told.
    pub(crate) async fn look(self: &Arc<Self>) {
        let mut told = self.told.lock().await;
        if *told >= 0 {
            self.read_on(&mut told).await;
        }
    }

    pub(crate) fn mention(&self, audience: &Audience, body: &RawValue) {
        for listener in self.listeners().iter() {
            listener.mention(audience, body);
        }
    }

    async fn read_on(self: &Arc<Self>, told: &mut i64) {
        loop {
            match self.page(*told).await {
                Ok(Page { updates, reached, is_last }) => {
                    self.tell(&updates);
                    *told = reached;
                    if is_last {
                        return;
                    }
                }
                Err(error) => {
                    warn!(%error, "updates cannot be read; sockets are told with the next one");
                    return;
                }
            }
        }
    }

    /// A page of the log after number `after`.
    async fn page(&self, after: i64) -> Result<Page, Error> {
        let account = self.account.clone();
        let read = move |conn: &mut store::Conn<'_>| {
            // The head first: what is written in between is read now and its number found next time.
            let newest = head(conn, &account)?;
            let Fit { rows, has_more, .. } = fit_after(conn, &account, after, PAGE)?;
            let updates = read_after(conn, &account, after, rows)?;
            let last = updates.last().map(|update| update.seq);
            // What was forgotten in between is not waited for.
            let is_last = !has_more || updates.is_empty();
            let reached = match last {
                Some(last) if !is_last => last,
                last => last.map_or(newest, |last| last.max(newest)),
            };
            Ok(Page { updates, reached, is_last })
        };
        self.state.read_brief(read).await
    }

    fn tell(self: &Arc<Self>, updates: &[Update]) {
        for listener in self.listeners().iter().filter(|listener| listener.behind().is_none()) {
            if let Some(refused) = updates.iter().find(|update| !listener.tell(update)) {
                listener.set_behind(Some(refused.seq - 1));
                metrics::counter!(crate::telemetry::LAGGING).increment(1);
                self.catch_up(listener.clone());
            }
        }
    }

    /// Feeds a socket from the log until it is with the others again.
    fn catch_up(self: &Arc<Self>, listener: Arc<Listener>) {
        let feed = self.clone();
        tokio::spawn(async move {
            let mut pause = PATIENCE;
            while listener.socket.connected() {
                let before = listener.behind();
                if feed.advance(&listener).await {
                    return;
                }
                pause = if listener.behind() == before { (pause * 2).min(LONGEST) } else { PATIENCE };
                tokio::time::sleep(pause).await;
            }
        });
    }

    /// Tells a socket that is behind a page of what it missed; whether it has missed nothing any more.
    async fn advance(&self, listener: &Listener) -> bool {
        let told = self.told.lock().await;
        let Some(after) = listener.behind() else { return true };
        if !listener.owed.has_room() {
            return false;
        }
        if after >= *told {
            listener.set_behind(None);
            return true;
        }
        let Ok(Page { updates, reached, .. }) = self.page(after).await else { return false };
        let updates: Vec<Update> = updates.into_iter().take_while(|update| update.seq <= *told).collect();
        if let Some(refused) = updates.iter().find(|update| !listener.tell(update)) {
            listener.set_behind(Some(refused.seq - 1));
            return false;
        }
        listener.set_behind((reached < *told).then_some(reached));
        reached >= *told
    }
}

/// Updates that follow each other.
struct Page {
    updates: Vec<Update>,
    /// The number up to which the log has been read with them.
    reached: i64,
    /// Whether that is all of it.
    is_last: bool,
}
