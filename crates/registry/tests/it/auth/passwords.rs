//! App passwords, and the sessions that they begin.

use atproto::{Did, Nsid, RecordKey};
use futures::stream;
use http::HeaderValue;
use records::{RepoWrite, RepoWriter};
use registry::auth::{PasswordError, PasswordSession};
use serde_json::{Map, json};

use super::site::{Site, on_each_site, text};
use super::stand_in::{ALICE, BOB, OTHER_PASSWORD, PASSWORD};

const CREATE: &str = "com.atproto.server.createSession";
const REFRESH: &str = "com.atproto.server.refreshSession";

async fn session(site: &Site, did: &str) -> Option<PasswordSession> {
    site.auth.passwords().session(&Did::parse(did).unwrap()).await.unwrap()
}

/// What the PDS gave is lost.
async fn forget(site: &Site) {
    let latest = site.cache.get(&format!("registry:pds-latest:{ALICE}")).await.unwrap();
    if let Some(id) = latest {
        let id = String::from_utf8(id.to_vec()).unwrap();
        site.cache.delete(&format!("registry:pds-session:{ALICE}:{id}")).await.unwrap();
    }
}

fn put() -> RepoWrite {
    RepoWrite::Put {
        collection: Nsid::parse("io.atcr.tag").unwrap(),
        rkey: RecordKey::parse("app_v1").unwrap(),
        record: Map::from_iter([("tag".to_owned(), json!("v1"))]),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_password_is_asked_about_once_in_a_while() {
    on_each_site(async |site| {
        assert!(session(&site, ALICE).await.is_none());
        for _ in 0..3 {
            site.token(Some(("alice.test", PASSWORD)), &[]).await.expect(200);
        }
        let asked = site.pds().calls(CREATE);
        assert_eq!(asked, [json!({ "identifier": ALICE, "password": PASSWORD })]);
        let sibling = site.sibling().await;
        sibling.token(Some(("alice.test", PASSWORD)), &[]).await.expect(200);
        assert_eq!(site.pds().calls(CREATE).len(), 1, "another instance remembers, too");
        forget(&site).await;
        site.token(Some(("alice.test", PASSWORD)), &[]).await.expect(200);
        assert_eq!(site.pds().calls(CREATE).len(), 2, "without a session nothing could be written");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_pushed_is_written_with_it() {
    on_each_site(async |site| {
        site.token(Some(("alice.test", PASSWORD)), &[]).await.expect(200);
        let session = session(&site, ALICE).await.unwrap();
        assert_eq!(RepoWriter::did(&session).as_str(), ALICE);
        assert_eq!(session.write(&put()).await.unwrap().status, 200);
        let sent = json!({ "repo": ALICE, "collection": "io.atcr.tag", "rkey": "app_v1", "record": { "tag": "v1" } });
        assert_eq!(site.pds().calls("com.atproto.repo.putRecord"), [sent]);
        let body = stream::iter([Ok::<_, std::io::Error>("{\"a\":".into()), Ok("1}".into())]);
        let kind = HeaderValue::from_static("application/vnd.oci.image.manifest.v1+json");
        assert_eq!(session.upload_blob(kind, 7, body).await.unwrap().status, 200);
        assert_eq!(site.pds().calls("com.atproto.repo.uploadBlob"), [json!({ "a": 1 })]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn tokens_are_renewed_once_however_many_need_them() {
    on_each_site(async |site| {
        site.pds().token_life(30);
        site.token(Some(("alice.test", PASSWORD)), &[]).await.expect(200);
        site.pds().token_life(7200);
        let sessions = futures::future::join_all((0..5).map(|_| session(&site, ALICE))).await;
        let writes = sessions.iter().flatten().map(|session| async { session.write(&put()).await });
        for answer in futures::future::join_all(writes).await {
            assert_eq!(answer.unwrap().status, 200);
        }
        assert_eq!(site.pds().calls(REFRESH).len(), 1);
        // A token may be over without having said so.
        let before = site.pds().access();
        site.pds().end_sessions();
        let session = session(&site, ALICE).await.unwrap();
        assert!(matches!(session.write(&put()).await, Err(PasswordError::Ended)), "{before}");
        assert!(self::session(&site, ALICE).await.is_none(), "what has ended is forgotten");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refresh_token_is_worth_what_the_session_is() {
    on_each_site(async |site| {
        site.pds().token_life(30);
        let offline = [("offline_token", "true")];
        let answer = site.token(Some(("alice.test", PASSWORD)), &offline).await.expect(200);
        let form = [("grant_type", "refresh_token"), ("refresh_token", &*text(&answer, "refresh_token"))];
        site.token_by_form(&form).await.expect(200);
        site.pds().end_sessions();
        assert_eq!(site.token_by_form(&form).await.expect(401)["error"], "invalid_grant");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refresh_token_does_not_outlive_its_password() {
    on_each_site(async |site| {
        site.pds().token_life(30);
        let offline = [("offline_token", "true")];
        let mut tokens = Vec::new();
        for password in [PASSWORD, OTHER_PASSWORD] {
            let answer = site.token(Some(("alice.test", password)), &offline).await.expect(200);
            tokens.push(text(&answer, "refresh_token"));
        }
        let form = |token| [("grant_type", "refresh_token"), ("refresh_token", token)];
        // The first is revoked; that the second is not is no help.
        assert_eq!(site.token_by_form(&form(&tokens[0])).await.expect(401)["error"], "invalid_grant");
        site.token_by_form(&form(&tokens[1])).await.expect(200);
        assert!(session(&site, ALICE).await.is_some(), "what is pushed goes on with the second");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_password_that_nobody_can_check_is_not_a_wrong_one() {
    on_each_site(async |site| {
        let path = format!("/xrpc/{CREATE}");
        for status in [502, 503, 429].into_iter().cycle().take(24) {
            site.pds().answer(&path, Some((status, json!({}))));
            let answer = site.token(Some(("alice.test", PASSWORD)), &[]).await;
            assert_eq!(answer.status, if status == 429 { 429 } else { 502 }, "{}", answer.text);
        }
        site.pds().answer(&path, None);
        site.token(Some(("alice.test", PASSWORD)), &[]).await.expect(200);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn ten_wrong_passwords_are_enough() {
    on_each_site(async |site| {
        let wrong = |n: usize| format!("wrong-{n}");
        let tries = (0..14).map(|n| {
            let (site, secret) = (&site, wrong(n));
            async move { site.token(Some(("alice.test", &secret)), &[]).await }
        });
        let answers = futures::future::join_all(tries).await;
        let count = |status| answers.iter().filter(|answer| answer.status == status).count();
        // Account and address are counted one after the other, so that at the same time a few less may get through.
        assert!(count(401) <= 10 && count(401) + count(429) == 14, "also when all come at once");
        assert_eq!(site.pds().calls(CREATE).len(), count(401));
        let refused = site.token(Some((ALICE, PASSWORD)), &[]).await;
        assert_eq!(
            refused.expect(429)["error"],
            "slow_down",
            "under another name, too, and with the right password"
        );
        let wait: u64 = refused.header("retry-after").parse().unwrap();
        assert!((1..=600).contains(&wait), "{wait}");
        // The address is known to be a guesser's as well.
        site.token(Some((BOB, PASSWORD)), &[]).await.expect(429);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn success_is_no_failure() {
    on_each_site(async |site| {
        for n in 0..15 {
            forget(&site).await;
            assert_eq!(site.token(Some(("alice.test", PASSWORD)), &[]).await.status, 200, "{n}");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pds_says_nothing_about_others() {
    on_each_site(async |site| {
        let path = format!("/xrpc/{CREATE}");
        let theirs = json!({ "did": BOB, "handle": "bob.test", "accessJwt": "a", "refreshJwt": "r" });
        for (answer, status) in [
            ((200, theirs), 502),
            ((200, json!({ "did": "nonsense" })), 502),
            ((200, json!([])), 502),
            ((500, json!({})), 502),
            ((429, json!({ "error": "RateLimitExceeded" })), 429),
            ((400, json!({ "error": "InvalidRequest" })), 401),
            ((401, json!({ "error": "AuthFactorTokenRequired" })), 401),
        ] {
            site.pds().answer(&path, Some(answer.clone()));
            assert_eq!(site.token(Some(("alice.test", PASSWORD)), &[]).await.status, status, "{answer:?}");
        }
        assert!(session(&site, ALICE).await.is_none() && session(&site, BOB).await.is_none());
        site.pds().answer(&path, None);
        site.token(Some(("alice.test", PASSWORD)), &[]).await.expect(200);
    })
    .await;
}
