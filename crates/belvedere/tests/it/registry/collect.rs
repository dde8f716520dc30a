//! `belvedere registry collect` where no server runs

use serde_json::json;
use testkit::databases;

use super::{ALICE, hold_of, keep, send};
use crate::place::Place;

#[tokio::test(flavor = "multi_thread")]
async fn removes_what_no_image_needs() {
    for database in databases().await {
        let place = Place::on(database);
        place.json(&["registry", "crew", "add", ALICE]);
        let error = place.failure(&["registry", "collect"]);
        assert!(error.contains("there is no folder") && error.contains("--registry-dir"), "{error}");
        let hold = hold_of(&place).await;
        let (kept, garbage) = (send(&hold, "kept").await, send(&hold, "garbage").await);
        keep(&hold, ALICE, &kept).await;
        let unfinished = hold.blobs().start(oci::Algorithm::Sha256).await.unwrap();

        let young = place.json(&["registry", "collect"]);
        assert_eq!((&young["garbage"], &young["young"]), (&json!(0), &json!(1)));
        let expected = |dry_run| json!({ "dry_run": dry_run, "blobs": 2, "bytes": 11, "garbage": 1, "freed": 7, "young": 0 });
        assert_eq!(place.json(&["registry", "collect", "--dry-run", "--grace", "0"]), expected(true));
        assert!(hold.blobs().head(&garbage.digest).await.unwrap().is_some(), "it was only looked for");
        assert_eq!(place.json(&["registry", "collect", "--grace", "0"]), expected(false));
        assert!(hold.blobs().head(&garbage.digest).await.unwrap().is_none());
        assert!(hold.blobs().head(&kept.digest).await.unwrap().is_some());
        assert_eq!(hold.blobs().offset(unfinished).await.unwrap(), 0, "an upload is not a blob yet");
        place.text(&["registry", "collect", "--registry-gc-grace-seconds", "0"]);
        let again = hold_of(&place).await;
        assert!(again.blobs().offset(unfinished).await.is_err(), "nobody went on with it");
        assert_eq!(place.text(&["registry", "collect"]), "removed 0 of 1 blobs, 0 B of 4 B\n");
    }
}
