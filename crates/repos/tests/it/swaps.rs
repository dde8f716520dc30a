//! Compare and swap.

use futures::future::join_all;
use repos::{Expected, Write};

use crate::rig::{cid_of, create, kind, note, on_each, put, put_if, rkey};

#[tokio::test(flavor = "multi_thread")]
async fn a_write_happens_if_what_it_expects_is_there() {
    on_each(|rig| async move {
        let did = rig.person("alice").await;
        let apply = |write: Write| rig.repos.apply(&did, vec![write], None);
        let refused = apply(put_if("a", "x", Expected::Version(cid_of("one")))).await.unwrap_err();
        assert_eq!(
            refused.to_string(),
            format!("com.example.note/a is not what was expected: it is nothing")
        );
        apply(put_if("a", "one", Expected::Nothing)).await.unwrap();
        let refused = apply(put_if("a", "two", Expected::Nothing)).await.unwrap_err();
        assert_eq!(
            refused.to_string(),
            format!("com.example.note/a is not what was expected: it is {}", cid_of("one"))
        );
        apply(put_if("a", "two", Expected::Version(cid_of("one")))).await.unwrap();
        let delete = |expected| Write::Delete { collection: note(), rkey: rkey("a"), expected };
        assert_eq!(kind(&apply(delete(Expected::Version(cid_of("one")))).await.unwrap_err()), "swap");
        assert_eq!(rig.text(&did, "a").await.as_deref(), Some("two"));
        apply(delete(Expected::Version(cid_of("two")))).await.unwrap();
        assert_eq!(rig.text(&did, "a").await, None);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_who_expect_the_same_one_wins() {
    on_each(|rig| async move {
        let did = rig.person("alice").await;
        rig.put(&did, "tag", "0").await;
        let other = rig.again().await;
        for round in 1..4 {
            let expected =
                Expected::Version(rig.repos.get(&did, &note(), &rkey("tag")).await.unwrap().unwrap().cid);
            let tries = (0..12).map(|number| {
                let repos = if number % 2 == 0 { &rig.repos } else { &other.repos };
                let did = &did;
                async move {
                    repos.apply(did, vec![put_if("tag", &format!("{round} {number}"), expected)], None).await
                }
            });
            let (won, lost): (Vec<_>, Vec<_>) = join_all(tries).await.into_iter().partition(Result::is_ok);
            assert_eq!((won.len(), lost.len()), (1, 11));
            for error in lost.into_iter().filter_map(Result::err) {
                assert_eq!(kind(&error), "swap", "{error}");
            }
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_commit_can_be_expected_too() {
    on_each(|rig| async move {
        let did = rig.person("alice").await;
        let first = rig.put(&did, "a", "one").await.commit.unwrap();
        let second = rig.put(&did, "b", "two").await.commit.unwrap();
        let late = rig.repos.apply(&did, vec![put("a", "three")], Some(first.cid)).await.unwrap_err();
        assert_eq!(kind(&late), "swap");
        rig.repos.apply(&did, vec![create(None, "four")], Some(second.cid)).await.unwrap();
        assert_eq!(rig.text(&did, "a").await.as_deref(), Some("one"));
    })
    .await;
}
