//! Two servers of ours.

use federation::FederationConfig;
use social::users::User;
use social::{Visibility, reactions};

use crate::site::{Site, fast};

async fn site(config: FederationConfig) -> (Site, User) {
    let site = Site::alone(config).await;
    let person = site.person("alice", false).await;
    (site, person)
}

#[tokio::test(flavor = "multi_thread")]
async fn they_are_one_network() {
    for authorized_fetch in [false, true] {
        let config = FederationConfig { authorized_fetch, ..fast() };
        let ((here, alice), (there, other)) = (site(config.clone()).await, site(config).await);
        let abroad = here.find(&format!("@alice@{}", there.authority())).await;
        here.follow(&alice, &abroad).await;
        here.until_follows(alice.id, abroad.id, Some("accepted")).await;
        let (id, note) = there.write(&other, "hello there", Visibility::Followers, None).await;
        let (copy, visibility, _) = here.until_here(&note).await;
        assert_eq!(visibility, "followers");
        let user = alice.clone();
        here.change(move |conn, now| reactions::like(conn, now, &user, copy, None)).await;
        there.until_count("SELECT likes FROM social_thought_counts", 1).await;
        let (_, answer) = here.write(&alice, "and to you", Visibility::Followers, Some(copy)).await;
        let (reply, ..) = there.until_here(&answer).await;
        let parent =
            there.ask(move |conn| Ok(social::thoughts::row(conn, reply)?.unwrap().in_reply_to)).await;
        assert_eq!(parent, Some(id));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_with_many_followers_is_told_once() {
    let ((here, alice), (there, other)) = (site(fast()).await, site(fast()).await);
    let mut followers = vec![other];
    for name in ["bob", "carol", "dave"] {
        followers.push(there.person(name, false).await);
    }
    let abroad = there.find(&format!("@alice@{}", here.authority())).await;
    for follower in &followers {
        there.follow(follower, &abroad).await;
        there.until_follows(follower.id, abroad.id, Some("accepted")).await;
    }
    here.until_told().await;
    let sent = "SELECT count(*) FROM social_deliveries d JOIN social_activities a ON a.id = d.activity WHERE a.body LIKE '%\"type\":\"Create\"%'";
    let (_, note) = here.write(&alice, "to all of you", Visibility::Followers, None).await;
    let (copy, ..) = there.until_here(&note).await;
    here.until_told().await;
    assert_eq!(here.count(sent).await, 1, "one copy for all of them");
    for follower in &followers {
        let reader = follower.id;
        let seen = there.ask(move |conn| social::thoughts::visible(conn, Some(reader), copy)).await;
        assert!(seen, "{}", follower.username);
    }
    // What is for one of them goes to that one.
    let mention = format!("@bob@{} psst", there.authority());
    let (_, secret) = here.write(&alice, &mention, Visibility::Private, None).await;
    let (copy, visibility, _) = there.until_here(&secret).await;
    assert_eq!(visibility, "private");
    let mut seen = Vec::new();
    for follower in &followers {
        let reader = follower.id;
        seen.push(there.ask(move |conn| social::thoughts::visible(conn, Some(reader), copy)).await);
    }
    assert_eq!(seen, [false, true, false, false]);
}
