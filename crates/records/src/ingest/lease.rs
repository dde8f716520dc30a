//! Only one instance follows a source.
//!
//! The cursor's row carries an epoch that grows whenever the lease changes hands, and every transaction that moves
//! the cursor checks it: an instance that lost its lease without noticing cannot commit.

use std::time::Duration;

use store::{Conn, Database, Role, v};

use super::IngestConfig;
use crate::{Error, Gap, Records, gap, now_micros};

/// The stream's row in `cursors`. Positions are times, so they survive a change of server.
const SOURCE: &str = "jetstream";

/// How long a lease holds without being renewed.
const TERM: Duration = Duration::from_secs(15);

/// The right to follow the source.
pub(super) struct Lease {
    database: Database,
    epoch: i64,
    position: Option<Position>,
}

/// How far the source has been followed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Position {
    /// In microseconds of the source's clock.
    pub(super) time_us: i64,
    /// Whether an event has this very time: the source is then expected to send it again. Otherwise it is where
    /// following began, or an event that is no longer asked for.
    pub(super) at_event: bool,
}

/// A step of the cursor, taken in the transaction that holds the effects.
#[derive(Clone, Debug)]
pub(crate) struct Advance {
    epoch: i64,
    position: Position,
    gaps: Vec<Gap>,
}

impl Lease {
    /// Takes the lease if it is free, expired or already this instance's; `None` if another instance holds it.
    pub(super) async fn acquire(records: &Records, config: &IngestConfig) -> Result<Option<Self>, Error> {
        const TAKE: &str = "
            UPDATE cursors SET holder = $2, epoch = epoch + 1, lease_expires = $3
            WHERE source = $1 AND (holder IS NULL OR holder = $2 OR lease_expires < $4)
            RETURNING epoch, time_us, at_event";
        let database = records.index.with_role(Role::Ingest);
        let (instance, now) = (config.instance.clone(), now_micros());
        let taken = database
            .write(move |conn| {
                conn.execute(
                    "INSERT INTO cursors (source) VALUES ($1) ON CONFLICT DO NOTHING",
                    &[v(SOURCE)],
                )?;
                conn.query_opt(TAKE, &[v(SOURCE), v(&instance), v(now + term()), v(now)], |row| {
                    let at_event = row.bool(2)?;
                    Ok::<_, Error>((
                        row.int(0)?,
                        row.opt_int(1)?.map(|time_us| Position { time_us, at_event }),
                    ))
                })
            })
            .await?;
        Ok(taken.map(|(epoch, position)| Self { database, epoch, position }))
    }

    /// Where to go on: what was committed last, by whomever.
    pub(super) fn position(&self) -> Option<Position> {
        self.position
    }

    /// The database, with the connections that are kept for the stream.
    pub(super) fn database(&self) -> &Database {
        &self.database
    }

    pub(super) fn step(&self, position: Position, gaps: Vec<Gap>) -> Advance {
        Advance { epoch: self.epoch, position, gaps }
    }

    /// Keeps the lease while nothing happens.
    pub(super) async fn renew(&self) -> Result<(), Error> {
        self.set_expiry(now_micros() + term()).await
    }

    /// Lets another instance go on without waiting.
    pub(super) async fn release(self) {
        if let Err(error) = self.set_expiry(0).await {
            tracing::warn!(%error, "releasing the lease; it expires by itself");
        }
    }

    async fn set_expiry(&self, expires: i64) -> Result<(), Error> {
        const SQL: &str = "UPDATE cursors SET lease_expires = $1 WHERE source = $2 AND epoch = $3";
        let epoch = self.epoch;
        self.database.write(move |conn| check(conn.execute(SQL, &[v(expires), v(SOURCE), v(epoch)])?)).await
    }
}

/// Moves the cursor and keeps the lease; [`Error::LeaseLost`] undoes the whole transaction.
pub(crate) fn advance(conn: &mut Conn<'_>, advance: &Advance) -> Result<(), Error> {
    const SQL: &str =
        "UPDATE cursors SET time_us = $1, at_event = $2, lease_expires = $3 WHERE source = $4 AND epoch = $5";
    for found in &advance.gaps {
        gap::record(conn, found)?;
    }
    let Position { time_us, at_event } = advance.position;
    let expires = now_micros() + term();
    check(conn.execute(SQL, &[v(time_us), v(at_event), v(expires), v(SOURCE), v(advance.epoch)])?)
}

fn check(updated: u64) -> Result<(), Error> {
    if updated == 1 { Ok(()) } else { Err(Error::LeaseLost { source_name: SOURCE.to_owned() }) }
}

fn term() -> i64 {
    i64::try_from(TERM.as_micros()).unwrap_or(i64::MAX)
}

/// A gap of this source.
pub(super) fn found_gap(from_us: i64, to_us: i64, reason: &str) -> Gap {
    Gap {
        source: SOURCE.to_owned(),
        from_us,
        to_us,
        reason: reason.to_owned(),
        found_at: now_micros(),
        repaired_at: None,
    }
}
