//! Who comes first to an empty server becomes its operator.

use serde_json::{Value, json};
use testkit::network::Account;
use testkit::{Belvedere, Browser};
use tokio::join;

use crate::people::SCOPES;
use crate::scene::Scene;
use crate::wait::{PATIENCE, until};

/// Two prove who they are and then come back at the same moment. Who was first, with the browser, and the other one.
pub(super) async fn one_of_two_is_first(
    scene: &Scene,
    server: &Belvedere,
    one: Account,
    two: Account,
) -> ((Account, Browser), Account) {
    let browsers = [Browser::new(&server.client), Browser::new(&server.client)];
    for browser in &browsers {
        assert_eq!(browser.get("/auth/me").await.expect(401)["error"], "not authenticated");
    }
    let first = browsers[0].approve(&scene.network, &one, SCOPES).await;
    let second = browsers[1].approve(&scene.network, &two, SCOPES).await;
    let (first, second) = join!(browsers[0].get(&first), browsers[1].get(&second));
    let ends = [first.location(), second.location()];
    let (home, refused) =
        (format!("{}/dashboard/", server.url()), format!("{}/login?error=not_authorized", server.url()));
    let [of_one, of_two] = browsers;
    let (operator, other) = if ends == [home.clone(), refused.clone()] {
        ((one, of_one), (two, of_two))
    } else {
        assert_eq!(ends, [refused, home], "exactly one is first");
        ((two, of_two), (one, of_one))
    };
    is_the_only_user(&operator.0, &operator.1).await;
    assert_eq!(other.1.get("/auth/me").await.status, 401);
    assert_eq!(other.1.get("/admin/users").await.status, 401);
    comes_too_late(scene, server, &other.0).await;
    (operator, other.0)
}

async fn is_the_only_user(account: &Account, browser: &Browser) {
    let me = browser.get("/auth/me").await.expect(200);
    assert_eq!(me, json!({ "did": account.did, "is_admin": true }));
    let users = browser.get("/admin/users").await.expect(200);
    let people: Vec<&Value> =
        users.as_array().unwrap().iter().filter(|user| user["did"].is_string()).collect();
    assert_eq!(people.len(), 1, "{users}");
    assert_eq!((&people[0]["did"], &people[0]["is_super"]), (&json!(account.did), &json!(true)));
    // Events are written a moment later.
    until("it is in the log", PATIENCE, async || {
        let events = browser.get("/admin/events?event_type=user.bootstrapped").await.expect(200);
        let event = events["events"].as_array().unwrap().first()?;
        assert_eq!((event["subject"].as_str(), events["events"][1].is_null()), (Some(&*account.did), true));
        Some(())
    })
    .await;
}

/// Nor later.
async fn comes_too_late(scene: &Scene, server: &Belvedere, account: &Account) {
    let browser = Browser::new(&server.client);
    let end = browser.sign_in(&scene.network, account, "atproto").await;
    assert_eq!(end, format!("{}/login?error=not_authorized", server.url()));
    assert_eq!(browser.get("/auth/me").await.status, 401);
}
