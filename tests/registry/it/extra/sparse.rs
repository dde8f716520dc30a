//! An index whose manifests are elsewhere is taken where the operator says so (`REGISTRY_ALLOW_SPARSE`).

use registry_conformance::client::Client;
use registry_conformance::content::{Algorithm, DataSet};
use registry_conformance::{Repository, Target, run};

use super::refused;
use crate::ours::{ALICE, Blobs, Registry};

#[tokio::test(flavor = "multi_thread")]
async fn the_whole_matrix_holds_where_it_is_allowed() {
    let registry = Registry::start_with(&Blobs::Folder, &[("REGISTRY_ALLOW_SPARSE", "true")]).await;
    let report = run(&Target { sparse: true, ..registry.target(ALICE) }).await.unwrap();
    let wrong = report.failures().chain(report.skipped()).next();
    assert!(wrong.is_none(), "{report}");
}

#[tokio::test(flavor = "multi_thread")]
async fn it_is_refused_where_it_is_not() {
    let registry = Registry::start(&Blobs::Folder).await;
    let client = Client::new(&registry.target(ALICE)).unwrap();
    let repository = Repository { client: &client, name: "alice.test/one" };
    let set = DataSet::sparse(Algorithm::Sha256);
    let index = set.manifests.last().unwrap();
    let answer = repository.put_manifest("sparse", index.media_type, index.bytes.clone()).await.unwrap();
    refused(&answer, 400, "MANIFEST_BLOB_UNKNOWN");
}
