//! `GET /admin/backfill/{id}/events`.

use std::time::Duration;

use axum::Error;
use axum::extract::State;
use axum::response::sse::{Event, KeepAlive, Sse};
use backfill::JobEvent;
use futures::{Stream, StreamExt, stream};
use server::{Path, Problem};

use super::event::EventView;
use super::problem::problem;
use super::streams::Place;
use crate::admin::Admin;

/// Shorter than what proxies wait for.
const KEEP_ALIVE: Duration = Duration::from_secs(15);

/// Who follows for longer connects again, and shows again that they may.
const LONGEST: Duration = Duration::from_hours(1);

/// What happens to a job, from what is the case now until it ends.
pub(crate) async fn follow(
    State(admin): State<Admin>,
    Path(id): Path<String>,
) -> Result<Sse<impl Stream<Item = Result<Event, Error>>>, Problem> {
    let place = admin.streams.take()?;
    let events = admin.history.backfills.follow(&id).await.map_err(problem)?;
    let keep_alive = KeepAlive::new().interval(KEEP_ALIVE);
    Ok(Sse::new(sent(id, events, place)).keep_alive(keep_alive))
}

/// The place is given back when the stream is dropped.
fn sent(
    id: String,
    events: impl Stream<Item = JobEvent>,
    place: Place,
) -> impl Stream<Item = Result<Event, Error>> {
    let closing = place.closing.clone();
    let end = async move {
        tokio::select! {
            () = closing.cancelled_owned() => {}
            () = tokio::time::sleep(LONGEST) => {}
        }
    };
    let views = events.map(move |event| EventView::new(&id, event));
    until_the_last(views).take_until(end).map(move |view| {
        let _held = &place;
        Event::default().event("event").json_data(view)
    })
}

/// Ends with the last event itself, not when a next one would be due.
fn until_the_last(views: impl Stream<Item = EventView>) -> impl Stream<Item = EventView> {
    stream::unfold(Some(Box::pin(views)), async |views| {
        let mut views = views?;
        let view = views.next().await?;
        let rest = (!view.is_last()).then_some(views);
        Some((view, rest))
    })
}
