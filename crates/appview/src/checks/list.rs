//! Reading what comparing came to.

use std::collections::HashMap;

use atproto::Nsid;
use store::{Database, Error, v};

use super::tables;

/// The outcome, for those who ask. Cheap to clone.
#[derive(Clone, Debug)]
pub(crate) struct Checks(Database);

/// Why a record is not what its lexicon says.
#[derive(Clone, Debug)]
pub(crate) struct Flaw {
    pub(crate) did: String,
    pub(crate) rkey: String,
    pub(crate) path: String,
    pub(crate) problem: String,
    pub(crate) found_at: i64,
}

/// How far comparing a collection is.
#[derive(Clone, Debug)]
pub(crate) struct Progress {
    pub(crate) collection: String,
    pub(crate) validation: &'static str,
    pub(crate) done: bool,
    pub(crate) checked: i64,
    pub(crate) unresolved: i64,
    pub(crate) invalid: i64,
}

impl Checks {
    pub(crate) fn new(index: Database) -> Self {
        Self(index)
    }

    /// All collections that are compared.
    pub(crate) async fn progress(&self) -> Result<Vec<Progress>, Error> {
        const COUNTS: &str = "SELECT collection, count(*) FROM appview_invalid_records GROUP BY collection";
        let (_, checks) = tables::state(&self.0).await?;
        let counts: Vec<(String, i64)> = self
            .0
            .read(|conn| conn.query(COUNTS, &[], |row| Ok::<_, Error>((row.string(0)?, row.int(1)?))))
            .await?;
        let counts: HashMap<String, i64> = counts.into_iter().collect();
        let progress = |check: tables::Check| Progress {
            invalid: counts.get(&check.collection).copied().unwrap_or_default(),
            validation: check.validation.as_str(),
            collection: check.collection,
            done: check.done,
            checked: check.checked,
            unresolved: check.unresolved,
        };
        Ok(checks.into_iter().map(progress).collect())
    }

    /// Up to `limit` records of a collection with which something is wrong, by author and key, after one of them.
    pub(crate) async fn invalid(
        &self,
        collection: &Nsid,
        (did, rkey): (String, String),
        limit: u32,
    ) -> Result<Vec<Flaw>, Error> {
        const SQL: &str = "
            SELECT did, rkey, path, problem, found_at FROM appview_invalid_records
            WHERE collection = $1 AND (did, rkey) > ($2, $3) ORDER BY did, rkey LIMIT $4";
        let collection = collection.clone();
        self.0
            .read(move |conn| {
                let place = [v(collection.as_str()), v(&did), v(&rkey), v(limit)];
                conn.query(SQL, &place, |row| {
                    Ok(Flaw {
                        did: row.string(0)?,
                        rkey: row.string(1)?,
                        path: row.string(2)?,
                        problem: row.string(3)?,
                        found_at: row.int(4)?,
                    })
                })
            })
            .await
    }

    /// What is wrong with each of these records of a collection, in their order, if anything is.
    pub(crate) async fn of(
        &self,
        collection: &Nsid,
        names: Vec<(String, String)>,
    ) -> Result<Vec<Option<(String, String)>>, Error> {
        const SQL: &str = "
            SELECT path, problem FROM appview_invalid_records WHERE collection = $1 AND did = $2 AND rkey = $3";
        let collection = collection.clone();
        self.0
            .read(move |conn| {
                names
                    .iter()
                    .map(|(did, rkey)| {
                        let name = [v(collection.as_str()), v(did), v(rkey)];
                        conn.query_opt(SQL, &name, |row| Ok((row.string(0)?, row.string(1)?)))
                    })
                    .collect()
            })
            .await
    }

    /// Forgets what was wrong with the records of a collection, because they are gone.
    pub(crate) async fn forget(&self, collection: &Nsid) -> Result<(), Error> {
        let collection = collection.clone();
        self.0.write(move |conn| tables::forget(conn, collection.as_str())).await
    }
}
