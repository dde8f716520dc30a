//! Tables of accounts for Mastodon, and for servers that read what it writes.

use std::fmt::Write as _;

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::header::CONTENT_TYPE;
use server::{Path, Problem};
use store::Conn;

use crate::relations::{Home, List, Part, list};
use crate::services::Services;
use crate::users::by_ids;
use crate::wire::Me;
use crate::{Error, Id};

/// People that are read at a time.
const AT_A_TIME: i64 = 500;

pub(super) async fn export(
    State(services): State<Services>,
    Me(me): Me,
    Path(table): Path<String>,
) -> Result<Response, Problem> {
    let (which, head, rest) = match &*table {
        "following.csv" => {
            (List::Following, "Account address,Show boosts,Notify on new posts,Languages\n", ",true,false,")
        }
        "blocks.csv" => (List::Blocks, "", ""),
        "mutes.csv" => (List::Mutes, "Account address,Hide notifications\n", ",true"),
        _ => return Err(Error::NotFound("table").into()),
    };
    let domain = services.addresses().domain().to_owned();
    let text = services.ask(move |conn| write(conn, me, which, head, rest, &domain)).await?;
    Ok(([(CONTENT_TYPE, "text/csv; charset=utf-8")], text).into_response())
}

fn write(
    conn: &mut Conn<'_>,
    me: Id,
    which: List,
    head: &str,
    rest: &str,
    domain: &str,
) -> Result<String, Error> {
    let (mut text, mut before, now) = (head.to_owned(), Id::MAX, clock::now_micros());
    loop {
        let part = Part { before, limit: AT_A_TIME, offset: 0 };
        let ids = list(conn, now, None, (which, Home::Anywhere), me, part)?;
        let Some(last) = ids.last() else { return Ok(text) };
        before = Id(*last);
        for user in by_ids(conn, &ids)? {
            let host = user.host.as_deref().unwrap_or(domain);
            // Writing to a string does not fail.
            let _ = writeln!(text, "{}@{host}{rest}", user.username);
        }
    }
}
