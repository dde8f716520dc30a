//! Pictures that somebody has sent for a thought that is not written yet.

use bytes::Bytes;
use clock::now_micros;
use store::{Conn, v};
use uuid::Uuid;

use super::{MediaStore, Picture, Size};
use crate::thoughts::Attachment;
use crate::{Error, Id, Social, users};

/// Characters of what is said of a picture.
pub const MAX_DESCRIPTION: usize = 1500;

/// Pictures of somebody that are in no thought yet; those of yesterday are [removed](super::remove_unused).
const MAX_UNUSED: i64 = 100;

/// Keeps a picture of somebody, who may put it into a thought from now on.
pub async fn send(
    social: &Social,
    media: &MediaStore,
    me: Id,
    content: Bytes,
    description: Option<String>,
    focus: Option<String>,
) -> Result<Attachment, Error> {
    if description.as_ref().is_some_and(|text| text.chars().count() > MAX_DESCRIPTION) {
        return Err(Error::Invalid(format!("description has more than {MAX_DESCRIPTION} characters")));
    }
    let picture = Picture::read(content, Size::ATTACHMENT).await?;
    let owner = social.ask(move |conn| room(conn, me)).await?;
    let owner = Uuid::parse_str(&owner).map_err(|_| Error::NotFound("user"))?;
    // Each upload has a file of its own, so that the end of one is not that of another with the same content.
    let role = format!("picture-{:016x}", rand::random::<u64>());
    let path = media.put(owner, &role, &picture).await?;
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
    let row = attachment.clone();
    let id = social.change(move |conn| keep(conn, me, &row)).await?;
    Ok(Attachment { id, ..attachment })
}

/// The uuid of somebody who may send one more.
fn room(conn: &mut Conn<'_>, me: Id) -> Result<String, Error> {
    let sql = "SELECT count(*) FROM (SELECT 1 FROM social_attachments WHERE user_id = $1 AND thought_id IS NULL AND created_at > 0 LIMIT $2) AS a";
    if conn.query_one(sql, &[me.into(), v(MAX_UNUSED)], |row| row.int(0))? >= MAX_UNUSED {
        return Err(Error::Invalid("use the pictures that you have sent, or wait".to_owned()));
    }
    Ok(users::by_id(conn, me)?.ok_or(Error::NotFound("user"))?.uuid)
}

fn keep(conn: &mut Conn<'_>, me: Id, it: &Attachment) -> Result<Id, Error> {
    let (uuid, now) = (Uuid::new_v4().to_string(), now_micros());
    let sql = "INSERT INTO social_attachments
                   (id, uuid, user_id, position, media_type, path, width, height, description, focus, created_at, blurhash)
               VALUES ($1, $2, $3, 0, $4, $5, $6, $7, $8, $9, $10, $11) ON CONFLICT DO NOTHING";
    let kept = Id::insert(conn, "social_attachments", now, |conn, id| {
        let params = [
            id.into(),
            v(&uuid),
            me.into(),
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
    kept.ok_or(Error::Busy)
}
