//! What is counted is what there is.

use social::users::User;
use social::{Id, Visibility, reactions, relations, thoughts, users};

use crate::people::{Place, added, on_each};

async fn counts(place: &Place, id: Id) -> (i64, i64, i64) {
    let found = place.change(move |conn| {
        let sql = "SELECT likes, boosts, replies FROM social_thought_counts WHERE thought_id = $1";
        conn.query_one(sql, &[id.into()], |row| Ok((row.int(0)?, row.int(1)?, row.int(2)?)))
    });
    found.await.unwrap()
}

async fn of_user(place: &Place, user: &User) -> (i64, i64, i64) {
    let counts = place.again(user).await.counts;
    (counts.thoughts, counts.followers, counts.following)
}

#[tokio::test(flavor = "multi_thread")]
async fn many_at_once_are_counted_right() {
    on_each(|place| async move {
        let author = place.local("author").await;
        let id = place.think(&author, "like me", Visibility::Public, None).await.unwrap();
        let names = ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j"];
        let mut people = Vec::new();
        for name in names {
            people.push(place.local(name).await);
        }
        let place = std::sync::Arc::new(place);
        let tasks = (0..100).map(|n| {
            let (place, user) = (place.clone(), people[n % names.len()].clone());
            tokio::spawn(async move {
                let now = place.now();
                // Each likes, takes it back, and so on: an even number of times is none, so the last one decides.
                let change = move |conn: &mut store::Conn<'_>| match (n / names.len()) % 2 {
                    0 => reactions::like(conn, now, &user, id, None).map(|liked| liked.is_new),
                    _ => reactions::unlike(conn, now, &user, id),
                };
                place.change(change).await.unwrap();
            })
        });
        for task in tasks.collect::<Vec<_>>() {
            task.await.unwrap();
        }
        let sql = "SELECT count(*) FROM social_likes WHERE thought_id = $1";
        let rows =
            place.change(move |conn| Ok(conn.query_one(sql, &[id.into()], |row| row.int(0))?)).await.unwrap();
        assert_eq!(counts(&place, id).await.0, rows);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_goes_is_taken_off() {
    on_each(|place| async move {
        let (author, other, far) =
            (place.local("author").await, place.local("other").await, place.remote("far").await);
        place.follow(&far, &author).await;
        place.follow(&other, &author).await;
        let id = place.think(&author, "hello", Visibility::Public, None).await.unwrap();
        let reply = place.think(&other, "yes", Visibility::Unlisted, Some(id)).await.unwrap();
        place.think(&other, "in private", Visibility::Private, Some(id)).await.unwrap();
        let address = place.addresses.clone();
        let uuid = place.change(move |conn| Ok(thoughts::row(conn, id)?.unwrap().uuid)).await.unwrap();
        added(place.arrive(&far, "answer", |new| new.in_reply_to = Some(address.thought(&uuid))).await);
        let now = place.now();
        for user in [other.clone(), far.clone()] {
            let ap = (!user.is_local()).then_some("https://there.example/like");
            place
                .change(move |conn| {
                    reactions::like(conn, now, &user, id, ap)?;
                    reactions::boost(conn, now, &user, id, ap, None)
                })
                .await
                .unwrap();
        }
        assert_eq!(counts(&place, id).await, (2, 2, 2), "answers that everybody may see");
        assert_eq!(of_user(&place, &author).await, (1, 2, 0));

        let gone = far.id;
        place.change(move |conn| users::remove(conn, gone)).await.unwrap();
        assert_eq!(counts(&place, id).await, (1, 1, 1));
        assert_eq!(of_user(&place, &author).await, (1, 1, 0));

        let (addresses, writer) = (place.addresses.clone(), other.id);
        place.change(move |conn| thoughts::delete(conn, now, &addresses, writer, reply)).await.unwrap();
        assert_eq!(counts(&place, id).await, (1, 1, 0));
        assert_eq!(of_user(&place, &other).await, (1, 0, 1));

        let (follower, followed) = (other.clone(), author.clone());
        place.change(move |conn| relations::unfollow(conn, now, &follower, &followed)).await.unwrap();
        place.block(&author, &other).await;
        assert_eq!((of_user(&place, &author).await, of_user(&place, &other).await), ((1, 0, 0), (1, 0, 0)));
    })
    .await;
}
