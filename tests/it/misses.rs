//! What nobody has indexed is asked for when somebody wants it: once, within bounds, and never believed without proof.

use std::time::Duration;

use atproto::Did;
use futures::future::join_all;
use records::Records;
use serde_json::{Value, json};
use testkit::sim::{Behaviour, Lie, Plan};
use testkit::{Answer, Belvedere, TestDatabase};

use crate::model::{Model, post_collection};
use crate::samples::{GET_POST, POST, document, list_of};
use crate::wait::{PATIENCE, until};

const GET_RECORD: &str = "com.atproto.sync.getRecord";

const STORED: &str = "belvedere; fwd=miss; stored";
const ABSENT: &str = "belvedere; fwd=miss; fwd-status=404";
const UNREACHABLE: &str = "belvedere; fwd=miss; fwd-status=504; detail=\"pds-unreachable\"";
const LEFT_ALONE: &str = "belvedere; detail=\"pds-unreachable\"";
const UNTRUSTED: &str = "belvedere; fwd=miss; fwd-status=502; detail=\"untrusted\"";
const OVER_BUDGET: &str = "belvedere; detail=\"over-budget\"";

const EVERYTHING: (&str, &str) = ("READ_THROUGH", "get+list");

/// More than a page of a list, and more than a page of a host.
const POSTS: usize = 130;

#[tokio::test(flavor = "multi_thread")]
async fn are_questions_on_sqlite() {
    are_questions(TestDatabase::sqlite()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn are_questions_on_postgres() {
    if let Some(database) = TestDatabase::postgres().await {
        are_questions(database).await;
    }
}

async fn are_questions(database: TestDatabase) {
    // What is left for later is done soon.
    let scene = Scene::start(database, &[EVERYTHING, ("BELVEDERE_TIME_SCALE", "100")]).await;
    scene.a_record_is_fetched_once().await;
    scene.what_does_not_exist_is_asked_for_once().await;
    scene.a_hundred_who_ask_for_the_same_are_one_question().await;
    scene.what_cannot_be_proven_is_not_taken_in().await;
    scene.a_list_brings_its_author_s_history().await;
    scene.a_dead_host_is_stood_in_for().await;
    scene.the_answers_are_here_after_a_restart().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn are_misses_where_nobody_is_to_be_asked_on_sqlite() {
    are_misses_where_nobody_is_to_be_asked(TestDatabase::sqlite()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn are_misses_where_nobody_is_to_be_asked_on_postgres() {
    if let Some(database) = TestDatabase::postgres().await {
        are_misses_where_nobody_is_to_be_asked(database).await;
    }
}

async fn are_misses_where_nobody_is_to_be_asked(database: TestDatabase) {
    let scene = Scene::start(database, &[("READ_THROUGH", "off")]).await;
    let author = scene.author(0);
    let uris = scene.uris(&author);
    told(&scene.get(&uris[0]).await, 404, None);
    assert_eq!(told(&scene.list(&author).await, 200, None)["records"], json!([]));
    assert_eq!(scene.model.sim.requests().total(), 0);
    // A lexicon may say otherwise.
    scene.set_policy("get").await;
    told(&scene.get(&uris[0]).await, 200, Some(STORED));
    assert_eq!(uris_of(&told(&scene.list(&author).await, 200, None)), [uris[0].as_str()]);
    scene.set_policy("off").await;
    scene.model.sim.forget_requests();
    told(&scene.get(&uris[1]).await, 404, None);
    assert_eq!(scene.model.sim.requests().total(), 0);
    told(&scene.get(&uris[0]).await, 200, None);
}

#[tokio::test(flavor = "multi_thread")]
async fn are_left_as_they_are_when_the_budget_is_spent_on_sqlite() {
    for bound in ["READ_THROUGH_PER_CALLER", "READ_THROUGH_TOTAL"] {
        are_left_as_they_are_when_the_budget_is_spent(TestDatabase::sqlite(), bound).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn are_left_as_they_are_when_the_budget_is_spent_on_postgres() {
    for bound in ["READ_THROUGH_PER_CALLER", "READ_THROUGH_TOTAL"] {
        if let Some(database) = TestDatabase::postgres().await {
            are_left_as_they_are_when_the_budget_is_spent(database, bound).await;
        }
    }
}

/// One question per minute: after the first there is none left, and this test takes less than a minute.
async fn are_left_as_they_are_when_the_budget_is_spent(database: TestDatabase, bound: &str) {
    let scene = Scene::start(database, &[EVERYTHING, (bound, "1")]).await;
    let author = scene.author(0);
    let uris = scene.uris(&author);
    told(&scene.get(&uris[0]).await, 200, Some(STORED));
    scene.model.sim.forget_requests();
    told(&scene.get(&uris[1]).await, 404, Some(OVER_BUDGET));
    let listed = told(&scene.list(&author).await, 200, Some(OVER_BUDGET));
    assert_eq!(uris_of(&listed), [uris[0].as_str()], "what is here");
    // What is here costs nothing.
    told(&scene.get(&uris[0]).await, 200, None);
    assert_eq!(scene.model.sim.requests().total(), 0);
}

/// A server that has read nothing, in a network of three hosts with an account each.
struct Scene {
    model: Model,
    server: Belvedere,
}

impl Scene {
    async fn start(database: TestDatabase, settings: &[(&str, &str)]) -> Self {
        let posts = u32::try_from(POSTS).unwrap();
        let plan = Plan::normal(5, 3, 1, &[post_collection()], posts);
        let model = Model::start(plan, database, settings).await;
        let server = model.place.start().await;
        // What is fetched before the stream brings its changes is never complete.
        let records = Records::new(&model.place.store().await, Vec::new());
        until("the stream is followed", PATIENCE, async || {
            records.followed_since(&post_collection()).await.unwrap()
        })
        .await;
        assert_eq!(model.sim.requests().total(), 0, "nobody has been asked for anything");
        Self { model, server }
    }

    /// What of posts may be asked for, whatever the setting says.
    async fn set_policy(&self, policy: &str) {
        let body = json!({ "lexicon_json": document(POST), "read_through": policy, "backfill": false });
        let answer = self.model.place.admin(&self.server).post("/admin/lexicons", &body).await;
        assert_eq!(answer.status, 200, "{answer:?}");
    }

    /// The account at a host.
    fn author(&self, host: usize) -> Did {
        self.model.sim.accounts().remove(host)
    }

    /// What an account has written, the oldest first.
    fn uris(&self, author: &Did) -> Vec<String> {
        self.model.sim.served(author).into_keys().collect()
    }

    async fn get(&self, uri: &str) -> Answer {
        self.server.client.get_with(&format!("/xrpc/{GET_POST}"), &[("uri", uri)]).await
    }

    async fn list(&self, author: &Did) -> Answer {
        let query = [("did", author.as_str()), ("limit", "100")];
        self.server.client.get_with(&format!("/xrpc/{}", list_of(POST)), &query).await
    }

    async fn a_record_is_fetched_once(&self) {
        let author = self.author(0);
        let (uri, expected) = self.model.sim.served(&author).pop_first().unwrap();
        self.model.sim.forget_requests();
        let mut record = told(&self.get(&uri).await, 200, Some(STORED))["record"].take();
        assert_eq!(record.as_object_mut().unwrap().remove("uri"), Some(json!(uri)));
        assert_eq!(without_links(record), without_links(expected.json));
        let requests = self.model.sim.requests();
        assert_eq!((requests.of_at(GET_RECORD, 0), requests.total()), (1, 2), "{requests:?}");
        self.model.sim.forget_requests();
        told(&self.get(&uri).await, 200, None);
        assert_eq!(self.model.sim.requests().total(), 0);
    }

    async fn what_does_not_exist_is_asked_for_once(&self) {
        let uri = format!("at://{}/{POST}/nothing", self.author(0));
        told(&self.get(&uri).await, 404, Some(ABSENT));
        self.model.sim.forget_requests();
        told(&self.get(&uri).await, 404, None);
        assert_eq!(self.model.sim.requests().total(), 0);
    }

    /// The host takes so long that many have asked before it answers.
    async fn a_hundred_who_ask_for_the_same_are_one_question(&self) {
        let uri = self.uris(&self.author(0)).remove(1);
        self.model.sim.behave(0, Behaviour::Latency(Duration::from_secs(1)));
        self.model.sim.forget_requests();
        let answers = join_all((0..100).map(|_| self.get(&uri))).await;
        assert!(answers.iter().all(|answer| answer.status == 200), "{answers:?}");
        let waited = answers.iter().filter(|answer| answer.header("cache-status") == STORED).count();
        assert!(waited > 1, "{waited} have asked at the same time");
        let requests = self.model.sim.requests();
        assert_eq!((requests.of_at(GET_RECORD, 0), requests.total()), (1, 1), "{requests:?}");
        self.model.sim.behave(0, Behaviour::Normal);
    }

    async fn what_cannot_be_proven_is_not_taken_in(&self) {
        let uri = self.uris(&self.author(1)).remove(0);
        self.model.sim.behave(1, Behaviour::Lying(Lie::BadSignature));
        told(&self.get(&uri).await, 404, Some(UNTRUSTED));
        self.model.sim.behave(1, Behaviour::Normal);
        self.model.sim.forget_requests();
        let remembered = told(&self.get(&uri).await, 404, Some("belvedere; detail=\"untrusted\""));
        assert_eq!(remembered, json!({ "error": "record not found" }), "nothing of it was stored");
        assert_eq!(self.model.sim.requests().total(), 0);
    }

    /// First the newest, which are answered at once, then by itself all the others.
    async fn a_list_brings_its_author_s_history(&self) {
        let author = self.author(0);
        let listed = told(&self.list(&author).await, 200, Some(STORED));
        let newest: Vec<_> = self.uris(&author).into_iter().rev().take(100).collect();
        assert_eq!(uris_of(&listed), newest);
        let records = Records::new(&self.model.place.store().await, Vec::new());
        until("all of it is here", PATIENCE, async || {
            records.is_complete(&author, &post_collection()).await.unwrap().then_some(())
        })
        .await;
        self.model.sim.forget_requests();
        told(&self.list(&author).await, 200, None);
        for uri in self.uris(&author) {
            told(&self.get(&uri).await, 200, None);
        }
        told(&self.get(&format!("at://{author}/{POST}/nowhere")).await, 404, None);
        assert_eq!(self.model.sim.requests().total(), 0, "a history that is complete asks nobody");
    }

    async fn a_dead_host_is_stood_in_for(&self) {
        let author = self.author(2);
        let uris = self.uris(&author);
        told(&self.get(&uris[0]).await, 200, Some(STORED));
        self.model.sim.behave(2, Behaviour::Dead);
        told(&self.get(&uris[1]).await, 404, Some(UNREACHABLE));
        // It is known now, and is not tried again for everybody who asks.
        told(&self.get(&uris[2]).await, 404, Some(LEFT_ALONE));
        let listed = told(&self.list(&author).await, 200, Some(LEFT_ALONE));
        assert_eq!(uris_of(&listed), [uris[0].as_str()], "what is here");
        told(&self.get(&uris[0]).await, 200, None);
    }

    async fn the_answers_are_here_after_a_restart(self) {
        let Self { model, server } = self;
        assert!(server.terminate().await.status.success());
        let server = model.place.start().await;
        let scene = Self { model, server };
        let (complete, dead) = (scene.author(0), scene.author(2));
        scene.model.sim.forget_requests();
        told(&scene.get(&scene.uris(&dead)[0]).await, 200, None);
        for uri in scene.uris(&complete) {
            told(&scene.get(&uri).await, 200, None);
        }
        assert_eq!(scene.model.sim.requests().of_at(GET_RECORD, 0), 0);
    }
}

/// The body of an answer that must have this status and this `Cache-Status`.
#[track_caller]
fn told(answer: &Answer, status: u16, cache_status: Option<&str>) -> Value {
    let told = answer.headers.get("cache-status").map(|value| value.to_str().unwrap());
    assert_eq!((answer.status, told), (status, cache_status), "{answer:?}");
    answer.json()
}

fn uris_of(page: &Value) -> Vec<&str> {
    page["records"].as_array().unwrap().iter().map(|record| record["uri"].as_str().unwrap()).collect()
}

/// Blobs are served with links to their bytes.
fn without_links(mut record: Value) -> Value {
    if let Some(image) = record.get_mut("image").and_then(Value::as_object_mut) {
        image.remove("url");
    }
    record
}
