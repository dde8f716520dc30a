//! Timelines, strictly in the order of time.

mod read;

pub(crate) use read::{Feed, shown};

use axum::extract::State;
use axum::response::Response;
use server::{Path, Problem};
use social::feeds::{Source, Wanted};

use crate::caller::{Me, Viewer};
use crate::need::{Need, Row, get};
use crate::paging::Paging;
use crate::services::Services;

pub(crate) fn rows() -> Vec<Row> {
    let anybody = Need::IfKnown("read:statuses");
    vec![
        get("/api/v1/timelines/home", Need::User("read:statuses"), "Read one's home timeline", home),
        get("/api/v1/timelines/public", anybody, "Read what is public", public),
        get("/api/v1/timelines/tag/{hashtag}", anybody, "Read what has a hashtag", tagged),
        get(
            "/api/v1/timelines/direct",
            Need::User("read:statuses"),
            "Read what is sent to oneself only",
            direct,
        ),
        get("/api/v1/bookmarks", Need::User("read:bookmarks"), "List one's bookmarks", bookmarks),
        get("/api/v1/favourites", Need::User("read:favourites"), "List what one likes", favourites),
    ]
}

async fn home(State(services): State<Services>, Me(me): Me, paging: Paging) -> Result<Response, Problem> {
    shown(&services, Some(me), paging, Feed::of(Source::Home(me))).await
}

async fn direct(State(services): State<Services>, Me(me): Me, paging: Paging) -> Result<Response, Problem> {
    shown(&services, Some(me), paging, Feed::of(Source::Private(me))).await
}

async fn bookmarks(
    State(services): State<Services>,
    Me(me): Me,
    paging: Paging,
) -> Result<Response, Problem> {
    shown(&services, Some(me), paging, Feed::of(Source::Bookmarked(me))).await
}

async fn favourites(
    State(services): State<Services>,
    Me(me): Me,
    paging: Paging,
) -> Result<Response, Problem> {
    shown(&services, Some(me), paging, Feed::of(Source::Liked(me))).await
}

async fn public(
    State(services): State<Services>,
    Viewer(viewer): Viewer,
    paging: Paging,
) -> Result<Response, Problem> {
    let is_local = paging.fields.flag("local") == Some(true);
    let source = if is_local { Source::Local } else { Source::Everywhere };
    let feed = Feed::of(source).with(|wanted| Wanted { pictures_only: only_media(&paging), ..wanted });
    shown(&services, viewer, paging, feed).await
}

async fn tagged(
    State(services): State<Services>,
    Viewer(viewer): Viewer,
    Path(hashtag): Path<String>,
    paging: Paging,
) -> Result<Response, Problem> {
    let local_only = paging.fields.flag("local") == Some(true);
    let pictures_only = only_media(&paging);
    let feed = Feed::tag(hashtag).with(|wanted| Wanted { local_only, pictures_only, ..wanted });
    shown(&services, viewer, paging, feed).await
}

fn only_media(paging: &Paging) -> bool {
    paging.fields.flag("only_media") == Some(true)
}
