//! Takes up events, in order.

use std::time::Duration;

use social::{Event, Id};
use store::{Conn, v};
use tokio_util::sync::CancellationToken;
use tracing::warn;

use super::{Making, Terms, make, mentions};
use crate::Error;
use crate::actors::Actors;
use crate::delivery::Bell;
use crate::names::Names;
use crate::routes::Documents;

/// How often somebody looks, whether or not they were told that there is something: whoever wrote it may have died since, or be a
/// command beside the server.
const LOOK_EVERY: Duration = Duration::from_secs(5);

/// Taken up at a time.
const BATCH: i64 = 100;

/// After so many failures people decide (spec/social.md §5.3).
const TRIES: i64 = 5;

/// The pause after the first failure, in microseconds; it doubles.
const FIRST_PAUSE: i64 = 60_000_000;

/// What the relay needs.
pub(crate) struct Relay {
    pub(crate) actors: Actors,
    pub(crate) names: Names,
    pub(crate) documents: Documents,
    pub(crate) terms: Terms,
    /// Rings when events were written here.
    pub(crate) events: Bell,
    /// Rung when there are deliveries.
    pub(crate) deliveries: Bell,
}

struct Row {
    seq: i64,
    data: String,
    attempts: i64,
}

/// Works until it is told to stop.
pub(crate) async fn run(relay: Relay, stop: CancellationToken) {
    while !stop.is_cancelled() {
        match relay.turn().await {
            Ok(true) => continue,
            Ok(false) => {}
            Err(error) => warn!(%error, "events cannot be taken up"),
        }
        tokio::select! {
            () = stop.cancelled() => return,
            () = relay.events.heard() => {}
            () = tokio::time::sleep(LOOK_EVERY) => {}
        }
    }
}

impl Relay {
    /// Whether there was anything.
    async fn turn(&self) -> Result<bool, Error> {
        let now = clock::now_micros();
        let rows = self.actors.state().read(move |conn| due(conn, now)).await?;
        let any = !rows.is_empty();
        for row in rows {
            match self.take_up(&row).await {
                Ok(()) => {}
                // Not the event's own: it is next, and nothing overtakes it.
                Err(error) if error.is_passing() => return Err(error),
                Err(error) => self.put_off(&row, &error).await?,
            }
        }
        if any {
            self.deliveries.ring();
        }
        Ok(any)
    }

    async fn take_up(&self, row: &Row) -> Result<(), Error> {
        let event: Event = serde_json::from_str(&row.data)?;
        if let Event::ThoughtCreated { thought_id, .. } | Event::ThoughtUpdated { thought_id, .. } = event
            && let Some((uuid, version)) = mentions::resolve(&self.actors, Id(thought_id)).await?
        {
            self.documents.forget(&self.names.thought(&uuid), version);
        }
        let (names, terms, seq) = (self.names.clone(), self.terms, row.seq);
        let take_up = move |conn: &mut Conn<'_>| {
            // Another instance may have been faster.
            if conn.execute("DELETE FROM social_events WHERE seq = $1", &[v(seq)])? == 0 {
                return Ok(());
            }
            let now = clock::now_micros();
            make(&mut Making { conn, now, names: &names, terms }, &event)?;
            faults::crash_point!("federation.before-commit");
            Ok::<_, Error>(())
        };
        self.actors.state().write(take_up).await?;
        faults::crash_point!("federation.after-commit");
        Ok(())
    }

    async fn put_off(&self, row: &Row, error: &Error) -> Result<(), Error> {
        warn!(%error, seq = row.seq, "an event is put off");
        let (seq, attempts, why) = (row.seq, row.attempts + 1, error.to_string());
        let due_at = clock::now_micros() + (FIRST_PAUSE << row.attempts.clamp(0, 10));
        let put_off = move |conn: &mut Conn<'_>| {
            conn.execute(
                "UPDATE social_events SET attempts = $2, due_at = $3, error = $4, failed = $5 WHERE seq = $1",
                &[v(seq), v(attempts), v(due_at), v(&why), v(attempts >= TRIES)],
            )?;
            Ok::<_, Error>(())
        };
        self.actors.state().write(put_off).await
    }
}

fn due(conn: &mut Conn<'_>, now: i64) -> Result<Vec<Row>, Error> {
    conn.query(
        "SELECT seq, data, attempts FROM social_events WHERE failed = 0 AND due_at <= $1 ORDER BY seq LIMIT $2",
        &[v(now), v(BATCH)],
        |row| Ok(Row { seq: row.int(0)?, data: row.string(1)?, attempts: row.int(2)? }),
    )
}
