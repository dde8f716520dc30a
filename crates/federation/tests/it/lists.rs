//! A peer walks our lists (spec/social.md §9.4, 17).

use std::collections::BTreeSet;

use serde_json::json;
use social::Visibility;
use testkit::Fedify;

use crate::scenarios::friends;
use crate::site::fast;

#[tokio::test(flavor = "multi_thread")]
async fn are_read_to_the_end_with_nothing_twice() {
    for form in Fedify::FORMS {
        let Some((site, peer, alice, _)) = friends(form, &[], fast()).await else { return };
        let (mut people, mut written) = (BTreeSet::new(), BTreeSet::new());
        for n in 0..45 {
            let friend = site.person(&format!("friend{n}"), false).await;
            site.follow(&friend, &alice).await;
            site.follow(&alice, &friend).await;
            people.insert(format!("{}/users/{}", site.base, friend.uuid));
            let visibility = if n % 2 == 0 { Visibility::Public } else { Visibility::Unlisted };
            let note = site.write(&alice, &format!("no {n}"), visibility, None).await.1;
            written.insert(format!("{note}/activity"));
            site.write(&alice, "not listed", Visibility::Followers, None).await;
        }
        people.insert(peer.actor());
        for (list, expected) in [("followers", &people), ("following", &people), ("outbox", &written)] {
            let url = format!("{}/users/{}/{list}", site.base, alice.uuid);
            let read = peer.command("collection", json!({ "url": url })).await;
            let items = read["items"].as_array().unwrap();
            let found: BTreeSet<String> =
                items.iter().map(|item| item.as_str().unwrap().to_owned()).collect();
            assert_eq!(items.len(), expected.len(), "{form} {list}: {read}");
            assert_eq!(&found, expected, "{form} {list}: {read}");
        }
    }
}
