//! People who sign in here.

use atproto::Handle;
use futures::future::join_all;
use repos::LocalAccounts;

use crate::rig::{kind, on_each};

#[tokio::test(flavor = "multi_thread")]
async fn whoever_knows_the_password_is_let_in() {
    on_each(|rig| async move {
        let accounts = LocalAccounts::new(&rig.repos);
        let handle: Handle = "alice.localhost".parse().unwrap();
        let did = accounts.create(&handle, "correct horse").await.unwrap();
        assert_eq!(did.as_str(), "did:web:alice.localhost");
        for name in ["alice.localhost", "@Alice.localhost", "did:web:alice.localhost"] {
            assert_eq!(accounts.check(name, "correct horse").await.unwrap().as_ref(), Some(&did), "{name}");
        }
        let long = "x".repeat(1 << 20);
        for (name, password) in [
            ("alice.localhost", "Correct horse"),
            ("alice.localhost", ""),
            ("alice.localhost", &*long),
            ("bob.localhost", "correct horse"),
            ("' OR 1=1 --", "correct horse"),
        ] {
            assert_eq!(accounts.check(name, password).await.unwrap(), None, "{name}");
        }
        rig.put(&did, "a", "it can be written to").await;
        let hash = rig.store.state.read(|conn| {
            conn.query_one("SELECT password_hash FROM repos_accounts", &[], |row| row.string(0))
        });
        let hash: Result<String, store::Error> = hash.await;
        assert!(hash.unwrap().starts_with("$argon2id$v=19$"));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn accounts_come_and_go() {
    on_each(|rig| async move {
        let accounts = LocalAccounts::new(&rig.repos);
        let handle = |name: &str| -> Handle { name.parse().unwrap() };
        let bob = accounts.create(&handle("bob.test"), "bob's password").await.unwrap();
        let alice = accounts.create(&handle("alice.test"), "alice's password").await.unwrap();
        assert_eq!(kind(&accounts.create(&handle("bob.test"), "another one").await.unwrap_err()), "taken");
        for password in ["short", &*"x".repeat(1025)] {
            assert_eq!(kind(&accounts.create(&handle("c.test"), password).await.unwrap_err()), "password");
        }
        let listed: Vec<_> = accounts.list().await.unwrap().into_iter().map(|account| account.did).collect();
        assert_eq!(listed, [alice.clone(), bob.clone()]);
        accounts.set_password(&bob, "a better password").await.unwrap();
        assert_eq!(accounts.check("bob.test", "bob's password").await.unwrap(), None);
        assert_eq!(accounts.check("bob.test", "a better password").await.unwrap(), Some(bob.clone()));
        accounts.remove(&bob).await.unwrap();
        assert_eq!(accounts.check("bob.test", "a better password").await.unwrap(), None);
        assert_eq!(kind(&accounts.set_password(&bob, "still there?").await.unwrap_err()), "not hosted");
        // One without a password is no account.
        rig.person("carol").await;
        assert_eq!(accounts.list().await.unwrap().len(), 1);
        assert_eq!(accounts.check("carol.test", "").await.unwrap(), None);
        assert_eq!(accounts.check("alice.test", "alice's password").await.unwrap(), Some(alice));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_crowd_is_turned_away_rather_than_remembered() {
    let database = testkit::TestDatabase::sqlite();
    let rig = crate::rig::Rig::of(database.open(&crate::rig::schemas()).await).await;
    let accounts = LocalAccounts::new(&rig.repos);
    let answers = join_all((0..80).map(|_| accounts.check("nobody.test", "password"))).await;
    let turned_away =
        answers.iter().filter(|answer| answer.as_ref().is_err_and(|error| kind(error) == "busy"));
    assert_eq!(turned_away.count(), 80 - 66);
    assert!(answers.iter().flatten().all(Option::is_none));
}
