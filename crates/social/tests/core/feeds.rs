//! Feeds: complete, in order, each thought once, page by page.

use social::feeds::{Entry, Ranking, Source, Span, Wanted, page, ranked};
use social::users::User;
use social::{Id, Visibility, reactions};

use crate::people::{Place, added, on_each};

/// Everything of a feed, by pages of `size`.
async fn all(place: &Place, source: Source, viewer: Option<Id>, size: usize, span: Span) -> Vec<Entry> {
    let (mut entries, mut rest) = (Vec::new(), span);
    loop {
        let now = place.now();
        let found = place.change(move |conn| page(conn, source, viewer, now, rest, size, Wanted::default()));
        let found = found.await.unwrap();
        assert!(found.entries.len() <= size);
        entries.extend(found.entries);
        match found.next {
            Some(next) if span.upwards => rest = Span { above: next, ..rest },
            Some(next) => rest = Span { below: next, ..rest },
            None => return entries,
        }
    }
}

async fn boost(place: &Place, user: &User, thought: Id) {
    let (user, now) = (user.clone(), place.now());
    place.change(move |conn| reactions::boost(conn, now, &user, thought, None, None)).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn home_has_everything_once_and_in_order() {
    on_each(|place| async move {
        let reader = place.local("reader").await;
        let (friend, far, stranger) =
            (place.local("friend").await, place.remote("far").await, place.local("stranger").await);
        place.follow(&reader, &friend).await;
        place.follow(&reader, &far).await;
        let mut expected = Vec::new();
        for n in 0..30 {
            let id = match n % 5 {
                0 => place.think(&reader, "mine", Visibility::Private, None).await.unwrap(),
                1 => added(
                    place
                        .arrive(&far, &format!("far-{n}"), |new| new.visibility = Visibility::Followers)
                        .await,
                ),
                2 => place.think(&stranger, "hidden", Visibility::Public, None).await.unwrap(),
                3 => place.think(&friend, "secret", Visibility::Private, None).await.unwrap(),
                _ => place.think(&friend, "friend", Visibility::Unlisted, None).await.unwrap(),
            };
            if ![2, 3].contains(&(n % 5)) {
                expected.push(id);
            }
        }
        let secret = place.think(&friend, "for you, @reader", Visibility::Private, None).await.unwrap();
        place.think(&stranger, "also you, @reader", Visibility::Private, None).await.unwrap();
        expected.push(secret);
        let boosted = place.think(&stranger, "boost me", Visibility::Public, None).await.unwrap();
        boost(&place, &friend, boosted).await;
        boost(&place, &far, boosted).await;
        expected.push(boosted);
        expected.reverse();
        let source = Source::Home(reader.id);
        for size in [1, 3, 20, 100] {
            let entries = all(&place, source, Some(reader.id), size, Span::default()).await;
            let found: Vec<Id> = entries.iter().map(|entry| entry.thought).collect();
            if size == 100 {
                assert_eq!(found, expected);
            }
            assert!(expected.iter().all(|id| found.contains(id)), "nothing is missing by pages of {size}");
            assert!(entries.windows(2).all(|pair| pair[0].at > pair[1].at), "in order");
        }
        let upwards = Span { upwards: true, ..Span::default() };
        let mut found: Vec<Id> = all(&place, source, Some(reader.id), 100, upwards)
            .await
            .into_iter()
            .map(|entry| entry.thought)
            .collect();
        found.reverse();
        assert_eq!(found.len(), expected.len());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_walk_goes_on_past_what_is_not_shown() {
    on_each(|place| async move {
        let (author, reader) = (place.local("author").await, place.local("reader").await);
        let first = place.think(&author, "first", Visibility::Public, None).await.unwrap();
        for _ in 0..150 {
            place.think(&author, "not for all", Visibility::Followers, None).await.unwrap();
        }
        let last = place.think(&author, "last", Visibility::Public, None).await.unwrap();
        let source = Source::Of { user: author.id, boosts: true };
        let found = all(&place, source, Some(reader.id), 5, Span::default()).await;
        assert_eq!(found.iter().map(|entry| entry.thought).collect::<Vec<_>>(), [last, first]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_reader_says_what_and_in_which_order() {
    on_each(|place| async move {
        let author = place.local("author").await;
        let first = place.think(&author, "first", Visibility::Public, None).await.unwrap();
        let reply = place.think(&author, "reply", Visibility::Public, Some(first)).await.unwrap();
        let far = added(place.arrive(&place.remote("far").await, "far", |new| new.sensitive = true).await);
        let now = place.now();
        let read = async |source: Source, wanted: Wanted| {
            let found = place.change(move |conn| page(conn, source, None, now, Span::default(), 10, wanted));
            found.await.unwrap().entries.into_iter().map(|entry| entry.thought).collect::<Vec<_>>()
        };
        let none = Wanted::default();
        assert_eq!(read(Source::Everywhere, none).await, [far, reply, first]);
        assert_eq!(read(Source::Local, none).await, [reply, first]);
        assert_eq!(read(Source::Everywhere, Wanted { originals_only: true, ..none }).await, [far, first]);
        assert_eq!(read(Source::Everywhere, Wanted { replies_only: true, ..none }).await, [reply]);
        assert_eq!(read(Source::Everywhere, Wanted { hide_sensitive: true, ..none }).await, [reply, first]);
        let fan = place.local("fan").await;
        place.change(move |conn| reactions::like(conn, now, &fan, first, None)).await.unwrap();
        let liked = place.change(move |conn| ranked(conn, Source::Local, None, now, Ranking::Likes, none));
        assert_eq!(liked.await.unwrap()[0].thought, first);
        let discussed =
            place.change(move |conn| ranked(conn, Source::Local, None, now, Ranking::Replies, none));
        assert_eq!(discussed.await.unwrap()[0].thought, first);
    })
    .await;
}
