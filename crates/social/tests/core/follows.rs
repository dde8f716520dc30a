//! Follows in every direction, and what others are told of them.

use serde_json::Value;
use social::users::User;
use social::{Error, relations};
use store::Conn;

use crate::people::{Place, on_each};

/// The types of events that wait, which are taken away.
async fn events(place: &Place) -> Vec<String> {
    let found = place.change(|conn| {
        let rows = conn.query("DELETE FROM social_events RETURNING data", &[], |row| row.string(0))?;
        Ok(rows)
    });
    let read =
        |row: String| serde_json::from_str::<Value>(&row).unwrap()["type"].as_str().unwrap().to_owned();
    let mut types: Vec<String> = found.await.unwrap().into_iter().map(read).collect();
    types.sort();
    types
}

async fn notified(place: &Place, user: &User) -> i64 {
    let id = user.id;
    let sql = "SELECT count(*) FROM social_notifications WHERE user_id = $1";
    place.change(move |conn| Ok(conn.query_one(sql, &[id.into()], |row| row.int(0))?)).await.unwrap()
}

async fn follow(place: &Place, follower: &User, followed: &User) -> Result<bool, Error> {
    let (now, addresses) = (place.now(), place.addresses.clone());
    let (follower, followed) = (follower.clone(), followed.clone());
    let activity = (!follower.is_local()).then(|| format!("https://there.example/follow/{now}"));
    let follow = move |conn: &mut Conn<'_>| {
        relations::follow(conn, now, &addresses, &follower, &followed, activity.as_deref())
    };
    Ok(place.change(follow).await?.is_accepted)
}

#[tokio::test(flavor = "multi_thread")]
async fn each_direction_tells_whom_it_concerns() {
    on_each(|place| async move {
        let (alice, bob, far) =
            (place.local("alice").await, place.local("bob").await, place.remote("far").await);
        assert!(follow(&place, &alice, &bob).await.unwrap(), "both here: at once");
        assert!(events(&place).await.is_empty(), "and nobody elsewhere is told");
        assert_eq!(notified(&place, &bob).await, 1);
        assert!(follow(&place, &alice, &bob).await.unwrap());
        assert_eq!(notified(&place, &bob).await, 1, "once");

        assert!(!follow(&place, &alice, &far).await.unwrap(), "somebody elsewhere has to accept");
        assert_eq!(events(&place).await, ["FollowRequested"]);
        let (a, f, now) = (alice.clone(), far.clone(), place.now());
        place.change(move |conn| relations::accept(conn, now, &a, &f)).await.unwrap();
        assert!(events(&place).await.is_empty());
        assert_eq!(place.again(&alice).await.counts.following, 2);

        assert!(
            follow(&place, &far, &alice).await.unwrap(),
            "from elsewhere: at once, and they are answered"
        );
        assert_eq!(events(&place).await, ["FollowerAccepted"]);
        assert!(follow(&place, &far, &alice).await.unwrap());
        assert_eq!(events(&place).await, ["FollowerAccepted"], "whoever asks again is answered again");
        assert_eq!(notified(&place, &alice).await, 1);

        place.block(&alice, &far).await;
        assert_eq!(events(&place).await, ["Blocked", "FollowerRejected", "Unfollowed"]);
        assert_eq!(place.again(&far).await.counts.followers, 0);
        assert!(matches!(follow(&place, &far, &alice).await, Err(Error::Forbidden(_))));
        assert!(matches!(follow(&place, &alice, &far).await, Err(Error::Forbidden(_))));
        let (a, f, now) = (alice.clone(), far.clone(), place.now());
        place.change(move |conn| relations::unblock(conn, now, &a, &f)).await.unwrap();
        assert_eq!(events(&place).await, ["Unblocked"]);
        assert!(matches!(follow(&place, &alice, &alice).await, Err(Error::Invalid(_))));

        place.block(&far, &bob).await;
        assert!(events(&place).await.is_empty(), "they told us");
        assert!(matches!(follow(&place, &bob, &far).await, Err(Error::Forbidden(_))));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_approves_of_followers_is_asked() {
    on_each(|place| async move {
        let (mut alice, bob, far) =
            (place.local("alice").await, place.local("bob").await, place.remote("far").await);
        alice.approves_follows = true;
        for follower in [&bob, &far] {
            assert!(!follow(&place, follower, &alice).await.unwrap());
        }
        assert_eq!((notified(&place, &alice).await, events(&place).await.len()), (2, 0));
        assert_eq!(place.again(&alice).await.counts.followers, 0);
        let now = place.now();
        for follower in [bob.clone(), far.clone()] {
            let alice = alice.clone();
            place.change(move |conn| relations::accept(conn, now, &follower, &alice)).await.unwrap();
        }
        assert_eq!(events(&place).await, ["FollowerAccepted"], "only who is elsewhere is told");
        assert_eq!((notified(&place, &alice).await, place.again(&alice).await.counts.followers), (2, 2));
        for follower in [bob, far] {
            let alice = alice.clone();
            place.change(move |conn| relations::reject(conn, now, &follower, &alice)).await.unwrap();
        }
        assert_eq!(
            (events(&place).await, place.again(&alice).await.counts.followers),
            (vec!["FollowerRejected".into()], 0)
        );
    })
    .await;
}
