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
