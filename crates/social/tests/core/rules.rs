//! Rules about hosts: the nearest counts, for those who are known and for those who come to be known.

use social::Error;
use social::moderation::{Rule, remove_rule, set_rule};
use social::users::User;

use crate::people::{Place, on_each};

async fn rule(place: &Place, domain: &'static str, rule: Rule) {
    let now = place.now();
    place.change(move |conn| set_rule(conn, now, domain, rule, None)).await.unwrap();
}

async fn end(place: &Place, domain: &'static str) -> Result<(), Error> {
    place.change(move |conn| remove_rule(conn, domain)).await
}

/// Whether somebody is suspended, and whether silenced.
async fn state(place: &Place, user: &User) -> (bool, bool) {
    let user = place.again(user).await;
    (user.is_suspended, user.is_silenced)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rule_is_about_those_too_who_come_later() {
    on_each(|place| async move {
        let early = place.remote_at("early", "a.spam.example").await;
        rule(&place, "spam.example", Rule::Suspend).await;
        let late = place.remote_at("late", "b.spam.example:8080").await;
        let other = place.remote_at("other", "nospam.example").await;
        assert_eq!(state(&place, &early).await, (true, false));
        assert_eq!(state(&place, &late).await, (true, false), "whoever comes later is hidden as well");
        assert_eq!(state(&place, &other).await, (false, false));
        end(&place, "spam.example").await.unwrap();
        assert_eq!(state(&place, &early).await, (false, false));
        assert_eq!(state(&place, &late).await, (false, false), "and is shown again with the others");
        assert!(matches!(end(&place, "spam.example").await, Err(Error::NotFound(_))));

        rule(&place, "loud.example", Rule::Silence).await;
        let loud = place.remote_at("loud", "loud.example").await;
        assert_eq!(state(&place, &loud).await, (false, true));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_nearest_rule_counts() {
    on_each(|place| async move {
        let alice = place.local("alice").await;
        let (good, bad) = (
            place.remote_at("good", "good.example.com").await,
            place.remote_at("bad", "bad.example.com").await,
        );
        for far in [&good, &bad] {
            place.follow(&alice, far).await;
        }
        rule(&place, "good.example.com", Rule::Allow).await;
        rule(&place, "example.com", Rule::Suspend).await;
        assert_eq!((state(&place, &good).await.0, state(&place, &bad).await.0), (false, true));
        assert_eq!(place.again(&alice).await.counts.following, 1, "follows of those who may stay, stay");
        let late = place.remote_at("late", "good.example.com").await;
        assert!(!state(&place, &late).await.0);
        end(&place, "good.example.com").await.unwrap();
        assert!(state(&place, &good).await.0, "the rule above counts again");
        rule(&place, "good.example.com", Rule::Silence).await;
        assert_eq!(state(&place, &good).await, (false, true));
        end(&place, "example.com").await.unwrap();
        assert_eq!((state(&place, &good).await, state(&place, &bad).await), ((false, true), (false, false)));
    })
    .await;
}
