//! Objects of the bucket that nothing refers to: remembered in the transaction that loses them, removed later.

use std::time::Duration;

use blobs::Bucket;
use clock::{micros, now_micros};
use store::{Conn, Database, v};
use uuid::Uuid;

use crate::Error;

/// Objects removed at a time.
const MANY: i64 = 500;

/// An object that nothing refers to by then is removed again: its upload was interrupted.
const INTERRUPTED: Duration = Duration::from_hours(1);

/// Those of a session that is about to be deleted.
pub(crate) fn lose_of_session(conn: &mut Conn<'_>, session: &str) -> Result<(), Error> {
    conn.execute(
        "INSERT INTO sync_lost_objects (object, due_at)
         SELECT object, $2 FROM sync_attachments WHERE session_id = $1 AND object IS NOT NULL
         ON CONFLICT (object) DO NOTHING",
        &[v(session), v(now_micros())],
    )?;
    Ok(())
}

/// Those of an account whose attachments are about to be deleted.
pub(crate) fn lose_of_account(conn: &mut Conn<'_>, account: &str) -> Result<(), Error> {
    conn.execute(
        "INSERT INTO sync_lost_objects (object, due_at)
         SELECT object, $2 FROM sync_attachments WHERE account_id = $1 AND object IS NOT NULL
         ON CONFLICT (object) DO NOTHING",
        &[v(account), v(now_micros())],
    )?;
    Ok(())
}

/// The name of an object that is about to be stored in this folder: lost, unless it is claimed in time.
pub(crate) fn announce(conn: &mut Conn<'_>, folder: &str) -> Result<String, Error> {
    let object = format!("{folder}/{}", Uuid::new_v4());
    let sql = "INSERT INTO sync_lost_objects (object, due_at) VALUES ($1, $2)";
    conn.execute(sql, &[v(&object), v(now_micros() + micros(INTERRUPTED))])?;
    Ok(object)
}

/// Something refers to the object from now on; an error if that is too late.
pub(crate) fn claim(conn: &mut Conn<'_>, object: &str) -> Result<(), Error> {
    if is_lost_no_more(conn, object)? { Ok(()) } else { Err(Error::Bucket("it took too long".into())) }
}

fn is_lost_no_more(conn: &mut Conn<'_>, object: &str) -> Result<bool, Error> {
    Ok(conn.execute("DELETE FROM sync_lost_objects WHERE object = $1", &[v(object)])? > 0)
}

/// Removes from the bucket what is due.
pub(crate) async fn remove_lost_objects(state: &Database, bucket: &Bucket) -> Result<(), Error> {
    loop {
        let due = state.read(|conn| {
            let sql = "SELECT object FROM sync_lost_objects WHERE due_at <= $1 ORDER BY due_at LIMIT $2";
            conn.query(sql, &[v(now_micros()), v(MANY)], |row| Ok::<_, Error>(row.string(0)?))
        });
        let due = due.await?;
        for object in &due {
            bucket.remove(object).await?;
            let object = object.clone();
            state.write(move |conn| is_lost_no_more(conn, &object)).await?;
        }
        if i64::try_from(due.len()).is_ok_and(|removed| removed < MANY) {
            return Ok(());
        }
    }
}
