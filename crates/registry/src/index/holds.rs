//! In which holds images are, as their records say.

use atproto::Did;
use oci::Digest;
use store::v;

use super::Index;
use crate::Repository;

impl Index {
    /// In which holds the manifests that name a blob say that their blobs are, and how large they say it is.
    pub(crate) async fn holds_of(
        &self,
        repository: &Repository,
        digest: &Digest,
    ) -> Result<Vec<(u64, Option<Did>)>, store::Error> {
        let (Repository { owner, name }, digest) = (repository.clone(), digest.to_string());
        let read = self.database.read_brief(move |conn| {
            let sql = "SELECT MAX(p.size), m.hold FROM registry_parts p
                JOIN registry_manifests m ON m.record_id = p.record_id
                WHERE p.did = $1 AND p.repository = $2 AND p.digest = $3 AND p.kind < 2
                GROUP BY m.hold ORDER BY MAX(m.record_id) DESC";
            conn.query(sql, &[v(owner.as_str()), v(&name), v(&digest)], |row| {
                let hold = row.opt_text(1)?.and_then(|did| Did::parse(did).ok());
                Ok::<_, store::Error>((row.int(0)?.unsigned_abs(), hold))
            })
        });
        read.await
    }

    /// The holds of the manifests of a repository, each once; none stands for one that does not say.
    pub(crate) async fn holds(&self, repository: &Repository) -> Result<Vec<Option<Did>>, store::Error> {
        let Repository { owner, name } = repository.clone();
        let read = self.database.read(move |conn| {
            let sql = "SELECT DISTINCT hold FROM registry_manifests WHERE did = $1 AND repository = $2";
            conn.query(sql, &[v(owner.as_str()), v(&name)], |row| {
                Ok::<_, store::Error>(row.opt_text(0)?.and_then(|did| Did::parse(did).ok()))
            })
        });
        read.await
    }

    /// The same of all repositories of an owner, with their names.
    pub(crate) async fn all_holds(&self, owner: &Did) -> Result<Vec<(String, Option<Did>)>, store::Error> {
        let owner = owner.clone();
        let read = self.database.read(move |conn| {
            let sql = "SELECT DISTINCT repository, hold FROM registry_manifests WHERE did = $1";
            conn.query(sql, &[v(owner.as_str())], |row| {
                Ok::<_, store::Error>((row.string(0)?, row.opt_text(1)?.and_then(|did| Did::parse(did).ok())))
            })
        });
        read.await
    }
}

#[cfg(test)]
mod tests {
    use oci::Algorithm;

    use super::*;

    #[tokio::test(flavor = "multi_thread")]
    async fn each_hold_is_named_once() {
        testkit::on_each_engine(&crate::SCHEMAS, async |store| {
            let index = Index::new(store.index.clone());
            let digest = Digest::of(Algorithm::Sha256, b"x").to_string();
            let rows = digest.clone();
            let written = store.index.write(move |conn| {
                for (id, repository, hold) in [
                    (1, "app", Some("did:web:a.test")),
                    (2, "app", None),
                    (3, "app", Some("did:web:a.test")),
                    (4, "other", Some("did:web:b.test")),
                ] {
                    let manifest = "INSERT INTO registry_manifests
                        (record_id, did, repository, digest, rkey, media_type, size, hold, subject)
                        VALUES ($1, 'did:web:x.test', $2, $3, 'k', 'm', 1, $4, NULL)";
                    conn.execute(manifest, &[v(id), v(repository), v(&rows), v(hold)])?;
                    let part = "INSERT INTO registry_parts
                        (record_id, did, repository, position, kind, digest, size, media_type)
                        VALUES ($1, 'did:web:x.test', $2, 0, 1, $3, 7, 'm')";
                    conn.execute(part, &[v(id), v(repository), v(&rows)])?;
                }
                Ok::<_, store::Error>(())
            });
            written.await.unwrap();
            let did = |text: &str| Did::parse(text).unwrap();
            let app = Repository { owner: did("did:web:x.test"), name: "app".to_owned() };
            let digest = Digest::parse(&digest).unwrap();
            // The newest first.
            let found = index.holds_of(&app, &digest).await.unwrap();
            assert_eq!(found, [(7, Some(did("did:web:a.test"))), (7, None)]);
            assert_eq!(index.holds(&app).await.unwrap().len(), 2);
            assert_eq!(index.all_holds(&app.owner).await.unwrap().len(), 3);
            assert!(!index.refers(&app, &digest).await.unwrap());
        })
        .await;
    }
}
