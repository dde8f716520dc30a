//! Making jobs and looking at them.

use std::collections::BTreeSet;

use jobs::{JobError, NewJob, Query, Status};

use crate::rig::{Rig, alice, job, on_each_engine};

#[tokio::test(flavor = "multi_thread")]
async fn a_job_is_there_as_it_was_asked_for() {
    on_each_engine(async |rig| {
        let at = clock::now_micros() + 3_600_000_000;
        let wish = NewJob {
            auth: true,
            run_at: Some(at),
            max_attempts: 0,
            ..job("send.mail", r#"{"to": ["a", null]}"#)
        };
        let made = rig.jobs.create(wish).await.unwrap();
        assert_eq!(rig.jobs.get(&made.id).await.unwrap(), made);
        assert_eq!(made.job_type.as_str(), "send.mail");
        assert_eq!((made.status, made.attempts, made.max_attempts), (Status::Pending, 0, 1));
        assert_eq!((made.input.as_str(), made.progress.as_str()), (r#"{"to": ["a", null]}"#, "{}"));
        assert_eq!((made.created_by, made.inherit_auth, made.run_at), (alice(), true, at));
        assert_eq!((made.result, made.error, made.started_at, made.completed_at), (None, None, None, None));
        assert!(made.created_at <= clock::now_micros());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_key_makes_no_second_job() {
    on_each_engine(async |rig| {
        let keyed = |key: &str, input: &str| NewJob { key: Some(key.to_owned()), ..job("echo", input) };
        let first = rig.jobs.create(keyed("a", "1")).await.unwrap();
        assert_eq!(rig.jobs.create(keyed("a", "2")).await.unwrap(), first);
        let cancelled = rig.jobs.cancel(&first.id).await.unwrap();
        assert_eq!(rig.jobs.create(keyed("a", "3")).await.unwrap(), cancelled, "whatever has become of it");
        let other = rig.jobs.create(keyed("b", "1")).await.unwrap();
        assert_ne!(other.id, first.id);
        let at_once = (0..20).map(|_| rig.jobs.create(keyed("c", "1")));
        let ids = futures::future::try_join_all(at_once).await.unwrap();
        assert_eq!(ids.into_iter().map(|job| job.id).collect::<BTreeSet<_>>().len(), 1);
        let bob = atproto::Did::parse("did:web:bob.example.com").unwrap();
        for wish in [
            NewJob { created_by: bob, ..keyed("a", "1") },
            NewJob { key: Some("a".to_owned()), ..job("silent", "1") },
        ] {
            assert_ne!(rig.jobs.create(wish).await.unwrap().id, first.id, "a key is of its type and creator");
        }
        let (one, two) = (rig.create("echo", "1").await, rig.create("echo", "1").await);
        assert_ne!(one.id, two.id, "without a key every wish is a new one");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_kept_is_refused() {
    on_each_engine(async |rig| {
        let long = format!("\"{}\"", "a".repeat(256 << 10));
        let refused = |input: &str, key: Option<String>| {
            let wish = NewJob { key, ..job("echo", input) };
            async { rig.jobs.create(wish).await.unwrap_err() }
        };
        assert!(matches!(refused(&long, None).await, JobError::TooLarge { what: "input", .. }));
        assert!(matches!(refused("{]", None).await, JobError::Json { what: "input", .. }));
        let key = Some("k".repeat(513));
        assert!(matches!(refused("1", key).await, JobError::TooLarge { what: "key", .. }));
        assert!(matches!(refused("1", Some("\0".to_owned())).await, JobError::Key));
        for id in ["", "none", "a\0b", "0192f8a0-0000-7000-8000-000000000000"] {
            assert!(matches!(rig.jobs.get(id).await, Err(JobError::NotFound { .. })), "{id:?}");
            assert!(matches!(rig.jobs.logs(id, 0, 10).await, Err(JobError::NotFound { .. })));
            for told in [rig.jobs.cancel(id).await, rig.jobs.pause(id).await, rig.jobs.resume(id).await] {
                assert!(matches!(told, Err(JobError::NotFound { .. })), "{id:?}");
            }
        }
        assert!(rig.jobs.list(Query::default()).await.unwrap().jobs.is_empty());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_show_every_job_once_the_newest_first() {
    on_each_engine(async |rig| {
        let mut made = Vec::new();
        for number in 0..25 {
            made.push(rig.create("echo", &number.to_string()).await.id);
        }
        for id in made.iter().step_by(3) {
            rig.jobs.cancel(id).await.unwrap();
        }
        made.reverse();
        for (status, expected) in [
            (None, made.clone()),
            (Some(Status::Cancelled), made.iter().step_by(3).cloned().collect()),
            (Some(Status::Running), Vec::new()),
        ] {
            let (mut seen, mut after) = (Vec::new(), None);
            loop {
                let page =
                    rig.jobs.list(Query { status, limit: 4, after, ..Query::default() }).await.unwrap();
                assert!(page.jobs.len() <= 4);
                seen.extend(page.jobs.into_iter().map(|job| job.id));
                let Some(next) = page.next else { break };
                after = Some(next);
                // What is added meanwhile is on none of the pages that follow.
                rig.create("silent", "0").await;
            }
            assert_eq!(seen.len(), expected.len() + seen.iter().filter(|id| !made.contains(id)).count());
            seen.retain(|id| made.contains(id));
            assert_eq!(seen, expected);
        }
        let bad = Query { after: Some("yesterday".to_owned()), ..Query::default() };
        assert!(matches!(rig.jobs.list(bad).await, Err(JobError::Cursor)));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_of_one_type_have_no_other() {
    on_each_engine(async |rig| {
        let (echo, silent) = (rig.create("echo", "1").await.id, rig.create("silent", "1").await.id);
        let newer = rig.create("echo", "2").await.id;
        rig.jobs.cancel(&echo).await.unwrap();
        let of = |job_type: &str, status| Query {
            status,
            job_type: Some(job_type.parse().unwrap()),
            ..Query::default()
        };
        for (query, expected) in [
            (of("echo", None), vec![&newer, &echo]),
            (of("echo", Some(Status::Cancelled)), vec![&echo]),
            (of("silent", None), vec![&silent]),
            (of("silent", Some(Status::Cancelled)), vec![]),
            (of("other", None), vec![]),
        ] {
            let jobs = rig.jobs.list(query).await.unwrap().jobs;
            assert_eq!(jobs.iter().map(|job| &job.id).collect::<Vec<_>>(), expected);
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn there_is_an_end_to_what_waits() {
    on_each_engine(async |rig| {
        let mut made = Vec::new();
        for _ in 0..10 {
            made.push(rig.create("echo", "1").await.id);
        }
        add(&rig, alice().as_str(), 990).await;
        let refused = rig.jobs.create(job("echo", "1")).await.unwrap_err();
        assert!(matches!(refused, JobError::TooMany { limit: 1000, whose: "of one account" }), "{refused}");
        let bob = atproto::Did::parse("did:web:bob.example.com").unwrap();
        let of_bob = || NewJob { created_by: bob.clone(), ..job("echo", "1") };
        rig.jobs.create(of_bob()).await.unwrap();
        rig.jobs.cancel(&made[0]).await.unwrap();
        rig.jobs.create(job("echo", "1")).await.unwrap();
        assert!(rig.jobs.create(job("echo", "1")).await.is_err());
        add(&rig, "did:web:all.example.com", 8999).await;
        let refused = rig.jobs.create(of_bob()).await.unwrap_err();
        assert!(matches!(refused, JobError::TooMany { limit: 10_000, whose: "in all" }), "{refused}");
    })
    .await;
}

/// Writes down so many jobs at once that have not ended.
async fn add(rig: &Rig, creator: &str, count: u32) {
    let creator = creator.to_owned();
    let added = rig.store.state.write(move |conn| {
        let sql = "
            INSERT INTO appview_jobs (id, job_type, status, input, progress, created_by, inherit_auth, run_at,
                                      attempts, max_attempts, epoch, created_at)
            SELECT $1 || a.id || b.id || c.id, 'echo', 'paused', '1', '{}', $1, 0, 0, 0, 1, 0, 0
            FROM appview_jobs a, (SELECT id FROM appview_jobs LIMIT 10) b, (SELECT id FROM appview_jobs LIMIT 10) c
            LIMIT $2";
        conn.execute(sql, &[store::v(&creator), store::v(count)])
    });
    let added: Result<u64, store::Error> = added.await;
    assert_eq!(added.unwrap(), u64::from(count));
}
