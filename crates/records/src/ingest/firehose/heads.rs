//! Where each repository is, and where a stream is: written with the events that brought it there.

use std::collections::{BTreeSet, HashMap};

use atproto::firehose::{Continuity, Head, Link};
use atproto::{Cid, Did, Tid};
use store::{Conn, Engine, v};
use url::Url;

use crate::coverage::tear;
use crate::write::ids;
use crate::{Error, Records};

/// What a chunk of messages does beside its events.
#[derive(Clone, Debug, Default)]
pub(in crate::ingest) struct Followed {
    /// The server, and its number of the last message; `None` before the first.
    pub(in crate::ingest) at: Option<(Url, i64)>,
    /// What became of repositories, in the order of the messages.
    pub(in crate::ingest) steps: Vec<(Did, Step)>,
}

/// What became of a repository.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::ingest) enum Step {
    /// A commit of its owner's.
    Commit(Link),
    /// Its owner signed something that does not prove what it says.
    Broken,
    /// Something came that nobody could say the signer of.
    Unproven,
    /// It is in another state, and not by a commit.
    Jumped,
}

/// How far a server has been followed: its number, and the time of the message with it in microseconds.
pub(super) async fn cursor(records: &Records, url: &Url) -> Result<Option<(i64, i64)>, Error> {
    const SQL: &str = "SELECT seq, time_us FROM stream_cursors WHERE url = $1";
    let url = url.to_string();
    records
        .index
        .read_brief(move |conn| {
            Ok(conn.query_opt(SQL, &[v(&url)], |row| Ok::<_, store::Error>((row.int(0)?, row.int(1)?)))?)
        })
        .await
}

/// Those of whom something is here.
pub(super) async fn known(records: &Records, dids: BTreeSet<Did>) -> Result<BTreeSet<Did>, Error> {
    if dids.is_empty() {
        return Ok(dids);
    }
    records
        .index
        .read_brief(move |conn| {
            let here = match conn.engine() {
                Engine::Sqlite => {
                    let sql = "SELECT 1 FROM repos WHERE did = $1";
                    let mut here = BTreeSet::new();
                    for did in &dids {
                        if conn.query_opt(sql, &[v(did.as_str())], |_| Ok::<_, store::Error>(()))?.is_some() {
                            here.insert(did.clone());
                        }
                    }
                    here
                }
                Engine::Postgres => {
                    let list: Vec<Option<&str>> = dids.iter().map(|did| Some(did.as_str())).collect();
                    let sql = "SELECT did FROM repos WHERE did = ANY($1::text[])";
                    let found = conn.query(sql, &[v(list.as_slice())], |row| row.string(0))?;
                    let found: BTreeSet<String> = found.into_iter().collect();
                    dids.iter().filter(|did| found.contains(did.as_str())).cloned().collect()
                }
            };
            Ok::<_, Error>(here)
        })
        .await
}

/// Moves everything on, in the transaction of the events. A repository of which something has not been seen is to be fetched again.
pub(in crate::ingest) fn write(
    conn: &mut Conn<'_>,
    followed: &Followed,
    time_us: i64,
) -> Result<(), store::Error> {
    let mut heads: HashMap<&Did, Option<Head>> = HashMap::new();
    let mut torn: HashMap<&Did, &'static str> = HashMap::new();
    for (did, step) in &followed.steps {
        let head = match heads.get(did) {
            Some(head) => *head,
            None => read(conn, did)?,
        };
        let link = match step {
            Step::Commit(link) => link,
            Step::Broken => {
                // It may be the first of its repository.
                ids::repo(conn, did.as_str())?;
                torn.insert(did, "a commit did not prove what it said");
                heads.insert(did, None);
                continue;
            }
            Step::Jumped => {
                torn.insert(did, "its state jumped");
                heads.insert(did, None);
                continue;
            }
            Step::Unproven => {
                // Likewise.
                ids::repo(conn, did.as_str())?;
                torn.insert(did, "a commit came whose signer could not be found out");
                heads.insert(did, None);
                continue;
            }
        };
        match head.map(|head| head.judge(link)) {
            Some(Continuity::Stale) => {
                heads.insert(did, head);
                continue;
            }
            Some(Continuity::Gap) if !faults::mutant!("records-torn-not-fetched") => {
                torn.insert(did, "a commit had not been seen");
            }
            // Nothing is known of what was before the first: that is what backfills are for.
            Some(Continuity::Next | Continuity::Gap) | None => {}
        }
        heads.insert(did, Some(link.to));
    }
    for (did, head) in heads {
        put(conn, did, head)?;
    }
    for (did, reason) in torn {
        if tear(conn, did, reason)? {
            metrics::counter!("ingest_torn_repos_total").increment(1);
        }
    }
    if let Some((url, seq)) = &followed.at {
        const SQL: &str = "
            INSERT INTO stream_cursors (url, seq, time_us) VALUES ($1, $2, $3)
            ON CONFLICT (url) DO UPDATE SET seq = excluded.seq, time_us = excluded.time_us";
        conn.execute(SQL, &[v(url.as_str()), v(*seq), v(time_us)])?;
    }
    Ok(())
}

fn read(conn: &mut Conn<'_>, did: &Did) -> Result<Option<Head>, store::Error> {
    const SQL: &str =
        "SELECT h.rev, h.data FROM repo_heads h JOIN repos r ON r.id = h.repo_id WHERE r.did = $1";
    let found = conn.query_opt(SQL, &[v(did.as_str())], |row| {
        let (rev, data) = (Tid::from_i64(row.int(0)?), Cid::parse(row.text(1)?));
        Ok::<_, store::Error>(rev.zip(data.ok()).map(|(rev, data)| Head { rev, data }))
    });
    Ok(found?.flatten())
}

/// Only of repositories of which something is here.
fn put(conn: &mut Conn<'_>, did: &Did, head: Option<Head>) -> Result<(), store::Error> {
    const FORGET: &str = "DELETE FROM repo_heads WHERE repo_id = (SELECT id FROM repos WHERE did = $1)";
    const SQL: &str = "
        INSERT INTO repo_heads (repo_id, rev, data) SELECT id, $2, $3 FROM repos WHERE did = $1
        ON CONFLICT (repo_id) DO UPDATE SET rev = excluded.rev, data = excluded.data";
    match head {
        None => conn.execute(FORGET, &[v(did.as_str())])?,
        Some(Head { rev, data }) => {
            conn.execute(SQL, &[v(did.as_str()), v(rev.as_i64()), v(&data.to_string())])?
        }
    };
    Ok(())
}

#[cfg(test)]
mod tests {
    use atproto::Nsid;
    use atproto::firehose::Before;

    use super::*;
    use crate::{CoverageState, SCHEMAS};

    /// The tree number `n`.
    fn tree(n: i64) -> Cid {
        Cid::dag_cbor_sha256(n.to_string().as_bytes())
    }

    fn head(n: i64) -> Head {
        Head { rev: Tid::new(1_700_000_000_000_000 + n, 0).unwrap(), data: tree(n) }
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_commit_that_was_left_out_is_to_be_fetched() {
        testkit::on_each_engine(&SCHEMAS, |store| async move {
            let records = Records::new(&store, Vec::new());
            let (did, collection) = (
                Did::parse("did:plc:aliceaaaaaaaaaaaaaaaaaaa").unwrap(),
                Nsid::parse("com.example.note").unwrap(),
            );
            records.follow(&BTreeSet::from([collection.clone()]), 1).await.unwrap();
            let known = did.clone();
            records.index.write(move |conn| ids::repo(conn, known.as_str()).map(drop)).await.unwrap();
            let follow = async |from: i64, to: i64| {
                let link = Link { to: head(to), from: Before::Data(tree(from)) };
                let followed = Followed { at: None, steps: vec![(did.clone(), Step::Commit(link))] };
                records.index.write(move |conn| write(conn, &followed, to)).await.unwrap();
                records.coverage(&did, &collection).await.unwrap().map(|coverage| coverage.state)
            };
            assert_eq!(follow(0, 1).await, None);
            assert_eq!(follow(1, 2).await, None, "it goes on from where the repository was left");
            assert_eq!(follow(0, 1).await, None, "it has been seen");
            assert_eq!(follow(3, 4).await, Some(CoverageState::Retrying));
        })
        .await;
    }
}
