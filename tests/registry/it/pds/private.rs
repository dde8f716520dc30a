//! A hold that is not public: who is of its crew reads, its people push, and nobody else learns anything.

use registry_conformance::client::{Challenge, Client, Request};
use registry_conformance::{Credentials, Repository, Target};
use reqwest::Method;
use testkit::NetworkOptions;

use super::Elsewhere;
use crate::extra::{image, refused};
use crate::ours::{PASSWORD, Registry};
use crate::stubborn::{pull, push};

const CAROL: &str = "carol.test";

#[tokio::test(flavor = "multi_thread")]
async fn only_the_crew_reads() {
    let Some(elsewhere) = Elsewhere::start(NetworkOptions::default()).await else { return };
    let accounts = format!("{CAROL}:{PASSWORD}");
    let settings = [("HOLD_PUBLIC", "false"), ("REGISTRY_LOCAL_ACCOUNTS", &accounts)];
    let registry = Registry::start_in_with(&elsewhere.network, &settings).await;
    let carol = Client::new(&registry.target(CAROL)).unwrap();
    let of = |client| Repository { client, name: "carol.test/app" };
    let set = image(&["v1"]);
    push(of(&carol), &set).await.unwrap();
    assert_eq!(pull(of(&carol), "v1").await.unwrap(), set.manifests[0].digest);

    let member = elsewhere.alice().account.did.clone();
    let added = registry.options.command(&["registry", "crew", "add", &member, "--permission", "read"]);
    let added = { added }.output().unwrap();
    assert!(added.status.success(), "{}", String::from_utf8_lossy(&added.stderr));
    let alice = elsewhere.alice().client(&registry);
    assert_eq!(pull(of(&alice), "v1").await.unwrap(), set.manifests[0].digest);
    // To read is not to write, not even in a repository of her own.
    let own = Repository { client: &alice, name: "alice.test/app" };
    own.post("", bytes::Bytes::new()).await.unwrap().expect(&[401, 403]).unwrap();

    let anybody = Client::new(&registry.public_target(CAROL)).unwrap();
    let bob = elsewhere.bob().client(&registry);
    for what in ["manifests/v1", "tags/list", &set.blobs[0].path(), &referrers(&set)] {
        let answer = anybody.send_bare(&Request::get(of(&anybody).path(what))).await.unwrap();
        refused(&answer, 401, "UNAUTHORIZED");
        let challenge = Challenge::parse(answer.header("www-authenticate").unwrap()).unwrap();
        assert_eq!(challenge.scope.as_deref(), Some("repository:carol.test/app:pull"), "{what}");
        for stranger in [&anybody, &bob] {
            refused(&of(stranger).get(what).await.unwrap(), 401, "UNAUTHORIZED");
        }
        // Who says who they are with the request itself is told that it is of no use.
        let target = elsewhere.bob().target(&registry);
        refused(&as_basic(&target, &of(&bob).path(what)).await, 403, "DENIED");
    }
    let catalog = bob.send(&Request::get("/v2/_catalog")).await.unwrap().expect(&[200]).unwrap();
    assert_eq!(catalog.json().unwrap()["repositories"], serde_json::json!([]));
    // A blob is not mounted out of what may not be read.
    let from = format!("?mount={}&from=carol.test/app", set.blobs[0].digest);
    let mount =
        Repository { client: &bob, name: "bob.test/app" }.post(&from, bytes::Bytes::new()).await.unwrap();
    assert_ne!(mount.status, 201, "{}", mount.text());
}

async fn as_basic(target: &Target, path: &str) -> registry_conformance::client::Answer {
    let Credentials { user, password } = target.credentials.clone().unwrap();
    let basic = data_encoding::BASE64.encode(format!("{user}:{password}").as_bytes());
    let request = Request::new(Method::GET, path).with("authorization", format!("Basic {basic}"));
    Client::new(target).unwrap().send_bare(&request).await.unwrap()
}

fn referrers(set: &registry_conformance::content::DataSet) -> String {
    format!("referrers/{}", set.manifests[0].digest)
}
