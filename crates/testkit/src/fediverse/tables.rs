//! What the program's tables say of followers and of what is on its way to them.

use store::{Conn, Error, Store, v};

use super::{Inboxes, UnderWay};

/// How long nobody else takes up a delivery that somebody is at, in microseconds (docs/social-federation.md).
pub const LEASE: i64 = 30_000_000;

/// So many people, some of each host, who follow somebody here, as if they had been heard of. `shared`: whether their hosts have an
/// inbox for all of them.
pub async fn fill(store: &Store, inboxes: &Inboxes, followers: usize, shared: bool, uuid: &str) {
    let (host, each) = (inboxes.host("i / $2"), followers.div_ceil(inboxes.hosts()));
    let (followers, each) = (i64::try_from(followers).unwrap(), i64::try_from(each).unwrap());
    let uuid = uuid.to_owned();
    let insert = move |conn: &mut Conn<'_>| insert(conn, (followers, each), &host, shared, &uuid);
    store.state.write(insert).await.unwrap();
}

fn insert(
    conn: &mut Conn<'_>,
    (followers, each): (i64, i64),
    host: &str,
    shared: bool,
    uuid: &str,
) -> Result<(), Error> {
    let numbers =
        "WITH RECURSIVE n (i) AS (SELECT CAST(0 AS BIGINT) UNION ALL SELECT i + 1 FROM n WHERE i < $1 - 1)";
    let inbox = format!("'http://' || {host} || '/users/f' || i || '/inbox'");
    let shared = if shared { format!("'http://' || {host} || '/inbox'") } else { "NULL".to_owned() };
    for sql in [
        format!(
            "{numbers} INSERT INTO social_users (id, uuid, username, host, handle_key, ap_id, created_at, updated_at)
             SELECT 1 + i, 'follower-' || i, 'f' || i, {host}, 'f' || i || '@' || {host}, 'http://' || {host} || '/users/f' || i, 1, 1
             FROM n"
        ),
        format!(
            "{numbers} INSERT INTO social_remote_actors (user_id, inbox, shared_inbox, fetched_at)
             SELECT 1 + i, {inbox}, {shared}, 1 FROM n"
        ),
    ] {
        conn.execute(&sql, &[v(followers), v(each)])?;
    }
    let follow = "INSERT INTO social_follows (follower, followed, state, created_at)
         SELECT f.id, u.id, 'accepted', 1 FROM social_users f, social_users u WHERE f.id <= $1 AND u.uuid = $2";
    let made = conn.execute(follow, &[v(followers), v(uuid)])?;
    assert_eq!(i64::try_from(made).unwrap(), followers);
    Ok(())
}

/// What a server that has died was at, by inbox and activity, if it was started at that moment of its clock, in microseconds.
pub async fn under_way(store: &Store, since: i64) -> UnderWay {
    let find = move |conn: &mut Conn<'_>| {
        conn.query(
            "SELECT d.inbox, a.address FROM social_deliveries d JOIN social_activities a ON a.id = d.activity
             WHERE d.state = 'queued' AND d.leased_to >= $1",
            &[v(since + LEASE)],
            |row| Ok::<_, Error>((row.string(0)?, row.string(1)?)),
        )
    };
    store.state.read(find).await.unwrap().into_iter().collect()
}

/// How much is on its way or is to be sent.
pub async fn left(store: &Store) -> i64 {
    let left = "SELECT (SELECT count(*) FROM social_events) + (SELECT count(*) FROM social_deliveries WHERE state = 'queued')";
    store.state.read(|conn| conn.query_one(left, &[], |row| row.int(0))).await.unwrap()
}
