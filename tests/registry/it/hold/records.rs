//! The hold's repository: what everybody reads of it follows from its rows.

use std::time::Duration;

use futures::StreamExt;
use serde_json::json;
use testkit::TestDatabase;

use super::{Scene, notice};
use crate::ours::Blobs;

#[tokio::test(flavor = "multi_thread")]
async fn says_what_the_rows_say() {
    follows(Scene::at(&Blobs::Folder, Some(TestDatabase::sqlite()), &[]).await).await;
    let Some(postgres) = TestDatabase::postgres().await else { return };
    follows(Scene::at(&Blobs::Folder, Some(postgres), &[]).await).await;
}

/// Whoever follows the repositories of this server hears of the hold: who owns it, and what was pushed.
#[tokio::test(flavor = "multi_thread")]
async fn is_told_to_subscribers() {
    let scene = Scene::new(&[]).await;
    let url = scene.server().url().replace("http://", "ws://");
    let url = format!("{url}/xrpc/com.atproto.sync.subscribeRepos?cursor=0");
    let (mut stream, _) = tokio_tungstenite::connect_async(url).await.unwrap();
    let layer = scene.send(&scene.writer, "layer", 10).await;
    scene.notify(&scene.writer, "push", &[&layer]).await.expect(200);
    let mut wanted = vec!["io.atcr.hold.captain/self".to_owned(), "io.atcr.hold.layer/".to_owned(), layer];
    while !wanted.is_empty() {
        let message = tokio::time::timeout(super::PATIENCE, stream.next()).await.unwrap().unwrap().unwrap();
        let bytes = message.into_data();
        let has = |text: &str| bytes.windows(text.len()).any(|window| window == text.as_bytes());
        if has(&scene.hold) {
            wanted.retain(|text| !has(text));
        }
    }
}

async fn follows(mut scene: Scene) {
    let captain = &scene.records_when("io.atcr.hold.captain", 1).await[0];
    assert_eq!(captain["uri"], format!("at://{}/io.atcr.hold.captain/self", scene.hold));
    let deployed_at = captain["value"]["deployedAt"].clone();
    let expected = json!({
        "$type": "io.atcr.hold.captain", "owner": scene.captain.did, "public": true, "allowAllCrew": false,
        "enableBlueskyPosts": false, "deployedAt": deployed_at,
    });
    assert_eq!(captain["value"], expected);
    let crew = scene.records_when("io.atcr.hold.crew", 4).await;
    let owner = crew.iter().find(|record| record["value"]["member"] == scene.captain.did).unwrap();
    assert_eq!(owner["value"]["permissions"], json!(["blob:read", "blob:write", "crew:admin"]));
    assert_eq!(owner["value"]["role"], "owner");

    let layers = [scene.send(&scene.writer, "one", 10).await, scene.send(&scene.writer, "two", 10).await];
    let [one, two] = layers.each_ref().map(String::as_str);
    scene.notify(&scene.writer, "push", &[one, two]).await.expect(200);
    let records = scene.records_when("io.atcr.hold.layer", 2).await;
    let notice = notice(&scene.writer, "push", &[one, two]);
    let manifest = notice["manifestDigest"].as_str().unwrap().strip_prefix("sha256:").unwrap();
    for record in &records {
        assert!(layers.iter().any(|digest| record["value"]["digest"] == *digest), "{record}");
        let manifest = format!("at://{}/io.atcr.manifest/{manifest}", scene.writer.did);
        assert_eq!(record["value"]["manifest"], manifest);
        assert_eq!(
            (&record["value"]["userDid"], &record["value"]["size"]),
            (&json!(scene.writer.did), &json!(3))
        );
    }
    let stats = &scene.records_when("io.atcr.hold.stats", 1).await[0];
    assert_eq!((&stats["value"]["pushCount"], &stats["value"]["pullCount"]), (&json!(1), &json!(0)));

    // What a command does beside the server, and what is configured otherwise, is published as well.
    scene.command(&["registry", "crew", "remove", &scene.reader.did]);
    scene.records_when("io.atcr.hold.crew", 3).await;
    scene.options = scene.options.clone().with("HOLD_PUBLIC", "false").with("HOLD_OWNER", &scene.admin.did);
    scene.restart().await;
    let began = std::time::Instant::now();
    while scene.records("io.atcr.hold.captain").await[0]["value"]["owner"] != scene.admin.did {
        assert!(began.elapsed() < super::PATIENCE);
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let captain = &scene.records("io.atcr.hold.captain").await[0]["value"];
    assert_eq!((&captain["public"], &captain["deployedAt"]), (&json!(false), &deployed_at));
    let crew = json!(scene.records_when("io.atcr.hold.crew", 2).await);
    assert!(!crew.to_string().contains(&scene.captain.did), "{crew}");
    assert_eq!(scene.records("io.atcr.hold.layer").await, records, "a restart publishes nothing twice");
}
