//! Accounts are switched off and on, taken down and restored, renamed and deleted; what is served follows.

use serde_json::Value;
use store::{Conn, v};
use testkit::network::{Account, AccountAction};
use testkit::{Belvedere, TestDatabase};

use crate::samples::{GET_POST, LIKE, POST, list_of, post};
use crate::scene::{Place, Scene};
use crate::view::listed;

#[tokio::test(flavor = "multi_thread")]
async fn what_is_served_follows_on_sqlite() {
    what_is_served_follows(TestDatabase::sqlite()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_served_follows_on_postgres() {
    if let Some(database) = TestDatabase::postgres().await {
        what_is_served_follows(database).await;
    }
}

async fn what_is_served_follows(database: TestDatabase) {
    let Some(scene) = Scene::set(database).await else { return };
    let server = scene.start_with_samples(&scene.place).await;
    scene.network.seed(5, 12, &[POST, LIKE]).await;
    scene.caught_up(&server).await;
    scene.compare(&scene.place, &server).await;
    let server = switched_off_and_on(&scene, server).await;
    deleted(&scene, &server).await;
    renamed(&scene, &server).await;
}

/// By their owners and by their hosts; half of it while the server is down.
async fn switched_off_and_on(scene: &Scene, server: Belvedere) -> Belvedere {
    let accounts = scene.active_accounts().await;
    let [alice, bob] = [&accounts[1], &accounts[2]];
    let before = [posts(&server, alice).await, posts(&server, bob).await];
    assert!(before.iter().all(|posts| posts.len() == 12));
    scene.network.set_status(&alice.did, AccountAction::Deactivate).await;
    scene.network.set_status(&bob.did, AccountAction::Takedown).await;
    scene.caught_up(&server).await;
    for (account, before) in [alice, bob].into_iter().zip(&before) {
        assert_eq!(posts(&server, account).await, [] as [String; 0]);
        assert_eq!(get(&server, &before[0]).await, None);
    }
    scene.compare(&scene.place, &server).await;

    server.terminate().await;
    scene.network.set_status(&alice.did, AccountAction::Activate).await;
    scene.network.set_status(&bob.did, AccountAction::Untakedown).await;
    scene.network.create_record(&alice.did, POST, None, &post("back again")).await;
    let server = scene.place.start().await;
    scene.caught_up(&server).await;
    assert_eq!(posts(&server, alice).await.len(), 13);
    assert_eq!(posts(&server, bob).await, before[1]);
    scene.compare(&scene.place, &server).await;
    server
}

/// One that was active, and one that was not.
async fn deleted(scene: &Scene, server: &Belvedere) {
    let accounts = scene.active_accounts().await;
    let [carol, dave] = [&accounts[3], &accounts[4]];
    scene.network.set_status(&dave.did, AccountAction::Deactivate).await;
    for account in [carol, dave] {
        scene.network.set_status(&account.did, AccountAction::Delete).await;
    }
    scene.caught_up(server).await;
    scene.compare(&scene.place, server).await;
    for account in [carol, dave] {
        assert_eq!(rows_of(&scene.place, account).await, 0, "nothing is kept of {}", account.handle);
    }
    assert_eq!(orphaned_backlinks(&scene.place).await, 0);
}

/// Names are resolved in URIs, and remembered, until the stream says that somebody is called something else.
async fn renamed(scene: &Scene, server: &Belvedere) {
    let [erin, frank] = scene.network.create_accounts(2).await.try_into().unwrap();
    for account in [&erin, &frank] {
        scene.network.create_record(&account.did, POST, Some("hello"), &post(&account.handle)).await;
    }
    scene.caught_up(server).await;
    let text_at = async |handle: &str| {
        get(server, &format!("at://{handle}/{POST}/hello")).await.map(|record| record["text"].clone())
    };
    for account in [&erin, &frank] {
        assert_eq!(text_at(&account.handle).await.unwrap(), account.handle);
    }
    // Frank takes the name that Erin gives up.
    scene.network.set_handle(&erin.did, "elsewhere.test").await;
    scene.network.set_handle(&frank.did, &erin.handle).await;
    scene.caught_up(server).await;
    let expected =
        [(erin.handle.as_str(), Some(&frank)), ("elsewhere.test", Some(&erin)), (&frank.handle, None)];
    for (handle, account) in expected {
        let expected = account.map(|account| Value::from(account.handle.as_str()));
        assert_eq!(text_at(handle).await, expected, "{handle}");
    }
}

/// The URIs of an account's posts.
async fn posts(server: &Belvedere, account: &Account) -> Vec<String> {
    listed(&server.client, list_of(POST), &[("did", &account.did)]).await.into_keys().collect()
}

/// A post by its URI; `None` if it is not found or nobody has that name.
async fn get(server: &Belvedere, uri: &str) -> Option<Value> {
    let answer = server.client.get_with(&format!("/xrpc/{GET_POST}"), &[("uri", uri)]).await;
    match answer.status {
        400 | 404 => None,
        _ => Some(answer.expect(200)["record"].take()),
    }
}

async fn rows_of(place: &Place, account: &Account) -> i64 {
    const SQL: &str = "
        SELECT COUNT(*) FROM record_rows WHERE repo_id = (SELECT id FROM repos WHERE did = $1)";
    let did = account.did.clone();
    count(place, move |conn| conn.query_one(SQL, &[v(&did)], |row| row.int(0))).await
}

async fn orphaned_backlinks(place: &Place) -> i64 {
    const SQL: &str = "SELECT COUNT(*) FROM backlinks WHERE source_id NOT IN (SELECT id FROM record_rows)";
    count(place, |conn| conn.query_one(SQL, &[], |row| row.int(0))).await
}

async fn count<F>(place: &Place, f: F) -> i64
where
    F: Fn(&mut Conn<'_>) -> Result<i64, store::Error> + Send + 'static,
{
    place.store().await.index.read(f).await.unwrap()
}
