//! Attachments in a bucket, and reading them wherever they are.

use std::time::Duration;

use blobs::Bucket;
use bytes::Bytes;
use clock::now_micros;
use store::{Database, v};

use super::lost::{announce, claim};
use super::stored::{Place, find, make_room};
use crate::Error;
use crate::limits::MAX_ATTACHMENT;

/// How long a URL of the bucket is good (spec/sync.md §2.13).
pub(super) const GOOD_FOR: Duration = Duration::from_mins(15);

/// Stores an attachment in the bucket. Whatever ends the server meanwhile, no object is there that nobody knows of.
pub(super) async fn put(
    state: &Database,
    bucket: &Bucket,
    [account, session, name]: [String; 3],
    content: Bytes,
) -> Result<(), Error> {
    let size = i64::try_from(content.len()).unwrap_or(i64::MAX);
    let object = {
        let (account, session) = (account.clone(), session.clone());
        let announce = move |conn: &mut store::Conn<'_>| {
            make_room(conn, &account, &session, size)?;
            announce(conn, "attachments")
        };
        state.write(announce).await?
    };
    bucket.put(&object, content).await?;
    let settle = move |conn: &mut store::Conn<'_>| {
        make_room(conn, &account, &session, size)?;
        claim(conn, &object)?;
        let now = now_micros();
        conn.execute(
            "INSERT INTO sync_lost_objects (object, due_at)
             SELECT object, $3 FROM sync_attachments WHERE session_id = $1 AND name = $2 AND object IS NOT NULL",
            &[v(&session), v(&name), v(now)],
        )?;
        conn.execute(
            "INSERT INTO sync_attachments (session_id, name, account_id, size, object, created_at)
             VALUES ($1, $2, $3, $4, $5, $6)
             ON CONFLICT (session_id, name)
             DO UPDATE SET size = excluded.size, content = NULL, object = excluded.object",
            &[v(&session), v(&name), v(&account), v(size), v(&object), v(now)],
        )?;
        Ok(())
    };
    state.write(settle).await
}

/// The content, wherever it is.
pub(crate) async fn read(
    state: &Database,
    bucket: Option<&Bucket>,
    [account, session, name]: [String; 3],
) -> Result<Bytes, Error> {
    match state.read(move |conn| find(conn, &account, &session, &name)).await? {
        Place::Here(content) => Ok(content.into()),
        Place::Bucket(object) => {
            Ok(require(bucket)?.get(&object, u64::try_from(MAX_ATTACHMENT).unwrap_or(u64::MAX)).await?)
        }
    }
}

/// The bucket, which was there when the attachment was stored.
pub(crate) fn require(bucket: Option<&Bucket>) -> Result<&Bucket, Error> {
    bucket.ok_or_else(|| Error::Bucket("they are in a bucket, and s3_url is not set any more".into()))
}
