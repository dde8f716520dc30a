//! How the log stays bounded.

use store::{Conn, v};

use crate::Error;

/// Rows that are forgotten in one transaction: others wait for it.
const PRUNED_AT_ONCE: i64 = 10_000;

/// Forgets updates from before `before` (microseconds), and those of an account that are older than its newest `kept`.
/// Whether that was all.
pub(crate) fn prune(conn: &mut Conn<'_>, before: i64, kept: i64) -> Result<bool, Error> {
    let by_age = conn.execute(
        "DELETE FROM sync_updates WHERE (account_id, seq) IN
             (SELECT account_id, seq FROM sync_updates WHERE created_at < $1 LIMIT $2)",
        &[v(before), v(PRUNED_AT_ONCE)],
    )?;
    // Reads, of each account, its counter and what is to go.
    let by_number = conn.execute(
        "DELETE FROM sync_updates WHERE (account_id, seq) IN
             (SELECT u.account_id, u.seq FROM sync_account_seqs s
              JOIN sync_updates u ON u.account_id = s.account_id AND u.seq <= s.seq - $1 LIMIT $2)",
        &[v(kept), v(PRUNED_AT_ONCE)],
    )?;
    let most = u64::try_from(PRUNED_AT_ONCE).unwrap_or(u64::MAX);
    Ok(by_age < most && by_number < most)
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn left(store: &store::Store) -> Vec<(String, i64)> {
        let sql = "SELECT account_id, seq FROM sync_updates ORDER BY account_id, seq";
        let read = move |conn: &mut Conn<'_>| {
            conn.query(sql, &[], |row| Ok::<_, Error>((row.string(0)?, row.int(1)?)))
        };
        store.state.read(read).await.unwrap()
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn the_newest_of_each_account_stay_unless_they_are_old() {
        testkit::on_each_engine(&[&crate::SCHEMA], |store| async move {
            let fill = |conn: &mut Conn<'_>| {
                for (account, updates) in [("a", 7), ("b", 2)] {
                    conn.execute(
                        "INSERT INTO sync_accounts (id, public_key, created_at, updated_at) VALUES ($1, $1, 0, 0)",
                        &[v(account)],
                    )?;
                    let counter = "INSERT INTO sync_account_seqs (account_id, seq) VALUES ($1, $2)";
                    conn.execute(counter, &[v(account), v(updates)])?;
                    for seq in 1..=updates {
                        conn.execute(
                            "INSERT INTO sync_updates (account_id, seq, audience, body, created_at)
                             VALUES ($1, $2, 0, '{}', $2)",
                            &[v(account), v(seq)],
                        )?;
                    }
                }
                Ok::<_, Error>(())
            };
            store.state.write(fill).await.unwrap();
            let all = store.state.write(|conn| prune(conn, 2, 3)).await as Result<bool, Error>;
            assert!(all.unwrap());
            let expected = [("a", 5), ("a", 6), ("a", 7), ("b", 2)];
            assert_eq!(left(&store).await, expected.map(|(account, seq)| (account.to_owned(), seq)));
        })
        .await;
    }
}
