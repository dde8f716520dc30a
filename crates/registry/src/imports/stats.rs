//! How often images were fetched and sent at another registry.

use accounts::Imported;
use atproto::Did;
use oci::RepositoryName;
use store::{Conn, Database, v};

/// What another registry counted of a repository; nothing of it is believed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stats {
    /// Whose repository it is.
    pub did: String,
    /// The repository, without its owner.
    pub repository: String,
    /// What was counted.
    pub counted: hold::Stats,
}

/// Why statistics cannot be taken over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotStats {
    /// Nobody is called so.
    #[error("its owner is no DID")]
    Owner,
    /// No repository is called so.
    #[error("no repository is called so")]
    Name,
}

/// Adds what the registry that the operator calls `source` has counted since the last time, in one transaction; what became of each.
/// A hold that counts meanwhile loses nothing.
pub async fn import_stats(
    state: &Database,
    source: &str,
    counts: Vec<Stats>,
) -> Result<Vec<Result<Imported, NotStats>>, store::Error> {
    let source = source.to_owned();
    state.write(move |conn| counts.iter().map(|one| take(conn, &source, one)).collect()).await
}

fn take(
    conn: &mut Conn<'_>,
    source: &str,
    stats: &Stats,
) -> Result<Result<Imported, NotStats>, store::Error> {
    let Ok(owner) = Did::parse(&stats.did) else { return Ok(Err(NotStats::Owner)) };
    if RepositoryName::parse(&format!("o/{}", stats.repository)).is_err() {
        return Ok(Err(NotStats::Name));
    }
    let key = [v(source), v(owner.as_str()), v(&stats.repository)];
    let known = "SELECT pulls, pushes FROM registry_imported
        WHERE source = $1 AND owner_did = $2 AND repository = $3";
    let before = conn.query_opt(known, &key, |row| Ok::<_, store::Error>((row.int(0)?, row.int(1)?)))?;
    let (pulls, pushes) =
        before.map_or((0, 0), |(pulls, pushes)| (pulls.unsigned_abs(), pushes.unsigned_abs()));
    let more = hold::Stats {
        pulls: stats.counted.pulls.saturating_sub(pulls),
        pushes: stats.counted.pushes.saturating_sub(pushes),
        ..stats.counted
    };
    if before.is_some() && more.pulls == 0 && more.pushes == 0 {
        return Ok(Ok(Imported::Kept));
    }
    more.add_to(conn, &owner, &stats.repository)?;
    let [pulls, pushes] = [pulls + more.pulls, pushes + more.pushes].map(u64::cast_signed);
    let write = "INSERT INTO registry_imported (source, owner_did, repository, pulls, pushes)
        VALUES ($1, $2, $3, $4, $5) ON CONFLICT (source, owner_did, repository)
        DO UPDATE SET pulls = excluded.pulls, pushes = excluded.pushes";
    conn.execute(write, &[v(source), v(owner.as_str()), v(&stats.repository), v(pulls), v(pushes)])?;
    Ok(Ok(if before.is_some() { Imported::Replaced } else { Imported::Added }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stats(repository: &str, pulls: u64, pushes: u64) -> Stats {
        let counted = hold::Stats { pulls, pushes, last_pull: Some(5), last_push: None };
        Stats { did: "did:plc:abc234".to_owned(), repository: repository.to_owned(), counted }
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn what_was_counted_is_added_once_and_then_what_has_come_since() {
        testkit::on_each_engine(&[crate::SCHEMAS[0], &hold::SCHEMA], |store| async move {
            let state = store.state.clone();
            let here = hold::Stats { pulls: 100, pushes: 10, last_pull: Some(9), last_push: Some(1) };
            let owner = Did::parse("did:plc:abc234").unwrap();
            let by = owner.clone();
            state.write(move |conn| here.add_to(conn, &by, "app")).await.unwrap();
            let import = async |source, stats| {
                let taken = import_stats(&state, source, vec![stats]).await.unwrap();
                let sql = "SELECT pulls, pushes, last_pull, last_push FROM hold_stats WHERE owner_did = $1";
                let owner = owner.clone();
                let sums = state.read(move |conn| {
                    conn.query_one(sql, &[v(owner.as_str())], |row| {
                        Ok::<_, store::Error>((row.int(0)?, row.int(1)?, row.opt_int(2)?, row.opt_int(3)?))
                    })
                });
                (taken[0], sums.await.unwrap())
            };
            let sums = |pulls, pushes| (pulls, pushes, Some(9), Some(1));
            assert_eq!(import("atcr", stats("app", 7, 3)).await, (Ok(Imported::Added), sums(107, 13)));
            assert_eq!(import("atcr", stats("app", 7, 3)).await, (Ok(Imported::Kept), sums(107, 13)));
            assert_eq!(import("atcr", stats("app", 9, 3)).await, (Ok(Imported::Replaced), sums(109, 13)));
            // Theirs was reset: what was added stays.
            assert_eq!(import("atcr", stats("app", 1, 0)).await, (Ok(Imported::Kept), sums(109, 13)));
            assert_eq!(import("another", stats("app", 1, 0)).await, (Ok(Imported::Added), sums(110, 13)));
            assert_eq!(import("atcr", stats("../app", 1, 0)).await.0, Err(NotStats::Name));
            let nobody = Stats { did: "abc".to_owned(), ..stats("app", 1, 1) };
            assert_eq!(import("atcr", nobody).await, (Err(NotStats::Owner), sums(110, 13)));
        })
        .await;
    }
}
