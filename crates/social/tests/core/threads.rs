//! Answers find what they answer; what is gone stays gone; what was changed later counts.

use social::thoughts::{Stored, by_address, delete, load, thread};
use social::{Id, Visibility};

use crate::people::{Place, added, on_each};

async fn parent(place: &Place, id: Id) -> Option<Id> {
    place.change(move |conn| Ok(load(conn, None, &[id])?.pop().unwrap().in_reply_to)).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn answers_may_come_first() {
    on_each(|place| async move {
        let far = place.remote("far").await;
        let note = |name: &str| Some(format!("https://there.example/notes/{name}"));
        let last = added(place.arrive(&far, "c", |new| new.in_reply_to = note("b")).await);
        let middle = added(place.arrive(&far, "b", |new| new.in_reply_to = note("a")).await);
        assert_eq!((parent(&place, last).await, parent(&place, middle).await), (Some(middle), None));
        let first = added(place.arrive(&far, "a", |_| {}).await);
        assert_eq!(parent(&place, middle).await, Some(first));
        let now = place.now();
        for id in [first, middle, last] {
            let all = place.change(move |conn| thread(conn, None, now, id)).await.unwrap();
            assert_eq!(all.len(), 3, "all of them hang together");
        }
        // Two who answer each other are no ring.
        let one = added(place.arrive(&far, "x", |new| new.in_reply_to = note("y")).await);
        let other = added(place.arrive(&far, "y", |new| new.in_reply_to = note("x")).await);
        assert_eq!((parent(&place, other).await, parent(&place, one).await), (Some(one), None));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_deleted_does_not_come_back() {
    on_each(|place| async move {
        let (far, other) = (place.remote("far").await, place.remote("other").await);
        let id = added(place.arrive(&far, "a", |_| {}).await);
        let (addresses, now, thief, author) = (place.addresses.clone(), place.now(), other.id, far.id);
        let at = addresses.clone();
        assert!(place.change(move |conn| delete(conn, now, &at, thief, id)).await.is_err(), "not by others");
        let at = addresses.clone();
        place.change(move |conn| delete(conn, now, &at, author, id)).await.unwrap();
        assert_eq!(place.arrive(&far, "a", |_| {}).await, Stored::Refused);
        let here = place.local("here").await;
        let own = place.think(&here, "mine", Visibility::Public, None).await.unwrap();
        let (at, writer) = (addresses.clone(), here.id);
        place.change(move |conn| delete(conn, now, &at, writer, own)).await.unwrap();
        let sql = "SELECT count(*) FROM social_tombstones";
        let stones = place.change(move |conn| Ok(conn.query_one(sql, &[], |row| row.int(0))?)).await.unwrap();
        assert_eq!(stones, 2, "ours answer that they are gone");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_changed_later_counts() {
    on_each(|place| async move {
        let (far, other) = (place.remote("far").await, place.remote("other").await);
        let id = added(place.arrive(&far, "a", |_| {}).await);
        let now = place.now();
        let edit = |text: &'static str, at: i64| {
            move |new: &mut social::thoughts::RemoteThought| {
                text.clone_into(&mut new.content);
                new.updated = Some(at);
            }
        };
        assert_eq!(place.arrive(&far, "a", edit("<p>second</p>", now + 2)).await, Stored::Changed(id));
        assert_eq!(place.arrive(&far, "a", edit("<p>first</p>", now + 1)).await, Stored::Kept(id));
        assert_eq!(place.arrive(&other, "a", edit("<p>stolen</p>", now + 3)).await, Stored::Refused);
        let addresses = place.addresses.clone();
        let found = place.change(move |conn| {
            let row = by_address(conn, &addresses, "https://there.example/notes/a")?.unwrap();
            Ok(load(conn, None, &[row.id])?.pop().unwrap().content)
        });
        assert_eq!(found.await.unwrap(), "<p>second</p>");
    })
    .await;
}
