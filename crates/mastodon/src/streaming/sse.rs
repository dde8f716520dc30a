//! Streams as Server-Sent Events, one topic each.

use std::convert::Infallible;
use std::time::Duration;

use axum::extract::State;
use axum::response::sse::{Event, KeepAlive, Sse};
use futures::{Stream, StreamExt, stream};
use http::request::Parts;
use server::Problem;

use super::message::Message;
use super::socket::joined;
use super::topic::{Place, Topic};
use crate::fields::query;
use crate::services::Services;

/// Shorter than what proxies wait for.
const KEEP_ALIVE: Duration = Duration::from_secs(15);

/// Who follows for longer connects again.
const LONGEST: Duration = Duration::from_hours(12);

macro_rules! topics {
    ($($name:ident: $topic:expr),* $(,)?) => {$(
        pub(super) async fn $name(
            State(services): State<Services>,
            parts: Parts,
        ) -> Result<Sse<impl Stream<Item = Result<Event, Infallible>>>, Problem> {
            told(services, parts, $topic).await
        }
    )*};
}

topics! {
    user: Topic::User,
    notifications: Topic::Notifications,
    public: Topic::Public(Place::Anywhere),
    local: Topic::Public(Place::Here),
    remote: Topic::Public(Place::Elsewhere),
    direct: Topic::Direct,
}

pub(super) async fn hashtag(
    State(services): State<Services>,
    parts: Parts,
) -> Result<Sse<impl Stream<Item = Result<Event, Infallible>>>, Problem> {
    let topic = of_tag(&parts, "hashtag")?;
    told(services, parts, topic).await
}

pub(super) async fn hashtag_here(
    State(services): State<Services>,
    parts: Parts,
) -> Result<Sse<impl Stream<Item = Result<Event, Infallible>>>, Problem> {
    let topic = of_tag(&parts, "hashtag:local")?;
    told(services, parts, topic).await
}

fn of_tag(parts: &Parts, stream: &str) -> Result<Topic, Problem> {
    let tag = query(parts).filled("tag").unwrap_or_default().to_owned();
    let asked = url::form_urlencoded::Serializer::new(String::new())
        .extend_pairs([("stream", stream), ("tag", &tag)])
        .finish();
    let topic = Topic::read(&crate::fields::Fields::of_form(asked.as_bytes()));
    topic.ok_or_else(|| Problem::bad_request("Missing tag name parameter"))
}

async fn told(
    services: Services,
    parts: Parts,
    topic: Topic,
) -> Result<Sse<impl Stream<Item = Result<Event, Infallible>>>, Problem> {
    let (place, feed) = joined(services, &parts, vec![topic]).await?;
    let messages = stream::unfold(feed, |mut feed| async {
        let happening = feed.wait().await?;
        let messages = feed.tell(happening).await?;
        Some((stream::iter(messages), feed))
    });
    // The place is given back when the stream is dropped.
    let events = messages.flatten().map(move |message: Message| {
        let _held = &place;
        Ok(Event::default().event(message.event).data(message.payload))
    });
    let events = events.take_until(tokio::time::sleep(LONGEST));
    Ok(Sse::new(events).keep_alive(KeepAlive::new().interval(KEEP_ALIVE).text("thump")))
}
