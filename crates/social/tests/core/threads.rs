//! Answers find what they answer; what is gone stays gone; what was changed later counts.

use social::thoughts::{Stored, by_address, delete, load, thread, visible};
use social::{Id, Visibility};
use store::v;

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

#[tokio::test(flavor = "multi_thread")]
async fn a_change_of_the_same_second_counts() {
    on_each(|place| async move {
        let far = place.remote("far").await;
        let begin = place.now() / 1_000_000 * 1_000_000;
        let version = |text: &'static str, updated: i64| {
            move |new: &mut social::thoughts::RemoteThought| {
                text.clone_into(&mut new.content);
                // Said with more digits than what comes after it.
                new.published = Some(begin + 700);
                new.updated = Some(updated);
            }
        };
        let id = added(place.arrive(&far, "a", version("<p>first</p>", begin)).await);
        let unchanged =
            place.change(move |conn| Ok(load(conn, None, &[id])?.pop().unwrap().updated_at)).await;
        assert_eq!(unchanged.unwrap(), None, "what was published then was not changed");
        assert_eq!(place.arrive(&far, "a", version("<p>first</p>", begin)).await, Stored::Kept(id));
        assert_eq!(place.arrive(&far, "a", version("<p>second</p>", begin)).await, Stored::Changed(id));
        assert_eq!(place.arrive(&far, "a", version("<p>second</p>", begin)).await, Stored::Kept(id));
        assert_eq!(place.arrive(&far, "a", version("<p>third</p>", begin)).await, Stored::Changed(id));
        assert_eq!(place.arrive(&far, "a", version("<p>old</p>", begin - 1_000_000)).await, Stored::Kept(id));
        let found = place.change(move |conn| Ok(load(conn, None, &[id])?.pop().unwrap().content)).await;
        assert_eq!(found.unwrap(), "<p>third</p>");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn everybody_who_is_named_sees_it_whatever_they_are_called() {
    on_each(|place| async move {
        let far = place.remote("far").await;
        let (here, there) = (place.local("ann").await, place.remote("ann").await);
        for (name, visibility) in [("a", Visibility::Private), ("b", Visibility::Public)] {
            let ids = [here.id, there.id];
            let id = place.arrive(&far, name, |new| {
                new.visibility = visibility;
                // Both are called the same in the text, and one of them is nobody.
                new.mentions =
                    vec![("@ann".into(), None), ("@ann".into(), Some(ids[1])), ("@ann".into(), Some(ids[0]))];
                new.mentions.push(("@Ann".into(), Some(ids[0])));
            });
            let id = added(id.await);
            for reader in ids {
                assert!(place.change(move |conn| visible(conn, Some(reader), id)).await.unwrap());
            }
            let count =
                "SELECT count(*) FROM social_thought_mentions WHERE thought_id = $1 AND user_id IS NOT NULL";
            let named =
                place.change(move |conn| Ok(conn.query_one(count, &[v(id.0)], |row| row.int(0))?)).await;
            assert_eq!(named.unwrap(), 2, "each once");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_goes_to_no_more_people_than_what_it_answers() {
    on_each(|place| async move {
        let (ann, bob) = (place.local("ann").await, place.local("bob").await);
        place.follow(&bob, &ann).await;
        let (public, unlisted) = (Visibility::Public, Visibility::Unlisted);
        for (parent, wanted, expected) in [
            (public, public, public),
            (unlisted, public, public),
            (Visibility::Followers, public, Visibility::Followers),
            (Visibility::Followers, unlisted, Visibility::Followers),
            (Visibility::Followers, Visibility::Private, Visibility::Private),
            (Visibility::Private, Visibility::Followers, Visibility::Private),
        ] {
            let parent = place.think(&ann, "to @bob", parent, None).await.unwrap();
            let answer = place.think(&bob, "yes", wanted, Some(parent)).await.unwrap();
            let who = Some(bob.id);
            let found = place.change(move |conn| Ok(load(conn, who, &[answer])?.pop().unwrap().visibility));
            assert_eq!(found.await.unwrap(), expected);
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_asked_for_is_in_its_thread_however_long_that_is() {
    on_each(|place| async move {
        let ann = place.local("ann").await;
        let first = place.think(&ann, "first", Visibility::Public, None).await.unwrap();
        let (author, numbers) =
            (ann.id, "WITH RECURSIVE n (i) AS (SELECT CAST(1 AS BIGINT) UNION ALL SELECT i + 1 FROM n WHERE i < 1200)");
        place
            .change(move |conn| {
                let answers = format!(
                    "{numbers} INSERT INTO social_thoughts (id, uuid, user_id, content, search_text, thread_id, in_reply_to_id,
                         in_reply_to_url, visibility, local, created_at)
                     SELECT {first} + i, 't' || i, {author}, 'x', 'x', {first}, {first}, 'x', 'public', 1, 1 FROM n"
                );
                conn.execute(&answers, &[])?;
                let counts = format!("{numbers} INSERT INTO social_thought_counts (thought_id) SELECT {first} + i FROM n");
                Ok(conn.execute(&counts, &[])?)
            })
            .await
            .unwrap();
        for _ in 0..3 {
            place.now();
        }
        let middle = place.think(&ann, "middle", Visibility::Public, Some(Id(first.0 + 1200))).await.unwrap();
        let last = place.think(&ann, "last", Visibility::Public, Some(middle)).await.unwrap();
        let now = place.now();
        let all = place.change(move |conn| thread(conn, None, now, last)).await.unwrap();
        assert_eq!(all.len(), 1000);
        assert!(all.is_sorted(), "oldest first");
        for id in [first, Id(first.0 + 1200), middle, last] {
            assert!(all.contains(&id), "{id} leads there");
        }
    })
    .await;
}
