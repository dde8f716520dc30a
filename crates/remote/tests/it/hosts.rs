//! Hosts that are slow, limited, broken or dead.

use std::time::{Duration, Instant};

use remote::{Gone, Kind, Mode, RemoteConfig};
use serde_json::json;
use testkit::sim::{Behaviour, RateLimit, Standing};

use crate::stub::{Stub, did};
use crate::world::{NOTE, OTHER, World, one, reader_of};

const LATEST: &str = "com.atproto.sync.getLatestCommit";

#[tokio::test]
async fn hosts_that_do_not_answer() {
    for behaviour in [Behaviour::Dead, Behaviour::Silent] {
        let config = RemoteConfig {
            request_timeout: Duration::from_millis(300),
            export_timeout: Duration::from_millis(300),
            ..RemoteConfig::default()
        };
        let world = World::with(one(behaviour, &[(NOTE, 5)]), config).await;
        for mode in [Mode::Auto, Mode::Pages, Mode::Export, Mode::Blocks] {
            let error = world.read(&[NOTE], mode, false).await.err().unwrap();
            assert_eq!(error.kind(), Kind::Unavailable, "{mode}: {error}");
        }
    }
}

#[tokio::test]
async fn what_is_tried_again_succeeds_in_the_end() {
    let world = World::new(one(Behaviour::Flaky(0.4), &[(NOTE, 700), (OTHER, 100)])).await;
    for mode in [Mode::Auto, Mode::Pages, Mode::Export, Mode::Blocks] {
        let mut reader = world.reader(&[NOTE], mode, false, None).await;
        let (mut parts, mut failures) = (Vec::new(), 0);
        loop {
            match reader.next().await {
                Ok(Some((part, _))) => parts.push(part),
                Ok(None) => break,
                Err(error) => {
                    failures += 1;
                    assert!(failures < 100, "{error}");
                    assert!(
                        matches!(error.kind(), Kind::Unavailable | Kind::RateLimited { .. }),
                        "{mode}: {error}"
                    );
                    tokio::time::sleep(error.retry_after().unwrap_or_default()).await;
                }
            }
        }
        assert_eq!(crate::world::records(&parts), world.truth(&[NOTE]), "{mode}");
        crate::world::assert_complete(&parts, &[NOTE]);
    }
}

#[tokio::test]
async fn accounts_that_are_not_served() {
    let world = World::of_one(&[(NOTE, 5)]).await;
    for (standing, gone) in [
        (Standing::Deactivated, Gone::Deactivated),
        (Standing::TakenDown, Gone::Takendown),
        (Standing::Suspended, Gone::Suspended),
        (Standing::Deleted, Gone::NotFound),
    ] {
        let home = world.remote.locate(&world.did()).await.unwrap();
        world.sim.set_standing(&world.did(), standing);
        for mode in [Mode::Auto, Mode::Pages, Mode::Export, Mode::Blocks] {
            let error = world.read(&[NOTE], mode, false).await.err().unwrap();
            assert_eq!(error.kind(), Kind::Gone(gone), "{mode}: {error}");
        }
        let error = world.remote.latest(&home).await.unwrap_err();
        assert_eq!(error.kind(), Kind::Gone(gone));
        if gone != Gone::NotFound {
            let status = world.remote.status(&home).await.unwrap();
            assert!(!status.active);
            assert_eq!(
                status.status.map(|status| status.as_str().to_owned()),
                standing.status().map(str::to_owned)
            );
        }
    }
}

#[tokio::test]
async fn a_host_that_limits_is_asked_more_slowly_and_never_in_vain() {
    let limit = RateLimit { requests: 12, window: Duration::from_secs(2), retry_after: None };
    let world = World::new(one(Behaviour::RateLimited(limit), &[(NOTE, 1500)])).await;
    let mut reader = world.reader(&[NOTE], Mode::Pages, false, None).await;
    let (mut records, mut refused) = (0, 0);
    loop {
        match reader.next().await {
            Ok(Some((part, _))) => records += part.records.len(),
            Ok(None) => break,
            Err(error) => {
                let Kind::RateLimited { retry_after } = error.kind() else { panic!("{error}") };
                refused += 1;
                assert!(retry_after <= Duration::from_mins(2));
                tokio::time::sleep(retry_after).await;
            }
        }
    }
    assert_eq!(records, 1500);
    // Seventeen requests: the limit was met on the way, and the requests that were left were spread instead.
    assert_eq!(refused, 0);
}

#[tokio::test]
async fn a_pause_holds_for_everybody_who_asks_the_host() {
    let stub = Stub::start().await;
    for (header, seconds, again) in
        [(Some(("retry-after", "60")), 60, 3), (Some(("ratelimit-reset", "70")), 70, 3), (None, 5, 0)]
    {
        let remote = reader_of(&stub.url, RemoteConfig::default());
        let home = remote.locate(&did()).await.unwrap();
        let headers: Vec<_> = header.into_iter().collect();
        stub.answer_with(LATEST, 429, &headers, &json!({"error": "RateLimitExceeded"}));
        let before = stub.asked(LATEST);
        for _ in 0..=again {
            let error = remote.latest(&home).await.unwrap_err();
            let Kind::RateLimited { retry_after } = error.kind() else { panic!("{error}") };
            let expected = Duration::from_secs(seconds);
            assert!(
                retry_after <= expected && retry_after + Duration::from_secs(3) > expected,
                "{retry_after:?}"
            );
        }
        assert_eq!(stub.asked(LATEST), before + 1, "the host was asked once");
    }
}

#[tokio::test]
async fn the_last_requests_of_a_window_are_spread() {
    let stub = Stub::start().await;
    let remote = reader_of(&stub.url, RemoteConfig::default());
    let home = remote.locate(&did()).await.unwrap();
    let headers = [("ratelimit-limit", "3000"), ("ratelimit-remaining", "10"), ("ratelimit-reset", "2")];
    let commit =
        json!({"rev": "3l4ixvkcgrm2k", "cid": "bafyreibj6kz3nsvz2vkg4dxgpm7w6n3jqvdbb6cikjvuyilhxqvdvf5qiy"});
    stub.answer_with(LATEST, 200, &headers, &commit);
    let started = Instant::now();
    for _ in 0..4 {
        let _ = remote.latest(&home).await;
    }
    assert_eq!(stub.asked(LATEST), 4);
    assert!(started.elapsed() > Duration::from_millis(500), "{:?}", started.elapsed());
}

#[tokio::test]
async fn answers_that_are_none() {
    let stub = Stub::start().await;
    let remote = reader_of(&stub.url, RemoteConfig::default());
    let home = remote.locate(&did()).await.unwrap();
    for body in
        [json!(null), json!([]), json!({}), json!({"rev": "x", "cid": "y"}), json!({"rev": 1, "cid": 2})]
    {
        stub.answer(LATEST, 200, &body);
        assert_eq!(remote.latest(&home).await.unwrap_err().kind(), Kind::Malformed, "{body}");
    }
    stub.answer(LATEST, 200, &json!("x".repeat(1 << 20)));
    assert_eq!(remote.latest(&home).await.unwrap_err().kind(), Kind::TooLarge);
    let other = json!({"did": "did:web:other.example", "active": true});
    stub.answer("com.atproto.sync.getRepoStatus", 200, &other);
    assert_eq!(remote.status(&home).await.unwrap_err().kind(), Kind::Untrusted("other_repository"));
}

#[tokio::test]
async fn a_did_that_leads_nowhere() {
    let world = World::of_one(&[(NOTE, 5)]).await;
    for standing in [Standing::Homeless, Standing::Tombstoned] {
        world.sim.set_standing(&world.did(), standing);
        let error = world.remote.relocate(&world.did()).await.unwrap_err();
        assert_eq!((error.kind(), error.reason()), (Kind::Unresolvable, "unresolvable"), "{error}");
    }
}
