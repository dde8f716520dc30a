//! How this server is found and what it shows (spec/social.md §4.2–§4.5).

use activitypub::media_type;
use serde_json::Value;
use social::{SCHEMA, Visibility};

use crate::site::{Site, fast};

#[tokio::test(flavor = "multi_thread")]
async fn answers_as_servers_expect_it() {
    testkit::on_each_engine(&[&SCHEMA], |store| async move {
        let site = Site::start(&store, fast()).await;
        let alice = site.person("Alice", false).await;
        let actor = format!("{}/users/{}", site.base, alice.uuid);
        for resource in [
            format!("acct:alice@{}", site.authority()),
            format!("@ALICE@{}", site.authority()),
            format!("{}/@Alice", site.base),
            actor.clone(),
        ] {
            let answer = site
                .http
                .get(format!("{}/.well-known/webfinger", site.base))
                .query(&[("resource", &resource)])
                .send()
                .await
                .unwrap();
            assert_eq!(answer.status(), 200, "{resource}");
            assert_eq!(answer.headers()["content-type"], "application/jrd+json");
            let jrd: Value = answer.json().await.unwrap();
            assert_eq!(jrd["links"][0]["href"], actor, "{resource}");
        }
        for (resource, status) in
            [("", 400), ("acct:nobody@127.0.0.1", 404), ("acct:alice@other.example", 404), ("?", 400)]
        {
            let answer = site
                .http
                .get(format!("{}/.well-known/webfinger", site.base))
                .query(&[("resource", resource)])
                .send()
                .await
                .unwrap();
            assert_eq!(answer.status(), status, "{resource}");
        }
        let meta =
            site.get(&format!("{}/.well-known/host-meta", site.base), "*/*").await.text().await.unwrap();
        assert!(
            meta.contains(&format!("template=\"{}/.well-known/webfinger?resource={{uri}}\"", site.base)),
            "{meta}"
        );
        let links: Value =
            site.get(&format!("{}/.well-known/nodeinfo", site.base), "*/*").await.json().await.unwrap();
        for link in links["links"].as_array().unwrap() {
            let info: Value = site.get(link["href"].as_str().unwrap(), "*/*").await.json().await.unwrap();
            assert_eq!(
                (&info["usage"]["users"]["total"], &info["openRegistrations"]),
                (&1.into(), &true.into())
            );
        }

        let answer = site.get(&actor, media_type::ACCEPT).await;
        assert_eq!(answer.headers()["vary"], "Accept");
        let document: Value = answer.json().await.unwrap();
        assert_eq!(
            (&document["id"], &document["type"], &document["preferredUsername"]),
            (&actor.clone().into(), &"Person".into(), &"Alice".into())
        );
        assert_eq!(
            site.get(&format!("{}/users/alice", site.base), media_type::ACTIVITY).await.headers()["location"],
            actor
        );
        assert_eq!(site.get(&actor, "text/html").await.status(), 303);
        let instance =
            site.get(&format!("{}/users/{}", site.base, social::users::INSTANCE), media_type::ACTIVITY).await;
        assert_eq!(instance.json::<Value>().await.unwrap()["type"], "Service");

        let (_, note) = site.write(&alice, "hello #world", Visibility::Public, None).await;
        let first = site.get(&note, media_type::ACTIVITY).await;
        let etag = first.headers()["etag"].clone();
        let document: Value = first.json().await.unwrap();
        assert_eq!(document["to"], serde_json::json!(["https://www.w3.org/ns/activitystreams#Public"]));
        assert_eq!(document["tag"][0]["name"], "#world");
        let again = site
            .http
            .get(&note)
            .header("accept", media_type::ACTIVITY)
            .header("if-none-match", etag)
            .send()
            .await
            .unwrap();
        assert_eq!(again.status(), 304);
        for visibility in [Visibility::Followers, Visibility::Private] {
            let (_, note) = site.write(&alice, "secret", visibility, None).await;
            assert_eq!(site.get(&note, media_type::ACTIVITY).await.status(), 404, "{visibility:?}");
            assert_eq!(site.get(&format!("{note}/activity"), media_type::ACTIVITY).await.status(), 404);
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_outbox_has_everything_once() {
    testkit::on_each_engine(&[&SCHEMA], |store| async move {
        let site = Site::start(&store, fast()).await;
        let alice = site.person("alice", false).await;
        let mut written = Vec::new();
        for n in 0..45 {
            let visibility = if n % 3 == 0 { Visibility::Unlisted } else { Visibility::Public };
            written.push(site.write(&alice, &format!("no {n}"), visibility, None).await.1);
            site.write(&alice, "secret", Visibility::Followers, None).await;
        }
        let outbox = format!("{}/users/{}/outbox", site.base, alice.uuid);
        let list: Value = site.get(&outbox, media_type::ACTIVITY).await.json().await.unwrap();
        assert_eq!(list["totalItems"], 45);
        let (mut next, mut seen) = (Some(list["first"].as_str().unwrap().to_owned()), Vec::new());
        while let Some(page) = next {
            let page: Value = site.get(&page, media_type::ACTIVITY).await.json().await.unwrap();
            let items = page["orderedItems"].as_array().unwrap();
            seen.extend(items.iter().map(|item| item["object"]["id"].as_str().unwrap().to_owned()));
            next = page["next"].as_str().map(str::to_owned);
        }
        written.reverse();
        let mut sorted = (seen.clone(), written.clone());
        sorted.0.sort();
        sorted.1.sort();
        assert_eq!(sorted.0, sorted.1);
    })
    .await;
}
