//! What is kept of records, whether it is shown or not.

use atproto::{RecordName, Tid};
use store::{Conn, Engine, Row, v};

use crate::{Error, Records};

/// A record as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stored {
    /// The JSON object.
    pub json: String,
    /// Of what its author signed, if that is known.
    pub cid: Option<String>,
    /// The revision it came with, a TID as a number.
    pub rev: i64,
    /// Whether it is the first version that was seen here.
    pub is_first: bool,
}

impl Stored {
    /// Whether it is here only because it was [written](Records::write) through this server and nobody has decided about it
    /// yet: the event of this revision tells of that very write, which created the record.
    #[must_use]
    pub fn was_created_by(&self, rev: Tid) -> bool {
        self.is_first && self.rev == rev.as_i64() - 1
    }
}

impl Records {
    /// The records of these names as they are kept, in the same order; those of accounts that are not served included.
    pub async fn stored(&self, names: Vec<RecordName>) -> Result<Vec<Option<Stored>>, Error> {
        self.index
            .read(move |conn| match conn.engine() {
                Engine::Sqlite => one_by_one(conn, &names),
                Engine::Postgres => all_at_once(conn, &names),
            })
            .await
    }
}

fn one_by_one(conn: &mut Conn<'_>, names: &[RecordName]) -> Result<Vec<Option<Stored>>, Error> {
    const SQL: &str = "
        SELECT json(record), cid, rev, CASE WHEN created_at = indexed_at THEN 1 ELSE 0 END FROM record_rows
        WHERE collection_id = (SELECT id FROM collections WHERE nsid = $1)
          AND repo_id = (SELECT id FROM repos WHERE did = $2)
          AND rkey = $3 AND record IS NOT NULL";
    let each = names.iter().map(|(did, collection, rkey)| {
        let name = [v(collection.as_str()), v(did.as_str()), v(rkey.as_str())];
        Ok(conn.query_opt(SQL, &name, read)?)
    });
    each.collect()
}

fn all_at_once(conn: &mut Conn<'_>, names: &[RecordName]) -> Result<Vec<Option<Stored>>, Error> {
    const SQL: &str = "
        SELECT json(r.record), r.cid, r.rev, CASE WHEN r.created_at = r.indexed_at THEN 1 ELSE 0 END, n.number
        FROM unnest($1::text[], $2::text[], $3::text[]) WITH ORDINALITY AS n (nsid, did, rkey, number)
        JOIN collections ON collections.nsid = n.nsid
        JOIN repos ON repos.did = n.did
        JOIN record_rows r ON r.collection_id = collections.id AND r.repo_id = repos.id AND r.rkey = n.rkey
        WHERE r.record IS NOT NULL";
    let collections: Vec<Option<&str>> =
        names.iter().map(|(_, collection, _)| Some(collection.as_str())).collect();
    let dids: Vec<Option<&str>> = names.iter().map(|(did, ..)| Some(did.as_str())).collect();
    let rkeys: Vec<Option<&str>> = names.iter().map(|(.., rkey)| Some(rkey.as_str())).collect();
    let mut stored = vec![None; names.len()];
    let names = [v(collections.as_slice()), v(dids.as_slice()), v(rkeys.as_slice())];
    conn.for_each(SQL, &names, |row| {
        // WITH ORDINALITY counts from 1.
        let number = usize::try_from(row.int(4)? - 1).ok();
        if let Some(slot) = number.and_then(|number| stored.get_mut(number)) {
            *slot = Some(read(row)?);
        }
        Ok::<_, store::Error>(())
    })?;
    Ok(stored)
}

fn read(row: &Row<'_>) -> Result<Stored, store::Error> {
    Ok(Stored {
        json: row.string(0)?,
        cid: row.opt_text(1)?.map(str::to_owned),
        rev: row.int(2)?,
        is_first: row.bool(3)?,
    })
}
