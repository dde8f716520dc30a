//! What the stream says is missing of histories.
//!
//! Tears are counted and not timed: whoever fetches a history remembers how many were known before its host was asked, and mends
//! those. So it does not matter what clocks say, how long a fetch takes, and who fetches beside it.

use std::collections::BTreeMap;

use atproto::{Did, Nsid};
use store::{Conn, v};

use super::CoverageState;
use crate::{Error, Records, now_micros};

/// How many tears are known, by collection; none of those that are left out.
pub type Tears = BTreeMap<Nsid, i64>;

/// Says that something is missing of everything that is followed of a repository, inside a transaction of the index: it is to be fetched
/// soon. Whether something of it is here.
pub fn tear(conn: &mut Conn<'_>, did: &Did, reason: &str) -> Result<bool, store::Error> {
    const SQL: &str = "
        INSERT INTO coverage (repo_id, collection_id, state, proven, since, attempts, next_try_at, error, tears)
        SELECT r.id, c.id, $2, 0, $3, 0, $3, $4, 1 FROM repos r, collections c
        WHERE r.did = $1 AND c.followed_since IS NOT NULL
        ON CONFLICT (repo_id, collection_id) DO UPDATE SET
            state = excluded.state, since = excluded.since, attempts = 0, next_try_at = excluded.next_try_at,
            error = excluded.error, tears = coverage.tears + 1";
    let state = CoverageState::Retrying as i64;
    conn.execute(SQL, &[v(did.as_str()), v(state), v(now_micros()), v(reason)]).map(|rows| rows > 0)
}

impl Records {
    /// How many tears of a repository are known, to be asked before its host is.
    pub async fn tears(&self, did: &Did) -> Result<Tears, Error> {
        const SQL: &str = "
            SELECT collections.nsid, c.tears FROM coverage c
            JOIN collections ON collections.id = c.collection_id
            WHERE c.repo_id = (SELECT id FROM repos WHERE did = $1) AND c.tears > 0";
        let did = did.clone();
        let read = self.index.read_brief(move |conn| {
            let load = |row: &store::Row<'_>| Ok::<_, Error>((row.string(0)?, row.int(1)?));
            conn.query(SQL, &[v(did.as_str())], load)
        });
        let tears = read.await?.into_iter();
        Ok(tears.filter_map(|(nsid, tears)| Some((Nsid::parse(&nsid).ok()?, tears))).collect())
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use atproto::Tid;

    use super::*;
    use crate::coverage::{Coverage, confirm, set};
    use crate::write::ids;
    use crate::{CoverageState, SCHEMAS};

    #[tokio::test(flavor = "multi_thread")]
    async fn what_is_torn_stays_so_until_it_was_fetched_after_that() {
        testkit::on_each_engine(&SCHEMAS, |store| async move {
            let records = Records::new(&store, Vec::new());
            let did = Did::parse("did:plc:aliceaaaaaaaaaaaaaaaaaaa").unwrap();
            let note = Nsid::parse("com.example.note").unwrap();
            records.follow(&BTreeSet::from([note.clone()]), 1).await.unwrap();
            let known = did.clone();
            records.index.write(move |conn| ids::repo(conn, known.as_str()).map(drop)).await.unwrap();
            let tear = async || {
                let did = did.clone();
                assert!(records.index.write(move |conn| tear(conn, &did, "a test")).await.unwrap());
            };
            let end = async |state, mended, since| {
                let row = Coverage { mended, attempts: 1, ..Coverage::new(&did, &note, state, since) };
                records.index.write(move |conn| set(conn, &row)).await.unwrap();
                records.coverage(&did, &note).await.unwrap().unwrap().state
            };
            let (complete, retrying) = (CoverageState::Complete, CoverageState::Retrying);
            let known = async || records.tears(&did).await.unwrap().get(&note).copied().unwrap_or_default();
            assert_eq!((known().await, end(complete, 0, 5).await), (0, complete));
            tear().await;
            // Whatever a clock says of when its host was asked.
            assert_eq!(end(complete, 0, i64::MAX).await, retrying, "it was asked before");
            let before = known().await;
            assert_eq!(end(retrying, 0, 6).await, retrying, "somebody else tried in vain");
            assert_eq!(end(complete, 0, i64::MAX).await, retrying, "which mends nothing");
            assert_eq!(end(complete, before, 7).await, complete);
            assert_eq!(end(complete, 0, 8).await, complete, "there is nothing to be mended");
            tear().await;
            assert_eq!(end(complete, before, 9).await, retrying, "that was another one");
            assert_eq!(end(CoverageState::Quarantined, 0, 9).await, CoverageState::Quarantined);
            assert_eq!(end(complete, before, 9).await, CoverageState::Quarantined);
            assert_eq!(end(complete, known().await, 9).await, complete);
        })
        .await;
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn that_nothing_changed_says_nothing_of_what_was_never_here() {
        testkit::on_each_engine(&SCHEMAS, |store| async move {
            let records = Records::new(&store, Vec::new());
            let did = Did::parse("did:plc:aliceaaaaaaaaaaaaaaaaaaa").unwrap();
            let rev = Tid::parse("3jzfcijpj2z2a").unwrap();
            let [complete, failed, unheard] = ["complete", "failed", "unheard"]
                .map(|name| Nsid::parse(&format!("com.example.{name}")).unwrap());
            let of = async |collection: &Nsid| {
                let row = records.coverage(&did, collection).await.unwrap();
                row.map(|row| (row.state, row.rev, row.since))
            };
            let rows = [(&complete, CoverageState::Complete), (&failed, CoverageState::Failed)]
                .map(|(collection, state)| Coverage::new(&did, collection, state, 5));
            let set = move |conn: &mut Conn<'_>| rows.iter().try_for_each(|row| set(conn, row));
            records.index.write(set).await.unwrap();
            for asked_at in [9, 7] {
                let (did, all) = (did.clone(), [complete.clone(), failed.clone(), unheard.clone()]);
                let confirm = move |conn: &mut Conn<'_>| {
                    all.iter().try_for_each(|collection| confirm(conn, &did, collection, rev, asked_at))
                };
                records.index.write(confirm).await.unwrap();
            }
            assert_eq!(of(&complete).await, Some((CoverageState::Complete, Some(rev), 9)));
            assert_eq!(of(&failed).await, Some((CoverageState::Failed, None, 5)));
            assert_eq!(of(&unheard).await, None);
        })
        .await;
    }
}
