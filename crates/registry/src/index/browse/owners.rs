//! What owners are called, for lists and to be found by.

use atproto::Did;
use store::{Engine, v};

use crate::index::Index;

/// One that somebody is found by.
pub(crate) struct Named {
    pub(crate) did: String,
    pub(crate) handle: String,
}

impl Index {
    /// Remembers what an owner is called, if they have a repository here.
    pub(crate) async fn name_owner(&self, owner: &Did, handle: Option<&str>) -> Result<(), store::Error> {
        let (owner, handle) = (owner.clone(), handle.map(str::to_ascii_lowercase));
        let now = clock::now_micros();
        let written = self.database.write(move |conn| {
            let others = "UPDATE registry_owners SET handle = NULL WHERE handle = $1 AND did <> $2";
            if let Some(handle) = &handle {
                conn.execute(others, &[v(handle), v(owner.as_str())])?;
            }
            let sql = "UPDATE registry_owners SET handle = $2, checked_at = $3 WHERE did = $1";
            conn.execute(sql, &[v(owner.as_str()), v(handle.as_deref()), v(now)])
        });
        written.await.map(drop)
    }

    /// Whose names were found out before `before`, the oldest first.
    pub(crate) async fn owners_to_name(&self, before: i64, limit: u32) -> Result<Vec<Did>, store::Error> {
        let read = self.database.read(move |conn| {
            let sql = "SELECT did FROM registry_owners WHERE checked_at < $1 ORDER BY checked_at LIMIT $2";
            conn.query(sql, &[v(before), v(limit)], |row| row.string(0))
        });
        Ok(read.await?.iter().filter_map(|did| Did::parse(did).ok()).collect())
    }

    /// Those whose handles begin so.
    pub(crate) async fn owners_named(&self, prefix: &str, limit: u32) -> Result<Vec<Named>, store::Error> {
        let from = prefix.to_lowercase();
        let until = behind(&from);
        let read = self.database.read(move |conn| {
            let sql = "SELECT did, handle FROM registry_owners
                WHERE handle >= $1 AND handle < $2 ORDER BY handle LIMIT $3";
            conn.query(sql, &[v(&from), v(&until), v(limit)], |row| {
                Ok::<_, store::Error>(Named { did: row.string(0)?, handle: row.string(1)? })
            })
        });
        read.await
    }

    /// What these are called, of whom nothing may be known.
    pub(crate) async fn handles(&self, dids: &[String]) -> Result<Vec<Named>, store::Error> {
        let dids = serde_json::json!(dids).to_string();
        let read = self.database.read(move |conn| {
            let sql = match conn.engine() {
                Engine::Sqlite => {
                    "SELECT did, handle FROM registry_owners
                    WHERE handle IS NOT NULL AND did IN (SELECT value FROM json_each($1))"
                }
                Engine::Postgres => {
                    "SELECT did, handle FROM registry_owners WHERE handle IS NOT NULL
                    AND did IN (SELECT jsonb_array_elements_text($1::text::jsonb))"
                }
            };
            conn.query(sql, &[v(&dids)], |row| {
                Ok::<_, store::Error>(Named { did: row.string(0)?, handle: row.string(1)? })
            })
        });
        read.await
    }
}

/// What stands behind all that begins so.
pub(super) fn behind(prefix: &str) -> String {
    format!("{prefix}\u{10ffff}")
}
