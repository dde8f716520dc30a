//! PDSes and authorization servers that misbehave while a session is used.

use std::time::Duration;

use accounts::pds::{Holder, NewPdsSession, PdsCall, PdsError};
use atproto::{Did, jose::PrivateJwk};
use bytes::Bytes;
use serde_json::json;
use testkit::{Browser, TestDatabase};

use super::{
    fake::{ALICE, Fake, MALLORY, Page, TOKEN},
    site::{Site, Surroundings, get_session, nsid},
};

const GET_SESSION: &str = "/xrpc/com.atproto.server.getSession";

/// A site where Mallory is signed in.
async fn world() -> (Fake, Site, TestDatabase) {
    let fake = Fake::start().await;
    let database = TestDatabase::sqlite();
    let store = database.open(&crate::support::schemas()).await;
    let surroundings =
        Surroundings { plc: fake.origin().parse().unwrap(), handles: None, patience: Duration::from_secs(2) };
    let site = Site::start(&surroundings, &store).await;
    let session = NewPdsSession {
        did: Did::parse(MALLORY).unwrap(),
        holder: Holder::Browser { session_id: "b".into() },
        client_id: "http://localhost".into(),
        issuer: fake.origin(),
        pds: fake.origin().parse().unwrap(),
        scopes: "atproto".into(),
        key: PrivateJwk::generate(),
        access_token: "access-0".into(),
        refresh_token: Some("refresh-0".into()),
        expires_at: None,
    };
    site.accounts.pds_sessions.save(session).await.unwrap();
    (fake, site, database)
}

async fn age(site: &Site) {
    site.sql("UPDATE pds_sessions SET updated_at = 1", None).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn secrets_go_where_they_belong_and_nowhere_else() {
    let (fake, site, _database) = world().await;
    let session = site.session(MALLORY).await;
    let call = get_session().header(http::header::AUTHORIZATION, "Bearer mine".parse().unwrap());
    assert_eq!(session.call(&call).await.unwrap().status, 200);
    assert_eq!(fake.asked(GET_SESSION)[0].headers["authorization"], "DPoP access-0");
    // A redirect is an answer.
    let elsewhere =
        Page::json(302, &json!({})).with_header("location", &format!("{}/elsewhere", fake.origin()));
    fake.set(GET_SESSION, elsewhere);
    assert_eq!(session.call(&get_session()).await.unwrap().status, 302);
    assert!(fake.asked("/elsewhere").is_empty());
    let debug = format!("{session:?}");
    assert!(!debug.contains("access-0") && !debug.contains("refresh-0"), "{debug}");
    let rows = site.store.state.read(|conn| {
        let sql = "SELECT dpop_key_enc, access_token_enc, refresh_token_enc FROM pds_sessions";
        conn.query_one::<_, store::Error>(sql, &[], |row| {
            Ok([row.blob(0)?.to_vec(), row.blob(1)?.to_vec(), row.blob(2)?.to_vec()].concat())
        })
    });
    let sealed = String::from_utf8_lossy(&rows.await.unwrap()).into_owned();
    assert!(!sealed.contains("access-0") && !sealed.contains("refresh-0"));
}

#[tokio::test(flavor = "multi_thread")]
async fn answers_are_bounded_in_size_and_time() {
    let (fake, site, _database) = world().await;
    let session = site.session(MALLORY).await;
    fake.set(GET_SESSION, Page { body: Bytes::from(vec![b' '; 5 << 20]), ..Page::json(200, &json!({})) });
    let error = session.call(&get_session()).await.unwrap_err();
    assert!(error.to_string().contains("larger than 4194304 bytes"), "{error}");
    fake.set(GET_SESSION, Page { delay: Duration::from_mins(10), ..Page::json(200, &json!({})) });
    let call = PdsCall::query(nsid("com.atproto.server.getSession")).timeout(Duration::from_millis(200));
    let error = session.call(&call).await.unwrap_err();
    assert!(error.to_string().contains("no complete answer within 200 ms"), "{error}");
}

#[tokio::test(flavor = "multi_thread")]
async fn refusing_every_token_costs_one_refresh_and_no_more() {
    let (fake, site, _database) = world().await;
    age(&site).await;
    let session = site.session(MALLORY).await;
    let refusal = Page::json(401, &json!({ "error": "invalid_token" }));
    fake.set(GET_SESSION, refusal.with_header("www-authenticate", r#"DPoP error="invalid_token""#));
    for _ in 0..5 {
        assert_eq!(session.call(&get_session()).await.unwrap().status, 401);
    }
    assert_eq!(fake.asked(TOKEN).len(), 1, "the newest tokens are not exchanged again at once");
    assert_eq!(fake.asked(GET_SESSION).len(), 6);
}

/// The mailed token that somebody mistyped says nothing about their session.
#[tokio::test(flavor = "multi_thread")]
async fn a_refused_token_in_the_body_costs_no_refresh() {
    let (fake, site, _database) = world().await;
    age(&site).await;
    let session = site.session(MALLORY).await;
    fake.set(
        GET_SESSION,
        Page::json(400, &json!({ "error": "InvalidToken", "message": "Token is invalid" })),
    );
    assert_eq!(session.call(&get_session()).await.unwrap().status, 400);
    assert_eq!((fake.asked(TOKEN).len(), fake.asked(GET_SESSION).len()), (0, 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn asking_for_ever_new_nonces_is_answered_once() {
    let (fake, site, _database) = world().await;
    let session = site.session(MALLORY).await;
    let challenge = r#"DPoP error="use_dpop_nonce""#;
    let more =
        Page::json(401, &json!({})).with_header("www-authenticate", challenge).with_header("dpop-nonce", "n");
    fake.set(GET_SESSION, more);
    assert_eq!(session.call(&get_session()).await.unwrap().status, 401);
    assert_eq!(fake.asked(GET_SESSION).len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refresh_that_brings_another_account_ends_the_session() {
    let (fake, site, _database) = world().await;
    fake.account(ALICE, "https://pds.example.com");
    fake.set(TOKEN, Page::json(200, &Fake::tokens(ALICE)));
    let error = site.session(MALLORY).await.refresh().await.unwrap_err();
    assert!(matches!(error, PdsError::Ended), "{error}");
    assert_eq!((site.version(MALLORY).await, site.version(ALICE).await), (None, None));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refresh_that_brings_no_refresh_token_keeps_the_old_one() {
    let (fake, site, _database) = world().await;
    let mut tokens = Fake::tokens(MALLORY);
    tokens.as_object_mut().unwrap().remove("refresh_token");
    fake.set(TOKEN, Page::json(200, &tokens));
    let session = site.session(MALLORY).await;
    for version in [2, 3] {
        session.refresh().await.unwrap();
        assert_eq!(site.version(MALLORY).await, Some(version));
        assert_eq!(fake.asked(TOKEN).pop().unwrap().form["refresh_token"], "refresh-0");
    }
    assert_eq!(session.call(&get_session()).await.unwrap().status, 200);
    assert_eq!(fake.asked(GET_SESSION)[0].headers["authorization"], "DPoP access-1");
}

#[tokio::test(flavor = "multi_thread")]
async fn signing_out_during_a_refresh_gives_the_new_tokens_back() {
    let (fake, site, _database) = world().await;
    fake.set(TOKEN, Page { delay: Duration::from_millis(300), ..Page::json(200, &Fake::tokens(MALLORY)) });
    let session = site.session(MALLORY).await;
    let id = session.id();
    let refresh = tokio::spawn(async move { session.refresh().await });
    while fake.asked(TOKEN).is_empty() {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    assert!(site.accounts.pds_sessions.end(&id).await.unwrap());
    assert!(matches!(refresh.await.unwrap(), Err(PdsError::Ended)));
    site.stop().await;
    let revoked: Vec<_> =
        fake.asked("/oauth/revoke").into_iter().map(|asked| asked.form["token"].clone()).collect();
    assert_eq!(revoked, ["refresh-0", "refresh-1"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_belongs_to_whom_their_own_pds_says() {
    let (fake, site, _database) = world().await;
    let sessions = &site.accounts.pds_sessions;
    let (mallory, alice) = (Did::parse(MALLORY).unwrap(), Did::parse(ALICE).unwrap());
    let key = PrivateJwk::generate();
    let owner = sessions.verify_token(&mallory, "access-1", &key).await.unwrap();
    assert_eq!((owner.issuer, owner.pds.as_str()), (fake.origin(), &*format!("{}/", fake.origin())));
    // Alice has the same PDS, which says that the token is Mallory's.
    fake.account(ALICE, &fake.origin());
    let error = sessions.verify_token(&alice, "access-1", &key).await.unwrap_err();
    assert!(matches!(error, PdsError::BadRequest(_)), "{error}");
    for (status, is_refusal) in [(401, true), (400, true), (500, false), (429, false), (302, true)] {
        fake.set(GET_SESSION, Page::json(status, &json!({ "did": MALLORY })));
        let error = sessions.verify_token(&mallory, "access-1", &key).await.unwrap_err();
        assert_eq!(matches!(error, PdsError::BadRequest(_)), is_refusal, "{status}: {error}");
    }
    let error = sessions.verify_token(&mallory, "a\nb", &key).await.unwrap_err();
    assert!(matches!(error, PdsError::BadRequest(_)), "{error}");
}

/// Another instance may have heard of the move, and of the new session, before this one did.
#[tokio::test(flavor = "multi_thread")]
async fn a_document_of_yesterday_ends_no_session() {
    let (fake, site, _database) = world().await;
    fake.account(MALLORY, "http://127.0.0.1:1");
    let at_the_old_home = site.http.get(&Browser::login(&[("handle", MALLORY)])).await;
    assert_eq!(at_the_old_home.status, 502);
    fake.account(MALLORY, &fake.origin());
    site.session(MALLORY).await.refresh().await.unwrap();
    assert_eq!(site.version(MALLORY).await, Some(2));
}
