//! `/feed`, `/tags` and what one person wrote.

use axum::extract::State;
use http::StatusCode;
use serde::{Deserialize, Serialize};
use server::{Access, Json, Path, Problem, Query, Route};
use store::Conn;
use utoipa::{IntoParams, ToSchema};

use super::{Entry, Page, Ranking, Source, Span, Wanted, page, ranked};
use crate::services::Services;
use crate::thoughts::view::{ThoughtView, views};
use crate::users::User;
use crate::wire::{Me, Paging, Viewer};
use crate::{Error, Id};

pub(crate) fn routes() -> Vec<Route<Services>> {
    let feed = |route: Route<Services>| {
        route.query::<Paging>().query::<Order>().query::<Wanted>().gives::<FeedView>(StatusCode::OK)
    };
    vec![
        feed(Route::get(
            "/social/feed",
            Access::Authenticated,
            "Of those whom one follows, and one's own",
            home,
        )),
        feed(Route::get(
            "/social/feed/public",
            Access::Delegated,
            "What everybody here wrote for everybody",
            public,
        )),
        feed(Route::get(
            "/social/users/{username}/thoughts",
            Access::Delegated,
            "What somebody wrote, as far as the viewer may see it",
            of_user,
        )),
        feed(Route::get(
            "/social/federation/actors/{handle}/posts",
            Access::Delegated,
            "What somebody elsewhere wrote, as far as it is here; more is fetched behind it",
            of_actor,
        )),
        feed(Route::get(
            "/social/tags/{name}",
            Access::Delegated,
            "What everybody wrote about something",
            tag,
        )),
        Route::get("/social/tags/popular", Access::Public, "What most was written about lately", popular)
            .query::<Limit>()
            .gives::<TagsView>(StatusCode::OK),
    ]
}

/// In which order, and from where on.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
struct Order {
    /// `newest`, `oldest`, or by the newest thousand: `most_liked`, `most_boosted`, `most_discussed`.
    sort: Option<String>,
    /// What `nextCursor` of another page said; `page` is then of no meaning.
    cursor: Option<String>,
}

/// A page of a feed.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = ThoughtsPage)]
pub(crate) struct FeedView {
    items: Vec<ThoughtView>,
    /// As many as are known to be there: those before and on this page, and one if there are more. Absent with a cursor.
    #[serde(skip_serializing_if = "Option::is_none")]
    total: Option<usize>,
    page: i64,
    per_page: i64,
    /// Absent at the end.
    #[serde(skip_serializing_if = "Option::is_none")]
    next_cursor: Option<String>,
}

async fn home(
    State(services): State<Services>,
    Me(me): Me,
    Query(paging): Query<Paging>,
    Query(order): Query<Order>,
    Query(wanted): Query<Wanted>,
) -> Result<Json<FeedView>, Problem> {
    let source = move |_: &mut Conn<'_>| Ok(Some(Source::Home(me)));
    Ok(Json(feed(&services, Some(me), source, paging, order, wanted).await?))
}

async fn public(
    State(services): State<Services>,
    Viewer(viewer): Viewer,
    Query(paging): Query<Paging>,
    Query(order): Query<Order>,
    Query(wanted): Query<Wanted>,
) -> Result<Json<FeedView>, Problem> {
    let source = |_: &mut Conn<'_>| Ok(Some(Source::Local));
    Ok(Json(feed(&services, viewer, source, paging, order, wanted).await?))
}

async fn of_user(
    State(services): State<Services>,
    Viewer(viewer): Viewer,
    Path(name): Path<String>,
    Query(paging): Query<Paging>,
    Query(order): Query<Order>,
    Query(wanted): Query<Wanted>,
) -> Result<Json<FeedView>, Problem> {
    let user = services.somebody(&name).await?;
    Ok(Json(written_by(&services, viewer, &user, paging, order, wanted).await?))
}

async fn of_actor(
    State(services): State<Services>,
    Viewer(viewer): Viewer,
    Path(handle): Path<String>,
    Query(paging): Query<Paging>,
    Query(order): Query<Order>,
    Query(wanted): Query<Wanted>,
) -> Result<Json<FeedView>, Problem> {
    let user = services.looked_up(viewer, &handle).await?;
    Ok(Json(written_by(&services, viewer, &user, paging, order, wanted).await?))
}

async fn written_by(
    services: &Services,
    viewer: Option<Id>,
    user: &User,
    paging: Paging,
    order: Order,
    wanted: Wanted,
) -> Result<FeedView, Error> {
    services.looked_at(user);
    let id = user.id;
    let source = move |_: &mut Conn<'_>| Ok(Some(Source::Of { user: id, boosts: !wanted.hide_boosts }));
    feed(services, viewer, source, paging, order, wanted).await
}

async fn tag(
    State(services): State<Services>,
    Viewer(viewer): Viewer,
    Path(name): Path<String>,
    Query(paging): Query<Paging>,
    Query(order): Query<Order>,
    Query(wanted): Query<Wanted>,
) -> Result<Json<FeedView>, Problem> {
    let source = move |conn: &mut Conn<'_>| Source::tag(conn, &name);
    Ok(Json(feed(&services, viewer, source, paging, order, wanted).await?))
}

/// The page that was asked for; nothing where there is no such feed.
async fn feed(
    services: &Services,
    viewer: Option<Id>,
    source: impl Fn(&mut Conn<'_>) -> Result<Option<Source>, Error> + Send + 'static,
    paging: Paging,
    order: Order,
    wanted: Wanted,
) -> Result<FeedView, Error> {
    if wanted.originals_only && wanted.replies_only {
        return Err(Error::BadRequest("originals_only and replies_only leave nothing".to_owned()));
    }
    let way = Way::read(&order)?;
    let cursor = order.cursor.as_deref().map(str::parse::<Id>).transpose();
    let cursor = cursor.map_err(|_| Error::BadRequest("this cursor is none that was given".to_owned()))?;
    let passed = if cursor.is_some() { 0 } else { usize::try_from(paging.offset()?).unwrap_or(usize::MAX) };
    let limit = usize::try_from(paging.limit()).unwrap_or(usize::MAX);
    let (addresses, now) = (services.addresses().clone(), clock::now_micros());
    let found = services.ask(move |conn| {
        let Some(source) = source(conn)? else { return Ok((Vec::new(), None)) };
        let (entries, next) = match way {
            Way::Ranked(ranking) => {
                let all = ranked(conn, source, viewer, now, ranking, wanted)?;
                let has_more = all.len() > passed + limit;
                let entries: Vec<Entry> = all.into_iter().skip(passed).take(limit).collect();
                (entries, has_more.then_some(None))
            }
            Way::Walk { upwards } => {
                let span = match (upwards, cursor) {
                    (true, from) => Span { above: from.unwrap_or(Id(0)), upwards, ..Span::default() },
                    (false, from) => from.map_or_else(Span::default, Span::below),
                };
                let Page { mut entries, next } =
                    page(conn, source, viewer, now, span, passed + limit, wanted)?;
                let entries = entries.split_off(passed.min(entries.len()));
                (entries, next.map(Some))
            }
        };
        Ok((views(conn, &addresses, viewer, &entries)?, next))
    });
    let (items, next) = found.await?;
    let total = (cursor.is_none()).then(|| passed + items.len() + usize::from(next.is_some()));
    let next_cursor = next.flatten().map(|id: Id| id.to_string());
    Ok(FeedView { items, total, page: paging.number(), per_page: paging.limit(), next_cursor })
}

/// How a feed is read.
#[derive(Clone, Copy)]
enum Way {
    Walk { upwards: bool },
    Ranked(Ranking),
}

impl Way {
    fn read(order: &Order) -> Result<Self, Error> {
        let way = match order.sort.as_deref() {
            None | Some("newest") => Self::Walk { upwards: false },
            Some("oldest") => Self::Walk { upwards: true },
            Some("most_liked") => Self::Ranked(Ranking::Likes),
            Some("most_boosted") => Self::Ranked(Ranking::Boosts),
            Some("most_discussed") => Self::Ranked(Ranking::Replies),
            Some(_) => {
                let orders = "sort is newest, oldest, most_liked, most_boosted or most_discussed";
                return Err(Error::BadRequest(orders.to_owned()));
            }
        };
        if matches!(way, Self::Ranked(_)) && order.cursor.is_some() {
            return Err(Error::BadRequest("a cursor goes with newest and oldest; use page".to_owned()));
        }
        Ok(way)
    }
}

#[derive(Deserialize, IntoParams)]
struct Limit {
    /// 1 to 100; 20 without it.
    limit: Option<u32>,
}

#[derive(Serialize, ToSchema)]
#[schema(as = PopularTags)]
struct TagsView {
    tags: Vec<TagView>,
}

#[derive(Serialize, ToSchema)]
#[schema(as = PopularTag)]
struct TagView {
    name: String,
    thought_count: i64,
}

async fn popular(
    State(services): State<Services>,
    Query(Limit { limit }): Query<Limit>,
) -> Result<Json<TagsView>, Problem> {
    let limit = limit.unwrap_or(20).clamp(1, 100);
    let tags = services.ask(move |conn| super::popular(conn, limit)).await?;
    let tags = tags.into_iter().map(|(name, thought_count)| TagView { name, thought_count }).collect();
    Ok(Json(TagsView { tags }))
}
