//! Accounts that go elsewhere (spec/social.md §9.4, 18).

use serde_json::json;
use social::Event;
use testkit::Fedify;

use crate::scenarios::friends;
use crate::site::{Site, fast};

/// The peer has one name for all its moves.
async fn forget_moves(site: &Site) {
    site.change(|conn, _| {
        Ok(conn.execute("DELETE FROM social_processed WHERE activity_id LIKE '%#move'", &[])?)
    })
    .await;
}

const MOVES: &str = "SELECT count(*) FROM social_processed WHERE activity_id LIKE '%#move'";

#[tokio::test(flavor = "multi_thread")]
async fn to_here_take_their_followers_along_if_both_agree() {
    for form in Fedify::FORMS {
        let Some((site, peer, alice, bob)) = friends(form, &[], fast()).await else { return };
        let carol = site.person("carol", false).await;
        let target = format!("{}/users/{}", site.base, carol.uuid);
        peer.command("move", json!({ "target": target })).await;
        site.until_count(MOVES, 1).await;
        site.until_follows(alice.id, bob.id, Some("accepted")).await;
        let (id, known) = (carol.id, json!([peer.actor()]).to_string());
        site.change(move |conn, _| {
            let say = "UPDATE social_users SET also_known_as = $2 WHERE id = $1";
            Ok(conn.execute(say, &[id.into(), store::v(&known)])?)
        })
        .await;
        forget_moves(&site).await;
        peer.command("move", json!({ "target": target })).await;
        site.until_follows(alice.id, carol.id, Some("accepted")).await;
        site.until_follows(alice.id, bob.id, None).await;
        // Their old server is told that alice does not follow them any more.
        peer.received("Undo", |undo| undo["actor"].to_string().contains(&alice.uuid)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn between_others_take_their_followers_along_if_both_agree() {
    for form in Fedify::FORMS {
        let Some((site, peer, alice, bob)) = friends(form, &[], fast()).await else { return };
        let Some(next) = Fedify::start(&["--first-knock", form]) else { return };
        peer.command("move", json!({ "target": next.actor() })).await;
        site.until_count(MOVES, 1).await;
        site.until_follows(alice.id, bob.id, Some("accepted")).await;
        assert_eq!(site.count("SELECT count(*) FROM social_users WHERE moved_to IS NOT NULL").await, 0);
        next.command("profile", json!({ "alsoKnownAs": [peer.actor()] })).await;
        forget_moves(&site).await;
        peer.command("move", json!({ "target": next.actor() })).await;
        site.until_follows(alice.id, bob.id, None).await;
        let there = site.find(&next.actor()).await;
        site.until_follows(alice.id, there.id, Some("accepted")).await;
        let follow = next.received("Follow", |_| true).await;
        assert!(follow["actor"].to_string().contains(&alice.uuid), "{follow}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn from_here_are_told_to_followers() {
    for form in Fedify::FORMS {
        let Some((site, peer, alice, _)) = friends(form, &[], fast()).await else { return };
        let (id, target) = (alice.id, "https://new.example/users/alice".to_owned());
        site.change(move |conn, now| {
            let moved = "UPDATE social_users SET moved_to = $2, updated_at = updated_at + 1 WHERE id = $1";
            conn.execute(moved, &[id.into(), store::v(&target)])?;
            Event::Moved { user_id: id.0, target: target.clone() }.write(conn, now)
        })
        .await;
        let moved = peer.received("Move", |_| true).await;
        let actor = format!("{}/users/{}", site.base, alice.uuid);
        assert_eq!(
            (&moved["object"], &moved["target"]),
            (&json!(actor), &json!("https://new.example/users/alice")),
            "{moved}"
        );
        let shown =
            site.get(&actor, activitypub::media_type::ACTIVITY).await.json::<serde_json::Value>().await;
        assert_eq!(shown.unwrap()["movedTo"], "https://new.example/users/alice");
    }
}
