//! The matrix of spec/registry.md §9, on our server in all its forms and on one that is known to fail some of it.

use registry_conformance::{Target, run};
use testkit::{DockerRegistry, S3Service};

use crate::ours::{ALICE, Blobs, Registry};

#[tokio::test(flavor = "multi_thread")]
async fn embedded_records_and_a_folder_of_blobs() {
    is_all_right(&Blobs::Folder, &[]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn embedded_records_and_a_bucket_of_blobs() {
    let Some(service) = S3Service::start() else { return };
    // The service itself answers these as if nothing had been said of ranges.
    is_all_right(&Blobs::Bucket(service.good_url()), &[": -500", ": 500-0"]).await;
}

/// Nothing fails, and nothing is left out, but what is somebody else's fault.
async fn is_all_right(blobs: &Blobs, not_ours: &[&str]) {
    let registry = Registry::start(blobs).await;
    let report = run(&registry.target(ALICE)).await.unwrap();
    let is_ours =
        |name: &str| !(name.starts_with("ranges, ") && not_ours.iter().any(|end| name.ends_with(end)));
    let wrong = report.failures().chain(report.skipped()).find(|check| is_ours(&check.name));
    assert!(wrong.is_none(), "{report}");
    println!("{report}");
}

/// What the reference server of its time does not do or does wrong: it knows no referrers, takes every digest for one of
/// sha256, lists tags in no order and all at once, deletes no tags, and forgets an upload when a chunk comes too early.
const KNOWN: [&str; 9] = [
    "referrers",
    "subject",
    "sha512",
    "out of order",
    "tags",
    "DELETE",
    "layers kept elsewhere",
    "malformed digest of a manifest",
    "ranges, sha256: 5",
];

/// The checks find just that, so they can fail.
#[tokio::test(flavor = "multi_thread")]
async fn the_reference_server_fails_what_it_is_known_to_fail() {
    let folder = tempfile::tempdir().unwrap();
    let Some(registry) = DockerRegistry::start(folder.path()).await else { return };
    let target = Target {
        url: registry.url(),
        repositories: ["one/app", "two/app"].map(str::to_owned),
        credentials: None,
        draft: false,
        sparse: false,
    };
    let report = run(&target).await.unwrap();
    let failures: Vec<&str> = report.failures().map(|check| check.name.as_str()).collect();
    for known in KNOWN {
        assert!(failures.iter().any(|name| name.contains(known)), "{known}: {report}");
    }
    let unknown = failures.iter().find(|name| !KNOWN.iter().any(|known| name.contains(known)));
    assert_eq!(unknown, None, "{report}");
    let skipped: Vec<&str> = report.skipped().map(|check| check.name.as_str()).collect();
    assert!(skipped.iter().all(|name| name.starts_with("mounts, without a name")), "{skipped:?}");
    println!("{} checks, {} failures, as known", report.count(), failures.len());
}
