//! `GET /api/v2/search`: people, statuses and hashtags, here and, by address or handle, elsewhere.

use axum::extract::{RawQuery, State};
use clock::now_micros;
use serde::Serialize;
use server::{Json, Problem};
use social::feeds::Span;
use social::search::{self as find, Words};
use social::users;
use social::{Addresses, Id};
use store::{Conn, v};

use crate::accounts::{find as somebody, local};
use crate::caller::Me;
use crate::entities::{Account, Status, accounts_in_order, statuses};
use crate::fields::Fields;
use crate::need::{Need, Row, get};
use crate::refusal::Refusal;
use crate::services::Services;

/// Characters of a question (spec/social.md §3.5).
const MAX_QUESTION: usize = 200;

pub(crate) fn rows() -> Vec<Row> {
    vec![get("/api/v2/search", Need::User("read:search"), "Find people, statuses and hashtags", search)]
}

#[derive(Default, Serialize)]
struct Found {
    accounts: Vec<Account>,
    statuses: Vec<Status>,
    hashtags: Vec<Tag>,
}

/// A hashtag, as lists of them show it.
#[derive(Serialize)]
struct Tag {
    id: String,
    name: String,
    url: String,
    history: [(); 0],
    following: bool,
}

/// What is looked for.
struct Question {
    text: String,
    /// What else it may be the name of: asked of its server, if that is wanted.
    elsewhere: Option<Id>,
    limit: usize,
    skip: u64,
}

fn read(asked: &Fields) -> Result<Question, Problem> {
    let text = asked.text("q").unwrap_or_default().trim();
    if !(1..=MAX_QUESTION).contains(&text.chars().count()) {
        return Err(Problem::bad_request(format!("q must have 1 to {MAX_QUESTION} characters")));
    }
    let number = |name| asked.number(name).and_then(|it| u32::try_from(it).ok());
    let limit = number("limit").unwrap_or(20).clamp(1, 40) as usize;
    let skip = number("offset").unwrap_or(0).min(1000).into();
    Ok(Question { text: text.to_owned(), elsewhere: None, limit, skip })
}

/// Asks other servers for what has the form of a handle or an address, if the client wants that.
async fn resolved(
    services: &Services,
    me: Id,
    asked: &Fields,
    text: &str,
    what: &str,
) -> Result<Option<Id>, Problem> {
    if asked.flag("resolve") != Some(true) {
        return Ok(None);
    }
    let is_address = text.starts_with("https://") || text.starts_with("http://");
    let is_handle = local(text, services).contains('@');
    // What another server does not answer is not found.
    match what {
        "accounts" if is_address || is_handle => services.social.look_up_person(me, text).await,
        "statuses" if is_address => services.social.look_up_thought(me, text).await,
        _ => Ok(None),
    }
}

/// People who are called so; `GET /api/v1/accounts/search`.
pub(crate) async fn people(services: &Services, me: Id, asked: &Fields) -> Result<Vec<Account>, Problem> {
    let question = read(asked)?;
    let elsewhere = resolved(services, me, asked, &question.text, "accounts").await?;
    let question = Question { elsewhere, ..question };
    let text = local(&question.text, services).to_owned();
    let (addresses, followed) = (services.addresses().clone(), asked.flag("following") == Some(true));
    let read = services.social.ask(move |conn| {
        let mut ids = if question.skip == 0 { at(conn, &addresses, &question.text)? } else { Vec::new() };
        ids.extend(question.elsewhere);
        if let Ok(words) = Words::read(&text) {
            ids.extend(find::people(conn, Some(me), &words, (question.skip, question.limit))?);
        }
        if followed {
            ids.retain(|id| follows(conn, me, *id).unwrap_or(false));
        }
        let mut seen = std::collections::HashSet::new();
        ids.retain(|id| seen.insert(*id));
        ids.truncate(question.limit);
        accounts_in_order(conn, &addresses, &ids)
    });
    Ok(read.await.map_err(Refusal::from)?)
}

/// Whoever has this address.
fn at(conn: &mut Conn<'_>, addresses: &Addresses, text: &str) -> Result<Vec<Id>, social::Error> {
    let found = match addresses.actor_at(text) {
        Some(uuid) => users::by_uuid(conn, uuid)?,
        None => users::by_ap_id(conn, text)?,
    };
    Ok(found.and_then(|user| somebody(conn, user.id).ok()).map(|user| user.id).into_iter().collect())
}

fn follows(conn: &mut Conn<'_>, me: Id, other: Id) -> Result<bool, store::Error> {
    let sql = "SELECT 1 FROM social_follows WHERE follower = $1 AND followed = $2 AND state = 'accepted'";
    Ok(conn.query_opt(sql, &[v(me), v(other)], |row| row.int(0))?.is_some())
}

async fn search(
    State(services): State<Services>,
    Me(me): Me,
    RawQuery(query): RawQuery,
) -> Result<Json<Found>, Problem> {
    let asked = Fields::of_form(query.unwrap_or_default().as_bytes());
    let question = read(&asked)?;
    let wants = |what: &str| asked.filled("type").is_none_or(|kind| kind == what);
    let mut found = Found::default();
    if wants("accounts") && !question.text.starts_with('#') {
        found.accounts = people(&services, me, &asked).await?;
    }
    let elsewhere = if wants("statuses") {
        resolved(&services, me, &asked, &question.text, "statuses").await?
    } else {
        None
    };
    let question = Question { elsewhere, ..question };
    let (is_tags, is_statuses) = (wants("hashtags"), wants("statuses"));
    let addresses = services.addresses().clone();
    let read = services.social.ask(move |conn| {
        let statuses = if is_statuses { written(conn, &addresses, me, &question)? } else { Vec::new() };
        let hashtags = if is_tags { tags(conn, &addresses, &question)? } else { Vec::new() };
        Ok((statuses, hashtags))
    });
    (found.statuses, found.hashtags) = read.await.map_err(Refusal::from)?;
    Ok(Json(found))
}

fn written(
    conn: &mut Conn<'_>,
    addresses: &Addresses,
    me: Id,
    question: &Question,
) -> Result<Vec<Status>, social::Error> {
    let is_address = question.text.starts_with("http://") || question.text.starts_with("https://");
    if is_address {
        let known = social::thoughts::by_address(conn, addresses, &question.text)?.map(|row| row.id);
        let ids: Vec<Id> = known.or(question.elsewhere).into_iter().collect();
        return statuses(conn, addresses, Some(me), &ids);
    }
    // What is all too short finds nothing.
    let Ok(words) = Words::read(&question.text) else { return Ok(Vec::new()) };
    let bounds = (question.skip, question.limit);
    let ids = find::thoughts(conn, Some(me), now_micros(), &words, Span::default(), bounds)?;
    statuses(conn, addresses, Some(me), &ids)
}

/// Hashtags that begin so, those first that are used.
fn tags(conn: &mut Conn<'_>, addresses: &Addresses, question: &Question) -> Result<Vec<Tag>, social::Error> {
    let text = question.text.trim_start_matches('#').to_lowercase();
    if text.is_empty() {
        return Ok(Vec::new());
    }
    let end = format!("{text}\u{10ffff}");
    let (limit, skip) =
        (i64::try_from(question.limit).unwrap_or(20), i64::try_from(question.skip).unwrap_or(0));
    let names: Vec<String> = conn.query(
        "SELECT t.name FROM social_tags t WHERE t.name >= $1 AND t.name < $2
           AND EXISTS (SELECT 1 FROM social_thought_tags l WHERE l.tag_id = t.id)
         ORDER BY t.name LIMIT $3 OFFSET $4",
        &[v(&text), v(&end), v(limit), v(skip)],
        |row| row.string(0),
    )?;
    let tag = |name: String| Tag {
        id: name.clone(),
        url: addresses.tag(&name),
        name,
        history: [],
        following: false,
    };
    Ok(names.into_iter().map(tag).collect())
}
