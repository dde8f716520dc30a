//! When a key was last used is written behind the requests.

use std::time::{Duration, Instant};

use accounts::{
    Actor, ApiKeys,
    permissions::{LEXICONS_READ, STATS_READ},
};

use crate::support::{Server, on_each_engine, users};

#[tokio::test(flavor = "multi_thread")]
async fn uses_are_written_soon_and_by_the_end_at_the_latest() {
    on_each_engine(async |store| {
        let server = Server::start(&store).await;
        let keys = ApiKeys::new(&users(&store).0);
        let (used, unused) = (server.key(&[STATS_READ]).await, server.key(&[STATS_READ]).await);
        let last_used = async |id: &str| {
            let keys = keys.list(&Actor::LocalOperator).await.unwrap();
            keys.into_iter().find(|key| key.id == id).unwrap().last_used_at
        };
        assert_eq!(server.status_of(STATS_READ, &used.key).await, 200);
        let started = Instant::now();
        let first = loop {
            if let Some(at) = last_used(&used.id).await {
                break at;
            }
            assert!(started.elapsed() < Duration::from_secs(5));
            tokio::time::sleep(Duration::from_millis(20)).await;
        };
        assert_eq!(server.status_of(LEXICONS_READ, &used.key).await, 403, "a refused use is a use");
        server.stop().await;
        assert!(last_used(&used.id).await > Some(first));
        assert_eq!(last_used(&unused.id).await, None);
        let of_user = store.state.read(|conn| {
            conn.query_one::<_, store::Error>("SELECT last_used_at FROM users", &[], |row| row.opt_int(0))
        });
        assert!(of_user.await.unwrap().is_some());
    })
    .await;
}
