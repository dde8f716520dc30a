//! Somebody who was at home here moves to a PDS, with all their images (spec/registry.md §5.9).

use std::process::{Command, Output};
use std::time::{Duration, Instant};

use registry_conformance::Repository;
use registry_conformance::client::Client;
use registry_conformance::content::{Algorithm, DataSet};
use serde_json::Value;
use testkit::NetworkOptions;

use super::Elsewhere;
use crate::extra::refused;
use crate::ours::{PASSWORD, Registry};
use crate::stubborn::{pull, push, tags};

const CAROL: &str = "carol.test";

/// Many times as long as it takes a server to look at its accounts again.
const PATIENCE: Duration = Duration::from_secs(30);

#[tokio::test(flavor = "multi_thread")]
async fn everything_is_the_new_accounts_and_still_pulls() {
    let Some(elsewhere) = Elsewhere::start(NetworkOptions::default()).await else { return };
    let accounts = format!("{CAROL}:{PASSWORD}");
    let settings = [
        ("REGISTRY_LOCAL_ACCOUNTS", &*accounts),
        ("HOLD_ALLOW_ALL_CREW", "true"),
        ("REGISTRY_GC_INTERVAL", "1"),
        ("REGISTRY_GC_GRACE", "0"),
    ];
    let registry = Registry::start_in_with(&elsewhere.network, &settings).await;
    let carol = Client::new(&registry.target(CAROL)).unwrap();
    let old = Repository { client: &carol, name: "carol.test/team/app" };
    let sets: Vec<_> = DataSet::all(Algorithm::Sha256)
        .into_iter()
        .filter(|set| !["layers kept elsewhere", "large annotations"].contains(&set.name))
        .collect();
    for set in &sets {
        push(old, set).await.unwrap();
    }
    let names = tags(old).await.unwrap();
    let mut digests = Vec::new();
    for tag in &names {
        digests.push(pull(old, tag).await.unwrap());
    }

    let person = elsewhere.alice();
    let secret = registry.options.data_dir.join("app-password");
    std::fs::write(&secret, &person.password).unwrap();
    let pds = &elsewhere.network.endpoints.pds[0];
    let migrate = |more: &[&str]| {
        let mut command =
            registry.options.command(&["registry", "migrate", CAROL, "--to-pds", pds, "--json"]);
        command.args(["--account", &person.account.handle, "--app-password-file"]).arg(&secret).args(more);
        command
    };
    let wrong = complaint(migrate(&[]).args(["--to-pds", "http://localhost:9"]));
    assert!(wrong.contains("cannot be used multiple times") || wrong.contains("is not at home"), "{wrong}");
    let first = report(&mut migrate(&[]));
    println!("{first}");
    assert_eq!((&first["missing"], &first["finished"]), (&0.into(), &false.into()));
    let theirs = elsewhere.network.list_records(&person.account, "io.atcr.tag").await;
    assert_eq!(theirs.len(), names.len());
    let again = report(&mut migrate(&[]));
    assert_eq!((&again["records"], &again["already_there"]), (&0.into(), &first["records"]), "{again}");
    // Until it is finished it is Carol's.
    assert_eq!(pull(old, &names[0]).await.unwrap(), digests[0]);

    report(&mut migrate(&["--finish"]));
    let anybody = Client::new(&registry.public_target("alice.test")).unwrap();
    let new = Repository { client: &anybody, name: "alice.test/team/app" };
    assert_eq!(tags(new).await.unwrap(), names);
    for (tag, digest) in names.iter().zip(&digests) {
        assert_eq!(pull(new, tag).await.unwrap(), *digest, "{tag}");
    }
    let old = Repository { client: &anybody, name: "carol.test/team/app" };
    // A command has moved the account; the server notices within moments.
    let start = Instant::now();
    while old.get("tags/list").await.unwrap().status == 200 {
        assert!(start.elapsed() < PATIENCE, "the old name is served");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    refused(&old.get("tags/list").await.unwrap(), 404, "NAME_UNKNOWN");
    // It is hers to go on with, and what is not pushed by her is not garbage.
    let alice = person.client(&registry);
    let hers = Repository { client: &alice, name: "alice.test/team/app" };
    push(hers, &crate::extra::image(&["next"])).await.unwrap();
    assert_eq!(tags(new).await.unwrap().len(), names.len() + 1);
    for (tag, digest) in names.iter().zip(&digests) {
        assert_eq!(pull(new, tag).await.unwrap(), *digest, "{tag}");
    }
}

fn report(command: &mut Command) -> Value {
    let Output { status, stdout, stderr } = command.output().unwrap();
    let [out, err] = [stdout, stderr].map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
    assert!(status.success(), "{command:?} ended with {status}:\n{out}\n{err}");
    serde_json::from_str(&out).unwrap()
}

fn complaint(command: &mut Command) -> String {
    let Output { status, stderr, .. } = command.output().unwrap();
    assert!(!status.success());
    String::from_utf8_lossy(&stderr).into_owned()
}
