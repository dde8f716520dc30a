//! A peer that refuses for a while, and one that is away (spec/social.md §9.4, 10 and 11).

use serde_json::{Value, json};
use social::Visibility;
use testkit::Fedify;

use crate::scenarios::friends;
use crate::site::fast;

fn note(activity: &Value) -> String {
    let object = &activity["object"];
    object.get("id").unwrap_or(object).as_str().unwrap_or_default().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_refused_for_a_while_arrives_once() {
    for form in Fedify::FORMS {
        let Some((site, peer, alice, _)) = friends(form, &[], fast()).await else { return };
        peer.command("fail-inbox", json!({ "count": 3 })).await;
        let (_, first) = site.write(&alice, "at last", Visibility::Public, None).await;
        let (_, second) = site.write(&alice, "and then", Visibility::Public, None).await;
        peer.received("Create", |create| note(create) == second).await;
        site.until_told().await;
        let believed: Vec<String> =
            peer.all("received", "Create").await.iter().map(|event| note(&event["json"])).collect();
        assert_eq!(believed, [first.clone(), second], "{form}: each once, and in order");
        let tried =
            peer.all("http", "Create").await.iter().filter(|event| note(&event["json"]) == first).count();
        assert_eq!(tried, 4, "{form}: refused three times");
        assert_eq!(site.count("SELECT count(*) FROM social_deliveries WHERE state = 'failed'").await, 0);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_was_away_is_told_everything_in_order() {
    for form in Fedify::FORMS {
        let keys = tempfile::NamedTempFile::new().unwrap().into_temp_path();
        std::fs::remove_file(&keys).unwrap();
        let options = ["--first-knock", form, "--keys", keys.to_str().unwrap()];
        let Some((site, mut peer, alice, _)) = friends(form, &options[2..], fast()).await else { return };
        site.until_told().await;
        peer.end();
        let mut written = Vec::new();
        for n in 0..10 {
            written.push(site.write(&alice, &format!("no {n}"), Visibility::Public, None).await.1);
        }
        site.until("attempts", |conn| {
            let tried = "SELECT coalesce(max(attempts), 0) FROM social_deliveries WHERE state = 'queued'";
            Ok((conn.query_one(tried, &[], |row| row.int(0))? >= 3).then_some(()))
        })
        .await;
        peer.restart(&options);
        let last = written.last().unwrap().clone();
        peer.received("Create", |create| note(create) == last).await;
        site.until_told().await;
        let believed: Vec<String> =
            peer.all("received", "Create").await.iter().map(|event| note(&event["json"])).collect();
        assert_eq!(believed, written, "{form}");
    }
}
