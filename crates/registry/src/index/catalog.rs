//! The names of all repositories.

use atproto::Did;
use store::{Engine, v};

use super::Index;
use super::read::Listed;

impl Index {
    /// The whole names of repositories that have a manifest, behind `after`: each begins with the handle of its owner, as it was last
    /// found out, or else with their DID as names have it. With `unless_in` only those of which something is in another hold than that.
    pub(crate) async fn catalog(
        &self,
        after: Option<&str>,
        limit: usize,
        unless_in: Option<Did>,
    ) -> Result<Listed, store::Error> {
        let after = after.unwrap_or_default().to_owned();
        self.listed(limit, move |conn, limit| {
            let in_bytes = match conn.engine() {
                Engine::Sqlite => "",
                Engine::Postgres => " COLLATE \"C\"",
            };
            let elsewhere = match unless_in {
                Some(_) => {
                    "AND EXISTS (SELECT 1 FROM registry_manifests m
                        WHERE m.did = r.did AND m.repository = r.repository AND m.hold IS NOT NULL AND m.hold <> $3)"
                }
                None => "",
            };
            // The methods of DIDs that lead anywhere have three letters.
            let sql = format!(
                "SELECT name FROM (
                    SELECT COALESCE(o.handle, 'did-' || substr(r.did, 5, 3) || '-' || substr(r.did, 9))
                        || '/' || r.repository AS name
                    FROM registry_repositories r LEFT JOIN registry_owners o ON o.did = r.did
                    WHERE r.pushed_at IS NOT NULL {elsewhere}
                ) AS named WHERE name{in_bytes} > $1 ORDER BY name{in_bytes} LIMIT $2"
            );
            let mut parameters = vec![v(&after), v(limit)];
            parameters.extend(unless_in.as_ref().map(|hold| v(hold.as_str())));
            conn.query(&sql, &parameters, |row| row.string(0))
        })
        .await
    }
}
