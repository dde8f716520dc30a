//! The probe, and what is asked of a repository before anything is in it.

use anyhow::ensure;

use super::Place;
use crate::client::Request;
use crate::content::{Algorithm, Blob, INDEX};
use crate::report::Report;

pub(super) async fn run(place: Place<'_>, report: &mut Report) {
    let Place { one, .. } = place;
    let mut group = report.group("probe");
    group.check("GET /v2/", async { one.client.send(&Request::get("/v2/")).await?.expect(&[200]) }).await;

    let mut group = report.group("empty repository");
    group.check("tags", async { one.get("tags/list").await?.expect(&[200, 404]) }).await;
    for algorithm in Algorithm::ALL {
        let Blob { digest, .. } = Blob::random(algorithm, 16);
        let referrers = async {
            let answer = one.get(&format!("referrers/{digest}")).await?.expect(&[200])?;
            let answer = answer.expect_header("content-type", INDEX)?;
            let json = answer.json()?;
            ensure!(json["schemaVersion"] == 2 && json["mediaType"] == INDEX, "not an index: {json}");
            ensure!(json["manifests"] == serde_json::json!([]), "not empty: {json}");
            Ok(())
        };
        group.check(format!("referrers of an unknown {algorithm}"), referrers).await;
        let blob = format!("blobs/{digest}");
        group
            .check(format!("GET an unknown {algorithm}"), async { one.get(&blob).await?.expect(&[404]) })
            .await;
        group
            .check(format!("HEAD an unknown {algorithm}"), async { one.head(&blob).await?.expect(&[404]) })
            .await;
    }
}
