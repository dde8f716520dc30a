//! What the network reads, over HTTP.

mod site;
mod websocket;

use std::sync::Arc;

use atproto::{Cid, Nsid};
use identity::{Resolver, ResolverConfig};
use outbound::{Outbound, OutboundConfig, Policy};
use remote::{Mode, Reading, Remote, RemoteConfig};
use repos::Status;
use serde_json::json;

use crate::rig::{NOTE, cid_of, note};
use site::{Site, on_each_site};

#[tokio::test(flavor = "multi_thread")]
async fn records_are_read_as_of_any_pds() {
    on_each_site(|site| async move {
        let did = site.rig.person("alice").await;
        for key in ["a", "b", "c"] {
            site.rig.put(&did, key, key).await;
        }
        let value = |key: &str| {
            json!({
                "uri": format!("at://{did}/{NOTE}/{key}"), "cid": cid_of(key),
                "value": { "$type": NOTE, "text": key },
            })
        };
        for repo in [did.as_str(), "alice.test", "Alice.test"] {
            let query = [("repo", repo), ("collection", NOTE), ("rkey", "a")];
            assert_eq!(site.get("com.atproto.repo.getRecord", &query).await.expect(200), value("a"));
        }
        let query = [("repo", did.as_str()), ("collection", NOTE), ("limit", "2")];
        let first = site.get("com.atproto.repo.listRecords", &query).await.expect(200);
        assert_eq!(first, json!({ "cursor": "b", "records": [value("c"), value("b")] }));
        let query = [("repo", did.as_str()), ("collection", NOTE), ("limit", "2"), ("cursor", "b")];
        let last = site.get("com.atproto.repo.listRecords", &query).await.expect(200);
        assert_eq!(last, json!({ "records": [value("a")] }));
        let described =
            site.get("com.atproto.repo.describeRepo", &[("repo", "alice.test")]).await.expect(200);
        assert_eq!(described["collections"], json!([NOTE]));
        assert_eq!(described["didDoc"]["id"], json!(did));
        let answer = site.get("com.atproto.identity.resolveHandle", &[("handle", "alice.test")]).await;
        assert_eq!(answer.expect(200), json!({ "did": did }));
        let server = site.get("com.atproto.server.describeServer", &[]).await.expect(200);
        assert!(server["did"].as_str().unwrap().starts_with("did:web:127.0.0.1%3A"));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_wrong_has_the_protocols_name() {
    on_each_site(|site| async move {
        let did = site.rig.person("alice").await;
        let unknown = cid_of("never written").to_string();
        let record = [("repo", "alice.test"), ("collection", NOTE), ("rkey", "a")];
        for (method, query, error) in [
            ("repo.getRecord", &record[..], "RecordNotFound"),
            ("repo.getRecord", &record[..2], "InvalidRequest"),
            ("repo.getRecord", &[("repo", "no name"), record[1], record[2]], "InvalidRequest"),
            ("repo.getRecord", &[record[0], ("collection", "note"), record[2]], "InvalidRequest"),
            ("repo.getRecord", &[("repo", "bob.test"), record[1], record[2]], "RepoNotFound"),
            ("repo.listRecords", &[record[0], record[1], ("limit", "many")], "InvalidRequest"),
            ("repo.listRecords", &[record[0], record[1], ("cursor", "a/b")], "InvalidRequest"),
            ("sync.getRepo", &[("did", "did:web:bob.test")], "RepoNotFound"),
            ("sync.getBlob", &[("did", did.as_str()), ("cid", &unknown)], "BlobNotFound"),
            ("sync.getBlob", &[("did", did.as_str()), ("cid", "sha256:abc")], "InvalidRequest"),
            ("sync.listRepos", &[("cursor", "x")], "InvalidRequest"),
        ] {
            let answer = site.get(&format!("com.atproto.{method}"), query).await;
            assert_eq!(answer.expect(400)["error"], error, "{method} {query:?}");
        }
        let other = [record[0], record[1], record[2], ("cid", &*unknown)];
        site.rig.put(&did, "a", "x").await;
        assert_eq!(
            site.get("com.atproto.repo.getRecord", &other).await.expect(400)["error"],
            "RecordNotFound"
        );
        assert_eq!(site.get("com.atproto.sync.subscribeRepos", &[]).await.status, 426);
        // Nobody writes from outside: there are no such methods.
        for method in [
            "repo.createRecord",
            "repo.putRecord",
            "repo.deleteRecord",
            "repo.applyWrites",
            "repo.uploadBlob",
        ] {
            let answer =
                site.client.post(&format!("/xrpc/com.atproto.{method}"), &json!({ "repo": did })).await;
            assert_eq!(answer.status, 404, "{method}");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn one_that_is_not_served_says_so() {
    on_each_site(|site| async move {
        let (did, other) = (site.rig.person("alice").await, site.rig.person("bob").await);
        site.rig.put(&did, "a", "x").await;
        let head = site.rig.repos.head(&other).await.unwrap().commit;
        let by_did = [("did", did.as_str())];
        let rev = site.rig.repos.head(&did).await.unwrap().commit.rev;
        let status = site.get("com.atproto.sync.getRepoStatus", &by_did).await.expect(200);
        assert_eq!(status, json!({ "did": did, "active": true, "rev": rev }));
        site.rig.repos.set_status(&did, Status::Deactivated).await.unwrap();
        let status = site.get("com.atproto.sync.getRepoStatus", &by_did).await.expect(200);
        assert_eq!(status, json!({ "did": did, "active": false, "status": "deactivated" }));
        for method in ["getRepo", "getLatestCommit"] {
            let refused = site.get(&format!("com.atproto.sync.{method}"), &by_did).await.expect(400);
            assert_eq!(refused["error"], "RepoDeactivated");
        }
        let first = site.get("com.atproto.sync.listRepos", &[("limit", "1")]).await.expect(200);
        assert_eq!((&first["repos"][0]["did"], &first["repos"][0]["active"]), (&json!(did), &json!(false)));
        let cursor = first["cursor"].as_str().unwrap();
        let rest = site.get("com.atproto.sync.listRepos", &[("cursor", cursor)]).await.expect(200);
        let listed = json!({ "did": other, "head": head.cid, "rev": head.rev, "active": true });
        assert_eq!(rest, json!({ "repos": [listed] }));
        assert_eq!(site.well_known("atproto-did", "alice.test").await.status, 404);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_blob_is_no_page_of_ours() {
    on_each_site(|site| async move {
        let did = site.rig.person("alice").await;
        let script = "<script>alert(1)</script>";
        let stored = site.rig.repos.upload_blob(&did, "text/html", script.into()).await.unwrap();
        let cid = stored.cid.to_string();
        let query = [("did", did.as_str()), ("cid", cid.as_str())];
        let answer = site.get("com.atproto.sync.getBlob", &query).await;
        assert_eq!((answer.status, answer.header("content-type")), (200, "text/html"));
        assert_eq!(answer.header("content-security-policy"), "default-src 'none'; sandbox");
        assert_eq!(answer.header("x-content-type-options"), "nosniff");
        assert_eq!(answer.text, script);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_host_is_whoever_is_called_like_it() {
    on_each_site(|site| async move {
        let did = site.rig.person("alice").await;
        assert_eq!(site.well_known("atproto-did", "Alice.test:8080").await.text, did.as_str());
        let document = site.well_known("did.json", "alice.test").await.expect(200);
        assert_eq!(document["id"], json!(did));
        assert_eq!(document["service"][0]["serviceEndpoint"], site.origin);
        for host in ["bob.test", "localhost", "x", "alice.test.evil.example"] {
            assert_eq!(site.well_known("atproto-did", host).await.status, 404, "{host}");
            assert_eq!(site.well_known("did.json", host).await.status, 404, "{host}");
        }
    })
    .await;
}

/// Our reader of other people's repositories, which trusts nobody.
#[tokio::test(flavor = "multi_thread")]
async fn a_reader_that_trusts_nobody_finds_everything_proven() {
    on_each_site(|site| async move {
        let did = site.rig.person("alice").await;
        for number in 0..40 {
            site.rig.put(&did, &format!("{number:02}"), &number.to_string()).await;
        }
        let outbound = OutboundConfig { policy: Policy::development(), ..OutboundConfig::default() };
        let outbound = Outbound::new(outbound).unwrap();
        let config = ResolverConfig::new("http://127.0.0.1:1/".parse().unwrap());
        let local = Some(Arc::new(site.rig.repos.directory()) as Arc<dyn identity::Local>);
        let resolver = Resolver::new(outbound.clone(), ResolverConfig { local, ..config });
        let remote = Remote::new(outbound, resolver, RemoteConfig::default());
        let home = remote.locate(&did).await.unwrap();
        for (mode, verified) in [(Mode::Export, true), (Mode::Pages, false)] {
            let collections: Vec<Nsid> = vec![note()];
            let reading = Reading { collections, from: None, mode, verified };
            let mut reader = remote.read(&home, reading);
            let mut found = Vec::new();
            while let Some((part, _)) = reader.next().await.unwrap() {
                assert_eq!(part.proven, mode == Mode::Export);
                found.extend(part.records.into_iter().map(|record| (record.rkey.to_string(), record.cid)));
            }
            found.sort();
            let expected: Vec<(String, Cid)> =
                (0..40).map(|number| (format!("{number:02}"), cid_of(&number.to_string()))).collect();
            assert_eq!(found, expected, "{mode}");
            assert_eq!(reader.mode_used(), mode);
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_ours_goes_on_with_the_request_as_it_came() {
    let database = testkit::TestDatabase::sqlite();
    let site = Site::beside_another(database.open(&crate::rig::schemas()).await).await;
    let did = site.rig.person("alice").await;
    let stored = site.rig.repos.upload_blob(&did, "text/plain", "ours".into()).await.unwrap();
    let ours = site.get("com.atproto.sync.getLatestCommit", &[("did", did.as_str())]).await;
    assert_eq!(ours.status, 200);
    let other = site.get("com.atproto.sync.getLatestCommit", &[("did", "did:plc:other")]).await;
    assert_eq!(other.text, "elsewhere /xrpc/com.atproto.sync.getLatestCommit?did=did%3Aplc%3Aother");
    let anything = site.get("com.example.anything", &[]).await;
    assert_eq!(anything.text, "owner", "the other app's own");
    let cid = stored.cid.to_string();
    let digest = [("did", did.as_str()), ("cid", "sha256:abc"), ("method", "GET")];
    assert!(site.get("com.atproto.sync.getBlob", &digest).await.text.starts_with("hold /xrpc/"));
    let blob = [("did", did.as_str()), ("cid", cid.as_str())];
    assert_eq!(
        site.get("com.atproto.sync.getBlob", &blob).await.text,
        "ours",
        "which the hold does not want"
    );
}
