//! Telling of pushes and pulls.

use std::time::Instant;

use serde_json::{Value, json};

use super::{PATIENCE, Scene, digest_of, done, notice, refused};

impl Scene {
    async fn stats(&self, did: &str) -> Value {
        let query = [("did", did), ("repo", "app")];
        self.nobody().get_with("/xrpc/io.atcr.hold.getStats", &query).await.expect(200)
    }

    /// The counts of pulls and pushes of the writer's, when they are these.
    async fn counts(&self, expected: (u64, u64)) {
        let began = Instant::now();
        loop {
            let stats = self.stats(&self.writer.did).await;
            let counts = (stats["pullCount"].as_u64().unwrap(), stats["pushCount"].as_u64().unwrap());
            if counts == expected {
                return;
            }
            assert!(began.elapsed() < PATIENCE, "{counts:?}, not {expected:?}");
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
    }

    async fn quota(&self, did: &str) -> Value {
        self.nobody().get_with("/xrpc/io.atcr.hold.getQuota", &[("userDid", did)]).await.expect(200)
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn of_a_push_its_layers_are_kept_once() {
    let scene = Scene::new(&[]).await;
    let writer = &scene.writer;
    let (one, two) = (scene.send(writer, "one", 10).await, scene.send(writer, "two!", 10).await);
    let told = scene.notify(writer, "push", &[&one, &two]).await.expect(200);
    let expected = json!({
        "success": true, "operation": "push", "statsUpdated": true, "layersCreated": 2, "postCreated": false,
    });
    assert_eq!(told, expected);
    let again = scene.notify(writer, "push", &[&one, &two]).await.expect(200);
    assert_eq!((&again["layersCreated"], &again["statsUpdated"]), (&json!(0), &json!(false)));
    done(&scene.notify(writer, "push", &[&one]).await);
    scene.counts((0, 2)).await;
    let expected =
        json!({ "userDid": writer.did, "uniqueBlobs": 2, "totalSize": 7, "limit": 1000, "tier": "deckhand" });
    assert_eq!(scene.quota(&writer.did).await, expected);
    let captain = scene.quota(&scene.captain.did).await;
    assert_eq!(captain, json!({ "userDid": scene.captain.did, "uniqueBlobs": 0, "totalSize": 0 }));
    let listed =
        scene.nobody().get_with("/xrpc/io.atcr.hold.listStats", &[("did", &writer.did)]).await.expect(200);
    assert_eq!(
        (&listed["stats"][0]["repository"], &listed["stats"][0]["pushCount"]),
        (&json!("app"), &json!(2))
    );
    let tiers = scene.nobody().get("/xrpc/io.atcr.hold.listTiers").await.expect(200);
    let expected = json!([
        { "name": "deckhand", "rank": 0, "quota": 1000 }, { "name": "bosun", "rank": 1, "quota": 1_000_000 },
    ]);
    assert_eq!(tiers["tiers"], expected);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_a_pull_it_is_counted_whoever_pulls() {
    let scene = Scene::new(&[]).await;
    let layer = scene.send(&scene.writer, "layer", 10).await;
    let pull = notice(&scene.writer, "pull", &[&layer]);
    // There is nothing that could be pulled.
    let nothing = scene.call(&scene.reader, "notifyManifest", pull.clone()).await.expect(200);
    assert_eq!(nothing["statsUpdated"], false);
    done(&scene.notify(&scene.writer, "push", &[&layer]).await);
    for (who, counted) in [(&scene.reader, true), (&scene.reader, false), (&scene.stranger, true)] {
        let told = scene.call(who, "notifyManifest", pull.clone()).await.expect(200);
        assert_eq!((&told["operation"], &told["statsUpdated"]), (&json!("pull"), &json!(counted)));
    }
    scene.counts((2, 1)).await;
    let stats = scene.stats(&scene.writer.did).await;
    assert!(stats["lastPull"].is_string() && stats["lastPush"].is_string(), "{stats}");
    assert_eq!(scene.stats(&scene.reader.did).await, json!({ "pullCount": 0, "pushCount": 0 }));
    let set = json!({ "ownerDid": scene.writer.did, "repository": "app", "pullCount": 40, "lastPull": "2026-01-01T00:00:00Z" });
    done(&scene.call(&scene.captain, "setStats", set.clone()).await);
    scene.counts((40, 1)).await;
    let with = |name: &str, value: Value| {
        let mut set = set.clone();
        set[name] = value;
        set
    };
    for (name, value, error) in [
        ("ownerDid", json!("alice"), "InvalidOwner"),
        ("repository", json!("App"), "InvalidRepository"),
        ("pullCount", json!(-1), "InvalidRequest"),
        ("lastPull", json!("yesterday"), "InvalidRequest"),
    ] {
        refused(&scene.call(&scene.captain, "setStats", with(name, value)).await, 400, error);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_gets_room_or_protection_for_what_is_not_theirs_or_not_here() {
    let scene = Scene::new(&[]).await;
    let writer = &scene.writer;
    let layer = scene.send(writer, "layer", 10).await;
    let others = notice(&scene.captain, "push", &[&layer]);
    refused(&scene.call(writer, "notifyManifest", others).await, 400, "UserMismatch");
    refused(&scene.notify(&scene.reader, "push", &[&layer]).await, 403, "Forbidden");
    refused(&scene.notify(writer, "delete", &[&layer]).await, 400, "InvalidOperation");
    refused(&scene.notify(writer, "push", &[&layer, &digest_of("nowhere")]).await, 400, "BlobNotFound");
    let large = scene.send(writer, &"x".repeat(2000), 4000).await;
    refused(&scene.notify(writer, "push", &[&large]).await, 403, "QuotaExceeded");
    assert_eq!(scene.quota(&writer.did).await["totalSize"], 0);
    // Whoever has no room left at all need not begin.
    let full = scene.send(writer, &"y".repeat(1000), 4000).await;
    done(&scene.notify(writer, "push", &[&full]).await);
    let begun = scene.call(writer, "initiateUpload", json!({ "digest": digest_of("more") })).await;
    refused(&begun, 403, "QuotaExceeded");
    let path = format!("/xrpc/com.atproto.sync.getBlob?cid={}&method=PUT", digest_of("more"));
    refused(&scene.of(writer, "com.atproto.sync.getBlob").get(&path).await, 403, "QuotaExceeded");
    let bad = json!({ "repository": "APP", "userDid": writer.did, "manifestDigest": digest_of("m") });
    refused(&scene.call(writer, "notifyManifest", bad).await, 400, "InvalidRequest");
    refused(&scene.nobody().get("/xrpc/io.atcr.hold.getQuota?userDid=alice").await, 400, "InvalidUserDid");
}

/// What nobody has named is garbage, and what is named is not.
#[tokio::test(flavor = "multi_thread")]
async fn garbage_is_what_nobody_told_of() {
    let mut scene = Scene::new(&[("REGISTRY_GC_GRACE", "0"), ("REGISTRY_GC_INTERVAL", "0")]).await;
    let kept = scene.send(&scene.writer, "kept", 10).await;
    let garbage = scene.send(&scene.writer, "garbage", 10).await;
    done(&scene.notify(&scene.writer, "push", &[&kept]).await);
    scene.stop().await;
    scene.command(&["registry", "collect"]);
    scene.restart().await;
    let path = |digest: &str| format!("/xrpc/com.atproto.sync.getBlob?did={}&cid={digest}", scene.hold);
    assert_eq!(scene.nobody().get(&path(&kept)).await.text, "kept");
    assert_eq!(scene.nobody().get(&path(&garbage)).await.status, 404);
}
