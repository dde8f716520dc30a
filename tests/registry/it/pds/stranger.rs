//! A registry that nothing was pushed through: what it answers, it reads from the owners' PDS (spec/registry.md §5.4).

use registry_conformance::Repository;
use registry_conformance::client::Client;
use registry_conformance::content::DataSet;
use testkit::NetworkOptions;
use testkit::network::Fault;

use super::Elsewhere;
use crate::extra::{image, refused};
use crate::ours::{ALICE, Registry};
use crate::stubborn::{push, tags};

/// More than a PDS lists at once.
const TAGS: usize = 120;
/// As many as one request may bring.
const AT_ONCE: usize = 10;

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_known_is_read_from_the_pds_of_its_owner() {
    let Some(elsewhere) = Elsewhere::start(NetworkOptions::default()).await else { return };
    let first = Registry::start_in(&elsewhere.network).await;
    let alice = elsewhere.alice().client(&first);
    let (one, two) = (image(&["v1"]), image(&["v2"]));
    let repository = Repository { client: &alice, name: "alice.test/app" };
    push(repository, &one).await.unwrap();
    push(repository, &two).await.unwrap();
    let bob = elsewhere.bob().client(&first);
    push(Repository { client: &bob, name: "bob.test/app" }, &one).await.unwrap();
    let mut expected = many_tags(repository, &one).await;
    expected.extend(["v1".to_owned(), "v2".to_owned()]);
    expected.sort_unstable();
    assert_eq!(tags(repository).await.unwrap(), expected);

    // It comes to know what it asks for, and nothing by being told.
    for service in ["jetstream", "relay"] {
        elsewhere.network.set_fault(&Fault { drop: true, ..Fault::at(service, "") }).await;
    }
    let second = Registry::start_in(&elsewhere.network).await;
    let anybody = Client::new(&second.public_target(ALICE)).unwrap();
    let of = |name| Repository { client: &anybody, name };
    let (alices, bobs) = (of("alice.test/app"), of("bob.test/app"));
    pulls(alices, "v1", &one).await;
    refused(&alices.get("manifests/nothing").await.unwrap(), 404, "MANIFEST_UNKNOWN");
    // Its blobs are in the hold of the first, and a hold is not asked for what is in another.
    refused(&alices.get(&one.blobs[0].path()).await.unwrap(), 404, "BLOB_UNKNOWN");
    assert_eq!(tags(alices).await.unwrap(), expected);

    let fault = elsewhere.network.set_fault(&Fault { drop: true, ..Fault::at("pds", "") }).await;
    pulls(alices, "v1", &one).await;
    assert_eq!(tags(alices).await.unwrap(), expected);
    // All of it is known but its bytes.
    is_unavailable(alices, "manifests/v2").await;
    for what in ["manifests/v1", "tags/list", &one.blobs[0].path(), &referrers(&one)] {
        is_unavailable(bobs, what).await;
    }
    elsewhere.network.clear_fault(fault).await;
}

/// Whoever pushes or deletes through a server that has just been put there changes what they mean to change, and nothing else.
#[tokio::test(flavor = "multi_thread")]
async fn who_knows_little_writes_over_nothing_and_leaves_nothing_behind() {
    let Some(elsewhere) = Elsewhere::start(NetworkOptions::default()).await else { return };
    let (network, account) = (&elsewhere.network, &elsewhere.alice().account);
    let first = Registry::start_in(network).await;
    let at_first = elsewhere.alice().client(&first);
    let of_first = |name| Repository { client: &at_first, name };
    let (one, other) = (image(&["v1"]), image(&["c"]));
    push(of_first("alice.test/one"), &one).await.unwrap();
    push(of_first("alice.test/a_b"), &other).await.unwrap();

    for service in ["jetstream", "relay"] {
        network.set_fault(&Fault { drop: true, ..Fault::at(service, "") }).await;
    }
    let second = Registry::start_in(network).await;
    let at_second = elsewhere.alice().client(&second);
    let of_second = |name| Repository { client: &at_second, name };
    // The keys of both records are those of what is there: the same image, and the same characters.
    push(of_second("alice.test/two"), &one).await.unwrap();
    let tagged = image(&["b_c"]);
    push(of_second("alice.test/a"), &tagged).await.unwrap();
    let all = async |collection: &str, fields: [&str; 2]| {
        let records = network.list_records(account, collection).await;
        let of = |record: &testkit::network::Record| {
            fields.map(|field| record.value[field].as_str().unwrap().to_owned())
        };
        let mut found: Vec<_> = records.iter().map(of).collect();
        found.sort();
        found
    };
    let digest = |set: &DataSet| set.manifests[0].digest.clone();
    let mut expected = [
        ["one".to_owned(), digest(&one)],
        ["a_b".to_owned(), digest(&other)],
        ["two".to_owned(), digest(&one)],
        ["a".to_owned(), digest(&tagged)],
    ];
    expected.sort();
    assert_eq!(all("io.atcr.manifest", ["repository", "digest"]).await, expected);
    let expected = [["a", "b_c"], ["a_b", "c"], ["one", "v1"], ["two", "v1"]];
    assert_eq!(all("io.atcr.tag", ["repository", "tag"]).await, expected);
    // Neither has learned from the other that anything is gone.
    for (name, tag, set) in [("alice.test/one", "v1", &one), ("alice.test/a_b", "c", &other)] {
        pulls(of_first(name), tag, set).await;
        pulls(of_second(name), tag, set).await;
    }

    let third = Registry::start_in(network).await;
    let at_third = elsewhere.alice().client(&third);
    let of_third = |name| Repository { client: &at_third, name };
    of_third("alice.test/two").delete("manifests/v1").await.unwrap().expect(&[202]).unwrap();
    let path = format!("manifests/{}", digest(&one));
    let fourth = Registry::start_in(network).await;
    let at_fourth = elsewhere.alice().client(&fourth);
    let of_fourth = Repository { client: &at_fourth, name: "alice.test/one" };
    of_fourth.delete(&path).await.unwrap().expect(&[202]).unwrap();
    assert_eq!(all("io.atcr.tag", ["repository", "tag"]).await, [["a", "b_c"], ["a_b", "c"]]);
    assert_eq!(all("io.atcr.manifest", ["repository", "digest"]).await.len(), 3);
}

async fn pulls(from: Repository<'_>, reference: &str, set: &DataSet) {
    let answer = from.get(&format!("manifests/{reference}")).await.unwrap().expect(&[200]).unwrap();
    answer.expect_body(&set.manifests[0].bytes).unwrap();
}

async fn is_unavailable(from: Repository<'_>, what: &str) {
    let answer = from.get(what).await.unwrap();
    refused(&answer, 503, "UNKNOWN");
    assert!(answer.header("retry-after").is_some(), "{}", answer.asked);
}

fn referrers(set: &DataSet) -> String {
    format!("referrers/{}", set.manifests[0].digest)
}

/// Gives an image many tags.
async fn many_tags(repository: Repository<'_>, set: &DataSet) -> Vec<String> {
    let manifest = &set.manifests[0];
    let tags: Vec<String> = (0..TAGS).map(|n| format!("t{n}")).collect();
    for some in tags.chunks(AT_ONCE) {
        let query: Vec<String> = some.iter().map(|tag| format!("tag={tag}")).collect();
        let reference = format!("{}?{}", manifest.digest, query.join("&"));
        let answer = repository.put_manifest(&reference, manifest.media_type, manifest.bytes.clone()).await;
        answer.unwrap().expect(&[201]).unwrap();
    }
    tags
}
