//! Objects of the bucket that nothing refers to: remembered in the transaction that loses them, removed later.

use blobs::Bucket;
use store::{Conn, Database, v};

use crate::Error;

/// Objects removed at a time.
const MANY: i64 = 500;

/// Those of a session that is about to be deleted.
pub(crate) fn lose_of_session(conn: &mut Conn<'_>, session: &str) -> Result<(), Error> {
    conn.execute(
        "INSERT INTO sync_lost_objects (object, due_at)
         SELECT object, $2 FROM sync_attachments WHERE session_id = $1 AND object IS NOT NULL
         ON CONFLICT (object) DO NOTHING",
        &[v(session), v(clock::now_micros())],
    )?;
    Ok(())
}

/// Those of an account whose attachments are about to be deleted.
pub(crate) fn lose_of_account(conn: &mut Conn<'_>, account: &str) -> Result<(), Error> {
    conn.execute(
        "INSERT INTO sync_lost_objects (object, due_at)
         SELECT object, $2 FROM sync_attachments WHERE account_id = $1 AND object IS NOT NULL
         ON CONFLICT (object) DO NOTHING",
        &[v(account), v(clock::now_micros())],
    )?;
    Ok(())
}

/// An object that is about to be stored: lost, unless it is claimed in time.
pub(super) fn announce(conn: &mut Conn<'_>, object: &str, due_at: i64) -> Result<(), Error> {
    let sql = "INSERT INTO sync_lost_objects (object, due_at) VALUES ($1, $2)";
    conn.execute(sql, &[v(object), v(due_at)])?;
    Ok(())
}

/// Something refers to the object from now on; whether it was in time.
pub(super) fn claim(conn: &mut Conn<'_>, object: &str) -> Result<bool, Error> {
    Ok(conn.execute("DELETE FROM sync_lost_objects WHERE object = $1", &[v(object)])? > 0)
}

/// Removes from the bucket what is due.
pub(crate) async fn remove_lost_objects(state: &Database, bucket: &Bucket) -> Result<(), Error> {
    loop {
        let due = state.read(|conn| {
            let sql = "SELECT object FROM sync_lost_objects WHERE due_at <= $1 ORDER BY due_at LIMIT $2";
            conn.query(sql, &[v(clock::now_micros()), v(MANY)], |row| Ok::<_, Error>(row.string(0)?))
        });
        let due = due.await?;
        for object in &due {
            bucket.remove(object).await?;
            let object = object.clone();
            state.write(move |conn| claim(conn, &object)).await?;
        }
        if i64::try_from(due.len()).is_ok_and(|removed| removed < MANY) {
            return Ok(());
        }
    }
}
