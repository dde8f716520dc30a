//! What two servers do with each other (spec/social.md §9.4), in both forms of signature.

use activitypub::media_type;
use federation::FederationConfig;
use serde_json::{Value, json};
use social::users::User;
use social::{Visibility, reactions, relations, thoughts};
use testkit::Fedify;

use crate::site::{Site, fast};

/// A server with alice on it, and a peer with bob, who follow each other. Each form of signature has another database.
pub(crate) async fn friends(
    form: &str,
    options: &[&str],
    config: FederationConfig,
) -> Option<(Site, Fedify, User, User)> {
    let peer = Fedify::start(&[&["--first-knock", form], options].concat())?;
    let site = Site::with(form, config).await;
    let alice = site.person("alice", false).await;
    let bob = site.find(&peer.handle()).await;
    peer.command("follow", json!({ "target": format!("@alice@{}", site.authority()) })).await;
    site.until_follows(bob.id, alice.id, Some("accepted")).await;
    peer.received("Accept", |_| true).await;
    site.follow(&alice, &bob).await;
    site.until_follows(alice.id, bob.id, Some("accepted")).await;
    Some((site, peer, alice, bob))
}

#[tokio::test(flavor = "multi_thread")]
async fn they_find_and_follow_each_other() {
    for form in Fedify::FORMS {
        let Some(peer) = Fedify::start(&["--first-knock", form]) else { return };
        for n in 0..7 {
            peer.command("post", json!({ "content": format!("before {n}") })).await;
        }
        let site = Site::with(form, fast()).await;
        let (alice, carol) = (site.person("alice", false).await, site.person("carol", true).await);
        let bob = site.find(&peer.handle()).await;
        assert_eq!(bob.ap_id.as_deref(), Some(peer.actor().as_str()));
        let seen = peer.command("lookup", json!({ "target": format!("@alice@{}", site.authority()) })).await;
        assert!(seen.to_string().contains(&alice.uuid), "{seen}");

        peer.command("follow", json!({ "target": format!("@alice@{}", site.authority()) })).await;
        site.until_follows(bob.id, alice.id, Some("accepted")).await;
        peer.received("Accept", |accept| {
            accept["actor"].as_str().is_some_and(|actor| actor.contains(&alice.uuid))
        })
        .await;
        let state = peer.command("state", json!({})).await;
        assert_eq!(state["following"][0]["state"], "accepted", "{state}");

        peer.command("follow", json!({ "target": format!("@carol@{}", site.authority()) })).await;
        site.until_follows(bob.id, carol.id, Some("pending")).await;
        let (follower, followed) = (bob.clone(), carol.clone());
        site.change(move |conn, now| relations::accept(conn, now, &follower, &followed)).await;
        peer.received("Accept", |accept| {
            accept["actor"].as_str().is_some_and(|actor| actor.contains(&carol.uuid))
        })
        .await;
        let (follower, followed) = (bob.clone(), carol.clone());
        site.change(move |conn, now| relations::reject(conn, now, &follower, &followed)).await;
        peer.received("Reject", |_| true).await;

        // Who waits is refused.
        let dave = site.person("dave", true).await;
        peer.command("follow", json!({ "target": format!("@dave@{}", site.authority()) })).await;
        site.until_follows(bob.id, dave.id, Some("pending")).await;
        let (follower, followed) = (bob.clone(), dave.clone());
        site.change(move |conn, now| relations::reject(conn, now, &follower, &followed)).await;
        let refused =
            peer.received("Reject", |reject| reject["actor"].to_string().contains(&dave.uuid)).await;
        assert!(refused["object"].to_string().contains(&peer.actor()), "{refused}");
        site.until_follows(bob.id, dave.id, None).await;
        let state = peer.command("state", json!({})).await["following"].to_string();
        assert!(!state.contains(&dave.uuid) || state.contains("reject"), "{state}");

        site.follow(&alice, &bob).await;
        site.until_follows(alice.id, bob.id, Some("accepted")).await;
        site.until_count("SELECT count(*) FROM social_thoughts WHERE local = 0", 7).await;

        let (follower, followed) = (alice.clone(), bob.clone());
        site.change(move |conn, now| relations::unfollow(conn, now, &follower, &followed)).await;
        peer.received("Undo", |_| true).await;
        assert_eq!(peer.command("state", json!({})).await["followers"], json!([]));
        peer.command("unfollow", json!({ "target": format!("@alice@{}", site.authority()) })).await;
        site.until_follows(bob.id, alice.id, None).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_written_here_is_seen_there_by_those_it_is_for() {
    for form in Fedify::FORMS {
        let Some((site, peer, alice, _bob)) = friends(form, &[], fast()).await else { return };
        let mention = format!("hi {} #tag", peer.handle());
        let mut notes = Vec::new();
        for visibility in
            [Visibility::Public, Visibility::Unlisted, Visibility::Followers, Visibility::Private]
        {
            notes.push((visibility, site.write(&alice, &mention, visibility, None).await.1));
        }
        let (_, hidden) = site.write(&alice, "for nobody", Visibility::Private, None).await;
        let public = "https://www.w3.org/ns/activitystreams#Public";
        let followers = format!("{}/users/{}/followers", site.base, alice.uuid);
        for (visibility, note) in &notes {
            let create = peer
                .received("Create", |create| create["object"]["id"] == **note || create["object"] == **note)
                .await;
            let list = |name: &str| match &create[name] {
                Value::Array(list) => list
                    .iter()
                    .map(|one| one.as_str().unwrap().replace("as:", "https://www.w3.org/ns/activitystreams#"))
                    .collect(),
                Value::String(one) => vec![one.replace("as:", "https://www.w3.org/ns/activitystreams#")],
                _ => Vec::new(),
            };
            let (to, cc) = match visibility {
                Visibility::Public => (vec![public.to_owned()], vec![followers.clone(), peer.actor()]),
                Visibility::Unlisted => (vec![followers.clone()], vec![public.to_owned(), peer.actor()]),
                Visibility::Followers => (vec![followers.clone()], vec![peer.actor()]),
                Visibility::Private => (vec![peer.actor()], Vec::new()),
            };
            assert_eq!((list("to"), list("cc")), (to, cc), "{visibility:?}");
        }
        site.until_told().await;
        let creates = peer.all("http", "Create").await;
        assert_eq!(creates.len(), 4, "one delivery each, and none of {hidden}");

        let (first, note) = site.write(&alice, "first", Visibility::Public, None).await;
        let (author, addresses) = (alice.clone(), site.social.addresses().clone());
        let content = thoughts::NewContent { content: "second".into(), ..thoughts::NewContent::default() };
        site.change(move |conn, now| thoughts::edit(conn, now, &addresses, &author, first, &content, None))
            .await;
        peer.received("Update", |update| update.to_string().contains("second")).await;
        let (author, addresses) = (alice.id, site.social.addresses().clone());
        site.change(move |conn, now| thoughts::delete(conn, now, &addresses, author, first)).await;
        peer.received("Delete", |delete| delete.to_string().contains(&note)).await;
        let gone = site.get(&note, media_type::ACTIVITY).await;
        assert_eq!(gone.status(), 410);
        assert_eq!(gone.json::<Value>().await.unwrap()["type"], "Tombstone");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_written_there_is_kept_here_as_it_is_meant() {
    for form in Fedify::FORMS {
        let Some((site, peer, alice, bob)) = friends(form, &[], fast()).await else { return };
        let us = format!("@alice@{}", site.authority());
        for (there, here) in [
            ("public", "public"),
            ("unlisted", "unlisted"),
            ("followers", "followers"),
            ("direct", "private"),
        ] {
            let html = "<p onclick=\"x()\">hi <script>alert(1)</script><a href=\"javascript:x\">a</a></p>";
            let posted =
                peer.command("post", json!({ "html": html, "visibility": there, "mentions": [us] })).await;
            let (_, visibility, content) = site.until_here(posted["id"].as_str().unwrap()).await;
            assert_eq!(visibility, here);
            for bad in ["script", "onclick", "javascript"] {
                assert!(!content.contains(bad), "{content}");
            }
        }
        site.until_count("SELECT count(*) FROM social_notifications WHERE kind = 'mention'", 4).await;
        let (own, note) = site.write(&alice, "what do you think", Visibility::Public, None).await;
        site.until_told().await;
        let answer =
            peer.command("post", json!({ "content": "that", "inReplyTo": note, "mentions": [us] })).await;
        let (answer_id, ..) = site.until_here(answer["id"].as_str().unwrap()).await;
        let parent = site.ask(move |conn| Ok(thoughts::row(conn, answer_id)?.unwrap().in_reply_to)).await;
        assert_eq!(parent, Some(own));
        site.until_count("SELECT count(*) FROM social_notifications WHERE kind = 'reply'", 1).await;

        peer.command("update", json!({ "id": answer["id"], "content": "rather this" })).await;
        site.until_count("SELECT count(*) FROM social_thoughts WHERE content LIKE '%rather this%'", 1).await;
        peer.command("delete", json!({ "id": answer["id"] })).await;
        site.until_count("SELECT count(*) FROM social_thoughts WHERE content LIKE '%rather this%'", 0).await;
        let late = json!({
            "@context": "https://www.w3.org/ns/activitystreams", "id": format!("{}#late", answer["id"].as_str().unwrap()), "type": "Create",
            "actor": peer.actor(), "to": "as:Public",
            "object": { "id": answer["id"], "type": "Note", "attributedTo": peer.actor(), "content": "back", "to": "as:Public" },
        });
        let taken =
            peer.command("raw", json!({ "inbox": format!("{}/inbox", site.base), "activity": late })).await;
        assert_eq!(taken["status"], 202);
        assert_eq!(
            site.count("SELECT count(*) FROM social_thoughts WHERE content LIKE '%back%'").await,
            0,
            "what is gone stays gone"
        );

        peer.command("profile", json!({ "name": "Robert" })).await;
        site.until_count("SELECT count(*) FROM social_users WHERE display_name = 'Robert'", 1).await;
        peer.command("delete-actor", json!({})).await;
        let gone = bob.id;
        site.until("bob to be gone", move |conn| {
            Ok(social::users::by_id(conn, gone)?.is_none().then_some(()))
        })
        .await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn they_react_to_each_other() {
    for form in Fedify::FORMS {
        let Some((site, peer, alice, bob)) = friends(form, &[], fast()).await else { return };
        let (_, note) = site.write(&alice, "like me", Visibility::Public, None).await;
        for (verb, undo, table, kind) in
            [("like", "unlike", "social_likes", "like"), ("announce", "unannounce", "social_boosts", "boost")]
        {
            let count: &'static str = format!("SELECT count(*) FROM {table}").leak();
            let notified: &'static str =
                format!("SELECT count(*) FROM social_notifications WHERE kind = '{kind}'").leak();
            peer.command(verb, json!({ "object": note })).await;
            site.until_count(count, 1).await;
            site.until_count(notified, 1).await;
            peer.command(undo, json!({ "object": note })).await;
            site.until_count(count, 0).await;
            peer.command(verb, json!({ "object": note })).await;
            site.until_count(count, 1).await;
        }
        let posted = peer.command("post", json!({ "content": "mine", "visibility": "public" })).await;
        let (theirs, ..) = site.until_here(posted["id"].as_str().unwrap()).await;
        for _ in 0..2 {
            let user = alice.clone();
            site.change(move |conn, now| reactions::like(conn, now, &user, theirs, None)).await;
            let user = alice.clone();
            site.change(move |conn, now| reactions::boost(conn, now, &user, theirs, None, None)).await;
            let user = alice.clone();
            site.change(move |conn, now| reactions::unlike(conn, now, &user, theirs)).await;
            let user = alice.clone();
            site.change(move |conn, now| reactions::unboost(conn, now, &user, theirs)).await;
        }
        site.until_told().await;
        for kind in ["Like", "Announce"] {
            let heard = peer.all("received", kind).await;
            let ids: std::collections::BTreeSet<_> = heard.iter().map(|one| one["id"].to_string()).collect();
            assert_eq!((heard.len(), ids.len()), (2, 2), "{kind}: each has a name of its own");
        }
        assert_eq!(peer.all("received", "Undo").await.len(), 4);

        peer.command("block", json!({ "target": format!("@alice@{}", site.authority()) })).await;
        site.until_follows(alice.id, bob.id, None).await;
        site.until_follows(bob.id, alice.id, None).await;
        let (blocker, blocked, addresses) = (alice.clone(), bob.clone(), site.social.addresses().clone());
        site.change(move |conn, now| relations::block(conn, now, &addresses, &blocker, &blocked)).await;
        peer.received("Block", |_| true).await;
        let before = peer.all("http", "Create").await.len();
        site.write(&alice, &format!("you do not read this {}", peer.handle()), Visibility::Public, None)
            .await;
        site.until_told().await;
        assert_eq!(peer.all("http", "Create").await.len(), before);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_key_counts_after_one_more_question() {
    for form in Fedify::FORMS {
        let Some((site, mut peer, _alice, bob)) =
            friends(form, &[], FederationConfig { time_scale: 1_000_000, ..fast() }).await
        else {
            return;
        };
        peer.restart(&["--first-knock", form]);
        let us = format!("@alice@{}", site.authority());
        let posted = peer.command("post", json!({ "content": "new", "mentions": [us] })).await;
        site.until_here(posted["id"].as_str().unwrap()).await;
        assert!(bob.ap_id.is_some());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn both_may_show_things_to_those_who_sign_only() {
    for form in Fedify::FORMS {
        for (theirs, ours) in [(true, false), (false, true), (true, true)] {
            let options: &[&str] = if theirs { &["--authorized-fetch"] } else { &[] };
            let config = FederationConfig { authorized_fetch: ours, ..fast() };
            let Some((site, peer, alice, _)) = friends(form, options, config).await else { return };
            let (_, note) = site.write(&alice, "signed", Visibility::Public, None).await;
            peer.received("Create", |create| create.to_string().contains(&note)).await;
            let posted = peer.command("post", json!({ "content": "hi" })).await;
            site.until_here(posted["id"].as_str().unwrap()).await;
            if ours {
                assert_eq!(site.get(&note, media_type::ACTIVITY).await.status(), 401);
                let seen = peer.command("lookup", json!({ "target": note })).await;
                assert!(seen.to_string().contains("signed"), "{seen}");
            }
        }
    }
}
