//! Feeds: complete, in order, each thought once, page by page.

use social::feeds::{Entry, Ranking, Source, Span, Wanted, page, popular, ranked};
use social::moderation::Measure;
use social::search::Words;
use social::users::User;
use social::{Id, Visibility, reactions, search};

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
            assert_eq!(found, expected, "by pages of {size}");
            assert!(entries.windows(2).all(|pair| pair[0].at > pair[1].at), "in order");
        }
        let upwards = Span { upwards: true, ..Span::default() };
        let mut found: Vec<Id> = all(&place, source, Some(reader.id), 100, upwards)
            .await
            .into_iter()
            .map(|entry| entry.thought)
            .collect();
        found.reverse();
        assert_eq!(found, expected, "from the other end it is the same");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_boosted_is_in_one_place_on_whichever_page() {
    on_each(|place| async move {
        let reader = place.local("reader").await;
        let (friend, other, stranger) =
            (place.local("friend").await, place.local("other").await, place.local("stranger").await);
        for followed in [&friend, &other] {
            place.follow(&reader, followed).await;
        }
        let far = place.think(&stranger, "of a stranger", Visibility::Public, None).await.unwrap();
        boost(&place, &friend, far).await;
        let mut near = Vec::new();
        for n in 0..40 {
            near.push(place.think(&friend, &format!("no {n}"), Visibility::Public, None).await.unwrap());
        }
        boost(&place, &other, near[0]).await;
        boost(&place, &other, far).await;
        // Of those who are not heard, nothing counts.
        boost(&place, &stranger, near[1]).await;
        let expected: Vec<Id> = [far].into_iter().chain(near.into_iter().rev()).collect();
        let (source, viewer) = (Source::Home(reader.id), Some(reader.id));
        for size in [1, 7, 20, 40, 41, 100] {
            let found = all(&place, source, viewer, size, Span::default()).await;
            assert_eq!(found.iter().map(|entry| entry.thought).collect::<Vec<_>>(), expected, "{size}");
            assert_eq!(found[0].boosted_by, Some(other.id), "where it was boosted last");
        }
        let now = place.now();
        for limit in 1..=41 {
            let read = move |conn: &mut store::Conn<'_>| {
                page(conn, source, viewer, now, Span::default(), limit, Wanted::default())
            };
            let found = place.change(read).await.unwrap().entries;
            assert_eq!(found.iter().map(|entry| entry.thought).collect::<Vec<_>>(), expected[..limit]);
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn somebodys_page_has_what_they_boosted_of_those_whom_the_reader_wants_to_see() {
    on_each(|place| async move {
        let (reader, third) = (place.local("reader").await, place.local("third").await);
        let (liked, blocked) = (place.local("liked").await, place.local("blocked").await);
        let own = place.think(&third, "own", Visibility::Public, None).await.unwrap();
        let good = place.think(&liked, "good", Visibility::Public, None).await.unwrap();
        let bad = place.think(&blocked, "bad", Visibility::Public, None).await.unwrap();
        place.block(&reader, &blocked).await;
        for thought in [own, good, bad] {
            boost(&place, &third, thought).await;
        }
        let shown = async |user: &User, viewer: Option<&User>| {
            let (source, viewer) = (Source::Of { user: user.id, boosts: true }, viewer.map(|it| it.id));
            let found = all(&place, source, viewer, 1, Span::default()).await;
            found.into_iter().map(|entry| entry.thought).collect::<Vec<_>>()
        };
        assert_eq!(shown(&third, Some(&reader)).await, [good, own]);
        assert_eq!(shown(&third, None).await, [bad, good, own]);
        assert_eq!(shown(&blocked, Some(&reader)).await, [bad], "whom somebody asks for by name they see");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_silenced_is_heard_by_followers_only() {
    on_each(|place| async move {
        let (loud, fan, stranger) =
            (place.local("loud").await, place.local("fan").await, place.local("stranger").await);
        place.follow(&fan, &loud).await;
        let noise = place.think(&loud, "noise #topic", Visibility::Public, None).await.unwrap();
        let calm = place.think(&stranger, "calm noise #topic", Visibility::Public, None).await.unwrap();
        let (who, now) = (place.again(&loud).await, place.now());
        place.change(move |conn| Measure::Silence.apply(conn, now, &who)).await.unwrap();
        for (viewer, heard) in
            [(None, false), (Some(&stranger), false), (Some(&fan), true), (Some(&loud), true)]
        {
            let viewer = viewer.map(|viewer| viewer.id);
            let both = if heard { vec![calm, noise] } else { vec![calm] };
            let tag = place.change(|conn| Ok(Source::tag(conn, "topic")?.unwrap())).await.unwrap();
            for source in [Source::Local, Source::Everywhere, tag] {
                let found = all(&place, source, viewer, 5, Span::default()).await;
                assert_eq!(found.iter().map(|entry| entry.thought).collect::<Vec<_>>(), both, "{source:?}");
            }
            let read = move |conn: &mut store::Conn<'_>| {
                let noise = Words::read("noise")?;
                let written = search::thoughts(conn, viewer, now, &noise, Span::default(), (0, 9))?;
                let part = search::people(conn, viewer, &Words::read("lou")?, (0, 9))?;
                let whole = search::people(conn, viewer, &Words::read("Loud")?, (0, 9))?;
                Ok((written, part, whole))
            };
            let (written, part, whole) = place.change(read).await.unwrap();
            assert_eq!(written, both);
            assert_eq!((part.len(), whole.len()), (usize::from(heard), 1), "who knows the handle finds them");
        }
        let tags = place.change(|conn| popular(conn, 9)).await.unwrap();
        assert_eq!(tags, [("topic".to_owned(), 1)]);
        let own = Source::Of { user: loud.id, boosts: true };
        assert_eq!(all(&place, own, None, 5, Span::default()).await.len(), 1, "by name they are there");
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
        let (now, viewer) = (place.now(), Some(reader.id));
        for span in [Span::default(), Span::below(last)] {
            let read =
                move |conn: &mut store::Conn<'_>| page(conn, source, viewer, now, span, 1, Wanted::default());
            let found = place.change(read).await.unwrap();
            assert_eq!(found.entries.len(), 1, "no page is empty before the last entry");
        }
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
