//! Every record of a collection once, whether it is shown or not.

use atproto::{Did, Nsid, RecordKey, RecordName};
use store::{Role, v};

use crate::{Error, Records};

/// Where a walk has come to. Means something as long as the index lives.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Place {
    /// The number of a repository.
    pub repo_id: i64,
    /// The last key that was visited there.
    pub rkey: String,
}

/// A record on the way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Walked {
    /// Which.
    pub name: RecordName,
    /// The JSON object as it is kept.
    pub json: String,
    /// Of what its author signed, if that is known.
    pub cid: Option<String>,
    /// Where it lies.
    pub place: Place,
}

impl Records {
    /// Up to `limit` records of a collection after a place, in the order of their places. Less than that are the last.
    pub async fn walk(&self, collection: &Nsid, after: &Place, limit: u32) -> Result<Vec<Walked>, Error> {
        const SQL: &str = "
            SELECT repos.did, r.rkey, json(r.record), r.cid, r.repo_id
            FROM record_rows r JOIN repos ON repos.id = r.repo_id
            WHERE r.collection_id = (SELECT id FROM collections WHERE nsid = $1)
              AND (r.repo_id, r.rkey) > ($2, $3) AND r.record IS NOT NULL
            ORDER BY r.repo_id, r.rkey LIMIT $4";
        let (collection, after) = (collection.clone(), after.clone());
        let index = self.index.with_role(Role::Backfill);
        let walked = index.read(move |conn| {
            let place = [v(collection.as_str()), v(after.repo_id), v(&after.rkey), v(limit)];
            conn.query(SQL, &place, |row| {
                let rkey = row.string(1)?;
                // What is stored was checked when it came.
                let name = Did::parse(row.text(0)?).ok().zip(RecordKey::parse(&rkey).ok());
                let Some((did, key)) = name else { return Ok::<_, store::Error>(None) };
                let name = (did, collection.clone(), key);
                let place = Place { repo_id: row.int(4)?, rkey };
                let (json, cid) = (row.string(2)?, row.opt_text(3)?.map(str::to_owned));
                Ok(Some(Walked { name, json, cid, place }))
            })
        });
        Ok(walked.await?.into_iter().flatten().collect())
    }
}
