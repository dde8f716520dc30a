//! Records by their row ids.

use std::collections::HashMap;

use store::{Conn, Engine, v};

use crate::{Error, Found};

/// The records, in the order of the ids. One that has gone meanwhile is left out.
pub(super) fn rows(conn: &mut Conn<'_>, collection: &str, ids: &[i64]) -> Result<Vec<Found>, Error> {
    const ONE: &str = "
        SELECT repos.did, r.rkey, r.cid, json(r.record)
        FROM record_rows r JOIN repos ON repos.id = r.repo_id
        WHERE r.id = $1 AND r.visible = 1";
    const ALL: &str = "
        SELECT repos.did, r.rkey, r.cid, json(r.record), r.id
        FROM record_rows r JOIN repos ON repos.id = r.repo_id
        WHERE r.id = ANY($1::bigint[]) AND r.visible = 1";
    match conn.engine() {
        Engine::Sqlite => {
            let mut found = Vec::with_capacity(ids.len());
            for id in ids {
                found.extend(
                    conn.query_opt(ONE, &[v(*id)], |row| Ok::<_, Error>(Found::from_row(row, collection)?))?,
                );
            }
            Ok(found)
        }
        Engine::Postgres => {
            let mut found = HashMap::with_capacity(ids.len());
            conn.for_each(ALL, &[v(ids)], |row| {
                found.insert(row.int(4)?, Found::from_row(row, collection)?);
                Ok::<_, Error>(())
            })?;
            Ok(ids.iter().filter_map(|id| found.remove(id)).collect())
        }
    }
}
