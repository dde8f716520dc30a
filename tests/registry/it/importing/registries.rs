//! From a registry of Docker's, and from one of ours.

use registry_conformance::client::Client;
use registry_conformance::content::{Algorithm, Builder, DataSet};
use registry_conformance::{Credentials, Repository, Target};
use serde_json::json;
use testkit::DockerRegistry;

use super::{complaint, import, is_the_same, report, sets};
use crate::ours::{ALICE, BOB, Blobs, Registry};
use crate::stubborn::{pull, push};

fn docker_target(server: &DockerRegistry, login: Option<(&str, &str)>) -> Target {
    let credentials =
        login.map(|(user, password)| Credentials { user: user.into(), password: password.into() });
    let (url, repositories) = (server.url(), ["team/app", "team/other"].map(str::to_owned));
    Target { url, repositories, credentials, draft: false, sparse: false }
}

/// Referrers as clients keep them where the registry does not: an index under a tag made of the digest.
fn with_referrers_tag() -> DataSet {
    let mut builder = Builder::new("referrers by tag", Algorithm::Sha256);
    let subject = builder.image(&["subject"]);
    let artifact = builder.artifact(&[], "application/vnd.example.notes", json!({ "subject": subject }));
    let tag = subject["digest"].as_str().unwrap().replace(':', "-");
    builder.index(&[&tag], &[artifact], json!({}));
    builder.done()
}

#[tokio::test(flavor = "multi_thread")]
async fn from_a_registry_of_docker_with_a_password() {
    let folder = tempfile::tempdir().unwrap();
    let Some(server) = DockerRegistry::start_guarded(folder.path()).await else { return };
    let theirs = Client::new(&docker_target(&server, Some(DockerRegistry::user()))).unwrap();
    let [app, other] = ["team/app", "team/deep/other"].map(|name| Repository { client: &theirs, name });
    // It takes an image only if all of its kind is known to it.
    for set in sets(Algorithm::Sha256)
        .iter()
        .chain([&with_referrers_tag()])
        .filter(|set| !set.name.contains("referrers"))
    {
        push(app, set).await.unwrap();
    }
    push(app, &with_referrers_tag()).await.unwrap();
    let mut shared = Builder::new("image", Algorithm::Sha256);
    shared.image(&["v1"]);
    let shared = shared.done();
    push(other, &shared).await.unwrap();
    push(app, &shared).await.unwrap();

    let ours = Registry::start(&Blobs::Folder).await;
    let alice = Client::new(&ours.target(ALICE)).unwrap();
    let source = format!("{}/team", server.url());
    let said = complaint(&mut import(&ours, &source));
    assert!(said.contains("does not allow to"), "{said}");
    let secret = folder.path().join("secret");
    std::fs::write(&secret, DockerRegistry::user().1).unwrap();
    let mut command = import(&ours, &source);
    command.args(["--source-user", DockerRegistry::user().0, "--source-password-file"]).arg(&secret);
    let first = report(&mut command);
    println!("{first}");
    assert_eq!(first["repositories"], 2);
    assert!(first["mounted"].as_u64().unwrap() > 0, "what both have is sent once: {first}");
    let tags = is_the_same(&alice, "alice.test/app", app).await;
    assert_eq!(is_the_same(&alice, "alice.test/deep/other", other).await, 1);
    // What is about another is known by it, although nobody there knew.
    let subject = with_subject(&alice).await;
    assert_eq!(subject, 1);

    let again = report(&mut command);
    assert_eq!(again["tags"], json!({ "copied": 0, "already_there": tags + 1 }));
    assert_eq!((&again["manifests"]["copied"], &again["bytes"]), (&json!(0), &json!(0)), "{again}");
}

/// How many are about the image `subject`.
async fn with_subject(client: &Client) -> usize {
    let here = Repository { client, name: "alice.test/app" };
    let digest = pull(here, "subject").await.unwrap();
    let list = here.get(&format!("referrers/{digest}")).await.unwrap().expect(&[200]).unwrap();
    list.json().unwrap()["manifests"].as_array().unwrap().len()
}

#[tokio::test(flavor = "multi_thread")]
async fn from_one_of_ours_with_all_that_is_about_it() {
    let (theirs, ours) = (Registry::start(&Blobs::Folder).await, Registry::start(&Blobs::Folder).await);
    let bob = Client::new(&theirs.target(BOB)).unwrap();
    let there = Repository { client: &bob, name: "bob.test/app" };
    let all = sets(Algorithm::Sha256);
    for set in &all {
        push(there, set).await.unwrap();
    }
    let longer = Repository { client: &bob, name: "bob.test/longer" };
    for set in &sets(Algorithm::Sha512) {
        push(longer, set).await.unwrap();
    }
    let alice = Client::new(&ours.target(ALICE)).unwrap();
    let namespace = format!("{}/bob.test", theirs.server.url());
    report(import(&ours, &namespace).args(["--repository", "longer"]));
    is_the_same(&alice, "alice.test/longer", longer).await;
    // A repository is copied under its own name.
    let source = format!("{}/bob.test/app", theirs.server.url());
    let first = report(&mut import(&ours, &source));
    println!("{first}");
    is_the_same(&alice, "alice.test/app", there).await;
    let here = Repository { client: &alice, name: "alice.test/app" };
    let mut about = 0;
    for manifest in all.iter().flat_map(|set| &set.manifests) {
        let path = format!("referrers/{}", manifest.digest);
        let (one, other) = (here.get(&path).await.unwrap(), there.get(&path).await.unwrap());
        let (one, other) = (one.json().unwrap(), other.json().unwrap());
        assert_eq!(one, other, "{path}");
        about += one["manifests"].as_array().unwrap().len();
    }
    assert!(about > 3, "{about}");

    // What was moved meanwhile is moved here, and nothing else is sent.
    let mut moved = Builder::new("moved", Algorithm::Sha256);
    moved.image(&[all[0].manifests[0].tags.first().map_or("v1", String::as_str)]);
    push(there, &moved.done()).await.unwrap();
    let second = report(&mut import(&ours, &source));
    assert_eq!(second["tags"]["copied"], 1, "{second}");
    is_the_same(&alice, "alice.test/app", there).await;

    // Bob has no place here, and Alice's is not his.
    let mut command = import(&ours, &source);
    let said = complaint(command.args(["--as", "bob.test"]));
    assert!(said.contains("does not allow to"), "{said}");
    let nobody = format!("{}/bob.test/nothing", theirs.server.url());
    assert!(complaint(&mut import(&ours, &nobody)).contains("--repository"));
}
