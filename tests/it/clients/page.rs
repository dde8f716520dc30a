//! The server's own page, in a browser.

use std::path::Path;
use std::sync::Arc;

use serde_json::{Value, json};
use testkit::{Network, NetworkOptions, TestDatabase};

use super::programs;
use crate::scene::{Place, Scene};

/// A path in front of all others.
const BASE: &str = "/view";

#[tokio::test(flavor = "multi_thread")]
async fn the_page_works_below_a_path() {
    let Some(browser) = programs::browser().filter(|_| programs::are_installed()) else { return };
    let options = NetworkOptions { accounts: 1, ..NetworkOptions::default() };
    let Some(scene) = Scene::with(TestDatabase::sqlite(), options).await else { return };
    let database = Arc::new(TestDatabase::sqlite());
    let place = Place::with(&scene.network, database, &[("BASE_PATH", BASE)]);
    let server = place.start().await;
    signing_in(&scene.network, &format!("{}{BASE}", server.url()), &browser).await;
}

/// Somebody signs in to a server without users, whose pages are below `site`, signs out, and declines the second time.
pub(super) async fn signing_in(network: &Network, site: &str, browser: &Path) {
    let user = network.accounts().await.remove(0);
    let account = json!({ "handle": user.handle, "password": user.password });
    let given = json!({ "server": site, "account": account, "browser": browser });
    let seen = programs::run("consent.mjs", &given);

    let (declined, home) = (format!("{site}/login?error=access_denied"), format!("{site}/dashboard/"));
    let login = format!("{site}/login");
    asks_who_one_is(&seen["opened"], &login, "");
    let unknown = seen["unknown"]["alert"].as_str().unwrap();
    asks_who_one_is(&seen["unknown"], &login, unknown);
    assert!(unknown.starts_with("nobody.test ") && unknown.ends_with('.'), "{unknown}");

    assert_eq!(seen["accepted"], json!({ "status": 303, "location": home }));
    says_who_one_is(&seen["signedIn"], &login, &user.did);
    // The first to come is the operator.
    let me = json!({ "did": user.did, "is_admin": true });
    assert_eq!(seen["me"], json!({ "status": 200, "body": me }));
    let cookie = json!({
        "domain": "127.0.0.1", "path": "/", "httpOnly": true, "secure": false, "sameSite": "Lax",
    });
    assert_eq!(seen["cookies"], json!([cookie]));

    asks_who_one_is(&seen["signedOut"], &login, "");
    assert_eq!(seen["meAfterwards"]["status"], 401);
    assert_eq!(seen["cookiesAfterwards"], json!([]));

    assert_eq!(seen["denied"], json!({ "status": 303, "location": declined }));
    asks_who_one_is(&seen["declined"], &declined, "You declined to sign in, so nothing has changed.");

    for state in ["signedIn", "signedOut"] {
        assert_eq!(seen[state]["height"], seen["opened"]["height"], "{state} takes as much space");
    }
    assert_eq!(seen["complaints"], json!([]));
    refuses_strange_scripts(&seen["intruder"]);
}

fn asks_who_one_is(seen: &Value, url: &str, alert: &str) {
    assert_eq!(seen["url"], url);
    assert_eq!(seen["alert"], alert);
    assert_eq!([&seen["asksForHandle"], &seen["offersToSignOut"]], [true, false], "{seen}");
    assert_eq!(seen["focus"], "handle");
}

fn says_who_one_is(seen: &Value, url: &str, did: &str) {
    assert_eq!(seen["url"], url);
    assert_eq!(seen["alert"], "");
    assert_eq!([&seen["asksForHandle"], &seen["offersToSignOut"]], [false, true], "{seen}");
    let text = seen["text"].as_str().unwrap();
    assert!(text.contains(did), "{text}");
    assert!(text.contains("You are an operator of this server."), "{text}");
}

/// Which also shows that the browser would have complained about anything else that the policy refuses.
fn refuses_strange_scripts(seen: &Value) {
    assert_eq!(seen["ran"], false);
    let complaints = seen["complaints"].as_array().unwrap();
    assert!(complaints.contains(&json!("Content-Security-Policy: script-src-elem")), "{seen}");
}
