//! Making jobs and looking at them.

use std::collections::BTreeSet;

use jobs::{JobError, NewJob, Query, Status};

use crate::rig::{alice, job, on_each_engine};

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
                let page = rig.jobs.list(Query { status, limit: 4, after }).await.unwrap();
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
