//! What is asked for is fetched when it is not here, within bounds.

use accounts::Actor;
use appview::NewLexicon;
use atproto::{Did, Nsid};
use futures::future::join_all;
use serde_json::{Value, json};
use testkit::Answer;
use testkit::sim::{Behaviour, Lie, Plan, Sim};

use crate::harness::{
    GET_STATUSES, STATUS, Server, Surroundings, has_status, query_of, record_lexicon, schemas,
};

const PATH: &str = "/xrpc/com.example.getStatuses";
const STORED: &str = "belvedere; fwd=miss; stored";
const UNREACHABLE: &str = "belvedere; fwd=miss; fwd-status=504; detail=\"pds-unreachable\"";
const LEFT_ALONE: &str = "belvedere; detail=\"pds-unreachable\"";

/// Runs a test on each engine, in a network of two hosts with an account each that has so many statuses.
async fn on_each(statuses: u32, test: impl AsyncFn(Server, Sim)) {
    let test = &test;
    testkit::on_each_engine(&schemas(), |store| async move {
        let status = Nsid::parse(STATUS).unwrap();
        let sim = Sim::start(Plan::normal(7, 2, 1, &[status], statuses)).await;
        // Deaf to the stream: what the index learns it learns by asking.
        let surroundings = Surroundings { plc: sim.plc().to_string(), ..Surroundings::nobody() };
        let server = Server::launch(store, surroundings).await;
        server.add(query_of(GET_STATUSES, STATUS)).await;
        test(server, sim).await;
    })
    .await;
}

/// Adds the record lexicon with this policy, by the admin API.
async fn add_statuses(server: &Server, policy: Option<&str>) {
    let body = json!({ "lexicon_json": record_lexicon(STATUS), "read_through": policy });
    let answer = server.admin.post("/admin/lexicons", &body).await;
    assert!(matches!(answer.status, 200 | 201), "{answer:?}");
}

/// The URIs of an account's records, the oldest first.
fn uris(sim: &Sim, did: &Did) -> Vec<String> {
    sim.served(did).into_keys().collect()
}

async fn get(server: &Server, uri: &str) -> Answer {
    server.client.get_with(PATH, &[("uri", uri)]).await
}

async fn list(server: &Server, did: &Did) -> Answer {
    server.client.get_with(PATH, &[("did", did.as_str())]).await
}

fn cache_status(answer: &Answer) -> Option<&str> {
    answer.headers.get("cache-status").map(|value| value.to_str().unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_record_is_fetched_and_the_next_reader_waits_for_nobody() {
    on_each(2, async |server, sim| {
        add_statuses(&server, None).await;
        let did = sim.accounts()[0].clone();
        let (uri, expected) = sim.served(&did).into_iter().next().unwrap();
        let first = get(&server, &uri).await;
        assert_eq!(cache_status(&first), Some(STORED));
        let Value::Object(mut record) = first.expect(200)["record"].take() else { panic!("no object") };
        assert_eq!(record.remove("uri"), Some(json!(uri)));
        let mut expected = expected.json;
        // Blobs have links to their bytes.
        strip(&mut expected, "image");
        record.remove("image");
        assert_eq!(Value::Object(record), expected);
        sim.forget_requests();
        let next = get(&server, &uri).await;
        assert_eq!((next.status, cache_status(&next)), (200, None));
        assert_eq!(sim.requests().total(), 0);
    })
    .await;
}

fn strip(record: &mut Value, field: &str) {
    record.as_object_mut().unwrap().remove(field);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_does_not_exist_is_asked_for_once() {
    on_each(1, async |server, sim| {
        add_statuses(&server, None).await;
        let uri = format!("at://{}/{STATUS}/nothing", sim.accounts()[0]);
        let first = get(&server, &uri).await;
        assert_eq!(cache_status(&first), Some("belvedere; fwd=miss; fwd-status=404"));
        assert_eq!(first.expect(404), json!({ "error": "record not found" }));
        sim.forget_requests();
        let next = get(&server, &uri).await;
        assert_eq!((next.status, cache_status(&next)), (404, None));
        assert_eq!(sim.requests().total(), 0);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_host_that_is_no_help_is_named_as_the_reason() {
    on_each(3, async |server, sim| {
        add_statuses(&server, Some("get+list")).await;
        let (dead, liar) = (sim.accounts()[0].clone(), sim.accounts()[1].clone());
        let here = uris(&sim, &dead);
        has_status(&get(&server, &here[0]).await, 200);
        sim.behave(0, Behaviour::Dead);
        let first = get(&server, &here[1]).await;
        assert_eq!((first.status, cache_status(&first)), (404, Some(UNREACHABLE)));
        let next = get(&server, &here[2]).await;
        assert_eq!((next.status, cache_status(&next)), (404, Some(LEFT_ALONE)));
        let hit = get(&server, &here[0]).await;
        assert_eq!((hit.status, cache_status(&hit)), (200, None));
        let listed = list(&server, &dead).await;
        assert_eq!(cache_status(&listed), Some(LEFT_ALONE));
        assert_eq!(listed.expect(200)["records"].as_array().unwrap().len(), 1, "what is here");
        sim.behave(1, Behaviour::Lying(Lie::BadSignature));
        let lie = get(&server, &uris(&sim, &liar)[0]).await;
        let untrusted = "belvedere; fwd=miss; fwd-status=502; detail=\"untrusted\"";
        assert_eq!((lie.status, cache_status(&lie)), (404, Some(untrusted)));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn lists_of_an_author_are_completed_if_the_lexicon_says_so() {
    on_each(30, async |server, sim| {
        let did = sim.accounts()[0].clone();
        add_statuses(&server, None).await;
        let listed = list(&server, &did).await;
        assert_eq!(cache_status(&listed), None);
        assert_eq!(listed.expect(200)["records"], json!([]));
        assert_eq!(sim.requests().total(), 0);
        add_statuses(&server, Some("get+list")).await;
        let everybody = server.client.get(PATH).await;
        assert_eq!(everybody.expect(200)["records"], json!([]));
        assert_eq!(sim.requests().total(), 0, "a list of everybody asks nobody");
        let listed = list(&server, &did).await;
        assert_eq!(cache_status(&listed), Some(STORED));
        let page = listed.expect(200);
        let newest: Vec<_> = uris(&sim, &did).into_iter().rev().take(20).map(Value::from).collect();
        let listed: Vec<_> =
            page["records"].as_array().unwrap().iter().map(|record| record["uri"].clone()).collect();
        assert_eq!(listed, newest);
        sim.forget_requests();
        let cursor = page["cursor"].as_str().unwrap();
        let next = server.client.get_with(PATH, &[("did", did.as_str()), ("cursor", cursor)]).await;
        assert_eq!(next.expect(200)["records"].as_array().unwrap().len(), 10);
        assert_eq!(sim.requests().total(), 0);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_lexicon_decides_and_else_the_setting() {
    on_each(4, async |server, sim| {
        let uris = uris(&sim, &sim.accounts()[0]);
        has_status(&get(&server, &uris[0]).await, 404);
        assert_eq!(sim.requests().total(), 0, "a collection without a lexicon is not asked for");
        add_statuses(&server, Some("off")).await;
        let refused = get(&server, &uris[0]).await;
        assert_eq!((refused.status, cache_status(&refused)), (404, None));
        assert_eq!(sim.requests().total(), 0);
        let set = async |policy| {
            server.accounts.settings.set(&Actor::LocalOperator, "read_through", policy).await.unwrap();
        };
        add_statuses(&server, None).await;
        set("off").await;
        has_status(&get(&server, &uris[1]).await, 404);
        assert_eq!(sim.requests().total(), 0);
        set("get").await;
        has_status(&get(&server, &uris[1]).await, 200);
        set("off").await;
        add_statuses(&server, Some("get")).await;
        has_status(&get(&server, &uris[2]).await, 200);
        let shown = server.admin.get(&format!("/admin/lexicons/{STATUS}")).await.expect(200);
        assert_eq!(shown["read_through"], "get");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unknown_policy_is_refused() {
    on_each(0, async |server, _| {
        let body = json!({ "lexicon_json": record_lexicon(STATUS), "read_through": "always" });
        let error = server.admin.post("/admin/lexicons", &body).await.expect(400);
        assert!(error["error"].as_str().unwrap().contains("off, get, get+list"), "{error}");
        let settings = &server.accounts.settings;
        assert!(settings.set(&Actor::LocalOperator, "read_through", "always").await.is_err());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn strangers_cannot_make_us_ask_more_than_the_budget() {
    on_each(20, async |server, sim| {
        server.add(NewLexicon::new(record_lexicon(STATUS).to_string())).await;
        let settings = &server.accounts.settings;
        settings.set(&Actor::LocalOperator, "read_through_per_caller", "3").await.unwrap();
        let uris = uris(&sim, &sim.accounts()[0]);
        let answers = join_all(uris.iter().map(|uri| get(&server, uri))).await;
        let over = answers.iter().filter(|answer| {
            answer.status == 404 && cache_status(answer) == Some("belvedere; detail=\"over-budget\"")
        });
        let (over, found) = (over.count(), answers.iter().filter(|answer| answer.status == 200).count());
        assert!((3..=4).contains(&found) && over + found == 20, "{found} found, {over} refused");
        assert_eq!(sim.requests().of("com.atproto.sync.getRecord"), found as u64);
        // What is here stays open to all.
        let uri = uris.iter().zip(&answers).find(|(_, answer)| answer.status == 200).unwrap().0;
        has_status(&get(&server, uri).await, 200);
    })
    .await;
}
