//! `GET /admin/live`: what is coming in right now, as server-sent events.

use std::time::Duration;

use ::records::{Activity, Records, Source};
use accounts::permissions::STATS_READ;
use axum::Error;
use axum::extract::State;
use axum::response::sse::{Event, KeepAlive, Sse};
use futures::{Stream, StreamExt, stream};
use http::StatusCode;
use serde::Serialize;
use server::{Problem, Route};
use tokio::time::{Instant, Interval, MissedTickBehavior, interval_at};

use super::Admin;
use super::backfill::Place;

/// Often enough to look alive; each costs two short statements.
const EVERY: Duration = Duration::from_secs(1);

/// Who looks for longer connects again, and shows again that they may.
const LONGEST: Duration = Duration::from_hours(1);

/// One moment.
#[derive(Serialize)]
struct Moment {
    /// How much later than the one before, in milliseconds.
    after_ms: u64,
    /// The number of the newest entry of the log.
    last_change: i64,
    /// Collections that something happened to since the moment before.
    collections: Vec<ActivityView>,
    sources: Vec<SourceView>,
    /// Stretches of the stream that were missed and are not repaired yet.
    open_gaps: usize,
}

#[derive(Serialize)]
struct ActivityView {
    collection: String,
    created: i64,
    updated: i64,
    deleted: i64,
}

#[derive(Serialize)]
struct SourceView {
    name: String,
    /// Time of the last event whose effects are committed, in microseconds since 1970.
    time_us: Option<i64>,
    /// Whether an instance follows it.
    followed: bool,
}

pub(super) fn route() -> Route<Admin> {
    Route::get("/admin/live", STATS_READ, "Follow what is coming in", live)
        .operation_id("followLive")
        .gives_opaque(StatusCode::OK, "text/event-stream")
}

/// What happens to the records from now on, second by second.
async fn live(State(admin): State<Admin>) -> Result<Sse<impl Stream<Item = Result<Event, Error>>>, Problem> {
    let place = admin.streams.take()?;
    let last = admin.records.last_change().await.map_err(Problem::internal)?;
    Ok(Sse::new(moments(admin.records, last, place)).keep_alive(KeepAlive::new()))
}

/// Where a viewer stands.
struct Viewer {
    records: Records,
    last: i64,
    looked: Instant,
    ticks: Interval,
}

/// The place is given back when the stream is dropped. It ends when the database does not answer: browsers come again.
fn moments(records: Records, last: i64, place: Place) -> impl Stream<Item = Result<Event, Error>> {
    let closing = place.closing.clone();
    let end = async move {
        tokio::select! {
            () = closing.cancelled_owned() => {}
            () = tokio::time::sleep(LONGEST) => {}
        }
    };
    let mut ticks = interval_at(Instant::now() + EVERY, EVERY);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let viewer = Viewer { records, last, looked: Instant::now(), ticks };
    let moments = stream::unfold(viewer, async |mut viewer| {
        viewer.ticks.tick().await;
        let moment = viewer.look().await.inspect_err(|error| tracing::warn!(%error, "live view")).ok()?;
        Some((moment, viewer))
    });
    moments.take_until(end).map(move |moment| {
        let _held = &place;
        Event::default().event("moment").json_data(moment)
    })
}

impl Viewer {
    async fn look(&mut self) -> Result<Moment, ::records::Error> {
        let now = Instant::now();
        let last_change = self.records.last_change().await?;
        // Most seconds of most servers are quiet.
        let activity = if last_change > self.last {
            self.records.activity(self.last, last_change).await?
        } else {
            Vec::new()
        };
        let sources = self.records.sources().await?.into_iter().map(SourceView::from).collect();
        let open_gaps = self.records.open_gaps().await?.len();
        let after_ms = u64::try_from((now - self.looked).as_millis()).unwrap_or(u64::MAX);
        (self.last, self.looked) = (last_change, now);
        let collections = activity.into_iter().map(ActivityView::from).collect();
        Ok(Moment { after_ms, last_change, collections, sources, open_gaps })
    }
}

impl From<Activity> for ActivityView {
    fn from(activity: Activity) -> Self {
        let Activity { collection, created, updated, deleted } = activity;
        Self { collection, created, updated, deleted }
    }
}

impl From<Source> for SourceView {
    fn from(source: Source) -> Self {
        Self { name: source.name, time_us: source.time_us, followed: source.holder.is_some() }
    }
}
