//! Only one instance works on a source.
//!
//! The source's row in `cursors` carries an epoch that grows whenever the lease changes hands, and every transaction of
//! the work checks it: an instance that lost its lease without noticing cannot commit.

use std::pin::pin;
use std::time::Duration;

use store::{Conn, Database, Role, v};

use crate::{Error, Records, now_micros};

/// How long a lease holds without being renewed.
const TERM: Duration = Duration::from_secs(15);

/// How often it is renewed while nothing else does.
pub(crate) const RENEW: Duration = Duration::from_secs(5);

/// The right to work on a source.
pub struct Lease {
    database: Database,
    guard: LeaseGuard,
    position: Option<Position>,
}

/// What the transactions of the work carry.
#[derive(Clone, Debug)]
pub struct LeaseGuard {
    source: String,
    epoch: i64,
}

/// How far a stream has been followed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Position {
    /// In microseconds of the source's clock.
    pub(crate) time_us: i64,
    /// Whether an event has this very time: the source is then expected to send it again. Otherwise it is where
    /// following began, or an event that is no longer asked for.
    pub(crate) at_event: bool,
}

impl Lease {
    /// Takes the lease if it is free, expired or already this `instance`'s; `None` if another instance holds it. The work
    /// uses the connections of `role`.
    pub async fn acquire(
        records: &Records,
        source: &str,
        instance: &str,
        role: Role,
    ) -> Result<Option<Self>, Error> {
        const TAKE: &str = "
            UPDATE cursors SET holder = $2, epoch = epoch + 1, lease_expires = $3
            WHERE source = $1 AND (holder IS NULL OR holder = $2 OR lease_expires < $4)
            RETURNING epoch, time_us, at_event";
        let database = records.index.with_role(role);
        let (name, instance, now) = (source.to_owned(), instance.to_owned(), now_micros());
        let taken = database
            .write(move |conn| {
                let new = "INSERT INTO cursors (source) VALUES ($1) ON CONFLICT DO NOTHING";
                conn.execute(new, &[v(&name)])?;
                conn.query_opt(TAKE, &[v(&name), v(&instance), v(now + term()), v(now)], |row| {
                    let at_event = row.bool(2)?;
                    let position = row.opt_int(1)?.map(|time_us| Position { time_us, at_event });
                    Ok::<_, Error>((row.int(0)?, position))
                })
            })
            .await?;
        Ok(taken.map(|(epoch, position)| Self {
            database,
            guard: LeaseGuard { source: source.to_owned(), epoch },
            position,
        }))
    }

    /// To be checked in every transaction of the work.
    #[must_use]
    pub fn guard(&self) -> LeaseGuard {
        self.guard.clone()
    }

    /// Where to go on: what was committed last, by whomever.
    pub(crate) fn position(&self) -> Option<Position> {
        self.position
    }

    /// The database, with the connections of the work.
    pub(crate) fn database(&self) -> &Database {
        &self.database
    }

    /// Keeps the lease while nothing else does.
    pub async fn renew(&self) -> Result<(), Error> {
        self.set_expiry(now_micros() + term()).await
    }

    /// Does something that may take longer than the lease holds, and keeps it meanwhile. [`Error::LeaseLost`] as soon as another
    /// instance has it: the work is dropped then.
    pub async fn keep_during<T>(&self, work: impl Future<Output = T>) -> Result<T, Error> {
        let mut work = pin!(work);
        loop {
            tokio::select! {
                biased;
                done = &mut work => return Ok(done),
                () = tokio::time::sleep(RENEW) => self.renew_if_possible().await?,
            }
        }
    }

    /// A lease that cannot be renewed because the disk is full is still ours; the next commit will tell.
    pub(crate) async fn renew_if_possible(&self) -> Result<(), Error> {
        match self.renew().await {
            Err(error) if !error.is_transient() => Err(error),
            _ => Ok(()),
        }
    }

    /// Lets another instance go on without waiting.
    pub async fn release(self) {
        if let Err(error) = self.set_expiry(0).await {
            tracing::warn!(%error, "releasing the lease; it expires by itself");
        }
    }

    /// Ends a work that is done for good.
    pub async fn end(self) -> Result<(), Error> {
        const SQL: &str = "DELETE FROM cursors WHERE source = $1 AND epoch = $2";
        let LeaseGuard { source, epoch } = self.guard;
        Ok(self.database.write(move |conn| conn.execute(SQL, &[v(&source), v(epoch)])).await.map(drop)?)
    }

    async fn set_expiry(&self, expires: i64) -> Result<(), Error> {
        let guard = self.guard();
        self.database.write(move |conn| guard.set_expiry(conn, expires)).await
    }
}

impl LeaseGuard {
    /// Renews the lease; [`Error::LeaseLost`], to be passed on so that the whole transaction is undone, if it is not held
    /// any more.
    pub fn check(&self, conn: &mut Conn<'_>) -> Result<(), Error> {
        self.set_expiry(conn, now_micros() + term())
    }

    /// Moves the stream's cursor, and renews the lease as [`check`](Self::check) does.
    pub(crate) fn advance(&self, conn: &mut Conn<'_>, position: Position) -> Result<(), Error> {
        const SQL: &str = "UPDATE cursors SET time_us = $1, at_event = $2, lease_expires = $3 WHERE source = $4 AND epoch = $5";
        let Position { time_us, at_event } = position;
        let expires = now_micros() + term();
        let row = [v(time_us), v(at_event), v(expires), v(&self.source), v(self.epoch)];
        self.held(conn.execute(SQL, &row)?)
    }

    fn set_expiry(&self, conn: &mut Conn<'_>, expires: i64) -> Result<(), Error> {
        const SQL: &str = "UPDATE cursors SET lease_expires = $1 WHERE source = $2 AND epoch = $3";
        self.held(conn.execute(SQL, &[v(expires), v(&self.source), v(self.epoch)])?)
    }

    fn held(&self, updated: u64) -> Result<(), Error> {
        if updated == 1 || faults::mutant!("records-lost-lease-unnoticed") {
            Ok(())
        } else {
            Err(Error::LeaseLost { source_name: self.source.clone() })
        }
    }
}

fn term() -> i64 {
    clock::micros(TERM)
}
