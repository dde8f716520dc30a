//! Avatars at rest.

use blobs::Bucket;
use bytes::Bytes;
use store::{Conn, Database, v};

use super::Picture;
use super::avatar::{Avatar, new_path};
use super::picture::MAX_BYTES;
use crate::Error;
use crate::attachments::{announce, claim, require};
use crate::services::Services;

/// A picture that somebody is about to show.
#[derive(Clone, Debug)]
pub(crate) struct NewAvatar {
    pub(crate) path: String,
    pub(crate) picture: Picture,
    /// The URL it was fetched from.
    pub(crate) source: Option<String>,
    /// Where its bytes are, if not here.
    pub(crate) object: Option<String>,
}

impl NewAvatar {
    /// Puts the bytes into the bucket, if there is one. Until something refers to them they are lost objects.
    pub(super) async fn stow(
        services: &Services,
        account: &str,
        source: &str,
        picture: Picture,
    ) -> Result<Self, Error> {
        let path = new_path(account, picture.kind);
        let object = match &services.bucket {
            Some(bucket) => {
                let object = services.relay.state().write(|conn| announce(conn, "avatars")).await?;
                bucket.put(&object, picture.content.clone()).await?;
                Some(object)
            }
            None => None,
        };
        Ok(Self { path, picture, source: Some(source.to_owned()), object })
    }
}

/// The account shows this one from now on, and no other.
pub(crate) fn put(conn: &mut Conn<'_>, account: &str, new: &NewAvatar, now: i64) -> Result<(), Error> {
    if let Some(object) = &new.object {
        claim(conn, object)?;
    }
    lose(conn, account, now)?;
    let content = new.object.is_none().then_some(&*new.picture.content);
    conn.execute(
        "INSERT INTO sync_avatars (account_id, path, source, content, object, created_at)
         VALUES ($1, $2, $3, $4, $5, $6)
         ON CONFLICT (account_id)
         DO UPDATE SET path = excluded.path, source = excluded.source, content = excluded.content,
             object = excluded.object, created_at = excluded.created_at",
        &[v(account), v(&new.path), v(new.source.as_deref()), v(content), v(new.object.as_deref()), v(now)],
    )?;
    let shown = serde_json::to_string(&Avatar::new(&new.path, &new.picture));
    let shown = shown.map_err(|error| Error::Encoding(error.into()))?;
    conn.execute("UPDATE sync_accounts SET avatar = $2 WHERE id = $1", &[v(account), v(&shown)])?;
    Ok(())
}

/// The account shows none from now on.
pub(crate) fn remove(conn: &mut Conn<'_>, account: &str) -> Result<(), Error> {
    lose(conn, account, clock::now_micros())?;
    conn.execute("DELETE FROM sync_avatars WHERE account_id = $1", &[v(account)])?;
    conn.execute("UPDATE sync_accounts SET avatar = NULL WHERE id = $1", &[v(account)])?;
    Ok(())
}

/// What it shows in the bucket is lost.
fn lose(conn: &mut Conn<'_>, account: &str, now: i64) -> Result<(), Error> {
    conn.execute(
        "INSERT INTO sync_lost_objects (object, due_at)
         SELECT object, $2 FROM sync_avatars WHERE account_id = $1 AND object IS NOT NULL
         ON CONFLICT (object) DO NOTHING",
        &[v(account), v(now)],
    )?;
    Ok(())
}

/// Whether the account shows one.
pub(crate) fn has(conn: &mut Conn<'_>, account: &str) -> Result<bool, Error> {
    let sql = "SELECT 1 FROM sync_avatars WHERE account_id = $1";
    Ok(conn.query_opt(sql, &[v(account)], |row| row.int(0))?.is_some())
}

/// Where the bytes are.
enum Place {
    Here(Bytes),
    Bucket(String),
}

/// The account's, wherever it is, if it is at `path`; or at any. Its path and its bytes.
pub(crate) async fn read(
    state: &Database,
    bucket: Option<&Bucket>,
    account: String,
    path: Option<String>,
) -> Result<Option<(String, Bytes)>, Error> {
    let found = state.read(move |conn| {
        let sql = "SELECT path, content, object FROM sync_avatars
                   WHERE account_id = $1 AND path = COALESCE($2, path)";
        conn.query_opt(sql, &[v(&account), v(path.as_deref())], |row| {
            let place = match row.opt_text(2)? {
                Some(object) => Place::Bucket(object.to_owned()),
                None => Place::Here(Bytes::copy_from_slice(row.blob(1)?)),
            };
            Ok::<_, Error>((row.string(0)?, place))
        })
    });
    Ok(match found.await? {
        None => None,
        Some((path, Place::Here(content))) => Some((path, content)),
        Some((path, Place::Bucket(object))) => {
            let max = u64::try_from(MAX_BYTES).unwrap_or(u64::MAX);
            Some((path, require(bucket)?.get(&object, max).await?))
        }
    })
}
