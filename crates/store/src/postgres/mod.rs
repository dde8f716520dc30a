//! The server engine: pools of connections, one schema per tier.

pub(crate) mod column;
mod parameter;
mod pool;
mod session;

pub(crate) use session::Session;

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use deadpool_postgres::Pool;

use crate::conn::ConnInner;
use crate::{Conn, Error, ErrorKind, Role, Tier};

/// How long a transaction is repeated before its caller hears of the conflict.
const PATIENCE: Duration = Duration::from_secs(10);

/// The longest pause before the second attempt, and with each further one as much longer, up to [`MAX_PAUSE`]. How long it is, chance
/// decides: those who collided must not meet again.
const PAUSE: Duration = Duration::from_millis(8);
const MAX_PAUSE: Duration = Duration::from_millis(100);

/// From this attempt on, those of this process go one after the other: they have nobody but other instances to collide with.
const IN_TURN: u32 = 3;

/// Connections of the ingest role: one that holds its transaction, one to spare.
const INGEST_CONNECTIONS: usize = 2;

/// Connections of the backfill role: one that writes, the others for what its stages look up.
const BACKFILL_CONNECTIONS: usize = 4;

/// The pools of one tier.
#[derive(Debug)]
pub(crate) struct PostgresDatabase {
    tier: Tier,
    requests: Pool,
    // A pool of its own, so that a crowd of requests never keeps the stream waiting, nor the stream a request.
    ingest: Pool,
    // The same for what is fetched of the past, which has more to do than both and no hurry.
    backfill: Pool,
    /// Whose turn it is among those who have collided more than once.
    turn: Arc<Mutex<()>>,
}

impl PostgresDatabase {
    /// Opens pools whose connections live in the tier's schema, creating it when it is new.
    pub(crate) async fn open(url: &str, tier: Tier, max_connections: usize) -> Result<Self, Error> {
        let requests = pool::open(url, tier, max_connections)?;
        let ingest = pool::open(url, tier, INGEST_CONNECTIONS)?;
        let backfill = pool::open(url, tier, BACKFILL_CONNECTIONS)?;
        pool::create_schema(&requests, tier).await?;
        Ok(Self { tier, requests, ingest, backfill, turn: Arc::default() })
    }

    pub(crate) async fn read<T, E, F>(&self, role: Role, f: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<Error> + Send + 'static,
        F: Fn(&mut Conn<'_>) -> Result<T, E> + Send + 'static,
    {
        let client = pool::get(self.pool(role)).await?;
        blocking(move |runtime| f(&mut Conn::new(ConnInner::Postgres(Session::new(&client, runtime))))).await
    }

    pub(crate) async fn write<T, E, F>(&self, role: Role, f: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<Error> + Send + 'static,
        F: Fn(&mut Conn<'_>) -> Result<T, E> + Send + 'static,
    {
        let client = pool::get(self.pool(role)).await?;
        let begin = match self.tier {
            Tier::State if !faults::mutant!("store-not-serializable") => "BEGIN ISOLATION LEVEL SERIALIZABLE",
            // Writers of the index take their own lock where they need an order, and their batches are long.
            Tier::Index | Tier::State => "BEGIN ISOLATION LEVEL READ COMMITTED",
        };
        let turn = Arc::clone(&self.turn);
        blocking(move |runtime| {
            let (mut attempt, start) = (1, Instant::now());
            loop {
                let attempted = {
                    // There is nothing in it that a panic could spoil.
                    let _in_turn =
                        (attempt >= IN_TURN).then(|| turn.lock().unwrap_or_else(PoisonError::into_inner));
                    transaction(&client, runtime, begin, &f)
                };
                match attempted {
                    Attempt::Conflict(_) if start.elapsed() < PATIENCE => {
                        metrics::counter!("store_transaction_retries_total").increment(1);
                        std::thread::sleep((PAUSE * attempt).min(MAX_PAUSE).mul_f64(rand::random()));
                        attempt += 1;
                    }
                    Attempt::Conflict(result) | Attempt::Ended(result) => return result,
                }
            }
        })
        .await
    }

    /// How many connections a role may have.
    pub(crate) fn connections(&self, role: Role) -> usize {
        self.pool(role).status().max_size
    }

    fn pool(&self, role: Role) -> &Pool {
        match role {
            Role::Requests => &self.requests,
            Role::Ingest => &self.ingest,
            Role::Backfill => &self.backfill,
        }
    }
}

enum Attempt<T, E> {
    Ended(Result<T, E>),
    /// Another transaction was in the way; nothing was kept.
    Conflict(Result<T, E>),
}

fn transaction<T, E: From<Error>>(
    client: &deadpool_postgres::Client,
    runtime: &tokio::runtime::Handle,
    begin: &str,
    f: &impl Fn(&mut Conn<'_>) -> Result<T, E>,
) -> Attempt<T, E> {
    let mut conn = Conn::new(ConnInner::Postgres(Session::new(client, runtime)));
    if let Err(error) = conn.batch(begin) {
        return Attempt::Ended(Err(error.into()));
    }
    let result = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| f(&mut conn)))
        .unwrap_or_else(|_| Err(Error::Ended.into()))
        .and_then(|value| conn.batch("COMMIT").map(|()| value).map_err(E::from));
    if result.is_ok() {
        return Attempt::Ended(result);
    }
    let ConnInner::Postgres(session) = &conn.inner else { return Attempt::Ended(result) };
    let conflict = session.last_failure() == Some(ErrorKind::Conflict);
    // If this fails too the connection is broken and the pool will not lend it again.
    if let Err(error) = conn.batch("ROLLBACK") {
        tracing::debug!(%error, "rolling back");
    }
    if conflict { Attempt::Conflict(result) } else { Attempt::Ended(result) }
}

/// Runs `f` where blocking is allowed.
async fn blocking<T, E>(
    f: impl FnOnce(&tokio::runtime::Handle) -> Result<T, E> + Send + 'static,
) -> Result<T, E>
where
    T: Send + 'static,
    E: From<Error> + Send + 'static,
{
    let runtime = tokio::runtime::Handle::current();
    tokio::task::spawn_blocking(move || f(&runtime)).await.map_err(|_| Error::Ended)?
}
