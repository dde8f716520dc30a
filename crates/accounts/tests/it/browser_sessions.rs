//! The cookie and the session behind it.

use std::time::{Duration, Instant};

use accounts::BrowserSessions;
use http::{HeaderMap, HeaderValue, header::COOKIE};
use store::{Store, v};

use crate::support::{did, on_each_engine};

/// What a browser sends back after `Set-Cookie`.
fn sent(set_cookie: &HeaderValue) -> HeaderMap {
    let pair = set_cookie.to_str().unwrap().split(';').next().unwrap();
    HeaderMap::from_iter([(COOKIE, HeaderValue::from_str(pair).unwrap())])
}

fn token(set_cookie: &HeaderValue) -> String {
    set_cookie.to_str().unwrap().split(['=', ';']).nth(1).unwrap().to_owned()
}

fn sessions(store: &Store) -> BrowserSessions {
    BrowserSessions::new(store.state.clone(), true)
}

/// Turns a clock back: `sql` moves times of every session by `$1` microseconds.
async fn age(store: &Store, sql: &'static str, by: Duration) {
    let by = i64::try_from(by.as_micros()).unwrap();
    let changed = store.state.write(move |conn| conn.execute(sql, &[v(by)]));
    assert!(changed.await.unwrap() > 0);
}

const DAY: Duration = Duration::from_hours(24);

#[tokio::test(flavor = "multi_thread")]
async fn a_cookie_stands_for_who_signed_in() {
    on_each_engine(async |store| {
        let sessions = sessions(&store);
        let started = sessions.start(&did("alice"), Some("hvc_1")).await.unwrap();
        let found = sessions.authenticate(&sent(&started.set_cookie)).await.unwrap().unwrap();
        assert_eq!((&*found.id, &*found.did), (&*started.id, did("alice").as_str()));
        assert_eq!(found.client_key.as_deref(), Some("hvc_1"));
        assert_eq!(found.expires_at - found.created_at, time::Duration::days(14));
        assert!(!found.rotation_is_due());
        let plain = sessions.start(&did("bob"), None).await.unwrap();
        let found = sessions.authenticate(&sent(&plain.set_cookie)).await.unwrap().unwrap();
        assert_eq!(found.client_key, None);
        assert_ne!(token(&started.set_cookie), token(&plain.set_cookie));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_token_is_kept_as_a_hash() {
    on_each_engine(async |store| {
        let started = sessions(&store).start(&did("alice"), None).await.unwrap();
        let rows = store.state.read(|conn| {
            conn.query::<_, store::Error>("SELECT id, token_hash, did FROM browser_sessions", &[], |row| {
                (0..3).map(|column| row.string(column)).collect::<Result<Vec<_>, _>>()
            })
        });
        let rows = rows.await.unwrap();
        let token = token(&started.set_cookie);
        assert_eq!(rows[0][1].len(), 64);
        assert!(rows[0].iter().all(|column| !column.contains(&token)));
        assert!(!format!("{started:?}").contains(&token), "{started:?}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn cookies_that_mean_nothing_are_nobody() {
    on_each_engine(async |store| {
        let sessions = sessions(&store);
        let started = sessions.start(&did("alice"), None).await.unwrap();
        let good = token(&started.set_cookie);
        let flipped = if good.starts_with('A') { "B" } else { "A" };
        for cookie in [
            String::new(),
            "happyview_session=".to_owned(),
            format!("happyview_session={flipped}{}", &good[1..]),
            format!("happyview_session={}", &good[1..]),
            "happyview_session=did:web:alice.example.com".to_owned(),
            format!("other={good}"),
            format!("happyview_session={good}; happyview_session={good}"),
        ] {
            let headers = HeaderMap::from_iter([(COOKIE, HeaderValue::from_str(&cookie).unwrap())]);
            assert_eq!(sessions.authenticate(&headers).await.unwrap(), None, "{cookie}");
        }
        assert_eq!(sessions.authenticate(&HeaderMap::new()).await.unwrap(), None);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn signing_out_ends_one_session_at_once_here_and_soon_elsewhere() {
    on_each_engine(async |store| {
        let (here, elsewhere) = (sessions(&store), sessions(&store));
        let (one, two) =
            (here.start(&did("alice"), None).await.unwrap(), here.start(&did("alice"), None).await.unwrap());
        let (cookie, other) = (sent(&one.set_cookie), sent(&two.set_cookie));
        for sessions in [&here, &elsewhere] {
            assert!(sessions.authenticate(&cookie).await.unwrap().is_some());
        }
        assert!(here.end(&one.id).await.unwrap());
        assert!(!here.end(&one.id).await.unwrap());
        assert_eq!(here.authenticate(&cookie).await.unwrap(), None);
        assert!(here.authenticate(&other).await.unwrap().is_some());
        let started = Instant::now();
        while elsewhere.authenticate(&cookie).await.unwrap().is_some() {
            assert!(started.elapsed() < Duration::from_secs(5));
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        assert_eq!(here.end_all(&did("alice")).await.unwrap(), 1);
        assert_eq!(here.authenticate(&other).await.unwrap(), None);
        let forget = here.forget_cookie().unwrap();
        assert!(forget.to_str().unwrap().starts_with("happyview_session=; Path=/; Max-Age=0;"));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_ends_by_itself() {
    on_each_engine(async |store| {
        let started = sessions(&store).start(&did("alice"), None).await.unwrap();
        let cookie = sent(&started.set_cookie);
        let session = sessions(&store).authenticate(&cookie).await.unwrap().unwrap();
        age(&store, "UPDATE browser_sessions SET expires_at = expires_at - $1", 14 * DAY).await;
        assert_eq!(sessions(&store).authenticate(&cookie).await.unwrap(), None);
        assert_eq!(sessions(&store).rotate(&session).await.unwrap(), None, "nothing brings it back");
        assert_eq!(sessions(&store).authenticate(&cookie).await.unwrap(), None);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_exchanged_token_works_for_a_moment_longer_and_then_never_again() {
    on_each_engine(async |store| {
        let sessions = sessions(&store);
        let started = sessions.start(&did("alice"), None).await.unwrap();
        let old = sent(&started.set_cookie);
        age(
            &store,
            "UPDATE browser_sessions SET rotated_at = rotated_at - $1, expires_at = expires_at - $1",
            DAY,
        )
        .await;
        let session = sessions.authenticate(&old).await.unwrap().unwrap();
        assert!(session.rotation_is_due());

        let new = sent(&sessions.rotate(&session).await.unwrap().unwrap());
        let rotated = sessions.authenticate(&new).await.unwrap().unwrap();
        assert_eq!((&rotated.id, rotated.rotation_is_due()), (&session.id, false));
        assert!(rotated.expires_at > session.expires_at, "it is prolonged");
        assert_eq!(sessions.authenticate(&old).await.unwrap(), Some(rotated), "on its way");
        assert_eq!(sessions.rotate(&session).await.unwrap(), None, "a second page came with the old one");

        let later = "UPDATE browser_sessions SET rotated_at = rotated_at - $1";
        age(&store, later, Duration::from_mins(1)).await;
        let elsewhere = self::sessions(&store);
        assert_eq!(elsewhere.authenticate(&old).await.unwrap(), None);
        assert!(elsewhere.authenticate(&new).await.unwrap().is_some());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn no_session_is_prolonged_for_ever() {
    on_each_engine(async |store| {
        let started = sessions(&store).start(&did("alice"), None).await.unwrap();
        age(&store, "UPDATE browser_sessions SET created_at = created_at - $1", 80 * DAY).await;
        let session = sessions(&store).authenticate(&sent(&started.set_cookie)).await.unwrap().unwrap();
        let new = sessions(&store).rotate(&session).await.unwrap().unwrap();
        let rotated = sessions(&store).authenticate(&sent(&new)).await.unwrap().unwrap();
        assert_eq!(rotated.expires_at - rotated.created_at, time::Duration::days(90));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_that_exchange_at_once_get_one_new_token() {
    on_each_engine(async |store| {
        let sessions = sessions(&store);
        let started = sessions.start(&did("alice"), None).await.unwrap();
        let session = sessions.authenticate(&sent(&started.set_cookie)).await.unwrap().unwrap();
        let pages = (0..8).map(|_| {
            let (sessions, session) = (sessions.clone(), session.clone());
            tokio::spawn(async move { sessions.rotate(&session).await.unwrap() })
        });
        let pages: Vec<_> = pages.collect();
        let mut cookies = Vec::new();
        for page in pages {
            cookies.extend(page.await.unwrap());
        }
        assert_eq!(cookies.len(), 1);
        assert!(sessions.authenticate(&sent(&cookies[0])).await.unwrap().is_some());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn tokens_go_with_the_sessions_they_belong_to() {
    on_each_engine(async |store| {
        let sessions = sessions(&store);
        for name in ["alice", "bob"] {
            let id = sessions.start(&did(name), None).await.unwrap().id;
            let insert = store.state.write(move |conn| {
                conn.execute(
                    "INSERT INTO pds_sessions (id, did, browser_session_id, client_id, issuer, pds, scopes, \
                     dpop_key_enc, access_token_enc, version, created_at, updated_at) \
                     VALUES ($1, $2, $1, '', '', '', '', $3, $3, 0, 0, 0)",
                    &[v(&id), v(did(name).as_str()), v(&b"sealed"[..])],
                )
            });
            insert.await.unwrap();
        }
        assert_eq!(sessions.end_all(&did("alice")).await.unwrap(), 1);
        let left = store.state.read(|conn| {
            conn.query::<_, store::Error>("SELECT did FROM pds_sessions", &[], |row| row.string(0))
        });
        assert_eq!(left.await.unwrap(), [did("bob").to_string()]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn tokens_that_a_browser_left_behind_end_with_the_others() {
    on_each_engine(async |store| {
        // Signed in as somebody else in the same browser, Alice has tokens but no session.
        let insert = store.state.write(|conn| {
            conn.execute(
                "INSERT INTO pds_sessions (id, did, browser_session_id, client_id, issuer, pds, scopes, \
                 dpop_key_enc, access_token_enc, version, created_at, updated_at) \
                 VALUES ('p', $1, 'gone', '', '', '', '', $2, $2, 0, 0, 0)",
                &[v(did("alice").as_str()), v(&b"sealed"[..])],
            )
        });
        assert_eq!(insert.await.unwrap(), 1);
        assert_eq!(sessions(&store).end_all(&did("alice")).await.unwrap(), 0);
        let left = store.state.read(|conn| {
            conn.query::<_, store::Error>("SELECT id FROM pds_sessions", &[], |row| row.string(0))
        });
        assert!(left.await.unwrap().is_empty());
    })
    .await;
}
