//! Hands deliveries to as many tasks as may run, fairly by host and sender.

use std::sync::Arc;
use std::time::Duration;

use store::Database;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;
use tracing::warn;

use super::ledger::{Ledger, Turn};
use super::send::Sender;
use super::{Bell, Delivery, claim};

/// The longest time after which somebody looks, whether or not the bell rang: another instance may have died.
const LOOK_EVERY: Duration = Duration::from_secs(5);

/// The shortest time between two looks that nobody rang for.
const REST: Duration = Duration::from_millis(20);

/// After the database could not be asked.
const AFTER_AN_ERROR: Duration = Duration::from_millis(250);

/// Taken up at a time.
const BATCH: usize = 64;

/// Sends until it is told to stop, then ends what is under way.
pub(crate) async fn run(
    state: Database,
    sender: Sender,
    bell: Bell,
    workers: usize,
    stop: CancellationToken,
) {
    let places = Arc::new(Semaphore::new(workers.max(1)));
    let mut position = claim::Position::default();
    let mut tasks = JoinSet::new();
    let (ledger, entries, changing) = Ledger::open();
    let keeping = tokio::spawn(entries.keep(state.clone(), sender.time_scale()));
    while !stop.is_cancelled() {
        while tasks.try_join_next().is_some() {}
        let free = places.available_permits().min(BATCH);
        let (taken, wait) = match turn(&state, &sender, &changing, &mut position, free).await {
            Ok(turn) => turn,
            Err(error) => {
                warn!(%error, "what is to be sent cannot be read");
                (Vec::new(), AFTER_AN_ERROR)
            }
        };
        let idle = taken.is_empty();
        for delivery in taken {
            let Ok(place) = Arc::clone(&places).acquire_owned().await else { return };
            let (sender, ledger, bell) = (sender.clone(), ledger.clone(), bell.clone());
            // Before the next look, which must know of it.
            sender.pace().enter(&delivery.host);
            tasks.spawn(async move {
                let host = delivery.host.clone();
                sender.run(delivery, &ledger).await;
                sender.pace().leave(&host);
                drop(place);
                bell.ring();
            });
        }
        if idle || places.available_permits() == 0 {
            tokio::select! {
                () = stop.cancelled() => break,
                () = bell.heard() => {}
                () = tokio::time::sleep(wait) => {}
            }
        }
    }
    while tasks.join_next().await.is_some() {}
    drop(ledger);
    // It has written down everything when nobody has anything to say any more.
    if let Err(error) = keeping.await {
        warn!(%error, "what became of the last deliveries may not be kept");
    }
}

/// What has been taken up, and how long until there is more, if nobody rings.
async fn turn(
    state: &Database,
    sender: &Sender,
    changing: &Turn,
    position: &mut claim::Position,
    free: usize,
) -> Result<(Vec<Delivery>, Duration), store::Error> {
    if free == 0 {
        return Ok((Vec::new(), LOOK_EVERY));
    }
    let (pace, from, now) = (sender.pace().clone(), position.clone(), clock::now_micros());
    let look = move |conn: &mut store::Conn<'_>| {
        let mut position = from.clone();
        let mut held_back = std::cell::Cell::new(false);
        let doubtful = std::cell::Cell::new(0);
        let wanted = |host: &str, further: usize| {
            let room = pace.has_room(host, further, &doubtful);
            held_back.set(held_back.get() || !room);
            room
        };
        let found = claim::look(conn, now, &mut position, free, wanted)?;
        Ok::<_, store::Error>((found, position, *held_back.get_mut()))
    };
    let (found, end, held_back) = state.read(look).await?;
    *position = end;
    let until_due =
        found.next_due.map(|due| Duration::from_micros(u64::try_from(due - now).unwrap_or_default()));
    let wait = if held_back { REST } else { until_due.unwrap_or(LOOK_EVERY).clamp(REST, LOOK_EVERY) };
    if found.due.is_empty() {
        return Ok((Vec::new(), wait));
    }
    let due = found.due;
    let _changing = changing.lock().await;
    let taken = state.write(move |conn| claim::claim(conn, now, &due)).await?;
    Ok((taken, wait))
}
