//! From a device that asks to one that is let in.

use std::time::Duration;

use futures::future::join_all;
use http::Method;
use serde_json::json;
use testkit::Answer;

use super::site::{LOCAL, LOCAL_PASSWORD, Site, on_each_site, text};
use super::stand_in::{ALICE, BOB};

/// Asks until it is not too soon.
async fn patiently(site: &Site, device_code: &str) -> Answer {
    let form = [("grant_type", "urn:ietf:params:oauth:grant-type:device_code"), ("device_code", device_code)];
    loop {
        let answer = site.http.send(site.http.request(Method::POST, "/auth/device/token").form(&form)).await;
        if answer.status != 400 || answer.json()["error"] != "slow_down" {
            return answer;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_device_is_let_in_once() {
    on_each_site(async |site| {
        let request = json!({ "device_name": "lap\u{202e}top" });
        let asked =
            site.http.with_header("user-agent", "docker <1>").post("/auth/device/code", &request).await;
        let asked = asked.expect(200);
        assert_eq!((&asked["expires_in"], &asked["interval"]), (&json!(600), &json!(5)));
        let (device_code, user_code) = (text(&asked, "device_code"), text(&asked, "user_code"));
        assert_eq!(device_code.len(), 43);
        assert_eq!(text(&asked, "verification_uri"), format!("{}/device", site.origin));
        let page = format!("/device?user_code={user_code}");
        assert_eq!(text(&asked, "verification_uri_complete"), format!("{}{page}", site.origin));

        let alice = site.browser(ALICE).await;
        let shown = alice.get(&page).await;
        assert_eq!(shown.status, 200);
        for part in ["lap top", "docker &lt;1&gt;", "127.0.0.1", &user_code, ALICE, "Approve", "Deny"] {
            assert!(shown.text.contains(part), "{part} in {}", shown.text);
        }
        assert!(
            !shown.text.contains("<script")
                && shown.header("content-security-policy").contains("default-src 'none'")
        );
        assert_eq!(shown.header("cache-control"), "no-store");

        let form = [("user_code", user_code.to_lowercase()), ("approve", "true".into())];
        let approve = || alice.send(alice.request(Method::POST, "/device/approve").form(&form));
        let answers = join_all((0..4).map(|_| approve())).await;
        let approved = answers.iter().filter(|answer| answer.status == 200).count();
        assert_eq!(approved, 1, "one decision, whatever happens at the same time");

        let polls = join_all((0..4).map(|_| site.poll(&device_code))).await;
        let admitted: Vec<_> = polls.iter().filter(|answer| answer.status == 200).collect();
        assert_eq!(admitted.len(), 1, "and one device");
        let device = admitted[0].json();
        assert_eq!((text(&device, "did"), text(&device, "handle")), (ALICE.into(), "alice.test".into()));
        let secret = text(&device, "device_secret");
        assert!(secret.starts_with(&format!("atcr_device_{}_", text(&device, "device_id"))));
        assert_eq!(site.poll(&device_code).await.expect(400)["error"], "expired_token");
        site.token(Some(("alice.test", &secret)), &[]).await.expect(200);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_waits_is_told_so() {
    on_each_site(async |site| {
        let (device_code, user_code) = site.ask("laptop").await;
        assert_eq!(site.poll(&device_code).await.expect(400)["error"], "authorization_pending");
        assert_eq!(site.poll(&device_code).await.expect(400)["error"], "slow_down");
        assert_eq!(site.poll("never-heard-of").await.expect(400)["error"], "expired_token");
        assert_eq!(
            site.http.post("/auth/device/token", &json!({})).await.expect(400)["error"],
            "invalid_request"
        );
        let denial = json!({ "user_code": user_code, "approve": false });
        let answer = site.browser(ALICE).await.post("/device/approve", &denial).await;
        assert_eq!(answer.expect(200), json!({ "status": "denied" }));
        let polled = patiently(&site, &device_code).await;
        assert_eq!(polled.expect(400)["error"], "access_denied");
        assert_eq!(site.poll(&device_code).await.expect(400)["error"], "expired_token");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_decides_for_somebody_else() {
    on_each_site(async |site| {
        let (device_code, user_code) = site.ask("laptop").await;
        let body = json!({ "user_code": user_code, "approve": true });
        site.http.post("/device/approve", &body).await.expect(401);
        let alice = site.browser(ALICE).await;
        let foreign = alice.with_header("origin", "https://evil.example");
        foreign.post("/device/approve", &body).await.expect(403);
        let silent = site.http.with_header("cookie", "happyview_session=x");
        silent.post("/device/approve", &body).await.expect(401);
        site.http.with_bearer("x").post("/device/approve", &body).await.expect(401);
        let got = alice.get(&format!("/device/approve?user_code={user_code}&approve=true")).await;
        assert_eq!(got.status, 405, "following a link decides nothing");
        assert_eq!(site.poll(&device_code).await.expect(400)["error"], "authorization_pending");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn codes_are_not_guessed() {
    on_each_site(async |site| {
        let (_, user_code) = site.ask("laptop").await;
        let alice = site.browser(ALICE).await;
        let wrong = json!({ "user_code": "BBBB-BBBB", "approve": true });
        let statuses = join_all((0..8).map(|_| alice.post("/device/approve", &wrong))).await;
        let count = |status| statuses.iter().filter(|answer| answer.status == status).count();
        assert_eq!((count(404), count(429)), (5, 3));
        let right = json!({ "user_code": user_code, "approve": true });
        alice.post("/device/approve", &right).await.expect(429);
        assert_eq!(alice.get(&format!("/device?user_code={user_code}")).await.status, 429);
        site.browser(BOB).await.post("/device/approve", &right).await.expect(200);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn accounts_of_this_server_decide_in_one_step() {
    on_each_site(async |site| {
        let (device_code, user_code) = site.ask("laptop").await;
        let page = site.http.get(&format!("/device?user_code={user_code}")).await;
        assert!(page.status == 200 && page.text.contains("type=\"password\""));
        let form = |password| {
            let fields = [
                ("user_code", &*user_code),
                ("handle", "local.test"),
                ("password", password),
                ("approve", "true"),
            ];
            site.http.send(site.http.request(Method::POST, "/device/approve").form(&fields))
        };
        let wrong = form("wrong").await;
        assert!(wrong.status == 401 && wrong.text.contains("incorrect name or password"), "{}", wrong.text);
        assert_eq!(form(LOCAL_PASSWORD).await.status, 200);
        let device = site.poll(&device_code).await.expect(200);
        assert_eq!((text(&device, "did"), text(&device, "handle")), (LOCAL.into(), "local.test".into()));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_comes_without_a_code_is_asked_for_it() {
    on_each_site(async |site| {
        let page = site.http.get("/device").await;
        assert!(page.status == 200 && page.text.contains("name=\"user_code\""));
        for (code, status) in [("BBBB-BBBB", 404), ("%3Cscript%3E", 404)] {
            let page = site.http.get(&format!("/device?user_code={code}")).await;
            assert!(
                page.status == status
                    && page.text.contains("role=\"alert\"")
                    && !page.text.contains("<script")
            );
        }
        let back = site.http.get("/device/sign-in?user_code=WDJB-MJHT&handle=nobody.test").await.location();
        assert_eq!(back, "/device?user_code=WDJB-MJHT&problem=handle");
        let (_, user_code) = site.ask("laptop").await;
        let page = async |problem: &str| {
            site.http.get(&format!("/device?user_code={user_code}&problem={problem}")).await.text
        };
        assert!(page("handle").await.contains("Check how it is spelled"));
        // What anybody writes into an address is not said in our name.
        for words in ["Press+Approve+now", "handle+", ""] {
            let shown = page(words).await;
            assert!(!shown.contains("role=\"alert\"") && !shown.contains("Press"), "{shown}");
        }
        site.http.get("/device/sign-in?user_code=x&handle=alice.test").await.expect(400);
    })
    .await;
}
