//! `/api/v2/media`: pictures, before they are part of a status.

use axum::extract::State;
use clock::now_micros;
use server::{Json, Path, Problem};
use social::media::{Picture, Size};
use social::thoughts::Attachment;
use social::{Addresses, Id};
use store::{Conn, v};

use crate::accounts::find;
use crate::caller::Me;
use crate::entities::Media;
use crate::fields::Fields;
use crate::need::{Need, Row, get, post, put};
use crate::refusal::Refusal;
use crate::services::Services;

/// Characters of what is said of a picture.
const MAX_DESCRIPTION: usize = 1500;

/// Pictures of somebody that are in no status yet; those of yesterday are removed (`social::media::remove_unused`).
const MAX_UNUSED: i64 = 100;

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
    let picture = Picture::read(content.clone(), Size::ATTACHMENT).await.map_err(Refusal::from)?;
    let owner = services.social.ask(move |conn| room(conn, me)).await.map_err(Refusal::from)?;
    let owner = owner.parse().map_err(|_| Refusal::NotFound)?;
    // Each upload has a file of its own, so that the end of one is not that of another with the same content.
    let role = format!("picture-{:016x}", rand::random::<u64>());
    let path = services.media.put(owner, &role, &picture).await.map_err(Refusal::from)?;
    let now = now_micros();
    let attachment = Attachment {
        // It gets one with its row.
        id: Id(0),
        media_type: picture.kind.media_type().to_owned(),
        path: Some(path),
        remote_url: None,
        width: Some(picture.width.into()),
        height: Some(picture.height.into()),
        blurhash: Some(picture.blurhash),
        description,
        focus,
    };
    let addresses = services.addresses().clone();
    let kept = services.social.change(move |conn| {
        let id = keep(conn, me, &attachment, now)?;
        Ok(Media::new(&Attachment { id, ..attachment.clone() }, &addresses))
    });
    Ok(Json(kept.await.map_err(Refusal::from)?))
}

/// The uuid of somebody who may send one more.
fn room(conn: &mut Conn<'_>, me: Id) -> Result<String, social::Error> {
    let sql = "SELECT count(*) FROM (SELECT 1 FROM social_attachments WHERE user_id = $1 AND thought_id IS NULL AND created_at > 0 LIMIT $2) AS a";
    if conn.query_one(sql, &[v(me), v(MAX_UNUSED)], |row| row.int(0))? >= MAX_UNUSED {
        return Err(social::Error::Invalid("use the pictures that you have sent, or wait".to_owned()));
    }
    Ok(find(conn, me)?.uuid)
}

fn keep(conn: &mut Conn<'_>, me: Id, it: &Attachment, now: i64) -> Result<Id, social::Error> {
    let uuid = uuid::Uuid::new_v4().to_string();
    let sql = "INSERT INTO social_attachments
                   (id, uuid, user_id, position, media_type, path, width, height, description, focus, created_at, blurhash)
               VALUES ($1, $2, $3, 0, $4, $5, $6, $7, $8, $9, $10, $11) ON CONFLICT DO NOTHING";
    let kept = Id::insert(conn, "social_attachments", now, |conn, id| {
        let params = [
            v(id),
            v(&uuid),
            v(me),
            v(&it.media_type),
            v(it.path.as_deref()),
            v(it.width),
            v(it.height),
            v(it.description.as_deref()),
            v(it.focus.as_deref()),
            v(now),
            v(it.blurhash.as_deref()),
        ];
        conn.execute(sql, &params)
    })?;
    kept.ok_or(social::Error::Busy)
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
        conn.execute(
            // An empty text takes away what was there.
            "UPDATE social_attachments SET description = nullif(coalesce($3, description), ''),
                 focus = nullif(coalesce($4, focus), '') WHERE id = $1 AND user_id = $2",
            &[v(id), v(me), v(said.as_deref()), v(at.as_deref())],
        )?;
        own(conn, &addresses, me, id)
    });
    Ok(changed.await?)
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
