//! The rows that say how far the index is.

use atproto::Nsid;
use store::{Conn, Database, v};

/// The number of the last event whose records of this collection are in the index; `None` if nobody ever looked.
pub(super) async fn read(index: &Database, collection: &Nsid) -> Result<Option<i64>, store::Error> {
    let collection = collection.clone();
    let find = "SELECT seq FROM repos_mirrored WHERE collection = $1";
    index.read_brief(move |conn| conn.query_opt(find, &[v(collection.as_str())], |row| row.int(0))).await
}

/// Written with the records. Of two instances the one that is behind may be the last: then some is entered again.
pub(super) fn write(conn: &mut Conn<'_>, collection: &Nsid, seq: i64) -> Result<(), store::Error> {
    let write = "
        INSERT INTO repos_mirrored (collection, seq) VALUES ($1, $2)
        ON CONFLICT (collection) DO UPDATE SET seq = excluded.seq";
    conn.execute(write, &[v(collection.as_str()), v(seq)]).map(drop)
}

/// The same where it was written before. Of an index that was lost since it was read nothing is said: it has to be entered anew.
pub(super) fn advance(conn: &mut Conn<'_>, collection: &Nsid, seq: i64) -> Result<(), store::Error> {
    let write = "UPDATE repos_mirrored SET seq = $2 WHERE collection = $1";
    conn.execute(write, &[v(collection.as_str()), v(seq)]).map(drop)
}
