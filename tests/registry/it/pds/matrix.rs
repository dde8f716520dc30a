//! The matrix of spec/registry.md §9 where every manifest and every tag is a record at a PDS.

use registry_conformance::run;
use testkit::NetworkOptions;

use super::Elsewhere;
use crate::ours::Registry;

#[tokio::test(flavor = "multi_thread")]
async fn records_at_a_pds_and_a_folder_of_blobs() {
    let Some(elsewhere) = Elsewhere::start(NetworkOptions::default()).await else { return };
    let registry = Registry::start_in(&elsewhere.network).await;
    let report = run(&elsewhere.alice().target(&registry)).await.unwrap();
    let wrong = report.failures().chain(report.skipped()).next();
    assert!(wrong.is_none(), "{report}");
    println!("{report}");
    let (alice, network) = (&elsewhere.alice().account, &elsewhere.network);
    assert!(network.list_records(&elsewhere.bob().account, "io.atcr.tag").await.is_empty());
    // It ends with everything deleted, but for what was put last.
    println!("{} manifests are left", network.list_records(alice, "io.atcr.manifest").await.len());
}
