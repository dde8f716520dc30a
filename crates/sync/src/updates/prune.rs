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

/// What is kept of an account's updates at most.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Kept {
    /// Those since then, in microseconds.
    pub(crate) since: i64,
    /// So many.
    pub(crate) updates: i64,
    /// Bodies of so many bytes.
    pub(crate) bytes: i64,
}

/// Accounts with more updates than are kept; up to a thousand. An account's updates are as old as their order says, so of each
/// account only what is to go is looked at, unless they are large.
pub(crate) fn find_old(conn: &mut Conn<'_>, kept: Kept) -> Result<Vec<Old>, Error> {
    conn.query(
        "SELECT account_id, CASE WHEN by_age >= by_number AND by_age >= by_bytes THEN by_age
                                 WHEN by_number >= by_bytes THEN by_number ELSE by_bytes END
         FROM (SELECT s.account_id, s.seq - $2 + 1 AS by_number,
                      CASE WHEN s.log_bytes <= $4 THEN 0
                           ELSE COALESCE((SELECT MIN(seq)
                                          FROM (SELECT u.seq, SUM(COALESCE(OCTET_LENGTH(u.body), 0))
                                                              OVER (ORDER BY u.seq DESC) AS bytes
                                                FROM sync_updates u WHERE u.account_id = s.account_id) AS newer
                                          WHERE bytes <= $4), s.seq + 1)
                      END AS by_bytes,
                      COALESCE((SELECT u.seq FROM sync_updates u
                                WHERE u.account_id = s.account_id AND u.created_at >= $1
                                ORDER BY u.seq LIMIT 1), s.seq + 1) AS by_age,
                      (SELECT MIN(u.seq) FROM sync_updates u WHERE u.account_id = s.account_id) AS oldest
               FROM sync_account_seqs s) AS bounds
         WHERE oldest < by_age OR oldest < by_number OR oldest < by_bytes LIMIT $3",
        &[v(kept.since), v(kept.updates), v(ACCOUNTS), v(kept.bytes)],
        |row| Ok(Old { account: row.string(0)?, first_kept: row.int(1)? }),
    )
}

/// Forgets some of it; whether that was all.
pub(crate) fn prune(conn: &mut Conn<'_>, old: &Old) -> Result<bool, Error> {
    let pruned = conn.query(
        "DELETE FROM sync_updates WHERE account_id = $1 AND seq < $2
             AND seq < (SELECT MIN(seq) FROM sync_updates WHERE account_id = $1) + $3
         RETURNING COALESCE(OCTET_LENGTH(body), 0)",
        &[v(&old.account), v(old.first_kept), v(PRUNED_AT_ONCE)],
        |row| row.int(0),
    )?;
    let bytes: i64 = pruned.iter().sum();
    if bytes > 0 {
        let sql = "UPDATE sync_account_seqs SET log_bytes = log_bytes - $2 WHERE account_id = $1";
        conn.execute(sql, &[v(&old.account), v(bytes)])?;
    }
    Ok(pruned.is_empty())
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
            let kept = Kept { since: 2, updates: 3, bytes: 100 };
            let find = move |conn: &mut Conn<'_>| find_old(conn, kept);
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

    #[tokio::test(flavor = "multi_thread")]
    async fn the_newest_that_are_not_too_large_stay() {
        testkit::on_each_engine(&[&crate::SCHEMA], |store| async move {
            let fill = |conn: &mut Conn<'_>| {
                conn.batch(
                    "INSERT INTO sync_accounts (id, public_key, created_at, updated_at)
                     VALUES ('a', 'a', 0, 0), ('b', 'b', 0, 0);
                     INSERT INTO sync_account_seqs (account_id, seq, log_bytes) VALUES ('a', 4, 12), ('b', 1, 9);
                     INSERT INTO sync_updates (account_id, seq, audience, body, message_seq, created_at)
                     VALUES ('a', 1, 0, '\"1\"', NULL, 1), ('a', 2, 0, '\"22\"', NULL, 1),
                            ('a', 3, 0, NULL, 1, 1), ('a', 4, 0, '\"333\"', NULL, 1),
                            ('b', 1, 0, '\"4444444\"', NULL, 1)",
                )
            };
            store.state.write(fill).await.map_err(|error: store::Error| error).unwrap();
            let kept = Kept { since: 0, updates: 9, bytes: 8 };
            let find = move |conn: &mut Conn<'_>| find_old(conn, kept);
            for old in store.state.read(find).await.unwrap() {
                while !store.state.write({ let old = old.clone(); move |conn| prune(conn, &old) }).await.unwrap() {}
            }
            assert!(store.state.read(find).await.unwrap().is_empty());
            assert_eq!(left(&store).await, [("a".to_owned(), 3), ("a".to_owned(), 4)]);
            let counted = store.state.read(|conn| {
                let sql = "SELECT log_bytes FROM sync_account_seqs ORDER BY account_id";
                conn.query(sql, &[], |row| row.int(0))
            });
            assert_eq!(counted.await.map_err(|error: store::Error| error).unwrap(), [5, 0]);
        })
        .await;
    }
}
