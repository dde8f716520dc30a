//! Since when each collection is followed.
//!
//! What was fetched of a collection before the stream brought its changes vouches for nothing. So the instance that
//! follows the stream writes down what it asks for, each time that it asks.

use std::collections::{BTreeMap, BTreeSet};

use atproto::Nsid;
use store::{Role, v};

use crate::write::ids;
use crate::{Error, Records};

impl Records {
    /// Notes that the changes of exactly these collections arrive, of the others' from the time `from` of the stream on
    /// (microseconds).
    pub(crate) async fn follow(&self, collections: &BTreeSet<Nsid>, from: i64) -> Result<(), Error> {
        const FOLLOWED: &str = "SELECT nsid, id FROM collections WHERE followed_since IS NOT NULL";
        const BEGIN: &str = "UPDATE collections SET followed_since = $2 WHERE id = $1";
        const END: &str = "UPDATE collections SET followed_since = NULL WHERE id = $1";
        let collections = collections.clone();
        self.index
            .with_role(Role::Ingest)
            .write(move |conn| {
                let followed =
                    conn.query(FOLLOWED, &[], |row| Ok::<_, Error>((row.string(0)?, row.int(1)?)))?;
                let mut followed: BTreeMap<String, i64> = followed.into_iter().collect();
                for nsid in &collections {
                    if followed.remove(nsid.as_str()).is_none() {
                        let id = ids::collection(conn, nsid.as_str())?;
                        conn.execute(BEGIN, &[v(id), v(from)])?;
                    }
                }
                followed.values().try_for_each(|id| conn.execute(END, &[v(*id)]).map(drop))?;
                Ok(())
            })
            .await
    }

    /// Since when the stream brings the changes of a collection without interruption, in microseconds of its clock;
    /// `None` while it does not.
    pub async fn followed_since(&self, collection: &Nsid) -> Result<Option<i64>, Error> {
        const SQL: &str = "SELECT followed_since FROM collections WHERE nsid = $1";
        let collection = collection.clone();
        let since = self.index.read(move |conn| {
            conn.query_opt::<_, store::Error>(SQL, &[v(collection.as_str())], |row| row.opt_int(0))
        });
        Ok(since.await?.flatten())
    }
}
