//! Pages of lists: which part a client asks for, and where the next one is (`Link`).

use axum::extract::FromRequestParts;
use axum::response::{IntoResponse, Response};
use http::header::LINK;
use http::request::Parts;
use http::{HeaderName, HeaderValue};
use serde::Serialize;
use server::{Json, Problem};
use social::Id;
use social::feeds::Span;
use store::{Conn, v};
use url::form_urlencoded::Serializer;

use crate::fields::{Fields, query};

/// What names a part of a list; everything else in an address stays.
const CURSORS: [&str; 3] = ["max_id", "since_id", "min_id"];

/// Between which rows a page is: the newest and the oldest.
pub(crate) type Ends = Option<(Id, Id)>;

/// The part of a list that a request asks for.
#[derive(Debug)]
pub(crate) struct Paging {
    pub(crate) fields: Fields,
    path: String,
    below: Id,
    above: Id,
    /// The part that follows `above` at once, instead of the newest.
    is_upwards: bool,
}

impl<S: Sync> FromRequestParts<S> for Paging {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let fields = query(parts);
        let id = |name| match fields.filled(name) {
            None => Ok(None),
            Some(text) => text
                .parse()
                .map(|id| Some(Id(id)))
                .map_err(|_| Problem::bad_request(format!("{name} is no id"))),
        };
        let (max, since, min) = (id("max_id")?, id("since_id")?, id("min_id")?);
        let path = parts.uri.path().to_owned();
        let above = min.or(since).unwrap_or(Id(0));
        Ok(Self { path, below: max.unwrap_or(Id::MAX), above, is_upwards: min.is_some(), fields })
    }
}

impl Paging {
    /// How many entries are asked for.
    pub(crate) fn limit(&self, default: i64, max: i64) -> i64 {
        self.fields.number("limit").map_or(default, |limit| limit.clamp(1, max))
    }

    /// As a stretch of a feed.
    pub(crate) fn span(&self) -> Span {
        Span { below: self.below, above: self.above, upwards: self.is_upwards }
    }

    /// A page, and the ways on from it: `ends` are the newest and the oldest of the rows it was made of, also of those that are not
    /// shown.
    pub(crate) fn page<T: Serialize>(&self, base: &str, items: Vec<T>, ends: Ends) -> Response {
        let mut response = Json(items).into_response();
        if let Some(link) = self.link(base, ends) {
            response.headers_mut().insert(LINK, link);
        }
        response
            .headers_mut()
            .insert(HeaderName::from_static("vary"), HeaderValue::from_static("Authorization"));
        response
    }

    fn link(&self, base: &str, ends: Ends) -> Option<HeaderValue> {
        let (newest, oldest) = ends?;
        let to = |name: &str, id: Id| {
            let kept = self.fields.pairs().filter(|(name, _)| !CURSORS.contains(name));
            let query =
                Serializer::new(String::new()).extend_pairs(kept).append_pair(name, &id.to_string()).finish();
            format!("<{base}{}?{query}>", self.path)
        };
        let link = format!("{}; rel=\"next\", {}; rel=\"prev\"", to("max_id", oldest), to("min_id", newest));
        HeaderValue::try_from(link).ok()
    }
}

/// A list that is walked by one index, in both directions: `$1` is whose it is, `$2` and `$3` what its ids are between, `$4` how many.
pub(crate) struct Walk {
    pub(crate) down: &'static str,
    pub(crate) up: &'static str,
}

/// `walk!("SELECT l.id, l.thought_id FROM social_likes l WHERE l.user_id = $1", "l.id")`: the id of the entry, then that of what it is.
macro_rules! walk {
    ($select:literal, $id:literal) => {
        $crate::paging::Walk {
            down: concat!($select, " AND ", $id, " < $2 AND ", $id, " > $3 ORDER BY ", $id, " DESC LIMIT $4"),
            up: concat!($select, " AND ", $id, " < $2 AND ", $id, " > $3 ORDER BY ", $id, " LIMIT $4"),
        }
    };
}

pub(crate) use walk;

impl Walk {
    /// What the entries are, newest first, and the newest and the oldest entry.
    pub(crate) fn ids(
        &self,
        conn: &mut Conn<'_>,
        span: Span,
        whose: Id,
        limit: i64,
    ) -> Result<(Vec<Id>, Ends), store::Error> {
        let Span { below, above, upwards } = span;
        let sql = if upwards { self.up } else { self.down };
        let params = [v(whose), v(below), v(above), v(limit)];
        let mut rows =
            conn.query(sql, &params, |row| Ok::<_, store::Error>((Id(row.int(0)?), Id(row.int(1)?))))?;
        if upwards {
            rows.reverse();
        }
        let ends = rows.first().map(|row| row.0).zip(rows.last().map(|row| row.0));
        Ok((rows.into_iter().map(|row| row.1).collect(), ends))
    }
}
