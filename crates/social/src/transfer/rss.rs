//! What somebody here writes for everybody, as RSS 2.0.

use std::fmt::Write as _;

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::header::{CACHE_CONTROL, CONTENT_TYPE};
use server::{Path, Problem};
use store::{Conn, v};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc2822;

use crate::services::Services;
use crate::thoughts::{self, Thought};
use crate::users::User;
use crate::{Addresses, Error, Id};

/// The newest of them.
const ITEMS: i64 = 20;

pub(super) async fn show(
    State(services): State<Services>,
    Path(name): Path<String>,
) -> Result<Response, Problem> {
    let user = services.somebody(&name).await?;
    if !user.is_local() {
        return Err(Error::NotFound("user").into());
    }
    let id = user.id;
    let thoughts = services.ask(move |conn| newest(conn, id)).await?;
    let text = write(services.addresses(), &user, &thoughts);
    let headers =
        [(CONTENT_TYPE, "application/rss+xml; charset=utf-8"), (CACHE_CONTROL, "public, max-age=300")];
    Ok((headers, text).into_response())
}

fn newest(conn: &mut Conn<'_>, user: Id) -> Result<Vec<Thought>, Error> {
    let sql = "SELECT id FROM social_thoughts WHERE user_id = $1 AND visibility = 'public' ORDER BY id DESC LIMIT $2";
    let ids = conn.query(sql, &[user.into(), v(ITEMS)], |row| Ok::<_, Error>(Id(row.int(0)?)))?;
    thoughts::load(conn, None, &ids)
}

fn write(addresses: &Addresses, user: &User, thoughts: &[Thought]) -> String {
    let name = user.display_name.as_deref().unwrap_or(&user.username);
    let mut text =
        String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<rss version=\"2.0\"><channel>\n");
    let mut element = |name: &str, content: &str| {
        // Writing to a string does not fail.
        _ = writeln!(text, "<{name}>{}</{name}>", escaped(content));
    };
    element("title", &format!("{name} (@{}@{})", user.username, addresses.domain()));
    element("link", &addresses.profile(&user.username));
    element("description", user.bio.as_deref().unwrap_or_default());
    for thought in thoughts {
        let address = addresses.thought(&thought.uuid);
        let warning = thought.content_warning.as_deref();
        // Whoever warned of it does not want it to be seen at once.
        let content = warning.unwrap_or(&thought.content);
        text.push_str("<item>\n");
        let mut element = |name: &str, content: &str| {
            _ = writeln!(text, "<{name}>{}</{name}>", escaped(content));
        };
        element("title", content);
        element("link", &address);
        element("guid", &address);
        element("pubDate", &date(thought.created_at));
        element("description", content);
        text.push_str("</item>\n");
    }
    text.push_str("</channel></rss>\n");
    text
}

fn date(micros: i64) -> String {
    let date = OffsetDateTime::from_unix_timestamp(micros.div_euclid(1_000_000));
    date.ok().and_then(|date| date.format(&Rfc2822).ok()).unwrap_or_default()
}

/// Text in XML: without what the language cannot say at all.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '\t' | '\n' => out.push(c),
            c if c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}') => {}
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    #[test]
    fn nothing_leaves_its_element() {
        assert_eq!(super::escaped("<a>&\0\u{1b}\u{ffff}]]>"), "&lt;a&gt;&amp;]]&gt;");
        assert_eq!(super::date(0), "Thu, 01 Jan 1970 00:00:00 +0000");
    }
}
