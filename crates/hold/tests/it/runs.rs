//! Who collects garbage, and what came of it.

use hold::{Begun, Collected, Standing};

use crate::rig::{captain, did, image, with};

fn by(holder: &str) -> Begun<'_> {
    Begun { holder, actor: None, unless_since: None }
}

fn found(blobs: u64, freed: u64) -> Collected {
    Collected { blobs, bytes: 10 * blobs, garbage: 1, freed, young: 2 }
}

#[tokio::test(flavor = "multi_thread")]
async fn one_is_under_way_at_a_time() {
    with(captain(), "", async |rig| {
        let hold = &rig.hold;
        assert_eq!(hold.runs(10).await.unwrap(), []);
        let begun = Begun { actor: Some("did:web:operator.test"), ..by("one") };
        let first = hold.begin_run(begun).await.unwrap().unwrap();
        assert_eq!(hold.begin_run(by("two")).await.unwrap(), None, "another is at it");
        assert!(hold.keep_run(first, &found(5, 3)).await.unwrap());
        let run = hold.runs(10).await.unwrap().remove(0);
        assert_eq!((run.standing(), &run.collected), (Standing::Running, &found(5, 3)));
        assert_eq!((run.actor.as_deref(), run.ended_at), (Some("did:web:operator.test"), None));
        assert_eq!(hold.last_done().await.unwrap(), None);

        hold.end_run(first, &found(7, 4), None).await.unwrap();
        assert!(!hold.keep_run(first, &found(9, 9)).await.unwrap(), "it is over");
        let done = hold.last_done().await.unwrap().unwrap();
        assert_eq!((done.id, done.standing(), &done.collected), (first, Standing::Done, &found(7, 4)));

        let second = hold.begin_run(by("two")).await.unwrap().unwrap();
        hold.end_run(second, &found(1, 0), Some(&"é".repeat(5000))).await.unwrap();
        let failed = hold.runs(1).await.unwrap().remove(0);
        assert_eq!((failed.id, failed.standing()), (second, Standing::Failed));
        assert_eq!(failed.error.unwrap().chars().count(), 1000);
        assert_eq!(hold.last_done().await.unwrap().unwrap().id, first, "the newest that ended well");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_who_begin_at_once_one_does() {
    with(captain(), "", async |rig| {
        for round in 0..5 {
            let names: Vec<_> = (0..8).map(|n| format!("instance {n}")).collect();
            let begun =
                futures::future::join_all(names.iter().map(|name| rig.hold.begin_run(by(name)))).await;
            let begun: Vec<_> = begun.into_iter().filter_map(Result::unwrap).collect();
            assert_eq!(begun.len(), 1, "round {round}: {begun:?}");
            rig.hold.end_run(begun[0], &Collected::default(), None).await.unwrap();
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_died_with_its_process_keeps_nobody_away() {
    with(captain(), "", async |rig| {
        let hold = &rig.hold;
        let dead = hold.begin_run(by("one")).await.unwrap().unwrap();
        // The same process in another life.
        let reborn = hold.begin_run(by("one")).await.unwrap().unwrap();
        assert!(!hold.keep_run(dead, &found(1, 1)).await.unwrap(), "whoever was at it stops");
        assert!(hold.keep_run(reborn, &found(1, 1)).await.unwrap());
        let standing: Vec<_> = hold.runs(2).await.unwrap().iter().map(hold::Run::standing).collect();
        assert_eq!(standing, [Standing::Running, Standing::BrokenOff]);
        // Another one that nobody has kept for its term.
        assert_eq!(hold.begin_run(by("two")).await.unwrap(), None);
        let over =
            rig.store.state.write(|conn| conn.execute("UPDATE hold_collections SET kept_until = 1", &[]));
        assert_eq!(over.await.map_err(|error: store::Error| error).unwrap(), 2);
        assert!(hold.begin_run(by("two")).await.unwrap().is_some());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_does_what_another_has_just_done() {
    with(captain(), "", async |rig| {
        let before = clock::now_micros();
        let first = rig.hold.begin_run(by("one")).await.unwrap().unwrap();
        rig.hold.end_run(first, &Collected::default(), None).await.unwrap();
        let since = |holder, since| Begun { unless_since: Some(since), ..by(holder) };
        assert_eq!(rig.hold.begin_run(since("two", before)).await.unwrap(), None);
        let later = clock::now_micros() + 1;
        for (holder, at) in [("two", later), ("one", before)] {
            let begun = rig.hold.begin_run(since(holder, at)).await.unwrap();
            rig.hold.end_run(begun.unwrap(), &Collected::default(), Some("no")).await.unwrap();
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hundred_are_remembered() {
    with(captain(), "", async |rig| {
        for _ in 0..103 {
            let id = rig.hold.begin_run(by("one")).await.unwrap().unwrap();
            rig.hold.end_run(id, &Collected::default(), None).await.unwrap();
        }
        let ids: Vec<_> = rig.hold.runs(1000).await.unwrap().iter().map(|run| run.id).collect();
        assert_eq!((ids.len(), ids[0], ids[99]), (100, 103, 4));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_whole_is_counted() {
    with(captain(), "", async |rig| {
        assert_eq!(rig.hold.total().await.unwrap(), hold::Total::default());
        let (one, two) = (rig.send("one").await, rig.send("other").await);
        rig.hold.keep(image("alice", "app", "v1", &[&one, &two])).await.unwrap();
        rig.hold.keep(image("bob", "app", "v1", &[&two])).await.unwrap();
        assert_eq!(rig.hold.total().await.unwrap(), hold::Total { owners: 2, blobs: 3, bytes: 13 });
        assert_eq!(rig.hold.open_uploads().await.unwrap(), 0);
        rig.hold.blobs().start(oci::Algorithm::Sha256).await.unwrap();
        rig.hold.begin_parts(&did("alice"), None).await.unwrap();
        assert_eq!(rig.hold.open_uploads().await.unwrap(), 2);
    })
    .await;
}
