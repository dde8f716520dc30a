//! What a job leaves behind, and how it is looked at.

use std::collections::BTreeSet;

use atproto::Nsid;
use serde_json::{Value, json};
use testkit::sim::{AccountPlan, Behaviour, HostPlan, Lie, Plan, Sim};

use super::{completed, job, started, told};
use crate::harness::{STATUS, Server, Surroundings, has_status, schemas};

/// Runs a test on each engine, in a network of two hosts: two accounts with three statuses each, and one with one.
pub(super) async fn on_each(test: impl AsyncFn(&Server, &Sim)) {
    let test = &test;
    testkit::on_each_engine(&schemas(), |store| async move {
        let status = Nsid::parse(STATUS).unwrap();
        let account = |records| AccountPlan::active(std::slice::from_ref(&status), records);
        let hosts = vec![
            HostPlan::new(Behaviour::Normal, vec![account(3); 2]),
            HostPlan::new(Behaviour::Normal, vec![account(1)]),
        ];
        let sim = Sim::start(Plan { seed: 3, hosts, ..Plan::default() }).await;
        let surroundings = Surroundings {
            plc: sim.plc().to_string(),
            relay: Some(sim.relay().to_string()),
            jetstream: Some(sim.jetstream().to_string()),
            ..Surroundings::nobody()
        };
        let server = Server::launch(store, surroundings).await;
        server.add_status_lexicons().await;
        test(&server, &sim).await;
    })
    .await;
}

async fn total_records(server: &Server) -> Value {
    server.admin.get("/admin/stats").await.expect(200)["total_records"].take()
}

#[tokio::test(flavor = "multi_thread")]
async fn repositories_and_hosts_are_counted() {
    on_each(async |server, sim| {
        let id = started(server, &json!({ "collection": STATUS })).await;
        let done = completed(server, &id).await;
        let counted = ["total_repos", "resolved_repos", "processed_repos", "failed_repos", "total_records"];
        assert_eq!(counted.map(|field| done[field].as_i64().unwrap()), [3, 3, 3, 0, 7], "{done}");
        assert_eq!((&done["stage"], &done["error"]), (&json!("completed"), &Value::Null));
        assert!(done["started_at"].is_string() && done["completed_at"].is_string(), "{done}");
        assert_eq!(total_records(server).await, 7);

        let origin = |host| sim.host(host).origin().ascii_serialization();
        let hosts = server.admin.get(&format!("/admin/backfill/{id}/pds-summary")).await.expect(200);
        let summary = |host, repos, records| {
            json!({
                "pds_endpoint": origin(host), "total_repos": repos, "completed_repos": repos, "total_records": records,
            })
        };
        assert_eq!(hosts, json!({ "pds_endpoints": [summary(0, 2, 6), summary(1, 1, 1)] }));
        the_pages(server, sim, &id).await;

        has_status(&server.admin.delete("/admin/backfill/details").await, 204);
        let repos = server.admin.get(&format!("/admin/backfill/{id}/repos?phase=fetched")).await.expect(200);
        assert_eq!(repos, json!({ "repos": [], "cursor": null }));
        assert_eq!(job(server, &id).await, done, "the job itself stays");
    })
    .await;
}

async fn the_pages(server: &Server, sim: &Sim, id: &str) {
    let expected: BTreeSet<String> = sim.accounts().iter().map(ToString::to_string).collect();
    let path = format!("/admin/backfill/{id}/repos");
    let first = server.admin.get_with(&path, &[("phase", "fetched"), ("limit", "2")]).await.expect(200);
    let cursor = first["cursor"].as_str().unwrap();
    let query = [("phase", "fetched"), ("limit", "2"), ("cursor", cursor)];
    let second = server.admin.get_with(&path, &query).await.expect(200);
    assert_eq!(second["cursor"], Value::Null);
    let repos = [&first, &second].into_iter().flat_map(|page| page["repos"].as_array().unwrap());
    let listed: Vec<String> = repos
        .map(|repo| {
            assert_eq!(repo["status"], "completed");
            assert!(repo["pds_endpoint"].is_string() && repo["records_fetched"].as_i64() > Some(0), "{repo}");
            repo["did"].as_str().unwrap().to_owned()
        })
        .collect();
    assert_eq!(listed, expected.into_iter().collect::<Vec<_>>());
    for phase in ["discovered", "resolved"] {
        let page = server.admin.get_with(&path, &[("phase", phase)]).await.expect(200);
        assert_eq!(page, json!({ "repos": [], "cursor": null }), "{phase}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_failed_is_listed_and_tried_again() {
    on_each(async |server, sim| {
        sim.behave(1, Behaviour::Dead);
        let id = started(server, &json!({})).await;
        let done = completed(server, &id).await;
        assert_eq!((&done["failed_repos"], &done["total_repos"]), (&json!(1), &json!(3)), "{done}");
        assert!(done["error"].as_str().unwrap().contains("could not be fetched"), "{done}");
        let path = format!("/admin/backfill/{id}/errors");
        let page = server.admin.get(&path).await.expect(200);
        let dead = sim.accounts().into_iter().find(|did| sim.host_of(did) == 1).unwrap();
        let failed = &page["errors"][0];
        assert_eq!((page["errors"].as_array().unwrap().len(), &page["cursor"]), (1, &Value::Null));
        assert_eq!((&failed["did"], &failed["quarantined"]), (&json!(dead.as_str()), &json!(false)));
        assert_eq!(failed["pds_endpoint"], sim.host(1).origin().ascii_serialization());
        assert!(!failed["reason"].as_str().unwrap().is_empty(), "{failed}");

        sim.behave(1, Behaviour::Normal);
        let retried = server.admin.post(&format!("/admin/backfill/{id}/retry-failed"), &json!({})).await;
        assert_eq!(retried.expect(200), json!({ "id": id, "retried": 1 }));
        let done = completed(server, &id).await;
        assert_eq!((&done["failed_repos"], &done["error"]), (&json!(0), &Value::Null), "{done}");
        assert_eq!((&done["total_records"], total_records(server).await), (&json!(7), json!(7)));
        assert_eq!(server.admin.get(&path).await.expect(200)["errors"], json!([]));
        let again = server.admin.post(&format!("/admin/backfill/{id}/retry-failed"), &json!({})).await;
        assert_eq!(again.expect(200)["retried"], 0);
        assert_eq!(job(server, &id).await["status"], "completed", "without any it stays as it is");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_that_is_paused_goes_on() {
    on_each(async |server, sim| {
        // It cannot end before it is told to go on.
        sim.behave(1, Behaviour::Silent);
        let id = started(server, &json!({})).await;
        server.eventually("the others are here", async || total_records(server).await == 6).await;
        assert_eq!(told(server, &id, "pause").await, "pausing");
        server.eventually("a paused job", async || job(server, &id).await["status"] == "paused").await;
        sim.behave(1, Behaviour::Normal);
        assert_eq!(told(server, &id, "resume").await, "running");
        let done = completed(server, &id).await;
        assert_eq!((&done["processed_repos"], &done["total_records"]), (&json!(3), &json!(7)), "{done}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_failed_is_listed_page_by_page() {
    on_each(async |server, sim| {
        sim.behave(0, Behaviour::Dead);
        sim.behave(1, Behaviour::Lying(Lie::BadSignature));
        let id = started(server, &json!({ "verified": true })).await;
        assert_eq!(completed(server, &id).await["failed_repos"], 3);
        let mut cursor = String::new();
        let mut pages = Vec::new();
        for expected in [2, 1] {
            let path = format!("/admin/backfill/{id}/errors?limit=2{cursor}");
            let page = server.admin.get(&path).await.expect(200);
            assert_eq!(page["errors"].as_array().unwrap().len(), expected, "{page}");
            cursor = page["cursor"].as_str().map(|did| format!("&cursor={did}")).unwrap_or_default();
            pages.extend(page["errors"].as_array().unwrap().clone());
        }
        assert_eq!(cursor, "", "the last page says that it is");
        let mut expected: Vec<_> =
            sim.accounts().iter().map(|did| (json!(did), json!(sim.host_of(did) == 1))).collect();
        expected.sort_by_key(|(did, _)| did.to_string());
        let listed: Vec<_> =
            pages.iter().map(|error| (error["did"].clone(), error["quarantined"].clone())).collect();
        assert_eq!(listed, expected, "by DID; only what was lied about is quarantined");
        what_is_missing_is_listed(server, sim).await;
    })
    .await;
}

/// Rows, not repositories: the same accounts, by what is to become of them.
async fn what_is_missing_is_listed(server: &Server, sim: &Sim) {
    let path = "/admin/backfill/missing";
    let all = server.admin.get(path).await.expect(200);
    let counted = &all["counts"];
    assert_eq!((&counted["failed"], &counted["absent"]), (&json!(0), &json!(0)), "{all}");
    for (state, host) in [("quarantined", 1), ("retrying", 0)] {
        let mut listed = Vec::new();
        let mut cursor = String::new();
        loop {
            let query = [("state", state), ("limit", "1"), ("cursor", &cursor)];
            let query = &query[..if cursor.is_empty() { 2 } else { 3 }];
            let page = server.admin.get_with(path, query).await.expect(200);
            listed.extend(page["missing"].as_array().unwrap().clone());
            let Some(next) = page["cursor"].as_str() else { break };
            next.clone_into(&mut cursor);
        }
        assert_eq!(json!(listed.len()), counted[state], "{state}");
        let whose: BTreeSet<_> = listed.iter().map(|row| row["did"].as_str().unwrap().to_owned()).collect();
        let accounts = sim.accounts().into_iter().filter(|did| sim.host_of(did) == host);
        assert_eq!(whose, accounts.map(|did| did.to_string()).collect(), "{state}");
        for row in &listed {
            assert_eq!((&row["state"], row["collection"].is_string()), (&json!(state), true), "{row}");
            assert!(row["reason"].as_str().is_some_and(|reason| !reason.is_empty()), "{row}");
            assert_eq!(row["next_try_at"].is_string(), state == "retrying", "{row}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_details_of_one_job_are_forgotten_without_those_of_others() {
    on_each(async |server, sim| {
        sim.behave(1, Behaviour::Dead);
        let forgotten = started(server, &json!({})).await;
        let done = completed(server, &forgotten).await;
        let kept = started(server, &json!({})).await;
        completed(server, &kept).await;
        assert_eq!(details(server, &forgotten).await, [2 + 1, 1, 2]);
        has_status(&server.admin.delete(&format!("/admin/backfill/{forgotten}/details")).await, 204);
        assert_eq!(details(server, &forgotten).await, [0, 0, 0]);
        assert_eq!(details(server, &kept).await, [2 + 1, 1, 2]);
        assert_eq!(job(server, &forgotten).await, done, "the job itself stays");
        // What is forgotten cannot be tried again.
        let retry = format!("/admin/backfill/{forgotten}/retry-failed");
        assert_eq!(server.admin.post(&retry, &json!({})).await.expect(200)["retried"], 0);
        assert_eq!(total_records(server).await, 6, "what was fetched stays");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_under_way_is_not_forgotten_with_what_has_ended() {
    on_each(async |server, sim| {
        let ended = started(server, &json!({})).await;
        completed(server, &ended).await;
        // It cannot end.
        sim.behave(1, Behaviour::Silent);
        let id = started(server, &json!({})).await;
        server
            .eventually("the others are done", async || job(server, &id).await["processed_repos"] == 2)
            .await;
        has_status(&server.admin.delete("/admin/backfill/details").await, 204);
        assert_eq!(details(server, &ended).await, [0, 0, 0]);
        assert_eq!(details(server, &id).await, [2, 0, 2]);
        sim.behave(1, Behaviour::Normal);
        assert_eq!(told(server, &id, "cancel").await, "cancelling");
        server.eventually("a cancelled job", async || job(server, &id).await["status"] == "cancelled").await;
        has_status(&server.admin.delete("/admin/backfill/details").await, 204);
        assert_eq!(details(server, &id).await, [0, 0, 0]);
    })
    .await;
}

/// How many repositories of a job are known as done, how many as failed, and how many hosts.
async fn details(server: &Server, id: &str) -> [usize; 3] {
    let mut counts = [0; 3];
    for (count, (path, list)) in counts.iter_mut().zip([
        ("repos?phase=fetched", "repos"),
        ("errors", "errors"),
        ("pds-summary", "pds_endpoints"),
    ]) {
        let answer = server.admin.get(&format!("/admin/backfill/{id}/{path}")).await.expect(200);
        *count = answer[list].as_array().unwrap().len();
    }
    counts
}
