//! A directory, labelers, an index, and what follows the ones into the other.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use atproto::data::{Limits, record};
use atproto::{Did, Nsid};
use events::{EventLog, Writer};
use futures::future::BoxFuture;
use http::{HeaderMap, StatusCode};
use identity::{Resolver, ResolverConfig};
use labels::{
    AcceptLabelers, Fetch, Label, LabelHook, Labelers, Labels, LabelsConfig, LabelsParts, Subscriptions,
};
use outbound::{BackOff, Outbound, OutboundConfig, Policy};
use records::{Records, RepoAnswer, RepoWrite, RepoWriter};
use serde_json::{Value, json};
use store::{Schema, Store};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use testkit::labeler::{Directory, Labeler};

pub(crate) const ALICE: &str = "did:plc:aliceaaaaaaaaaaaaaaaaaaa";

/// How long a test waits for something that must come.
const PATIENCE: Duration = Duration::from_secs(30);

pub(crate) struct Rig {
    pub(crate) directory: Directory,
    pub(crate) labelers: Labelers,
    pub(crate) labels: Labels,
    pub(crate) records: Records,
    pub(crate) store: Store,
    pub(crate) events: EventLog,
    pub(crate) writer: Writer,
}

/// Something that runs until it is stopped.
pub(crate) struct Running {
    stop: CancellationToken,
    task: JoinHandle<()>,
}

pub(crate) async fn on_each_engine<T: Future<Output = ()>>(test: impl Fn(Rig) -> T) {
    let schemas: Vec<&'static Schema> =
        [&[&events::SCHEMA][..], &records::SCHEMAS, &labels::SCHEMAS].concat();
    testkit::on_each_engine(&schemas, |store| async { test(Rig::new(store).await).await }).await;
}

impl Rig {
    async fn new(store: Store) -> Self {
        let (events, writer) = EventLog::open(&store.state, None);
        Self {
            directory: Directory::start().await,
            labelers: Labelers::new(&store, events.clone()),
            labels: Labels::new(&store),
            records: Records::new(&store, Vec::new()),
            store,
            events,
            writer,
        }
    }

    pub(crate) fn parts(&self, instance: &str, hooks: Vec<Arc<dyn LabelHook>>) -> LabelsParts {
        let outbound = Outbound::new(OutboundConfig {
            policy: Policy::development(),
            back_off: BackOff { first: Duration::ZERO, longest: Duration::ZERO },
            ..OutboundConfig::default()
        });
        let outbound = outbound.unwrap();
        let config =
            ResolverConfig { refresh_floor: Duration::ZERO, ..ResolverConfig::new(self.directory.url()) };
        LabelsParts {
            labelers: self.labelers.clone(),
            records: self.records.clone(),
            resolver: Resolver::new(outbound.clone(), config),
            outbound,
            hooks,
            config: LabelsConfig {
                back_off: (Duration::from_millis(20), Duration::from_millis(100)),
                second_look: Duration::from_millis(500),
                ..LabelsConfig::new(instance.to_owned())
            },
        }
    }

    pub(crate) fn start(&self) -> Running {
        self.start_as("one", Vec::new())
    }

    pub(crate) fn start_as(&self, instance: &str, hooks: Vec<Arc<dyn LabelHook>>) -> Running {
        let stop = CancellationToken::new();
        let subscriptions = Subscriptions::new(self.parts(instance, hooks));
        Running { task: tokio::spawn(subscriptions.run(stop.clone())), stop }
    }

    pub(crate) fn start_fetching(&self) -> (Fetch, Running) {
        let stop = CancellationToken::new();
        let (fetch, fetcher) = Fetch::open(self.parts("one", Vec::new()));
        (fetch, Running { task: tokio::spawn(fetcher.run(stop.clone())), stop })
    }

    /// A new labeler that is subscribed to.
    pub(crate) async fn labeler(&self, name: &str) -> Labeler {
        let directory = self.directory.clone();
        let labeler = Labeler::start(name, move |did, document| directory.put(did, document)).await;
        self.labelers.add(&labeler.did, None).await.unwrap();
        labeler
    }

    /// Waits until message `seq` of a labeler is committed.
    pub(crate) async fn committed(&self, labeler: &Labeler, seq: i64) {
        eventually("the cursor moves", async || self.cursor(&labeler.did).await >= Some(seq)).await;
    }

    pub(crate) async fn cursor(&self, did: &Did) -> Option<i64> {
        let labelers = self.labelers.list().await.unwrap();
        labelers.into_iter().find(|labeler| labeler.did == did.as_str())?.cursor
    }

    pub(crate) async fn of(&self, uri: &str) -> Vec<Label> {
        self.labels.of([uri.to_owned()], &AcceptLabelers::All).await.unwrap().remove(uri).unwrap()
    }

    /// The values something has.
    pub(crate) async fn values(&self, uri: &str) -> BTreeSet<String> {
        self.of(uri).await.into_iter().map(|label| label.val).collect()
    }

    /// Rows in `label_rows`, negations included.
    pub(crate) async fn rows(&self) -> i64 {
        let count = self.store.index.read(|conn| {
            conn.query_one::<_, store::Error>("SELECT count(*) FROM label_rows", &[], |row| row.int(0))
        });
        count.await.unwrap()
    }

    /// Indexes a note of Alice's; its AT URI.
    pub(crate) async fn note(&self, rkey: &'static str) -> String {
        let write = RepoWrite::Create {
            collection: Nsid::parse("com.example.note").unwrap(),
            rkey: None,
            record: json!({ "text": rkey }).as_object().unwrap().clone(),
        };
        self.records.write(&Pds(rkey), &write).await.unwrap();
        note(rkey)
    }

    /// The types of all events so far, the oldest first.
    pub(crate) async fn told(self) -> Vec<String> {
        let stop = CancellationToken::new();
        stop.cancel();
        self.writer.run(stop).await;
        let page = self.events.query(events::Query { limit: 1000, ..Default::default() }).await.unwrap();
        page.events.into_iter().rev().map(|event| event.event_type).collect()
    }
}

impl Running {
    /// As a server that stops orderly.
    pub(crate) async fn stop(self) {
        self.stop.cancel();
        tokio::time::timeout(PATIENCE, self.task).await.unwrap().unwrap();
    }

    /// As a server that is killed.
    pub(crate) async fn kill(self) {
        self.task.abort();
        let _ = self.task.await;
    }
}

/// A note of Alice's.
pub(crate) fn note(rkey: &str) -> String {
    format!("at://{ALICE}/com.example.note/{rkey}")
}

/// Waits until `condition` holds.
pub(crate) async fn eventually(what: &str, mut condition: impl AsyncFnMut() -> bool) {
    let deadline = tokio::time::Instant::now() + PATIENCE;
    while !condition().await {
        assert!(tokio::time::Instant::now() < deadline, "never: {what}");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

/// Alice's server, which confirms what is written under this key.
struct Pds(&'static str);

impl RepoWriter for Pds {
    type Error = std::convert::Infallible;

    fn did(&self) -> Did {
        Did::parse(ALICE).unwrap()
    }

    fn write<'a>(&'a self, write: &'a RepoWrite) -> BoxFuture<'a, Result<RepoAnswer, Self::Error>> {
        let written = Value::Object(write.record().unwrap().clone()).to_string();
        let cid = record::inspect(written.as_bytes(), &Limits::default()).unwrap().cid.unwrap();
        let commit = json!({ "cid": cid, "rev": "3l3qo2vuowo2b" });
        let body = json!({ "uri": note(self.0), "cid": cid, "commit": commit }).to_string();
        let answer = RepoAnswer { status: StatusCode::OK, headers: HeaderMap::new(), body: body.into() };
        Box::pin(async { Ok(answer) })
    }
}
