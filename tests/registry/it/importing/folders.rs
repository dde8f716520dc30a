//! From the folder of a registry of Docker's, and from one that container tools write.

use std::os::unix::fs::symlink;

use registry_conformance::client::Client;
use registry_conformance::content::{Algorithm, DataSet, INDEX};
use registry_conformance::{Repository, Target};
use serde_json::json;
use testkit::DockerRegistry;

use super::{complaint, import, is_the_same, report, sets};
use crate::ours::{ALICE, Blobs, Registry};
use crate::stubborn::{pull, push, tags};

#[tokio::test(flavor = "multi_thread")]
async fn the_folder_of_a_registry_that_runs() {
    let folder = tempfile::tempdir().unwrap();
    let Some(server) = DockerRegistry::start(folder.path()).await else { return };
    let target = Target {
        url: server.url(),
        repositories: ["team/app", "team/other"].map(str::to_owned),
        credentials: None,
        draft: false,
        sparse: false,
    };
    let theirs = Client::new(&target).unwrap();
    let there = Repository { client: &theirs, name: "team/app" };
    for set in &sets(Algorithm::Sha256) {
        push(there, set).await.unwrap();
    }
    let root = std::fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().path().join("registry"));
    let root = root.into_iter().find(|path| path.is_dir()).unwrap();
    let ours = Registry::start(&Blobs::Folder).await;
    let alice = Client::new(&ours.target(ALICE)).unwrap();
    let first = report(&mut import(&ours, root.to_str().unwrap()));
    println!("{first}");
    assert!(is_the_same(&alice, "alice.test/team/app", there).await > 5);
    let again = report(&mut import(&ours, root.to_str().unwrap()));
    assert_eq!((&again["tags"]["copied"], &again["manifests"]["copied"]), (&json!(0), &json!(0)), "{again}");
}

/// Writes a set as a layout; its tags are names in the index.
fn write(set: &DataSet, root: &std::path::Path) {
    let blobs = root.join("blobs/sha256");
    std::fs::create_dir_all(&blobs).unwrap();
    let name = |digest: &str| digest.strip_prefix("sha256:").unwrap().to_owned();
    for blob in &set.blobs {
        std::fs::write(blobs.join(name(&blob.digest)), &blob.bytes).unwrap();
    }
    let mut listed = Vec::new();
    for manifest in &set.manifests {
        std::fs::write(blobs.join(name(&manifest.digest)), &manifest.bytes).unwrap();
        let mut tagged = manifest.tags.iter().map(|tag| {
            let mut descriptor = manifest.descriptor();
            descriptor["annotations"] = json!({ "org.opencontainers.image.ref.name": tag });
            descriptor
        });
        listed.extend(tagged.by_ref());
        if manifest.tags.is_empty() && manifest.subject().is_some() {
            listed.push(manifest.descriptor());
        }
    }
    let index = json!({ "schemaVersion": 2, "mediaType": INDEX, "manifests": listed });
    std::fs::write(root.join("index.json"), index.to_string()).unwrap();
    std::fs::write(root.join("oci-layout"), r#"{"imageLayoutVersion":"1.0.0"}"#).unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_folder_of_images_whole_and_damaged() {
    let ours = Registry::start(&Blobs::Folder).await;
    let alice = Client::new(&ours.target(ALICE)).unwrap();
    for (n, set) in sets(Algorithm::Sha256).iter().enumerate() {
        let folder = tempfile::tempdir().unwrap();
        write(set, folder.path());
        let (source, name) = (folder.path().to_str().unwrap(), format!("layout{n}"));
        report(import(&ours, source).args(["--repository", &name]));
        let here = Repository { client: &alice, name: &format!("alice.test/{name}") };
        for manifest in &set.manifests {
            for tag in &manifest.tags {
                assert_eq!(pull(here, tag).await.unwrap(), manifest.digest, "{}", set.name);
            }
        }
    }
    let set = &crate::extra::image(&["v1"]);
    let folder = tempfile::tempdir().unwrap();
    write(set, folder.path());
    let source = folder.path().to_str().unwrap();
    assert!(complaint(&mut import(&ours, source)).contains("--repository NAME"));
    let layer = folder.path().join("blobs").join(set.blobs.last().unwrap().digest.replace(':', "/"));
    let mut bytes = std::fs::read(&layer).unwrap();
    let into_damaged = || complaint(import(&ours, source).args(["--repository", "damaged"]));
    bytes[0] ^= 1;
    std::fs::write(&layer, &bytes).unwrap();
    assert!(into_damaged().contains("other bytes than those of"));
    bytes.truncate(10);
    std::fs::write(&layer, &bytes).unwrap();
    assert!(into_damaged().contains("other bytes than those of"));
    std::fs::remove_file(&layer).unwrap();
    assert!(into_damaged().contains("does not have it"));
    // Nothing is read that is not in the folder.
    symlink("/etc/passwd", &layer).unwrap();
    assert!(into_damaged().contains("of another kind"));
    let damaged = Repository { client: &alice, name: "alice.test/damaged" };
    assert!(tags(damaged).await.map_or(true, |tags| tags.is_empty()), "nothing of it can be pulled");
    std::fs::write(folder.path().join("oci-layout"), "{}").unwrap();
    assert!(into_damaged().contains("not of version 1"));
    std::fs::remove_file(folder.path().join("oci-layout")).unwrap();
    assert!(into_damaged().contains("neither an oci-layout nor"));
}
