//! Uploads as the database knows them.

use object_store::path::Path;
use oci::{Algorithm, UploadId};
use store::{Database, Error, Row, v};

use crate::objects::keys;
use crate::{Sender, UploadError};

/// What is in the bucket of an upload.
#[derive(Debug, Clone)]
pub(super) struct Upload {
    pub(super) algorithm: Algorithm,
    /// What the bucket calls it, once a part was sent.
    pub(super) multipart: Option<String>,
    /// How many parts there are, and the bytes in them.
    pub(super) parts: usize,
    pub(super) sent: u64,
    /// The bytes behind them.
    pub(super) tail: u64,
    tail_name: String,
}

impl Upload {
    pub(super) fn offset(&self) -> u64 {
        self.sent + self.tail
    }

    /// Where the bytes behind the parts are, if there are any.
    pub(super) fn tail_key(&self, id: UploadId) -> Option<Path> {
        (self.tail > 0).then(|| keys::tail(id, &self.tail_name))
    }

    /// So many bytes are behind the parts now.
    pub(super) fn set_tail(&mut self, length: u64, name: String) {
        (self.tail, self.tail_name) = (length, name);
    }
}

/// Columns of [`Upload`], in order.
pub(super) const COLUMNS: &str = "algorithm, multipart, parts, sent, tail, tail_name";

pub(super) fn upload(row: &Row<'_>) -> Result<Upload, Error> {
    let count = |column| {
        let wrong = |_| Error::Column { column, message: "not a count".to_owned() };
        u64::try_from(row.int(column)?).map_err(wrong)
    };
    Ok(Upload {
        // What was written is read; anything else is hashed again at the end.
        algorithm: Algorithm::parse(row.text(0)?).unwrap_or(Algorithm::Sha256),
        multipart: row.opt_text(1)?.map(str::to_owned),
        parts: usize::try_from(count(2)?).unwrap_or(usize::MAX),
        sent: count(3)?,
        tail: count(4)?,
        tail_name: row.string(5)?,
    })
}

/// Makes the row of an upload that begins at a time.
pub(super) async fn insert(
    database: &Database,
    id: UploadId,
    algorithm: Algorithm,
    now: i64,
) -> Result<(), Error> {
    let sql = "INSERT INTO blob_uploads (id, algorithm, active) VALUES ($1, $2, $3)";
    let id = id.to_string();
    database.write_brief(move |c| c.execute(sql, &[v(&id), v(algorithm.as_str()), v(now)])).await.map(drop)
}

/// How many there are: no more than are open at once.
pub(super) async fn count(database: &Database) -> Result<u64, Error> {
    let sql = "SELECT count(*) FROM blob_uploads";
    Ok(database.read_brief(move |c| c.query_one(sql, &[], |row| row.int(0))).await?.unsigned_abs())
}

/// How many of them are one sender's: whose they are is at the end of their names.
pub(super) async fn count_of(database: &Database, sender: Sender) -> Result<u64, Error> {
    let (sql, end) = ("SELECT count(*) FROM blob_uploads WHERE id LIKE $1", format!("%{}", sender.end()));
    Ok(database.read(move |c| c.query_one(sql, &[v(&end)], |row| row.int(0))).await?.unsigned_abs())
}

/// What there is of an upload now.
pub(super) async fn get(database: &Database, id: UploadId) -> Result<Upload, UploadError> {
    let (sql, id) = (format!("SELECT {COLUMNS} FROM blob_uploads WHERE id = $1"), id.to_string());
    let found = database.read_brief(move |c| c.query_opt(&sql, &[v(&id)], upload)).await?;
    found.ok_or(UploadError::Unknown)
}

/// What the bucket calls the content of each part.
pub(super) async fn etags(database: &Database, id: UploadId, parts: usize) -> Result<Vec<String>, Error> {
    let (id, parts) = (id.to_string(), i64::try_from(parts).unwrap_or(i64::MAX));
    let sql = "SELECT etag FROM blob_parts WHERE upload = $1 AND number < $2 ORDER BY number";
    database.read(move |c| c.query(sql, &[v(&id), v(parts)], |row| row.string(0))).await
}

/// Those to which nothing has come since, the longest first.
pub(super) async fn idle(database: &Database, before: i64) -> Result<Vec<String>, Error> {
    let sql = "SELECT id FROM blob_uploads WHERE active < $1 ORDER BY active LIMIT 10000";
    database.read(move |c| c.query(sql, &[v(before)], |row| row.string(0))).await
}

/// The uploads whose names are between two, and what the bucket calls them.
pub(in crate::objects) async fn between(
    database: &Database,
    first: String,
    last: String,
) -> Result<Vec<(String, Option<String>)>, Error> {
    let sql = "SELECT id, multipart FROM blob_uploads WHERE id >= $1 AND id <= $2";
    let row = |row: &Row<'_>| Ok((row.string(0)?, row.opt_text(1)?.map(str::to_owned)));
    database.read(move |c| c.query(sql, &[v(&first), v(&last)], row)).await
}

/// For when nobody else can be at one.
pub(in crate::objects) async fn release_all(database: &Database) -> Result<(), Error> {
    let sql = "UPDATE blob_uploads SET holder = NULL, held_until = 0 WHERE held_until > 0";
    database.write(move |c| c.execute(sql, &[])).await.map(drop)
}
