//! `/api/v2/media`: pictures, before they are part of a status.

use axum::extract::State;
use clock::now_micros;
use server::{Json, Path, Problem};
use social::media::{MAX_DESCRIPTION, send as send_picture};
use social::thoughts::{self, Attachment};
use social::{Addresses, Id, Told};
use store::{Conn, v};

use crate::caller::Me;
use crate::entities::Media;
use crate::fields::Fields;
use crate::need::{Need, Row, get, post, put};
use crate::refusal::Refusal;
use crate::services::Services;

/// A picture and what is said of it.
const BODY_LIMIT: usize = 48 << 20;

pub(crate) fn rows() -> Vec<Row> {
    let write = Need::User("write:media");
    vec![
        post("/api/v1/media", write, "Send a picture", send).body_limit(BODY_LIMIT),
        post("/api/v2/media", write, "Send a picture", send).body_limit(BODY_LIMIT),
        get("/api/v1/media/{id}", write, "Show a picture that was sent", show),
        put("/api/v1/media/{id}", write, "Say what is in a picture", change),
    ]
}

async fn send(State(services): State<Services>, Me(me): Me, fields: Fields) -> Result<Json<Media>, Problem> {
    let content = fields.file("file").ok_or_else(|| Refusal::invalid("file is missing"))?;
    if content.len() > services.social.config().upload_max_bytes {
        return Err(Refusal::invalid("the file is too large").into());
    }
    let description = description(fields.filled("description"))?;
    let focus = focus(fields.filled("focus"))?;
    let kept = send_picture(&services.social, &services.media, me, content.clone(), description, focus).await;
    Ok(Json(Media::new(&kept.map_err(Refusal::from)?, services.addresses())))
}

async fn show(
    State(services): State<Services>,
    Me(me): Me,
    Path(id): Path<i64>,
) -> Result<Json<Media>, Problem> {
    let addresses = services.addresses().clone();
    let found = services.social.ask(move |conn| own(conn, &addresses, me, Id(id))).await;
    Ok(Json(found.map_err(Refusal::from)?))
}

/// One of somebody's own pictures, in a status or not.
fn own(conn: &mut Conn<'_>, addresses: &Addresses, me: Id, id: Id) -> Result<Media, social::Error> {
    let found = conn.query_opt(
        "SELECT media_type, path, width, height, description, focus, blurhash FROM social_attachments
         WHERE id = $1 AND user_id = $2 AND created_at > 0",
        &[v(id), v(me)],
        |row| {
            let text = |column| Ok::<_, store::Error>(row.opt_text(column)?.map(str::to_owned));
            Ok::<_, store::Error>(Attachment {
                id,
                media_type: row.string(0)?,
                path: text(1)?,
                remote_url: None,
                width: row.opt_int(2)?,
                height: row.opt_int(3)?,
                description: text(4)?,
                focus: text(5)?,
                blurhash: text(6)?,
            })
        },
    )?;
    found.map(|it| Media::new(&it, addresses)).ok_or(social::Error::NotFound("media"))
}

async fn change(
    State(services): State<Services>,
    Me(me): Me,
    Path(id): Path<i64>,
    fields: Fields,
) -> Result<Json<Media>, Problem> {
    Ok(Json(describe(&services, me, Id(id), fields.text("description"), fields.text("focus")).await?))
}

/// Says what is in a picture, and where in it. What is not said stays.
pub(crate) async fn describe(
    services: &Services,
    me: Id,
    id: Id,
    said: Option<&str>,
    at: Option<&str>,
) -> Result<Media, Refusal> {
    let emptied = |new: Option<String>, said: Option<&str>| new.or_else(|| said.map(|_| String::new()));
    let (said, at) = (emptied(description(said)?, said), emptied(focus(at)?, at));
    let addresses = services.addresses().clone();
    let changed = services.social.change(move |conn| {
        let before = said_of(conn, me, id)?;
        conn.execute(
            // An empty text takes away what was there.
            "UPDATE social_attachments SET description = nullif(coalesce($3, description), ''),
                 focus = nullif(coalesce($4, focus), '') WHERE id = $1 AND user_id = $2",
            &[v(id), v(me), v(said.as_deref()), v(at.as_deref())],
        )?;
        let after = said_of(conn, me, id)?;
        let thought = after.as_ref().filter(|_| before != after).and_then(|(_, _, thought)| *thought);
        if let Some(thought) = thought {
            thoughts::touch(conn, now_micros(), thought)?;
        }
        Ok((own(conn, &addresses, me, id)?, thought))
    });
    let (media, thought) = changed.await?;
    if let Some(Id(id)) = thought {
        services.social.live().tell(&Told::Edited { id, user_id: me.0 }).await;
    }
    Ok(media)
}

/// Description, focus, and the thought that shows it, if one does.
type Said = (Option<String>, Option<String>, Option<Id>);

fn said_of(conn: &mut Conn<'_>, me: Id, id: Id) -> Result<Option<Said>, store::Error> {
    let sql = "SELECT description, focus, thought_id FROM social_attachments WHERE id = $1 AND user_id = $2";
    conn.query_opt(sql, &[v(id), v(me)], |row| {
        let text = |column| Ok::<_, store::Error>(row.opt_text(column)?.map(str::to_owned));
        Ok((text(0)?, text(1)?, row.opt_int(2)?.map(Id)))
    })
}

fn description(text: Option<&str>) -> Result<Option<String>, Refusal> {
    let text = text.filter(|text| !text.is_empty());
    if text.is_some_and(|text| text.chars().count() > MAX_DESCRIPTION) {
        return Err(Refusal::invalid(format!("description has more than {MAX_DESCRIPTION} characters")));
    }
    Ok(text.map(str::to_owned))
}

/// `x,y`, each from -1 to 1.
fn focus(text: Option<&str>) -> Result<Option<String>, Refusal> {
    let Some(text) = text.filter(|text| !text.is_empty()) else { return Ok(None) };
    let part = |text: &str| text.trim().parse::<f64>().ok().filter(|at| (-1.0..=1.0).contains(at));
    let point = text.split_once(',').and_then(|(x, y)| Some((part(x)?, part(y)?)));
    let (x, y) = point.ok_or_else(|| Refusal::invalid("focus must be two numbers from -1 to 1"))?;
    Ok(Some(format!("{x},{y}")))
}
