//! How the log stays bounded.

use store::{Conn, v};

use crate::Error;

/// Accounts of which something is to be forgotten that are looked for at once.
const ACCOUNTS: i64 = 1_000;

/// Rows that are forgotten in one transaction: others wait for it.
const PRUNED_AT_ONCE: i64 = 10_000;

/// What is to be forgotten of an account.
#[derive(Clone, Debug)]
pub(crate) struct Old {
    account: String,
    /// The number of the first update that stays.
    first_kept: i64,
}

/// Accounts with updates from before `before` (microseconds), or older than their newest `kept`; up to a thousand. An account's
/// updates are as old as their order says, so of each account only what is to go is looked at.
pub(crate) fn find_old(conn: &mut Conn<'_>, before: i64, kept: i64) -> Result<Vec<Old>, Error> {
    conn.query(
        "SELECT account_id, CASE WHEN by_age > by_number THEN by_age ELSE by_number END
         FROM (SELECT s.account_id, s.seq - $2 + 1 AS by_number,
                      COALESCE((SELECT u.seq FROM sync_updates u
                                WHERE u.account_id = s.account_id AND u.created_at >= $1
                                ORDER BY u.seq LIMIT 1), s.seq + 1) AS by_age,
                      (SELECT MIN(u.seq) FROM sync_updates u WHERE u.account_id = s.account_id) AS oldest
               FROM sync_account_seqs s) AS bounds
         WHERE oldest < by_age OR oldest < by_number LIMIT $3",
        &[v(before), v(kept), v(ACCOUNTS)],
        |row| Ok(Old { account: row.string(0)?, first_kept: row.int(1)? }),
    )
}

/// Forgets some of it; whether that was all.
pub(crate) fn prune(conn: &mut Conn<'_>, old: &Old) -> Result<bool, Error> {
    let pruned = conn.execute(
        "DELETE FROM sync_updates WHERE account_id = $1 AND seq < $2
             AND seq < (SELECT MIN(seq) FROM sync_updates WHERE account_id = $1) + $3",
        &[v(&old.account), v(old.first_kept), v(PRUNED_AT_ONCE)],
    )?;
    Ok(pruned == 0)
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
            let find = |conn: &mut Conn<'_>| find_old(conn, 2, 3);
            let old = store.state.read(find).await.unwrap();
            assert_eq!(old.len(), 2);
            for old in old {
                let mut rounds = 0;
                while !store.state.write({ let old = old.clone(); move |conn| prune(conn, &old) }).await.unwrap() {
                    rounds += 1;
                }
                assert_eq!(rounds, 1);
            }
            assert!(store.state.read(find).await.unwrap().is_empty());
            let expected = [("a", 5), ("a", 6), ("a", 7), ("b", 2)];
            assert_eq!(left(&store).await, expected.map(|(account, seq)| (account.to_owned(), seq)));
        })
        .await;
    }
}
